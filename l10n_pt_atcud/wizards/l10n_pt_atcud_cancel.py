"""The dialog that cancels an issued document with a reason."""

from odoo import fields, models

from ..guards import guarded


@guarded()
class L10nPtAtcudCancel(models.TransientModel):
    _name = "l10n_pt_atcud.cancel"
    _description = "Cancel an issued document"

    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Document",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    reason = fields.Char(
        required=True,
        size=50,
        help="At most 50 characters. It is printed on the document.",
    )

    # === ACTIONS === #

    def action_confirm(self):
        """Cancel the document."""
        self.ensure_one()
        self.env["l10n_pt_atcud.cancellation"].cancel(self.move_id, self.reason)
        return {"type": "ir.actions.act_window_close"}

    def action_correct(self):
        """Open the dialog of the credit note instead."""
        self.ensure_one()
        return self.move_id.action_reverse()
