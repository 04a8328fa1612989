"""The forint side of a booking: Billingo's own figures, shared out over the lines."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from .errors import MismatchError

FORINT = Decimal(1)


def with_local(document, booking, sign: int, step: Decimal):
    """Return ``booking`` with forint amounts that add up to Billingo's.

    How Billingo rounds its ``*_local`` is not documented, so they are taken as they
    are; net and VAT decide, as the VAT return is made of them. Gross may be off
    by one forint, which only means that it was rounded on its own.

    :param sign: turns the document's totals into the booking's direction
    :param step: smallest amount that the books can keep
    :raise MismatchError: no rate, or forint amounts that the rate does not explain
    """
    if document.currency == "HUF":
        lines = [replace(x, local_net=x.net, local_vat=x.vat) for x in booking.lines]
        return replace(
            booking,
            lines=tuple(lines),
            local_net=booking.net,
            local_vat=booking.vat,
        )
    rate = document.conversion_rate
    if rate is None or rate <= 0:
        raise MismatchError("rate", "conversion_rate", rate)
    lines = [
        replace(
            line,
            local_net=_round(line.net * rate, step),
            local_vat=_round(line.vat * rate, step),
        )
        for line in booking.lines
    ]
    summary = document.summary
    net = _target(summary.net_amount_local, sign, booking.net * rate, step)
    vat = _target(summary.vat_amount_local, sign, booking.vat * rate, step)
    _check_gross(summary, sign, net + vat, booking.rounding * rate)
    _share_out(lines, "net", net)
    _share_out(lines, "vat", vat)
    return replace(booking, lines=tuple(lines), rate=rate, local_net=net, local_vat=vat)


def _round(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def _target(stated, sign, computed, step) -> Decimal:
    return _round(computed if stated is None else stated * sign, step)


def _check_gross(summary, sign, net_and_vat, rounding) -> None:
    stated = summary.gross_amount_local
    if stated is None:
        return
    stated *= sign
    nearest = min(abs(stated - net_and_vat), abs(stated - net_and_vat - rounding))
    if nearest > FORINT:
        raise MismatchError("local", "gross_amount_local", stated, net_and_vat)


def _share_out(lines, what: str, target: Decimal) -> None:
    """Give what the lines lack to the biggest one: at most a forint per line."""
    name = f"local_{what}"
    have = sum(getattr(line, name) for line in lines)
    missing = target - have
    if not missing:
        return
    if abs(missing) > FORINT * len(lines):
        raise MismatchError("local", f"{what}_amount_local", target, have)
    place = max(range(len(lines)), key=lambda i: abs(getattr(lines[i], what)))
    if not getattr(lines[place], what):
        raise MismatchError("local", f"{what}_amount_local", target, have)
    lines[place] = replace(
        lines[place], **{name: getattr(lines[place], name) + missing}
    )
