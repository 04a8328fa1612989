"""The reason of a debit note comes from the dialog that makes it."""

from odoo import api, fields, models

from ..guards import guarded


@guarded()
class AccountDebitNote(models.TransientModel):
    _inherit = "account.debit.note"

    l10n_pt_atcud_needs_reason = fields.Boolean(
        string="Reason is required", compute="_compute_l10n_pt_atcud_needs_reason"
    )

    # === COMPUTES === #

    @api.depends("move_ids")
    def _compute_l10n_pt_atcud_needs_reason(self):
        rules = self.env["l10n_pt_atcud.document_type_rules"]
        for wizard in self:
            needs_reason = rules.needs_reason(wizard.move_ids)
            wizard.l10n_pt_atcud_needs_reason = needs_reason

    # === OVERRIDES === #

    def create_debit(self):
        # EXTENDS 'account_debit_note'
        rules = self.env["l10n_pt_atcud.document_type_rules"]
        rules.check_reason(self.move_ids, self.reason)
        return super().create_debit()

    # === HELPERS === #

    def _prepare_default_values(self, move):
        # EXTENDS 'account_debit_note'
        values = super()._prepare_default_values(move)
        if move._l10n_pt_atcud_is_document():
            values["l10n_pt_atcud_reason"] = self.reason
        return values
