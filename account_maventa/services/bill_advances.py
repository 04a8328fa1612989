"""An advance that was invoiced before: is its VAT deducted once, and once only?

A final invoice says it in one of two ways: lines below zero, with their VAT, take the
advance off; or the whole amount has its VAT, and the advance is only a payment. The
first needs the bill of the advance; the second must not have its VAT beside it.
"""

from datetime import timedelta

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, LazyTranslate

from ..guards import as_service, internal
from ..maventa_api.advances import numbers_in
from ..models.bare_number import BARE_REF, bare
from ..models.point_kinds import (
    CHECKED,
    CONFIRM,
    Label,
    Question,
    Remedy,
    declare,
    point,
)

_lt = LazyTranslate(__name__)

LONGEST = timedelta(days=730)  # from an advance to the final invoice
SHORTEST_NUMBER = 3
TAKEN = "advance:"  # before the id of the bill that a line takes off

declare(
    Question(
        "advance_unknown",
        Label.PREPAYMENT,
        _lt(
            "The invoice takes off an advance of %(amount)s (%(text)s), but no "
            "posted bill of the supplier has this number or amount. Post the bill "
            "of the advance first, or ask the supplier for it; confirm if it is "
            "booked in another way."
        ),
        about=("text", "amount"),
    ),
    Question(
        "advance_taxed",
        Label.PREPAYMENT,
        _lt(
            "%(amount)s is paid already, but the VAT is that of the whole amount. "
            "If %(name)s was the advance invoice, its VAT would be deducted twice: "
            "then take it off, by lines below zero with its account and tax, or "
            "reverse that bill."
        ),
        remedies=(
            Remedy(_lt("Take the advance off"), "action_take_advance"),
            Remedy(
                CHECKED,
                CONFIRM,
                _lt("Or the VAT of the advance is not deducted with its bill:"),
            ),
        ),
    ),
)


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
                yield point("advance_unknown", text=text, amount=-net)
        if document.paid and document.figures.vat and not document.advances:
            taken = self._bills_of(self._taken(move))
            found = self._paid(move, document) - taken
            for bill in found.filtered("amount_tax"):
                name = self.env["maventa.bill.checks"]._name_of(bill)
                yield point(
                    "advance_taxed", id=bill.id, name=name, amount=document.paid
                )

    @api.model
    def _taken_off(self, move, document):
        """Return advance bills that a final invoice is about: it is none of these."""
        numbers = document.original_numbers
        if not numbers or document.is_refund or document.is_prepayment:
            return move.browse()
        by_number = self._by_number(numbers)
        sums = {document.paid, *(-net for _text, net in document.advances)}
        equal = move.currency_id.compare_amounts
        return self._earlier(move, document, by_number).filtered(
            lambda bill: (
                equal(bill.amount_total, move.amount_total)
                and (
                    self._is_advance(bill)
                    or not all(equal(bill.amount_total, float(x)) for x in sums)
                    or not all(equal(bill.amount_untaxed, float(x)) for x in sums)
                )
            )
        )

    @api.model
    def _taken(self, move):
        """Return the lines by which a person has taken an advance off."""
        return move.invoice_line_ids.filtered(
            lambda line: (line.maventa_vat_key or "").startswith(TAKEN)
        )

    @api.model
    def _taken_vat(self, move, tax):
        """Return the VAT of a tax that these lines take off: less than nothing."""
        lines = self._taken(move).filtered(lambda line: tax in line.tax_ids)
        return sum(line.price_total - line.price_subtotal for line in lines)

    @api.model
    def _take(self, receipt):
        """Take the advance off whose VAT is deducted: its lines, turned.

        :raise UserError: its bill is not posted
        """
        codes = [row for row in receipt._stops() if row["code"] == "advance_taxed"]
        bills = receipt.move_id.browse(int(row["values"]["id"]) for row in codes)
        if not bills or any(bill.state != "posted" for bill in bills):
            raise UserError(
                self.env._("Post the bill of the advance first, then take it off.")
            )
        as_service(receipt.move_id).invoice_line_ids = [
            Command.create(values) for bill in bills for values in self._turned(bill)
        ]
        user = self.env.user.name
        for bill in bills:
            receipt._tell(
                "info",
                lambda env, name=bill.display_name: env._(
                    "%(user)s has taken the advance %(name)s off.", user=user, name=name
                ),
            )
        self.env["maventa.bill.booking"]._check_again(receipt)

    # === HELPERS === #

    def _turned(self, bill):
        """Yield the values of lines that take the lines of an advance bill off.

        Their VAT is what the advance has deducted, to the cent: computed anew, that of
        the rest could round otherwise than the two documents do.
        """
        taxes = self.env["account.tax"]
        rows, _tax_lines = bill._get_rounded_base_and_tax_lines()
        taxes._fix_base_lines_tax_details_on_manual_tax_amounts(rows, bill.company_id)
        for row in rows:
            line, fixed = row["record"], taxes._export_base_line_extra_tax_data(row)
            if line.display_type != "product":
                continue
            yield {
                "name": f"{bill.ref or bill.name}: {line.name or ''}",
                "quantity": -line.quantity,
                "price_unit": line.price_unit,
                "discount": line.discount,
                "deductible_amount": line.deductible_amount,
                "account_id": line.account_id.id,
                "tax_ids": [Command.set(line.tax_ids.ids)],
                "extra_tax_data": taxes._reverse_quantity_base_line_extra_tax_data(
                    fixed
                ),
                "maventa_vat_key": f"{TAKEN}{bill.id}",
            }

    def _bills_of(self, lines):
        """Return the bills that such lines take off."""
        keys = {line.maventa_vat_key.removeprefix(TAKEN) for line in lines}
        return lines.move_id.browse(map(int, keys))

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
