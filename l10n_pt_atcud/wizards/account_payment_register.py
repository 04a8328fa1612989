"""Receipts of payments that are registered on invoices, with these invoices."""

from odoo import models

from ..guards import guarded
from ..models.account_payment import LATER


@guarded()
class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    # === OVERRIDES === #

    def _post_payments(self, to_process, edit_mode=False):
        # EXTENDS 'account': the receipts wait for the invoices that they name
        waiting = self.with_context(l10n_pt_atcud_receipt=LATER)
        return super(AccountPaymentRegister, waiting)._post_payments(
            to_process, edit_mode=edit_mode
        )

    def _reconcile_payments(self, to_process, edit_mode=False):
        # EXTENDS 'account'
        result = super()._reconcile_payments(to_process, edit_mode=edit_mode)
        payments = self.env["account.payment"]
        for vals in to_process:
            payments |= vals["payment"]
        payments._l10n_pt_atcud_issue_receipts()
        return result
