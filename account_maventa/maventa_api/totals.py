"""The totals check: do two statements of the same document say the same sums?

Pure functions over ``Decimal``; neither format nor bookkeeping is known here. Figures
are compared as they are: of a credit note, both sides positive or both negative.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

ZERO = Decimal(0)
Sums = tuple[Decimal | None, Decimal | None]
RowFigure = tuple[str, Decimal | None, Decimal]
CENT = Decimal("0.01")
# Some programs write the rate that the buyer owes, beside a VAT of zero
OWED_BY_BUYER = {"AE", "K", "G", "O"}


class Side(StrEnum):
    """Whose figure it is that differs."""

    ROWS = "rows"  # of the document
    DOCUMENT = "document"  # its totals
    BILL = "bill"
    SERVICE = "service"  # what Maventa itself says


Sides = tuple[Side, Side]


class What(StrEnum):
    CURRENCY = "currency"
    NET = "net"
    VAT = "vat"
    TOTAL = "total"
    PAYABLE = "payable"
    VAT_BASE = "vat_base"
    VAT_AMOUNT = "vat_amount"
    VAT_RATE = "vat_rate"  # the amount is not the base times the rate


@dataclass(frozen=True)
class VatFigure:
    """The sums of one VAT code and rate; None is not known."""

    code: str
    rate: Decimal | None
    base: Decimal | None
    amount: Decimal | None


@dataclass(frozen=True)
class Figures:
    """The sums of a document; None is not known and never differs."""

    currency: str = ""
    net: Decimal | None = None
    vat: Decimal | None = None
    total: Decimal | None = None
    payable: Decimal | None = None
    vat_groups: tuple[VatFigure, ...] = ()


@dataclass(frozen=True)
class Difference:
    """One sum that two sides do not agree on.

    ``expected`` and ``found`` are amounts, but currencies if ``what`` says so;
    ``code`` and ``rate`` tell the VAT group, where it is about one.
    """

    what: What
    expected_side: Side
    found_side: Side
    expected: Decimal | str
    found: Decimal | str
    code: str = ""
    rate: Decimal | None = None


def compare(
    expected: Figures,
    found: Figures,
    *,
    sides: Sides = (Side.DOCUMENT, Side.BILL),
    tolerance: Decimal = ZERO,
) -> tuple[Difference, ...]:
    """Return where ``found`` differs from ``expected`` by more than ``tolerance``.

    VAT is compared per rate and code; where one of the sides knows no codes, per rate
    alone. A group that one side lacks counts as zero there.
    """
    differences = []
    if expected.currency and found.currency and expected.currency != found.currency:
        differences.append(
            Difference(What.CURRENCY, *sides, expected.currency, found.currency)
        )
    for what in (What.NET, What.VAT, What.TOTAL, What.PAYABLE):
        one, other = getattr(expected, what.value), getattr(found, what.value)
        if _differ(one, other, tolerance):
            differences.append(Difference(what, *sides, one, other))
    if expected.vat_groups and found.vat_groups:
        differences += _groups(expected, found, sides, tolerance)
    return tuple(differences)


def compare_with_service(
    expected: Figures, *, net: Decimal | None, total: Decimal | None
) -> tuple[Difference, ...]:
    """Return where Maventa's ``sum`` and ``sum_tax`` differ from the document's.

    Assumption, not proved on Maventa's stage: of credit notes they may have either
    sign, so that signs are not compared.
    """
    sides = (Side.DOCUMENT, Side.SERVICE)
    pairs = [(What.NET, expected.net, net), (What.TOTAL, expected.total, total)]
    return tuple(
        Difference(what, *sides, one, other)
        for what, one, other in pairs
        if one is not None and other is not None and abs(abs(one) - abs(other)) >= CENT
    )


def inner_differences(
    figures: Figures,
    *,
    rows: Iterable[RowFigure],
    paid: Decimal = ZERO,
    round_off: Decimal = ZERO,
) -> tuple[Difference, ...]:
    """Return where a document contradicts itself.

    Rows may be off by rounding (half a cent each); the VAT of a group may differ
    from base times rate by as much, for it may have been rounded row by row.

    :param rows: VAT code, rate and net amount of each row and of each discount
        (negative) or charge of the document
    """
    found = list(rows)
    slack = CENT * max(1, len(found)) / 2
    sides = (Side.DOCUMENT, Side.ROWS)
    differences = []
    net = sum((amount for _code, _rate, amount in found), ZERO)
    if found and _differ(figures.net, net, slack):
        differences.append(Difference(What.NET, *sides, figures.net or ZERO, net))
    differences += _rows_against_groups(figures, found, slack, sides)
    differences += _sums(figures, paid, round_off)
    for group in figures.vat_groups:
        if group.base is None or group.amount is None or group.rate is None:
            continue
        if not group.amount and group.code in OWED_BY_BUYER:
            continue
        vat = (group.base * group.rate / 100).quantize(CENT)
        if _differ(vat, group.amount, max(CENT, slack)):
            own = (Side.DOCUMENT, Side.DOCUMENT)
            differences.append(
                Difference(
                    What.VAT_RATE, *own, vat, group.amount, group.code, group.rate
                )
            )
    return tuple(differences)


def _sums(figures: Figures, paid: Decimal, round_off: Decimal) -> list[Difference]:
    """Return which sums of the document's end do not follow from each other."""
    own, found = (Side.DOCUMENT, Side.DOCUMENT), []
    net, vat, total = figures.net, figures.vat, figures.total
    if net is not None and vat is not None and _differ(net + vat, total, ZERO):
        found.append(Difference(What.TOTAL, *own, net + vat, total or ZERO))
    amounts = [group.amount for group in figures.vat_groups]
    if amounts and None not in amounts:
        made = sum((amount or ZERO for amount in amounts), ZERO)
        cents = made.quantize(CENT, ROUND_HALF_UP)  # parts may have more decimals
        if _differ(made, vat, ZERO) and _differ(cents, vat, ZERO):
            found.append(Difference(What.VAT, *own, made, vat or ZERO))
    if total is not None:
        payable = total - paid + round_off
        if _differ(payable, figures.payable, ZERO):
            found.append(
                Difference(What.PAYABLE, *own, payable, figures.payable or ZERO)
            )
    return found


def _rows_against_groups(
    figures: Figures, rows: list[RowFigure], slack: Decimal, sides: Sides
) -> list[Difference]:
    stated = [group for group in figures.vat_groups if group.base is not None]
    if not stated or not rows or any(rate is None for _code, rate, _net in rows):
        return []
    bases: dict[Decimal | None, Decimal] = {}
    nets: dict[Decimal | None, Decimal] = {}
    for group in stated:
        base = bases.get(group.rate or ZERO, ZERO) + (group.base or ZERO)
        bases[group.rate or ZERO] = base
    for _code, rate, net in rows:
        nets[rate] = nets.get(rate, ZERO) + net
    return [
        Difference(
            What.VAT_BASE,
            *sides,
            bases.get(rate, ZERO),
            nets.get(rate, ZERO),
            rate=rate,
        )
        for rate in dict.fromkeys((*bases, *nets))
        if _differ(bases.get(rate, ZERO), nets.get(rate, ZERO), slack)
    ]


def _groups(
    expected: Figures, found: Figures, sides: Sides, tolerance: Decimal
) -> list[Difference]:
    with_codes = all(group.code for group in (*expected.vat_groups, *found.vat_groups))
    one = _by_key(expected.vat_groups, with_codes)
    other = _by_key(found.vat_groups, with_codes)
    differences = []
    for key in dict.fromkeys((*one, *other)):
        code, rate = key
        for what, index in ((What.VAT_BASE, 0), (What.VAT_AMOUNT, 1)):
            mine = one.get(key, (ZERO, ZERO))[index]
            theirs = other.get(key, (ZERO, ZERO))[index]
            if (
                mine is not None
                and theirs is not None
                and abs(mine - theirs) > tolerance
            ):
                differences.append(Difference(what, *sides, mine, theirs, code, rate))
    return differences


def _by_key(
    groups: Iterable[VatFigure], with_codes: bool
) -> dict[tuple[str, Decimal], Sums]:
    """Return base and amount per code and rate; a sum with an unknown is unknown."""
    found: dict[tuple[str, Decimal], Sums] = {}
    for group in groups:
        key = (group.code if with_codes else "", group.rate or ZERO)
        base, amount = found.get(key, (ZERO, ZERO))
        found[key] = (_plus(base, group.base), _plus(amount, group.amount))
    return found


def _plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other


def _differ(one: Decimal | None, other: Decimal | None, tolerance: Decimal) -> bool:
    return one is not None and other is not None and abs(one - other) > tolerance
