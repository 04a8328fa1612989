"""The dashboard cards: what a sales journal sends, what a purchase journal receives."""

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..guards import ensure_one, guarded
from .receipt_state import UNFINISHED, ReceiptState
from .transfer_state import LIVE, TO_CORRECT, TransferState

# The numbers on the card, and the states that each counts
COUNTED = {
    "waiting": LIVE,
    "in_delivery": (TransferState.ACCEPTED,),
    "to_correct": TO_CORRECT,
}
# The numbers of received invoices on the card of the purchase journal
RECEIVED = {
    "to_fetch": UNFINISHED,
    "to_review": (ReceiptState.REVIEW,),
    "unreadable": (ReceiptState.UNREADABLE,),
    "duplicates": (ReceiptState.DUPLICATE,),
}


@guarded()
class AccountJournal(models.Model):
    _inherit = "account.journal"

    maventa_responsible_id = fields.Many2one(
        "res.users",
        "Responsible for e-invoices",
        help="Receives an activity for each received invoice that needs a decision.",
    )

    # === COMPUTES === #

    @api.depends("type", "company_id")
    def _compute_show_fetch_in_einvoices_button(self):
        # EXTENDS 'account'
        super()._compute_show_fetch_in_einvoices_button()
        for journal in self.filtered(lambda row: row._maventa_receiver()):
            journal.show_fetch_in_einvoices_button = True

    # === OVERRIDES === #

    def button_fetch_in_einvoices(self):
        # EXTENDS 'account'
        super().button_fetch_in_einvoices()
        self.check_access("read")
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only users who make invoices may do this."))
        receiver = self.env["maventa.receiver"].sudo()
        accounts = self.mapped(lambda row: row._maventa_receiver())
        if not all([receiver._fetch_now(account) for account in accounts]):
            self.env.user._bus_send("simple_notification", self._maventa_rest())

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
        for journal in self.filtered(lambda row: row._maventa_receiver()):
            for name, number in journal._maventa_received_counts().items():
                dashboard_data[journal.id][f"maventa_{name}"] = number

    def _maventa_rest(self):
        """Return the message that some invoices are left to the job."""
        return {
            "type": "info",
            "title": self.env._("Maventa"),
            "message": self.env._(
                "There is more than can be fetched at once. Odoo fetches the rest in "
                "the background."
            ),
        }

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

    def action_maventa_open_receipts(self):
        """Open the receipts that one of the card's numbers counts."""
        ensure_one(self)
        counted = str(self.env.context.get("maventa_counted"))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_maventa.action_maventa_receipt"
        )
        states = RECEIVED.get(counted, UNFINISHED)
        mine = [("company_id", "=", self.company_id.id), ("state", "in", states)]
        return action | {"domain": mine}

    # === HELPERS === #

    def _maventa_receiver(self):
        """Return the account whose invoices go into this journal; may be empty."""
        self.ensure_one()
        account = self.company_id.sudo().maventa_account_id
        mine = account.receives and self == account._purchase_journal().with_env(
            self.env
        )
        return account if mine else account.browse()

    def _maventa_received_counts(self):
        groups = self.env["maventa.receipt"]._read_group(
            [("company_id", "=", self.company_id.id)], ["state"], ["__count"]
        )
        counts = dict(groups)
        return {
            name: sum(counts.get(state, 0) for state in states)
            for name, states in RECEIVED.items()
        }
