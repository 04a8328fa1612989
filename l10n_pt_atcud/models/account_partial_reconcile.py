"""Reconciliation: documents of Demo and real ones do not settle one another."""

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
