"""Reconciliation: what settles what.

Documents of Demo and real ones do not settle one another. A payment stays with the
documents that its receipt names, and with the invoice-receipt that it is a part of.
"""

from odoo import api, models

from ..guards import guarded


@guarded()
class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        self.env["l10n_pt_atcud.environment_check"].check_settlement(partials)
        return partials

    def unlink(self):
        self._l10n_pt_atcud_check_settled()
        return super().unlink()

    # === HELPERS === #

    def _l10n_pt_atcud_check_settled(self):
        """Raise when a payment would no longer settle what it must go on settling.

        Its lines of other accounts stay free: a bank transaction may be matched anew.
        """
        is_part = self.env["l10n_pt_atcud.immutability"]._is_cancellation()
        if is_part or self.env["account.payment"]._l10n_pt_atcud_is_cancelling():
            return
        for partial in self.sudo():
            debit, credit = (
                partial.debit_move_id.move_id,
                partial.credit_move_id.move_id,
            )
            for entry, document in ((credit, debit), (debit, credit)):
                payment = entry.origin_payment_id
                if payment and document in payment._l10n_pt_atcud_fixed():
                    raise payment._l10n_pt_atcud_frozen_error()
