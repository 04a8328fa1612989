"""The forint side of a booking: Billingo's own figures, shared out over the lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from .booking import BookedLine, Booking, VatGroup, round_to
from .errors import MismatchError
from .messages import Document, DocumentSummary
from .vat_groups import Group

FORINT = Decimal(1)
HALF = Decimal("0.5")
ZERO = Decimal(0)
HIGHEST_RATE = Decimal(1_000_000)  # forint for one unit of any currency


def with_local(
    document: Document,
    booking: Booking,
    sign: int,
    step: Decimal,
    groups: Sequence[Group] | None,
) -> Booking:
    """Return ``booking`` with forint amounts that add up to Billingo's.

    How Billingo rounds its ``*_local`` is not documented, so they are taken as they
    are; net and VAT decide, as the VAT return is made of them: VAT per rate where the
    invoice's table has it. Gross may be off by one forint, which only means that it
    was rounded on its own, and so may the VAT total be by one for each rate.

    :param sign: turns the document's totals into the booking's direction
    :param step: smallest amount that the books can keep
    :raise MismatchError: no rate, or forint amounts that the rate does not explain
    """
    if document.currency == "HUF":
        return _as_it_is(booking)
    rate = _rate(document)
    lines = [_converted(line, rate, step) for line in booking.lines]
    summary = document.summary
    # A cent of doubt in the document's currency is worth several forint.
    doubt = max((abs(x.stated - x.computed) for x in booking.doubts), default=ZERO)
    slack = HALF + doubt * rate
    net = _target(summary.net_amount_local, sign, booking.net * rate, step)
    vat = _target(summary.vat_amount_local, sign, booking.vat * rate, step)
    everywhere = range(len(lines))
    _share_out(lines, everywhere, "net", net, slack)
    if groups and all(group.row.local_vat is not None for group in groups):
        vat = _share_out_table(lines, groups, vat, step, slack)
    else:
        _share_out(lines, everywhere, "vat", vat, slack)
    beyond = (booking.rounding + booking.difference) * rate
    _check_gross(summary, sign, net + vat, beyond, doubt * rate)
    return replace(
        booking,
        lines=tuple(lines),
        rate=rate,
        local_net=net,
        local_vat=vat,
        local_difference=round_to(booking.difference * rate, step),
        vat_groups=_groups_of(booking, lines),
    )


def _as_it_is(booking: Booking) -> Booking:
    """Return the booking of a document in forint: both currencies are one."""
    return replace(
        booking,
        lines=tuple(
            replace(x, local_net=x.net, local_vat=x.vat) for x in booking.lines
        ),
        local_net=booking.net,
        local_vat=booking.vat,
        local_difference=booking.difference,
        vat_groups=tuple(replace(x, local_vat=x.vat) for x in booking.vat_groups),
    )


def _rate(document: Document) -> Decimal:
    """Return the document's exchange rate.

    One forint for one unit is the mark of a rate that was never filled in.

    :raise MismatchError: there is none
    """
    rate = document.conversion_rate
    if rate is None or rate <= 0 or rate == 1 or rate > HIGHEST_RATE:
        raise MismatchError("rate", "conversion_rate", rate)
    return rate


def _converted(line: BookedLine, rate: Decimal, step: Decimal) -> BookedLine:
    return replace(
        line,
        local_net=round_to(line.net * rate, step),
        local_vat=round_to(line.vat * rate, step),
    )


def _groups_of(booking: Booking, lines: Sequence[BookedLine]) -> tuple[VatGroup, ...]:
    """Return the booking's groups with the forint VAT of their lines."""
    sums: dict[str, Decimal] = {}
    for line in lines:
        sums[line.vat_code] = sums.get(line.vat_code, ZERO) + line.local_vat
    return tuple(
        replace(row, local_vat=sums.get(row.vat_code, ZERO))
        for row in booking.vat_groups
    )


def _target(
    stated: Decimal | None, sign: int, computed: Decimal, step: Decimal
) -> Decimal:
    return round_to(computed if stated is None else stated * sign, step)


def _share_out_table(
    lines: list[BookedLine],
    groups: Sequence[Group],
    total: Decimal,
    step: Decimal,
    slack: Decimal,
) -> Decimal:
    """Give each group the forint VAT of its row, and return their sum."""
    targets = [round_to(group.row.local_vat or ZERO, step) for group in groups]
    if abs(sum(targets) - total) > FORINT * len(groups) + slack - HALF:
        raise MismatchError("local", "vat_amount_local", total, sum(targets))
    for group, target in zip(groups, targets, strict=True):
        _share_out(lines, group.places, "vat", target, slack)
    return sum(targets, ZERO)


def _check_gross(
    summary: DocumentSummary,
    sign: int,
    net_and_vat: Decimal,
    rounding: Decimal,
    doubt: Decimal,
) -> None:
    if summary.gross_amount_local is None:
        return
    stated = summary.gross_amount_local * sign
    nearest = min(abs(stated - net_and_vat), abs(stated - net_and_vat - rounding))
    # The VAT of the table's rows may be off its total by a forint for each of them.
    slack = FORINT * max(1, len(summary.vat_rate_summary))
    if nearest > slack + doubt:
        raise MismatchError("local", "gross_amount_local", stated, net_and_vat)


def _share_out(
    lines: list[BookedLine],
    places: Sequence[int],
    what: str,
    target: Decimal,
    slack: Decimal,
) -> None:
    """Give what the lines lack to the biggest one: at most a forint per line.

    :param slack: forint that may be missing besides, half a one for the target's own
        rounding at least
    """
    name = f"local_{what}"
    have = sum((getattr(lines[i], name) for i in places), ZERO)
    missing = target - have
    if not missing:
        return
    place = max(places, key=lambda i: abs(getattr(lines[i], what)))
    most = FORINT * len(places) + slack
    if abs(missing) > most or not getattr(lines[place], what):
        raise MismatchError("local", f"{what}_amount_local", target, have)
    value = getattr(lines[place], name) + missing
    if what == "net":
        lines[place] = replace(lines[place], local_net=value)
    else:
        lines[place] = replace(lines[place], local_vat=value)
