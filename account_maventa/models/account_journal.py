"""The counts on the dashboard card of a sales journal."""

from odoo import models

from ..guards import ensure_one, guarded
from .transfer_state import LIVE, TO_CORRECT, TransferState

# The numbers on the card, and the states that each counts
COUNTED = {
    "waiting": LIVE,
    "in_delivery": (TransferState.ACCEPTED,),
    "to_correct": TO_CORRECT,
}


@guarded()
class AccountJournal(models.Model):
    _inherit = "account.journal"

    # === OVERRIDES === #

    def _fill_sale_purchase_dashboard_data(self, dashboard_data):
        # EXTENDS 'account'
        super()._fill_sale_purchase_dashboard_data(dashboard_data)
        sales = self.filtered(lambda journal: journal.type == "sale")
        counts = self.env["account.move"]._read_group(
            [("journal_id", "in", sales.ids), ("maventa_state", "!=", False)],
            ["journal_id", "maventa_state"],
            ["__count"],
        )
        for journal in sales:
            mine = {state: count for owner, state, count in counts if owner == journal}
            for name, states in COUNTED.items():
                number = sum(mine.get(state, 0) for state in states)
                dashboard_data[journal.id][f"maventa_{name}"] = number

    # === ACTIONS === #

    def action_maventa_open(self):
        """Open the documents that one of the card's numbers counts."""
        ensure_one(self)
        states = COUNTED.get(str(self.env.context.get("maventa_counted")), LIVE)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice"
        )
        return action | {
            "domain": [("journal_id", "=", self.id), ("maventa_state", "in", states)],
            "context": {"default_move_type": "out_invoice"},
        }
