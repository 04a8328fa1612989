from odoo import models

# What the dashboard counts, and the states behind each number
COUNTED = {
    "waiting": ("queued", "uploading", "unknown"),
    "under_way": ("accepted",),
    "trouble": ("invalid", "rejected", "failed"),
}


class AccountJournal(models.Model):
    _inherit = "account.journal"

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

    def action_maventa_open(self):
        """Open the documents behind one of the dashboard's numbers."""
        self.ensure_one()
        states = COUNTED[self.env.context["maventa_counted"]]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice"
        )
        return action | {
            "domain": [("journal_id", "=", self.id), ("maventa_state", "in", states)],
            "context": {"default_move_type": "out_invoice"},
        }
