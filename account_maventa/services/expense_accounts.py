"""The expense account of received lines: what a person chose for the supplier.

Odoo itself takes the supplier's most frequent account, which counts drafts: a proposal
that nobody has confirmed would confirm itself.
"""

from odoo import api, models

from ..guards import internal
from .bill_advances import TAKEN
from .purchase_taxes import ROUNDING_KEY

# Points of bills that are advances, or correct another one
SPECIAL = {"prepayment", "correction"}
MOST_EXAMPLES = 50


@internal
class MaventaExpenseAccounts(models.AbstractModel):
    _name = "maventa.expense.accounts"
    _description = "Expense Accounts of Received Bills"

    # === PUBLIC === #

    @api.model
    def _account(self, company, partner, journal, move=None):
        """Return the account for the lines of a supplier's bill.

        It is the one that was learned, or posted most lately, or the journal's.

        :param move: a bill that is no example itself
        """
        if not partner:
            return journal.default_account_id
        partner = partner.commercial_partner_id
        learned = self._row(company, partner).account_id
        if learned.active:
            return learned
        return self._of_posted(company, partner, move) or journal.default_account_id

    @api.model
    def _set(self, move, account):
        """Set the account on the lines of a new draft that have no product."""
        lines = self._lines(move).filtered(lambda line: line.account_id != account)
        if account and lines:
            lines.account_id = account

    @api.model
    def _learn(self, move):
        """Remember the account of a bill that a person has posted, if it is one only.

        What is proposed anyway is not remembered.
        """
        accounts, partner = self._lines(move).account_id, move.commercial_partner_id
        where = (move.company_id, partner)
        if len(accounts) != 1 or not partner:
            return
        if accounts == self._account(*where, move.journal_id, move):
            return
        rows = self.env["maventa.purchase.account"].sudo()
        if row := self._row(*where):
            row.account_id = accounts
            return
        rows.create(
            {
                "company_id": move.company_id.id,
                "partner_id": partner.id,
                "account_id": accounts.id,
                "is_learned": True,
            }
        )

    # === HELPERS === #

    def _row(self, company, partner):
        return self.env["maventa.purchase.account"].search(
            [("company_id", "=", company.id), ("partner_id", "=", partner.id)]
        )

    def _of_posted(self, company, partner, move):
        """Return the most frequent account of the supplier's latest posted bills."""
        bills = self._examples(company, partner, move)
        if not bills:
            return self.env["account.account"]
        groups = self.env["account.move.line"]._read_group(
            [
                ("move_id", "in", bills.ids),
                ("display_type", "=", "product"),
                ("product_id", "=", False),
                ("account_id.active", "=", True),
            ],
            ["account_id"],
            ["__count"],
            order="__count DESC, account_id",
            limit=1,
        )
        return groups[0][0] if groups else self.env["account.account"]

    def _examples(self, company, partner, move):
        """Return the latest posted bills of a supplier that show what is bought.

        A credit note may be booked as income, an advance as an asset.
        """
        bills = self.env["account.move"].search(
            [
                ("company_id", "=", company.id),
                ("commercial_partner_id", "=", partner.id),
                ("state", "=", "posted"),
                ("move_type", "in", ("in_invoice", "in_receipt")),
                ("id", "!=", move.id if move else False),
            ],
            order="id DESC",
            limit=MOST_EXAMPLES,
        )
        receipts = self.env["maventa.receipt"].sudo()
        special = receipts.search_fetch(
            [("move_id", "in", bills.ids)], ["move_id", "points"]
        ).filtered(lambda row: SPECIAL & {one["code"] for one in row._points()})
        return bills - special.move_id

    def _lines(self, move):
        """Return the lines whose account is nothing but that of the supplier."""
        return move.invoice_line_ids.filtered(
            lambda line: (
                line.display_type == "product"
                and not line.product_id
                and line.maventa_vat_key != ROUNDING_KEY
                and not (line.maventa_vat_key or "").startswith(TAKEN)
            )
        )
