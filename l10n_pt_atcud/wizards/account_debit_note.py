"""The reason of a debit note comes from the dialog that makes it."""

from odoo import models

from ..guards import guarded


@guarded()
class AccountDebitNote(models.TransientModel):
    _inherit = "account.debit.note"

    # === HELPERS === #

    def _prepare_default_values(self, move):
        # EXTENDS 'account_debit_note'
        values = super()._prepare_default_values(move)
        if move._l10n_pt_atcud_is_document():
            values["l10n_pt_atcud_reason"] = self.reason
        return values
