"""The expense account of received lines: what a person chose for the supplier.

Odoo itself takes the supplier's most frequent account, which counts drafts: a proposal
that nobody has confirmed would confirm itself.
"""

from odoo import api, models
from odoo.tools import SQL

from ..guards import internal
from .bill_advances import TAKEN
from .purchase_taxes import ROUNDING_KEY

SPECIAL = ("prepayment", "correction")


@internal
class MaventaExpenseAccounts(models.AbstractModel):
    _name = "maventa.expense.accounts"
    _description = "Expense Accounts of Received Bills"

    # === PUBLIC === #

    @api.model
    def _set(self, move):
        """Set the account on the lines of a new draft that have no product."""
        account = self._account(move)
        lines = self._lines(move).filtered(lambda line: line.account_id != account)
        if account and lines:
            lines.account_id = account

    @api.model
    def _learn(self, move):
        """Remember the account of a bill that a person has posted, if it is one only.

        What is proposed anyway is not remembered.
        """
        accounts, partner = self._lines(move).account_id, move.commercial_partner_id
        if len(accounts) != 1 or not partner or accounts == self._account(move):
            return
        rows = self.env["maventa.purchase.account"].sudo()
        if row := self._row(move):
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

    def _account(self, move):
        """Return the account for lines of a bill: as learned, as posted, or default."""
        if not move.commercial_partner_id:
            return move.journal_id.default_account_id
        row = self._row(move)
        if row.account_id.active:
            return row.account_id
        return self._of_posted(move) or move.journal_id.default_account_id

    def _row(self, move):
        return self.env["maventa.purchase.account"].search(
            [
                ("company_id", "=", move.company_id.id),
                ("partner_id", "=", move.commercial_partner_id.id),
            ]
        )

    def _of_posted(self, move):
        """Return the most frequent account of the supplier's other posted bills.

        A credit note may be booked as income, an advance as an asset: these are no
        examples of what is bought.
        """
        groups = self.env["account.move.line"]._read_group(
            [
                ("company_id", "=", move.company_id.id),
                ("partner_id", "=", move.commercial_partner_id.id),
                ("parent_state", "=", "posted"),
                ("move_type", "in", ("in_invoice", "in_receipt")),
                ("move_id", "not in", [move.id, *self._no_examples(move)]),
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

    def _no_examples(self, move):
        """Return ids of the supplier's bills that are advances, or correct another."""
        self.env["maventa.receipt"].flush_model()
        points = [SQL("points @> %s::jsonb", f'[{{"code": "{x}"}}]') for x in SPECIAL]
        query = SQL(
            "SELECT move_id FROM maventa_receipt WHERE company_id = %s "
            "AND partner_id = %s AND move_id IS NOT NULL AND (%s)",
            *(move.company_id.id, move.commercial_partner_id.id),
            SQL(" OR ").join(points),
        )
        return [row[0] for row in self.env.execute_query(query)]

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
