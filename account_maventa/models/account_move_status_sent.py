from odoo import api, fields, models

from .maventa_transfer import CARRIED


class AccountMove(models.Model):
    """What counts as sent: what was handed over, and not what came back."""

    _inherit = "account.move"

    maventa_made_sent = fields.Boolean(
        "Counts as sent by its Maventa status", readonly=True, copy=False
    )

    def _maventa_follow_status(self, status):
        # EXTENDS: the flag "Sent" of a status
        counted = self.sudo()
        if status.sent:
            fresh = counted.filtered(lambda move: not move.is_move_sent)
            fresh.write({"is_move_sent": True, "maventa_made_sent": True})
        else:
            back = counted.filtered(
                lambda move: (
                    move.maventa_made_sent
                    and not any(
                        row.state in CARRIED for row in move.maventa_transfer_ids
                    )
                )
            )
            back.write({"is_move_sent": False, "maventa_made_sent": False})
        return super()._maventa_follow_status(status)


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    @api.model
    def _link_invoice_documents(self, invoices_data):
        # EXTENDS 'account', for which a printed document is a sent one: what is to
        # go by Maventa waits for its transfer.
        waiting = self.env["account.move"].union(
            *(
                move
                for move, data in invoices_data.items()
                if "maventa" in data["sending_methods"] and not move.is_move_sent
            )
        )
        super()._link_invoice_documents(invoices_data)
        waiting.is_move_sent = False
