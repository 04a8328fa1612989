"""Exchange differences of advances: what a final invoice leaves on the advance account.

An advance in a foreign currency is taken back at the rate of the final invoice. When
nothing of it is left in its currency, the rest in forint is an exchange difference.
"""

from collections import defaultdict

from odoo import models
from odoo.fields import Command

from ..guards import as_service, internal


@internal
class BillingoAdvances(models.AbstractModel):
    _name = "billingo.advances"
    _description = "Exchange differences of Billingo's advances"

    # === PUBLIC === #

    def _settle(self, document):
        """Move what is left of settled advances to exchange gains or losses.

        Does not commit.
        """
        if document.currency_id == document.company_id.currency_id:
            return
        advances = self._advances(document)
        if not advances:
            return
        group = self._connected(advances)
        moves = group.move_id | self._exchange_moves(group)
        accounts = document.connection_id.advance_account_id
        sums = defaultdict(lambda: [0.0, 0.0])
        for line in moves.filtered(lambda x: x.state == "posted").line_ids:
            if line.account_id in accounts and line.currency_id == document.currency_id:
                partner = line.partner_id
                sums[line.account_id, partner][0] += line.amount_currency
                sums[line.account_id, partner][1] += line.balance
        forint = document.company_id.currency_id
        for (account, partner), (amount, balance) in sums.items():
            if document.currency_id.is_zero(amount) and not forint.is_zero(balance):
                self._book(document, account, partner, forint.round(balance))

    def _withdraw(self, documents):
        """Take the exchange differences back that an entry in draft no longer makes."""
        for document in documents:
            advances = self._advances(document)
            moves = self._exchange_moves(self._connected(advances))
            moves = moves.filtered(lambda x: x.state == "posted")
            if moves:
                moves.button_draft()
                moves.button_cancel()

    # === HELPERS === #

    def _advances(self, document):
        """Return the advances that a document is, takes back or cancels."""
        near = document | document._relatives()
        return near.filtered(lambda x: x.kind == "advance" and x.move_id)

    def _connected(self, documents):
        """Return the documents with all that take back or cancel the same advances."""
        found, new = documents, documents
        while new:
            near = documents.browse()
            for document in new:
                near |= document._relatives()
            new = near - found
            found |= new
        return found

    def _exchange_moves(self, documents):
        return self.env["account.move"].search(
            [
                ("billingo_companion_document_id", "in", documents.ids),
                ("billingo_companion", "=", "exchange"),
                ("state", "!=", "cancel"),
            ]
        )

    def _book(self, document, account, partner, balance):
        """Create and post the entry of an exchange difference."""
        company = document.company_id
        target = (
            company.expense_currency_exchange_account_id
            if balance > 0
            else company.income_currency_exchange_account_id
        )
        journal = company.currency_exchange_journal_id
        if not target or not journal:
            return
        date = self.env["billingo.accounting.date"]._first_open_day(
            document, document.move_id.date, journal, has_tax=False
        )
        name = self.env._("Exchange difference of the advance: %s", document.name)
        currency = document.currency_id
        move = as_service(self.env["account.move"]).create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": date,
                "ref": name,
                "billingo_companion_document_id": document.id,
                "billingo_companion": "exchange",
                "line_ids": [
                    Command.create(
                        {
                            "name": name,
                            "account_id": chosen.id,
                            "partner_id": partner.id,
                            "currency_id": currency.id,
                            "amount_currency": 0.0,
                            "balance": value,
                        }
                    )
                    for chosen, value in ((account, -balance), (target, balance))
                ],
            }
        )
        move._post(soft=False)
