"""Result of *Maventa: transfer* for several invoices: what was left out, and why."""

from odoo import Command, fields, models

from ..guards import guarded


@guarded()
class MaventaTransferResult(models.TransientModel):
    _name = "maventa.transfer.result"
    _description = "Result of Transfer to Maventa"

    ready = fields.Integer("Invoices to transfer", readonly=True)
    line_ids = fields.One2many(
        "maventa.transfer.result.line", "result_id", "Left out", readonly=True
    )
    obstacle = fields.Text(readonly=True)
    has_questions = fields.Boolean(readonly=True)

    # === ACTIONS === #

    def action_transfer_anyway(self):
        """Transfer those too that the customer has received another way."""
        self.ensure_one()
        return self.line_ids.filtered("is_question").move_id.action_maventa_confirm()

    # === HELPERS === #

    def _show(self, ready, problems, obstacle):
        """Return the action that shows the result.

        :param ready: invoices that have the transfer status now
        :param problems: for each of the others the reason, as text
        :param obstacle: why those that are ready wait, as text
        """
        rules = self.env["maventa.status.rules"]
        lines = [
            {
                "move_id": move.id,
                "reason": reason[:1].upper() + reason[1:],
                "is_question": rules._is_question(move),
            }
            for move, reason in problems.items()
        ]
        result = self.create(
            {
                "ready": len(ready),
                "obstacle": ready and obstacle,
                "has_questions": any(line["is_question"] for line in lines),
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Transfer to Maventa"),
            "res_model": self._name,
            "res_id": result.id,
            "view_mode": "form",
            "target": "new",
        }


@guarded()
class MaventaTransferResultLine(models.TransientModel):
    _name = "maventa.transfer.result.line"
    _description = "Invoice that is not transferred"

    result_id = fields.Many2one(
        "maventa.transfer.result", required=True, ondelete="cascade"
    )
    move_id = fields.Many2one("account.move", "Invoice", required=True)
    partner_id = fields.Many2one(related="move_id.partner_id", related_sudo=False)
    reason = fields.Text()
    is_question = fields.Boolean()

    # === ACTIONS === #

    def action_open(self):
        """Open the invoice."""
        return self.move_id._get_records_action()
