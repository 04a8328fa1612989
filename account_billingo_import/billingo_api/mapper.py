"""From a Billingo document to amounts that can be booked, or to a reason why not.

Billingo rounds lines, totals and forint amounts each on their own, and documents
neither the sign of a storno nor where a discount or a rounding shows. So nothing is
assumed here: whatever the document does, either its own figures agree, or it is
refused with both sums.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from .booking import BookedLine, Booking, Original
from .errors import MismatchError
from .forint import with_local
from .kinds import CANCELLATIONS
from .messages import Document, DocumentItem

ZERO = Decimal(0)
CENT = Decimal("0.01")
WHOLE = frozenset({"HUF", "ISK", "JPY", "KRW"})  # amounts without a fraction
ROUNDING_STEP = {"one": Decimal(1), "five": Decimal(5), "ten": Decimal(10)}
NUMBER_IN_BRACKETS = re.compile(r"\([^()]*\d[^()]*\)")


@dataclass(frozen=True)
class _Totals:
    net: Decimal
    vat: Decimal
    gross: Decimal
    rounding: Decimal = ZERO
    step: Decimal = ZERO
    is_exact: bool = True


def book(
    document: Document,
    *,
    step: Decimal = CENT,
    local_step: Decimal = CENT,
    original: Original | None = None,
) -> Booking:
    """Check a document's amounts and give them one direction.

    :param step: smallest amount that can be kept in the document's currency
    :param local_step: the same for forint
    :param original: the document that a storno or correction refers to, if known
    :raise MismatchError: the figures contradict each other or one is missing
    """
    unit = max(step, Decimal(1) if document.currency in WHOLE else CENT)
    lines = [_line(item, step, unit) for item in document.items]
    if not lines:
        raise MismatchError("missing", "items")
    is_refund, line_sign, sign = _direction(document, lines, original)
    lines = [_flip(line, line_sign) for line in lines]
    totals = _totals(document, lines, sign, step, unit)
    lines = _settle(lines, totals, unit, step, document.discount)
    lines = _mark_advances(document, lines, original)
    booking = Booking(
        is_refund=is_refund,
        lines=tuple(lines),
        net=totals.net,
        vat=totals.vat,
        gross=totals.gross,
        rounding=totals.rounding,
        rounding_step=totals.step,
        rate=Decimal(1),
        is_exact=totals.is_exact,
    )
    return with_local(document, booking, sign, local_step)


def round_to(value: Decimal, step: Decimal) -> Decimal:
    """Round half away from zero to a multiple of ``step``."""
    return (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def _line(item: DocumentItem, step: Decimal, unit: Decimal) -> BookedLine:
    """Net and gross are the truth of a line; VAT is what is between them."""
    net, vat, gross = item.net_amount, item.vat_amount, item.gross_amount
    if net is None and None not in (gross, vat):
        net = gross - vat
    if gross is None and None not in (net, vat):
        gross = net + vat
    if net is None or gross is None:
        raise MismatchError("missing", item.name or "items")
    if vat is not None and abs(gross - net - vat) > unit:
        raise MismatchError("line", item.name, gross, net + vat)
    net, gross = round_to(net, step), round_to(gross, step)
    price, quantity = item.net_unit_amount, item.quantity
    if price is None or not quantity or (net and not price):
        price, quantity = net, Decimal(1)
    line = BookedLine(
        name=item.name,
        quantity=quantity,
        unit=item.unit,
        unit_price=price,
        net=net,
        vat=gross - net,
        vat_code=item.vat,
        entitlement=item.entitlement,
        comment=item.comment,
    )
    # With a positive rate a title of exemption means nothing, yet it occurs.
    return replace(line, entitlement="") if line.has_rate else line


def _sign(*values: Decimal) -> int:
    """The sign of the first value that is not zero."""
    return next((1 if value > 0 else -1 for value in values if value), 1)


def _direction(document, lines, original) -> tuple[bool, int, int]:
    """Tell whether it is a refund, and how to flip its lines and its totals.

    Whether a storno comes with negative or with positive amounts is documented
    nowhere. It always undoes its original, so its direction follows from that; lines
    and totals are each turned the way they need, and have to agree afterwards.
    """
    if document.gross_total is None:
        raise MismatchError("missing", "gross_total")
    line_sign = _sign(sum(line.gross for line in lines), *(x.gross for x in lines))
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


def _totals(document, lines, sign, step, unit) -> _Totals:
    """Read the totals; what does not add up has to be a rounding or one unit."""
    summary = document.summary
    net, vat = summary.net_amount, summary.vat_amount
    net = sum(line.net for line in lines) if net is None else net * sign
    vat = sum(line.vat for line in lines) if vat is None else vat * sign
    net, vat = round_to(net, step), round_to(vat, step)
    gross = round_to(document.gross_total * sign, step)
    excess = gross - net - vat
    if not excess:
        return _Totals(net, vat, gross)
    rounding_step = ROUNDING_STEP.get(document.round, ZERO)
    if rounding_step and abs(excess) * 2 <= rounding_step and not gross % rounding_step:
        return _Totals(net, vat, gross, excess, rounding_step)
    if abs(excess) <= unit:
        return _Totals(net, gross - net, gross, is_exact=False)
    raise MismatchError("total", "gross_total", gross, net + vat)


def _settle(lines, totals, unit, step, discount) -> list[BookedLine]:
    """Make the lines add up to the totals.

    Up to one unit per line is rounding and goes to the last line of the biggest VAT
    group. More is a discount that the lines do not show yet, or a contradiction.
    """
    allowed = unit * len(lines)
    missing_net = totals.net - sum(line.net for line in lines)
    if abs(missing_net) > allowed and discount:
        lines = [_discounted(line, discount, step) for line in lines]
        missing_net = totals.net - sum(line.net for line in lines)
    missing_vat = totals.vat - sum(line.vat for line in lines)
    for code, missing, total in (
        ("net", missing_net, totals.net),
        ("vat", missing_vat, totals.vat),
    ):
        if abs(missing) > allowed:
            raise MismatchError(code, code, total, total - missing)
    if missing_net or missing_vat:
        place = _last_of_biggest_group(lines)
        if missing_vat and not any(line.vat for line in lines):
            raise MismatchError("vat", "vat", totals.vat, totals.vat - missing_vat)
        lines[place] = replace(
            lines[place],
            net=lines[place].net + missing_net,
            vat=lines[place].vat + missing_vat,
        )
    return lines


def _discounted(line: BookedLine, discount: Decimal, step: Decimal) -> BookedLine:
    factor = 1 - discount / 100
    net, gross = round_to(line.net * factor, step), round_to(line.gross * factor, step)
    return replace(line, net=net, vat=gross - net)


def _last_of_biggest_group(lines) -> int:
    """Index of the last line of the VAT code with the most VAT, else most net."""
    weight = {}
    for line in lines:
        vat, net = weight.get(line.vat_code, (ZERO, ZERO))
        weight[line.vat_code] = (vat + abs(line.vat), net + abs(line.net))
    biggest = max(weight, key=weight.get)
    return max(i for i, line in enumerate(lines) if line.vat_code == biggest)


def _mark_advances(document, lines, original) -> list[BookedLine]:
    """Mark the lines that raise or settle an advance.

    A final invoice takes an advance back by a negative line whose comment carries
    the advance's number in brackets; without such a comment every negative line does.
    """
    if "advance" in (document.type, original and original.type):
        return [replace(line, is_advance=True) for line in lines]
    is_final = document.type == "invoice" and document.related_documents
    if not is_final and not (original and original.is_final):
        return lines
    named = [x for x in lines if x.net < 0 and NUMBER_IN_BRACKETS.search(x.comment)]
    settling = named or [x for x in lines if x.net < 0]
    return [replace(line, is_advance=line in settling) for line in lines]
