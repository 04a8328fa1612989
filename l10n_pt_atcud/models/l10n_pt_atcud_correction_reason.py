"""The reason of a credit or debit note comes from the dialog that makes it."""

from odoo import api, fields, models

from ..guards import guarded


@guarded()
class L10nPtAtcudCorrectionReason(models.AbstractModel):
    """Of a dialog with ``move_ids``, the documents to correct, and ``reason``."""

    _name = "l10n_pt_atcud.correction.reason"
    _description = "AT: reason in a dialog of corrections"

    l10n_pt_atcud_needs_reason = fields.Boolean(
        string="Reason is required", compute="_compute_l10n_pt_atcud_needs_reason"
    )

    # === COMPUTES === #

    @api.depends("move_ids")
    def _compute_l10n_pt_atcud_needs_reason(self):
        rules = self.env["l10n_pt_atcud.correction_rules"]
        for wizard in self:
            needs_reason = rules.needs_reason(wizard.move_ids)
            wizard.l10n_pt_atcud_needs_reason = needs_reason

    # === HELPERS === #

    def _l10n_pt_atcud_check_reason(self):
        """Raise where the corrections would be refused for want of a reason."""
        rules = self.env["l10n_pt_atcud.correction_rules"]
        rules.check_reason(self.move_ids, self.reason)

    def _l10n_pt_atcud_add_reason(self, move, values):
        """Return the values of a correction of ``move`` with the reason, if needed."""
        if not move._l10n_pt_atcud_is_document():
            return values
        return {**values, "l10n_pt_atcud_reason": self.reason}
