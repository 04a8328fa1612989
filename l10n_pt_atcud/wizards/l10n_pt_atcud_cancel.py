"""The dialog that cancels an issued document of any model, with a reason."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..guards import guarded
from ..services.document_cancellation import REASON_LENGTH


@guarded()
class L10nPtAtcudCancel(models.TransientModel):
    _name = "l10n_pt_atcud.cancel"
    _description = "Cancel an issued document"

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        model_field="res_model", required=True, readonly=True
    )
    number = fields.Char(string="Document", compute="_compute_number")
    consequence = fields.Char(compute="_compute_number")
    reason = fields.Char(
        required=True,
        size=REASON_LENGTH,
        help="At most 50 characters. It is printed on the document.",
    )

    # === COMPUTES === #

    @api.depends("res_model", "res_id")
    def _compute_number(self):
        for wizard in self:
            if wizard.res_model not in wizard._models():
                wizard.number = wizard.consequence = False
                continue
            document = wizard._document()
            is_invoice = document._name == "account.move"
            name = "name" if is_invoice else "l10n_pt_atcud_number"
            wizard.number = document[name]
            service = self.env["l10n_pt_atcud.document_cancellation"]
            wizard.consequence = service.consequence(document)

    # === ACTIONS === #

    def action_confirm(self):
        """Cancel the document."""
        self.ensure_one()
        self._document()._l10n_pt_atcud_cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}

    def action_correct(self):
        """Open the dialog of the credit note instead."""
        self.ensure_one()
        document = self._document()
        if document._name != "account.move":
            raise UserError(self.env._("Only invoices are corrected by a credit note."))
        return document.action_reverse()

    # === HELPERS === #

    def _models(self):
        """Return the names of the models of documents: invoices, users of the mixin."""
        mixin = self.env["l10n_pt_atcud.document.mixin"]
        return ("account.move", *mixin._l10n_pt_atcud_models())

    def _document(self):
        """Return the document."""
        if self.res_model not in self._models():
            raise UserError(self.env._("This document has no AT series."))
        return self.env[self.res_model].browse(self.res_id).exists()
