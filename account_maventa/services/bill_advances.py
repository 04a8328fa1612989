"""An advance that was invoiced before: is its VAT deducted once, and once only?

A final invoice says it in one of two ways: lines below zero, with their VAT, take the
advance off; or the whole amount has its VAT, and the advance is only a payment. The
first needs the bill of the advance; the second must not have its VAT beside it.
"""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..guards import internal
from ..maventa_api.advances import numbers_in
from ..models.account_move import BARE_REF
from .bill_duplicates import bare

LONGEST = timedelta(days=730)  # from an advance to the final invoice
SHORTEST_NUMBER = 3


@internal
class MaventaBillAdvances(models.AbstractModel):
    _name = "maventa.bill.advances"
    _description = "Advances of Received Bills"

    # === PUBLIC === #

    @api.model
    def _points(self, move, document):
        """Yield what a person decides about advances that a bill is after.

        :return: as ``maventa.bill.checks`` has them
        """
        if document.is_refund or document.is_prepayment:
            return
        for text, net in document.advances:
            if not self._deducted(move, document, text, net):
                yield self._point("advance_unknown", text=text, amount=-net)
        if document.paid and document.figures.vat and not document.advances:
            for bill in self._paid(move, document).filtered("amount_tax"):
                name = self.env["maventa.bill.checks"]._name_of(bill)
                yield self._point(
                    "advance_taxed", id=bill.id, name=name, amount=document.paid
                )

    # === HELPERS === #

    def _deducted(self, move, document, text, net):
        """Return the posted bills that a line below zero may take off."""
        numbers = [*numbers_in(text), *document.original_numbers]
        amount = SQL("%s IN (amount_untaxed, amount_total)", float(-net))
        found = self._earlier(move, document, self._by_number(numbers), amount)
        return found.filtered(lambda bill: bill.state == "posted")

    def _paid(self, move, document):
        """Return the bills whose payment a document may mean by what is paid.

        Many invoices are paid wholly, by card: of these only an advance invoice is one.
        """
        by_number = self._by_number(document.original_numbers)
        named = self._earlier(move, document, by_number)
        if named:
            return named
        equal = SQL("amount_total = %s", float(document.paid))
        found = self._earlier(move, document, equal).sorted("invoice_date")
        if document.is_paid:
            found = found.filtered(self._is_advance)
        return found[-1:]

    def _is_advance(self, bill):
        receipts = bill.sudo().maventa_receipt_ids
        points = [row for receipt in receipts for row in receipt._points()]
        return any(row["code"] == "prepayment" for row in points)

    def _by_number(self, numbers):
        """Return the condition for bills with one of these numbers."""
        found = {bare(number) for number in numbers}
        found = sorted(text for text in found if len(text) >= SHORTEST_NUMBER)
        return SQL("%s = ANY(%s)", SQL(BARE_REF), found)

    def _earlier(self, move, document, *conditions):
        """Return the supplier's earlier bills that meet one of some conditions.

        What was credited wholly is none any more.
        """
        duplicates = self.env["maventa.bill.duplicates"]
        day = document.date or move.invoice_date
        if not day or not move.commercial_partner_id:
            return move.browse()
        self.env["account.move"].flush_model()
        found = duplicates._search(
            move,
            SQL(
                "%s AND currency_id = %s AND invoice_date BETWEEN %s AND %s AND (%s)",
                duplicates._same_partner(move.commercial_partner_id),
                *(move.currency_id.id, day - LONGEST, day),
                SQL(" OR ").join(conditions),
            ),
        )
        return found.filtered(lambda bill: bill.payment_state != "reversed")

    def _point(self, code, **values):
        texts = {name: str(value) for name, value in values.items()}
        return {"code": code, "level": "stop", "values": texts}
