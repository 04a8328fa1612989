"""From a row to a line that another program computes to the same amount."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .incoming import IncomingRow

ZERO = Decimal(0)


@dataclass(frozen=True)
class Line:
    """``quantity × price × (1 - discount / 100)``, rounded, is ``net``.

    ``is_collapsed``: no quantity and price of the row gave its amount, so that the
    line is one piece for all of it.
    """

    quantity: Decimal
    price: Decimal
    discount: Decimal
    net: Decimal
    is_collapsed: bool = False


def line_of(
    row: IncomingRow,
    *,
    quantity_digits: int = 2,
    price_digits: int = 8,
    discount_digits: int = 2,
    amount_digits: int = 2,
) -> Line:
    """Return the line of a priced row, exact in the digits that are kept.

    Tried in this order: price and discount as stated; the discount inside of the
    price; one piece.

    :param amount_digits: of the document's currency
    :raise ValueError: the row is text alone
    """
    if row.net is None:
        raise ValueError("a text has no amount")
    net, quantity = row.net, row.quantity
    if quantity and row.price is not None:
        price = row.price / row.base_quantity
        for discount in _discounts(row, quantity * price, discount_digits):
            line = Line(
                _cut(quantity, quantity_digits),
                _cut(price, price_digits),
                discount,
                net,
            )
            if _makes(line, amount_digits):
                return line
    if quantity:
        kept = _cut(quantity, quantity_digits)
        if kept:
            line = Line(kept, _cut(net / kept, price_digits), ZERO, net)
            if line.price >= 0 and _makes(line, amount_digits):
                return line
    sign = Decimal(-1) if net < 0 else Decimal(1)
    return Line(sign, abs(net), ZERO, net, is_collapsed=True)


def _discounts(row: IncomingRow, gross: Decimal, digits: int) -> list[Decimal]:
    """Return the percentages that may lead from ``gross`` to the row's amount."""
    found = [ZERO]
    if gross and row.allowances:
        percents = [one.percent for one in row.allowances]
        if len(percents) == 1 and percents[0] and not row.allowances[0].is_charge:
            found.insert(0, _cut(percents[0], digits))
        off = gross - (row.net or ZERO)
        found.insert(0, _cut(off * 100 / gross, digits))
    return [discount for discount in found if ZERO <= discount <= 100]


def _makes(line: Line, digits: int) -> bool:
    made = line.quantity * line.price * (1 - line.discount / 100)
    return _cut(made, digits) == _cut(line.net, digits)


def _cut(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
