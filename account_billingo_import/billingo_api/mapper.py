"""From a Billingo document to amounts that can be booked, or to a reason why not.

Billingo rounds lines, totals and forint amounts each on their own, and documents
neither the sign of a storno nor where a discount or a rounding shows. So nothing is
assumed here: whatever the document does, either its own figures agree, or it is
refused with both sums. The invoice's table of VAT rates is the truth for each rate;
what its total has beyond net and VAT is rounding, never VAT.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from .advances import mark_advances
from .booking import (
    BookedLine,
    Booking,
    Doubt,
    Original,
    Related,
    VatGroup,
    round_to,
)
from .errors import MismatchError
from .forint import with_local
from .kinds import CANCELLATIONS, kind_of
from .messages import Document, DocumentItem
from .vat_codes import is_without_vat, rate_of
from .vat_groups import Group, Units, read_table, settle

__all__ = ["CENT", "book", "round_to"]

ZERO = Decimal(0)
CENT = Decimal("0.01")
WHOLE = frozenset({"HUF", "ISK", "JPY", "KRW"})  # amounts without a fraction
ROUNDING_STEP = {"one": Decimal(1), "five": Decimal(5), "ten": Decimal(10)}


@dataclass(frozen=True)
class _Totals:
    net: Decimal
    vat: Decimal
    gross: Decimal
    rounding: Decimal = ZERO
    step: Decimal = ZERO
    difference: Decimal = ZERO
    doubts: tuple[Doubt, ...] = ()


def book(
    document: Document,
    *,
    step: Decimal = CENT,
    local_step: Decimal = CENT,
    original: Original | None = None,
    related: Sequence[Related] | None = None,
) -> Booking:
    """Check a document's amounts and give them one direction.

    :param step: smallest amount that can be kept in the document's currency
    :param local_step: the same for forint
    :param original: the document that a storno or correction refers to, if known
    :param related: what is known of the documents that a final invoice refers to
    :raise MismatchError: the figures contradict each other or one is missing
    """
    if not document.invoice_date:
        raise MismatchError("missing", "invoice_date")
    units = Units(step, max(step, Decimal(1) if document.currency in WHOLE else CENT))
    lines = [_line(item, units) for item in document.items]
    if not lines:
        raise MismatchError("missing", "items")
    is_refund, line_sign, sign = _direction(document, lines, original)
    lines = [_flip(line, line_sign) for line in lines]
    stated = [_stated_vat(item, line_sign, units) for item in document.items]
    # A storno's table, too, may have either sign.
    signs = (1, -1) if document.type in CANCELLATIONS else (sign,)
    table = read_table(document.summary, lines, signs, units)
    totals = _totals(document, lines, table, sign, units)
    groups = table or [_whole(lines, totals)]
    _settle(lines, stated, groups, units, document.discount)
    lines = [_priced(line, document.discount, units.unit) for line in lines]
    lines = _marked(document, lines, is_refund, original, related)
    booking = Booking(
        is_refund=is_refund,
        lines=tuple(lines),
        net=totals.net,
        vat=totals.vat,
        gross=totals.gross,
        rounding=totals.rounding,
        rounding_step=totals.step,
        rate=Decimal(1),
        difference=totals.difference,
        vat_groups=_vat_groups(lines),
        doubts=totals.doubts,
    )
    return with_local(document, booking, sign, local_step, table)


def _line(item: DocumentItem, units: Units) -> BookedLine:
    """Net and gross are the truth of a line; VAT is what is between them."""
    net, vat, gross = item.net_amount, item.vat_amount, item.gross_amount
    if net is None and gross is not None and vat is not None:
        net = gross - vat
    if gross is None and net is not None and vat is not None:
        gross = net + vat
    if net is None or gross is None:
        raise MismatchError("missing", item.name or "items")
    if vat is not None and abs(gross - net - vat) > units.unit:
        raise MismatchError("line", item.name, gross, net + vat)
    net, gross = units.rounded(net), units.rounded(gross)
    price, quantity = item.net_unit_amount, item.quantity
    if price is None or quantity is None or (net and not price * quantity):
        price, quantity = net, Decimal(1)
    line = BookedLine(
        name=item.name,
        quantity=quantity,
        unit=item.unit,
        unit_price=price,
        net=net,
        vat=_shown_vat(item.vat, gross - net, units.unit),
        vat_code=item.vat,
        entitlement=item.entitlement,
        comment=item.comment,
        sku=item.sku,
        ean=item.ean,
        is_whole_bill=item.is_whole_bill,
    )
    _check_rate(line, vat or ZERO, units.unit)
    # With a positive rate a title of exemption means nothing, yet it occurs.
    return replace(line, entitlement="") if line.has_rate else line


def _shown_vat(code: str, vat: Decimal, unit: Decimal) -> Decimal:
    """Return the VAT of a line; one unit without a rate is a rounding and no VAT."""
    return ZERO if is_without_vat(code) and abs(vat) <= unit else vat


def _check_rate(line: BookedLine, stated: Decimal, unit: Decimal) -> None:
    """Refuse a line that has a rate and no VAT, unless it is too small for any."""
    expected = line.net * (rate_of(line.vat_code) or ZERO) / 100
    if not line.vat and not stated and abs(expected) > unit:
        raise MismatchError("no_vat", line.name, ZERO, expected)


def _stated_vat(item: DocumentItem, sign: int, units: Units) -> Decimal | None:
    vat = item.vat_amount
    if vat is None:
        return None
    return _shown_vat(item.vat, units.rounded(vat * sign), units.unit)


def _sign(*values: Decimal) -> int:
    """The sign of the first value that is not zero."""
    return next((1 if value > 0 else -1 for value in values if value), 1)


def _direction(
    document: Document, lines: Sequence[BookedLine], original: Original | None
) -> tuple[bool, int, int]:
    """Return whether it is a refund, and how to flip its lines and its totals.

    Whether a storno comes with negative or with positive amounts is documented
    nowhere. It always undoes its original, so its direction follows from that; lines
    and totals are each turned the way they need, and have to agree afterwards.
    """
    if document.gross_total is None:
        raise MismatchError("missing", "gross_total")
    whole = sum((line.gross for line in lines), ZERO)
    line_sign = _sign(whole, *(x.gross for x in lines))
    sign = _sign(document.gross_total, document.summary.net_amount or ZERO)
    if document.type not in CANCELLATIONS:
        if not document.gross_total:
            sign = 1
        return sign < 0, sign, sign
    undone = _sign(original.gross_total) if original else 1
    return undone > 0, line_sign, sign


def _flip(line: BookedLine, sign: int) -> BookedLine:
    if sign > 0:
        return line
    return replace(line, quantity=-line.quantity, net=-line.net, vat=-line.vat)


def _marked(
    document: Document,
    lines: Sequence[BookedLine],
    is_refund: bool,
    original: Original | None,
    related: Sequence[Related] | None,
) -> list[BookedLine]:
    """Mark the advances, which are taken back by what is negative on the invoice.

    The lines of a final invoice below its advance, and of its storno, are booked the
    other way round.
    """
    kind = kind_of(document.type)
    is_turned = not kind.is_correction and is_refund != kind.is_cancellation
    sign = -1 if is_turned else 1
    read = [_flip(line, sign) for line in lines]
    return [_flip(x, sign) for x in mark_advances(document, read, original, related)]


def _totals(
    document: Document,
    lines: Sequence[BookedLine],
    table: Sequence[Group] | None,
    sign: int,
    units: Units,
) -> _Totals:
    """Read the totals; what does not add up has to be a rounding or one unit."""
    summary = document.summary
    net, net_doubts = _total(
        "net", summary.net_amount, [x.net for x in lines], table, sign, units
    )
    vat, vat_doubts = _total(
        "vat", summary.vat_amount, [x.vat for x in lines], table, sign, units
    )
    assert document.gross_total is not None  # `_direction` has seen it
    gross = units.rounded(document.gross_total * sign)
    doubts = net_doubts + vat_doubts
    excess = gross - net - vat
    if not excess:
        return _Totals(net, vat, gross, doubts=doubts)
    step = ROUNDING_STEP.get(document.round, ZERO)
    if step and abs(excess) * 2 <= step and not gross % step:
        return _Totals(net, vat, gross, excess, step, doubts=doubts)
    # Less than one forint is a rounding of the total, whatever the settings say.
    if units.unit == 1 and abs(excess) < 1 and not gross % 1:
        return _Totals(net, vat, gross, excess, Decimal(1), doubts=doubts)
    if abs(excess) > units.unit:
        raise MismatchError("total", "gross_total", gross, net + vat)
    doubts += (Doubt("total", "gross_total", gross, net + vat),)
    return _Totals(net, vat, gross, difference=excess, doubts=doubts)


def _total(
    what: str,
    stated: Decimal | None,
    of_lines: Sequence[Decimal],
    table: Sequence[Group] | None,
    sign: int,
    units: Units,
) -> tuple[Decimal, tuple[Doubt, ...]]:
    """Return the table's sum, else the stated total, else the sum of the lines."""
    total = None if stated is None else units.rounded(stated * sign)
    if not table:
        return sum(of_lines, ZERO) if total is None else total, ()
    rows = sum((getattr(group.row, what) for group in table), ZERO)
    if total is None or total == rows:
        return rows, ()
    if abs(total - rows) > units.unit * len(table):
        raise MismatchError(what, what, total, rows)
    if units.unit == 1 and abs(total - rows) < 1:
        return rows, ()
    return rows, (Doubt(what, f"{what}_amount", total, rows),)


def _whole(lines: Sequence[BookedLine], totals: _Totals) -> Group:
    """Without a table all lines are one group."""
    return Group(VatGroup("", totals.net, totals.vat), tuple(range(len(lines))))


def _settle(
    lines: list[BookedLine],
    stated: list[Decimal | None],
    groups: Sequence[Group],
    units: Units,
    discount: Decimal,
) -> None:
    """Make the lines add up to their groups, in place.

    Up to one unit per line is rounding. More is a discount that the lines do not show
    yet, or a contradiction.
    """
    if discount and any(_is_beyond(group, lines, units.unit) for group in groups):
        factor = 1 - discount / 100
        for i, line in enumerate(lines):
            net, gross = (units.rounded(x * factor) for x in (line.net, line.gross))
            lines[i] = replace(line, net=net, vat=gross - net)
            stated[i] = None
    for group in groups:
        settle(lines, stated, group, units.unit)


def _is_beyond(group: Group, lines: Sequence[BookedLine], unit: Decimal) -> bool:
    """Return whether a group's lines miss its net by more than their rounding."""
    net = sum((lines[i].net for i in group.places), ZERO)
    return abs(group.row.net - net) > unit * len(group.places)


def _priced(line: BookedLine, discount: Decimal, unit: Decimal) -> BookedLine:
    """Let price × quantity less discount read as on the invoice."""
    full = line.unit_price * line.quantity
    reduced = full * (1 - discount / 100)
    if abs(full - line.net) <= abs(reduced - line.net):
        return line
    if abs(reduced - line.net) > 2 * unit:
        return line
    return replace(line, discount=discount)


def _vat_groups(lines: Sequence[BookedLine]) -> tuple[VatGroup, ...]:
    return tuple(
        VatGroup(
            code,
            sum((x.net for x in lines if x.vat_code == code), ZERO),
            sum((x.vat for x in lines if x.vat_code == code), ZERO),
        )
        for code in dict.fromkeys(line.vat_code for line in lines)
    )
