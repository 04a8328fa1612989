"""Whether a received bill has the sums of its document, and the document its own."""

from decimal import Decimal

from odoo import api, models
from odoo.tools import LazyTranslate

from ..guards import internal
from ..maventa_api import (
    Figures,
    Side,
    VatFigure,
    compare,
    compare_with_service,
)
from ..models.point_kinds import Label, PointKind, Question, Remedy, declare, point
from .purchase_taxes import ROUNDING_KEY, VatKey

_lt = LazyTranslate(__name__)
TAKE_VAT = Remedy(_lt("Take the document's VAT"), "action_take_vat")

declare(
    Question(
        "totals",
        Label.SUMS,
        _lt("The bill differs from its document. %(sums)s"),
        about=("what", "category", "rate", "expected", "found", "amount", "total"),
        joined="sums",
    ),
    PointKind(
        "rounding",
        Label.SUMS,
        _lt("The bill differs from its document by rounding. %(sums)s"),
        joined="sums",
        remedies=(TAKE_VAT,),
    ),
    Question(
        "contradiction",
        Label.DOCUMENT_SUMS,
        _lt("The document contradicts itself. %(sums)s"),
        joined="sums",
    ),
    Question(
        "service_totals",
        Label.SERVICE_SUMS,
        _lt("Maventa's list says other sums than the document. %(sums)s"),
        joined="sums",
    ),
)


@internal
class MaventaBillSums(models.AbstractModel):
    _name = "maventa.bill.sums"
    _description = "Sums of Received Bills"

    # === PUBLIC === #

    @api.model
    def _points(self, receipt, move, document):
        """Yield where two of bill, document and Maventa's list say other sums."""
        differences = self._differences(move, document)
        stated = self.env["maventa.document.vat"]._amounts(move, document, differences)
        for row in differences:
            yield self._difference("rounding" if stated else "totals", row)
        for row in document.contradictions:
            yield self._difference("contradiction", row)
        if receipt.document_index:
            return  # Maventa's figures are those of the first one of the file
        said = {
            "net": Decimal(str(receipt.amount_net)),
            "total": Decimal(str(receipt.amount_total)),
        }
        if any(said.values()):
            sides = (Side.DOCUMENT, Side.SERVICE)
            for row in (
                *compare(
                    Figures(document.currency),
                    Figures(receipt.currency or ""),
                    sides=sides,
                ),
                *compare_with_service(document.figures, **said),
            ):
                yield self._difference("service_totals", row)

    @api.model
    def _differences(self, move, document):
        """Return where the sums of the bill are not those of its document."""
        return compare(document.figures, self._figures(move, document))

    # === HELPERS === #

    def _figures(self, move, document):
        """Return the sums of the bill, with what the document says is paid."""
        lines = move.invoice_line_ids.filtered(lambda x: x.display_type == "product")
        rounding = lines.filtered(lambda x: x.maventa_vat_key == ROUNDING_KEY)
        foreign = lines.filtered(lambda x: VatKey.of_cost(x.maventa_vat_key))
        taken = self.env["maventa.bill.advances"]._taken(move)
        lines -= rounding + taken
        net = _booked(lines - foreign, move)
        vat = _money(move.amount_tax) + _booked(foreign, move)
        vat -= _money(sum(line.price_total - line.price_subtotal for line in taken))
        payable = _money(move.amount_total - sum(taken.mapped("price_total")))
        payable -= document.paid
        if document.is_paid and not document.paid:
            payable = document.figures.payable
        return Figures(
            currency=move.currency_id.name,
            net=net,
            vat=vat,
            total=net + vat,
            payable=payable,
            vat_groups=(
                *self._groups(move, lines - foreign, taken),
                *self._foreign_groups(move, foreign),
            ),
        )

    def _foreign_groups(self, move, lines):
        """Return the VAT of another country, which is a line of the bill."""
        keys = [(VatKey.of_cost(line.maventa_vat_key), line) for line in lines]
        return [
            VatFigure(key.code, key.rate, Decimal(0), _booked(line, move))
            for key, line in keys
        ]

    def _groups(self, move, lines, taken):
        """Return base and VAT per key; the VAT where a tax belongs to one key only.

        What Odoo takes off as not deductible is one line for all taxes.

        :param taken: lines that take an advance off: not the document's
        """
        vat = {}
        is_split = "non_deductible_tax" in move.line_ids.mapped("display_type")
        for row in move.line_ids.filtered("tax_line_id"):
            amount = _money(row.amount_currency * move.direction_sign)
            vat[row.tax_line_id] = vat.get(row.tax_line_id, Decimal(0)) + amount
        for line in taken:
            tax, amount = line.tax_ids[:1], line.price_total - line.price_subtotal
            vat[tax] = vat.get(tax, Decimal(0)) - _money(amount)
        keys, users = {}, {}
        for line in lines:
            key = VatKey.parse(line.maventa_vat_key) or VatKey("", None)
            keys.setdefault(key, []).append(line.id)
            for tax in line.tax_ids:
                users.setdefault(tax, set()).add(key)
        return tuple(
            VatFigure(
                code=key.code,
                rate=key.rate,
                base=_booked(rows, move),
                amount=(None if is_split else self._amount(rows.tax_ids, vat, users)),
            )
            for key, ids in keys.items()
            for rows in (lines.browse(ids),)
        )

    def _amount(self, taxes, vat, users):
        if any(len(users[tax]) > 1 for tax in taxes):
            return None
        return sum((vat.get(tax, Decimal(0)) for tax in taxes), Decimal(0))

    def _difference(self, code, row):
        return point(
            code,
            what=row.what.value,
            expected_side=row.expected_side.value,
            expected=row.expected,
            found_side=row.found_side.value,
            found=row.found,
            category=row.code,
            rate="" if row.rate is None else row.rate,
        )


def _money(value):
    return Decimal(str(round(value, 6))).quantize(Decimal("0.01"))


def _booked(lines, move):
    """Return the sum of lines as it is booked, with the sign of the document."""
    amounts = [_money(line.amount_currency * move.direction_sign) for line in lines]
    return sum(amounts, Decimal(0))
