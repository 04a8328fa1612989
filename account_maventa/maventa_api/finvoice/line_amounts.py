"""From a row to a line that another program computes to the same amount."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from .incoming import IncomingRow

ZERO = Decimal(0)


class Digits(NamedTuple):
    """How many decimals a line keeps; ``amount`` is that of its currency."""

    quantity: int = 2
    discount: int = 2
    price: int = 8
    amount: int = 2


DIGITS = Digits()


class Exact(NamedTuple):
    """What a line amounts to before it is rounded, and rounded as the document has it.

    ``key`` is its VAT, and ``rate`` that in per cent.
    """

    key: Hashable
    rate: Decimal
    amount: Decimal
    net: Decimal


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


def line_of(row: IncomingRow, digits: Digits = DIGITS) -> Line:
    """Return the line of a priced row, exact in the digits that are kept.

    Tried in this order: price and discount as stated; the discount inside of the
    price; one piece.

    :raise ValueError: the row is text alone
    """
    if row.net is None:
        raise ValueError("a text has no amount")
    net, quantity = row.net, row.quantity
    if quantity and row.price is not None:
        price = row.price / row.base_quantity
        for discount in _discounts(row, quantity * price, digits.discount):
            line = Line(
                cut(quantity, digits.quantity),
                cut(price, digits.price),
                discount,
                net,
            )
            if _makes(line, digits.amount):
                return line
    if quantity:
        kept = cut(quantity, digits.quantity)
        if kept:
            line = Line(kept, cut(net / kept, digits.price), ZERO, net)
            if line.price >= 0 and _makes(line, digits.amount):
                return line
    sign = Decimal(-1) if net < 0 else Decimal(1)
    return Line(sign, abs(net), ZERO, net, is_collapsed=True)


def round_alike(lines: Iterable[Exact], digits: int) -> bool:
    """Tell whether base and VAT of each rate, and the total, round alike.

    Odoo taxes the sum of the exact amounts, a document that of the rounded ones.
    """
    sums: dict[tuple[Hashable, Decimal], tuple[Decimal, Decimal]] = {}
    for line in lines:
        factor = line.rate / 100
        for place in ((line.key, Decimal(1)), (line.key, factor), (None, Decimal(1))):
            exact, net = sums.get(place, (ZERO, ZERO))
            times = place[1]
            sums[place] = exact + line.amount * times, net + line.net * times
    return all(cut(exact, digits) == cut(net, digits) for exact, net in sums.values())


def _discounts(row: IncomingRow, gross: Decimal, digits: int) -> list[Decimal]:
    """Return the percentages that may lead from ``gross`` to the row's amount."""
    found = [ZERO]
    if gross and row.allowances:
        percents = [one.percent for one in row.allowances]
        if len(percents) == 1 and percents[0] and not row.allowances[0].is_charge:
            found.insert(0, cut(percents[0], digits))
        off = gross - (row.net or ZERO)
        found.insert(0, cut(off * 100 / gross, digits))
    return [discount for discount in found if ZERO <= discount <= 100]


def _makes(line: Line, digits: int) -> bool:
    made = line.quantity * line.price * (1 - line.discount / 100)
    return cut(made, digits) == cut(line.net, digits)


def cut(value: Decimal, digits: int) -> Decimal:
    """Return a number with so many decimals."""
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
