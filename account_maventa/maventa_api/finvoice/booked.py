"""The amounts that were booked, as a document that adds up.

An accounting program rounds lines one by one and taxes for the document as a whole,
so that the lines' subtotals need not make up the booked base. The differences are
spread over the lines, a cent each, beginning with the largest; VAT is what was
booked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal

from .document import Allowance, Row, VatGroup

CENT = Decimal("0.01")
Key = tuple[str, Decimal | None]


class UnbalancedError(ValueError):
    """The rows of a VAT group are off by more than rounding explains."""

    def __init__(self, key: Key, rows: Decimal, booked: Decimal) -> None:
        super().__init__(f"{key[0]} {key[1]}: rows {rows}, booked {booked}")
        self.code, self.rate = key
        self.rows, self.booked = rows, booked


@dataclass(frozen=True)
class BookedVat:
    """One VAT code and rate as booked, with the document's sign.

    ``base`` is the base that the VAT was computed from: without the part that an
    early payment discount took off; ``amount`` is the VAT.
    """

    code: str
    rate: Decimal | None
    base: Decimal
    amount: Decimal
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True)
class Settled:
    """What goes into :class:`Document`: the parts that depend on each other."""

    rows: tuple[Row, ...]
    vat_groups: tuple[VatGroup, ...]
    net: Decimal
    vat: Decimal
    total: Decimal
    round_off: Decimal


def settled(
    rows: Sequence[Row],
    booked: Iterable[BookedVat],
    *,
    allowances: Sequence[Allowance] = (),
    round_off: Decimal = Decimal(0),
) -> Settled:
    """Return rows and totals that make up what was booked.

    ``net + vat + round_off`` is the booked total. The base of each group is its
    rows plus charges less discounts.

    :param rows: with the lines' subtotals; those without a quantity are texts
    :param allowances: discounts and charges of the document, among them the pair
        that stands for an early payment discount whose VAT is reduced at once
    :param round_off: cash rounding that was booked beside the taxes
    :raise UnbalancedError: a group is off by more than a cent for each row
    """
    found, groups = list(rows), []
    for group in booked:
        key = (group.code, group.rate)
        off = sum((one.signed for one in allowances if one.key == key), Decimal(0))
        _fit(found, key, group.base - off)
        groups.append(
            VatGroup(
                group.code,
                group.rate,
                group.base,
                group.amount,
                group.reason,
                group.reason_code,
            )
        )
    _check_strangers(found, allowances, groups)
    net = sum((group.base for group in groups), Decimal(0))
    vat = sum((group.amount for group in groups), Decimal(0))
    return Settled(tuple(found), tuple(groups), net, vat, net + vat, round_off)


def _fit(rows: list[Row], key: Key, wanted: Decimal) -> None:
    """Change the rows of one group so that they make up ``wanted``."""
    mine = [i for i, row in enumerate(rows) if _key(row) == key]
    present = sum((rows[i].net for i in mine), Decimal(0))
    missing = wanted - present
    if abs(missing) > CENT * len(mine):
        raise UnbalancedError(key, present, wanted)
    mine.sort(key=lambda i: -abs(rows[i].net))
    for i, part in zip(mine, _parts(missing, len(mine)), strict=True):
        row = rows[i]
        # What a discounted row had before the discount stays what it was.
        discount = row.discount_amount - part if row.discount_amount else Decimal(0)
        rows[i] = replace(row, net=row.net + part, discount_amount=discount)


def _parts(missing: Decimal, count: int) -> list[Decimal]:
    """Return ``count`` parts of at most a cent, the first ones first."""
    step = CENT.copy_sign(missing)
    whole = int((missing / step).quantize(Decimal(1), ROUND_DOWN))
    parts = [step if i < whole else Decimal(0) for i in range(count)]
    if rest := missing - step * whole:  # of currencies with more than two decimals
        parts[min(whole, count - 1)] += rest
    return parts


def _check_strangers(
    rows: Sequence[Row], allowances: Sequence[Allowance], groups: Sequence[VatGroup]
) -> None:
    """Refuse rows, discounts and charges whose group was not booked."""
    known = {(group.code, group.rate) for group in groups}
    for key, amount in [
        *((_key(row), row.net) for row in rows),
        *((one.key, one.signed) for one in allowances),
    ]:
        if key is not None and key not in known and amount:
            raise UnbalancedError(key, amount, Decimal(0))


def _key(row: Row) -> Key | None:
    return None if row.quantity is None else (row.vat_code, row.vat_rate)
