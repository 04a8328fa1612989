"""The dialog that shows a received bill beside the bill that it may be the same as."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..guards import guarded


@guarded()
class MaventaDuplicateReview(models.TransientModel):
    _name = "maventa.duplicate.review"
    _description = "Compare a Received Bill with Another One"

    receipt_id = fields.Many2one("maventa.receipt", required=True, readonly=True)
    candidate_ids = fields.Many2many(
        "account.move", compute="_compute_candidate_ids", compute_sudo=False
    )
    other_id = fields.Many2one(
        "account.move",
        "May be the same as",
        compute="_compute_other_id",
        store=True,
        readonly=False,
        compute_sudo=False,
        domain="[('id', 'in', candidate_ids)]",
    )
    this_bill = fields.Text(compute="_compute_facts", compute_sudo=False)
    other_bill = fields.Text(compute="_compute_facts", compute_sudo=False)

    # === COMPUTES === #

    @api.depends("receipt_id")
    def _compute_candidate_ids(self):
        moves = self.env["account.move"]
        for dialog in self:
            found = sorted(dialog.receipt_id._duplicate_ids("stop"))
            dialog.candidate_ids = moves.search([("id", "in", found)])

    @api.depends("candidate_ids")
    def _compute_other_id(self):
        for dialog in self:
            dialog.other_id = dialog.candidate_ids[:1]

    @api.depends("receipt_id", "other_id")
    def _compute_facts(self):
        for dialog in self:
            dialog.this_bill = dialog._facts(dialog.receipt_id.move_id)
            dialog.other_bill = dialog._facts(dialog.other_id)

    # === ACTIONS === #

    def action_same(self):
        """Cancel the draft, and keep its document with the other bill.

        :raise UserError: no other bill is chosen
        """
        self.ensure_one()
        if not self.other_id:
            raise UserError(self.env._("Choose the bill that it is the same as."))
        self.other_id.check_access("write")
        self.env["maventa.bill.duplicates"].sudo()._set_same(
            self.receipt_id._for_action(), self.other_id
        )
        return self.other_id._get_records_action(name=self.env._("Bill"))

    def action_another(self):
        """Record that the bill is none of those that look like it."""
        self.ensure_one()
        self.receipt_id.action_not_duplicate()
        return self.receipt_id._decided_in_dialog()

    # === HELPERS === #

    def _facts(self, move):
        """Return what people compare: number, supplier, day, total, state."""
        if not move:
            return ""
        total = move.currency_id.format(move.amount_total)
        facts = [
            move.display_name,
            move.partner_id.display_name,
            format_date(self.env, move.invoice_date),
            total,
        ]
        return "\n".join(filter(None, facts))
