"""The dialog that asks why nothing has to be done about a receipt."""

from odoo import fields, models

from ..guards import guarded


@guarded()
class MaventaReceiptIgnore(models.TransientModel):
    _name = "maventa.receipt.ignore"
    _description = "Ignore a Received Invoice"

    receipt_id = fields.Many2one("maventa.receipt", required=True, readonly=True)
    reason = fields.Char(required=True)

    # === ACTIONS === #

    def action_ignore(self):
        """Record the reason; a draft bill is cancelled."""
        self.ensure_one()
        self.env["maventa.bill.booking"].sudo()._ignore(
            self.receipt_id._for_action(), self.reason or "-"
        )
        return self.receipt_id._decided_in_dialog()
