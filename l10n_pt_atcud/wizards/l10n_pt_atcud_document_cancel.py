"""Cancel an issued document that is no invoice, with a reason."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..guards import guarded


@guarded()
class L10nPtAtcudDocumentCancel(models.TransientModel):
    _name = "l10n_pt_atcud.document.cancel"
    _description = "AT: cancellation of a document"

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        model_field="res_model", required=True, readonly=True
    )
    number = fields.Char(compute="_compute_number")
    reason = fields.Char(required=True)

    # === COMPUTES === #

    @api.depends("res_model", "res_id")
    def _compute_number(self):
        for wizard in self:
            wizard.number = wizard._document().l10n_pt_atcud_number

    # === ACTIONS === #

    def action_cancel(self):
        """Cancel the document."""
        self.ensure_one()
        self._document()._l10n_pt_atcud_cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}

    # === HELPERS === #

    def _document(self):
        """Return the document, of a model that uses the mixin."""
        mixin = self.env["l10n_pt_atcud.document.mixin"]
        if self.res_model not in mixin._l10n_pt_atcud_models():
            raise UserError(self.env._("This document has no AT series."))
        return self.env[self.res_model].browse(self.res_id).exists()
