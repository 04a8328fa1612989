"""Entries beside an imported one: costs in their own month.

An entry in Odoo has one date, which is the day of its VAT. Where that is in a later
month than the fulfilment, two entries can keep the cost or the income there: one on the
day of fulfilment, one that takes it back on the date of the imported entry.
"""

from odoo import models
from odoo.fields import Command

from ..guards import as_service, internal

# Accruals of the Hungarian chart: income that is not invoiced yet, costs likewise.
ACCRUALS = {"sale": "l10n_hu_391", "purchase": "l10n_hu_482"}


@internal
class BillingoLateCosts(models.AbstractModel):
    _name = "billingo.late.costs"
    _description = "Costs of late Billingo documents"

    # === PUBLIC === #

    def _keep(self, document):
        """Keep the cost or the income of a posted entry in the month of fulfilment.

        Does not commit. Nothing happens if that month is closed for the books.

        :return: the two entries, or none
        """
        move = document.move_id
        day = document.fulfillment_date or document.invoice_date
        none = move.browse()
        if not document.connection_id.keeps_cost_month or move.state != "posted":
            return none
        if not day or (day.year, day.month) >= (move.date.year, move.date.month):
            return none
        if move.move_type.endswith("refund") or self._moves(document):
            return none  # what is taken back belongs to its own day
        journal, accrual = self._journal(document), self._accrual(document)
        dates = self.env["billingo.accounting.date"]
        if (
            not journal
            or not accrual
            or dates._locks(document, day, journal, has_tax=False)
        ):
            return none
        lines = self._amounts(document, move)
        if not lines:
            return none
        entries = self._entry(document, journal, accrual, lines, day, 1)
        entries |= self._entry(document, journal, accrual, lines, move.date, -1)
        entries._post(soft=False)
        return entries

    def _withdraw(self, documents):
        """Cancel the entries of documents whose own entry is a draft again."""
        moves = self._moves(documents).filtered(lambda x: x.state == "posted")
        if moves:
            moves.button_draft()
            moves.button_cancel()

    # === HELPERS === #

    def _moves(self, documents):
        return self.env["account.move"].search(
            [
                ("billingo_companion_document_id", "in", documents.ids),
                ("billingo_companion", "=", "late_cost"),
                ("state", "!=", "cancel"),
            ]
        )

    def _journal(self, document):
        domain = [
            ("type", "=", "general"),
            ("company_id", "=", document.company_id.id),
        ]
        special = (
            document.company_id.currency_exchange_journal_id
            | document.company_id.tax_cash_basis_journal_id
        )
        domain.append(("id", "not in", special.ids))
        return self.env["account.journal"].search(domain, limit=1)

    def _accrual(self, document):
        chart = self.env["account.chart.template"].with_company(document.company_id)
        xmlid = ACCRUALS[document._tax_direction()]
        return chart.ref(xmlid, raise_if_not_found=False)

    def _amounts(self, document, move):
        """Return what is booked on accounts of income and expense, in forint."""
        sums = {}
        for line in move.line_ids:
            if line.account_id.internal_group in ("income", "expense"):
                key = (line.account_id, line.partner_id)
                sums[key] = sums.get(key, 0.0) + line.balance
        forint = document.company_id.currency_id
        return {key: value for key, value in sums.items() if not forint.is_zero(value)}

    def _entry(self, document, journal, accrual, lines, day, sign):
        name = self.env._(
            "%(number)s: fulfilled on %(day)s",
            number=document.display_name,
            day=document.fulfillment_date or document.invoice_date,
        )
        rows = [
            (account, partner, sign * balance)
            for (account, partner), balance in lines.items()
        ]
        rows.append((accrual, document.move_id.partner_id, -sum(x[2] for x in rows)))
        return as_service(self.env["account.move"]).create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": day,
                "ref": name,
                "billingo_companion_document_id": document.id,
                "billingo_companion": "late_cost",
                "line_ids": [
                    Command.create(
                        {
                            "name": name,
                            "account_id": account.id,
                            "partner_id": partner.id,
                            "balance": balance,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for account, partner, balance in rows
                ],
            }
        )
