"""Payments of imported entries: VAT that becomes due keeps Billingo's forint."""

from odoo import models

from ..guards import guarded


@guarded()
class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    # === OVERRIDES === #

    def _collect_tax_cash_basis_values(self):
        # EXTENDS 'account': Odoo takes the rate of the payment. The VAT in forint is
        # what the invoice states (172. §), whenever it is due.
        found = super()._collect_tax_cash_basis_values()
        for values in found.values():
            move = values["move"]
            currency = move.sudo().billingo_document_id.currency_id
            if move.billingo_rate and move.currency_id == currency:
                for partial in values["partials"]:
                    partial["payment_rate"] = move.billingo_rate
        return found
