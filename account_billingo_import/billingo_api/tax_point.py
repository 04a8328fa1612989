"""The regime of a whole document, and the day on which its VAT is due.

Each line has its own tax point, since one bill can have lines under reverse charge
beside others; the document has one where they agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .kinds import CANCELLATIONS, kind_of
from .messages import Document, DocumentItem
from .regimes import (
    EU_GOODS_REGIMES,
    Direction,
    Party,
    Reason,
    Regime,
    Treatment,
    buyer,
    seller,
    treatment,
)


class Rule(StrEnum):
    """Which rule gives the tax point."""

    FULFILMENT = "fulfilment"  # 55.-56. §
    CONTINUOUS = "continuous"  # 58. §: periods, the day is the one on the document
    REVERSE_CHARGE = "reverse_charge"  # 60. §
    ACQUISITION = "acquisition"  # 60., 63. §: issue, at the latest the 15th after
    PAYMENT = "payment"  # chapter XIII/A
    CORRECTION = "correction"  # 153/B-153/C. §: the period of its own issue or receipt
    UNDONE = "undone"  # a storno of a storno: in the period of the latter


@dataclass(frozen=True)
class TaxPoint:
    """``day`` is None where it is not known (yet); ``reason`` says why."""

    day: date | None
    rule: Rule
    reason: Reason | None = None


@dataclass(frozen=True)
class LineRegime:
    treatment: Treatment
    tax_point: TaxPoint


@dataclass(frozen=True)
class DocumentRegime:
    """The regimes of a document's lines.

    :ivar tax_point: of all lines alike; without a day when they differ
    :ivar nothing_to_pay: settled otherwise (``without_financial_fulfillment``)
    :ivar reasons: what has to be answered before the document is posted
    """

    direction: Direction
    party: Party
    lines: tuple[LineRegime, ...]
    tax_point: TaxPoint
    nothing_to_pay: bool
    reasons: tuple[Reason, ...]

    @property
    def regimes(self) -> tuple[Regime, ...]:
        """The regimes that occur, each once, in the order of the lines."""
        found = (line.treatment.regime for line in self.lines)
        return tuple(dict.fromkeys(regime for regime in found if regime))

    @property
    def cash_accounting(self) -> bool:
        """Return whether some of the VAT is due or deductible at payment only."""
        return any(line.treatment.cash_accounting for line in self.lines)


def document_regime(
    document: Document,
    direction: Direction,
    *,
    is_refund: bool = True,
    undone_on: date | None = None,
    received_on: date | None = None,
    paid_on: date | None = None,
    own_cash: bool = False,
) -> DocumentRegime:
    """Decide the regime and the tax point of every line.

    :param is_refund: of a storno, which may have either sign; others show their own
    :param undone_on: where the document undoes one that lowered tax: that one's day
    :param received_on: day on which a bill came to us
    :param paid_on: first payment; by default the document's own, if it is paid
    :param own_cash: we account for VAT when paid ourselves: then the VAT of our bills
        is deductible when we pay, whatever the seller does (196/B. §)
    """
    party = party_of(document, direction)
    treatments = [
        treatment(
            direction,
            party,
            item.vat,
            item.entitlement,
            cash_settled=document.organization.cash_settled or own_cash,
            is_advance=document.type == "advance",
        )
        for item in document.items
    ]
    lowers = _lowers_tax(document, treatments, is_refund)
    days = {
        "undone_on": undone_on,
        "received_on": received_on,
        "paid_on": paid_on or document.paid_date,
    }
    lines = [
        LineRegime(
            found,
            tax_point(
                document, direction, found, lowers=lowers[found.self_assessed], **days
            ),
        )
        for found in treatments
    ]
    points = [line.tax_point for line in lines]
    common = _common(points or [tax_point(document, direction, Treatment(None))])
    return DocumentRegime(
        direction=direction,
        party=party,
        lines=tuple(lines),
        tax_point=common,
        nothing_to_pay=document.without_financial_fulfillment,
        reasons=_reasons(lines, common),
    )


def _lowers_tax(
    document: Document, treatments: Sequence[Treatment], is_refund: bool
) -> dict[bool, bool]:
    """Return whether the document lowers the tax that its seller charges (False), and
    that which we owe as the buyer (True).

    Charged tax is judged by the sum of the VAT, whatever the gross does; where no VAT
    is charged, and under reverse charge, by the tax base.
    """
    turn = 1
    if document.type in CANCELLATIONS:
        # Its amounts may have either sign, and as a whole they undo the original.
        whole = sum(sum(_amounts(item)) for item in document.items)
        turn = -1 if is_refund == (whole >= 0) else 1
    found = {}
    for self_assessed in (False, True):
        amounts = [
            _amounts(item)
            for item, one in zip(document.items, treatments, strict=True)
            if one.self_assessed == self_assessed
        ]
        net = sum((x for x, _vat in amounts), Decimal(0))
        vat = sum((x for _net, x in amounts), Decimal(0))
        found[self_assessed] = ((not self_assessed and vat) or net) * turn < 0
    return found


def _amounts(item: DocumentItem) -> tuple[Decimal, Decimal]:
    """Return net and VAT of a line, as far as they are stated."""
    net, vat, gross = item.net_amount, item.vat_amount, item.gross_amount
    if net is None:
        net = (gross or Decimal(0)) - (vat or Decimal(0))
    if vat is None:
        vat = Decimal(0) if gross is None else gross - net
    return net, vat


def party_of(document: Document, direction: Direction) -> Party:
    """Return the buyer of a sale, the seller of anything else."""
    if direction is Direction.SALE:
        partner = document.document_partner
        return buyer(partner.address.country_code, partner.taxcode)
    organization = document.organization
    number = organization.tax_number or organization.eu_tax_number
    return seller(organization.address.country_code, number)


def tax_point(
    document: Document,
    direction: Direction,
    found: Treatment,
    *,
    lowers: bool = False,
    undone_on: date | None = None,
    received_on: date | None = None,
    paid_on: date | None = None,
) -> TaxPoint:
    """Return the day on which the VAT of a line is due or deductible.

    Under cash accounting it is the payment; corrections have a rule of their own; under
    reverse charge it is the earliest of receipt, payment and the 15th of the month
    after fulfilment; for goods that go to or come from another member state the issue,
    at the latest that 15th; everything else goes by the fulfilment that the document
    states, continuous supply included.
    """
    issued = document.invoice_date
    if not issued:
        return TaxPoint(None, Rule.FULFILMENT, Reason.DATE_MISSING)
    if found.cash_accounting:
        reason = None if paid_on else Reason.NOT_PAID_YET
        return TaxPoint(paid_on, Rule.PAYMENT, reason)
    is_sale = direction is Direction.SALE
    is_amendment = kind_of(document.type).is_amendment
    if undone_on and is_amendment and not lowers:
        return TaxPoint(undone_on, Rule.UNDONE)
    if lowers and is_sale:
        return TaxPoint(issued, Rule.CORRECTION)
    if lowers or (is_amendment and not is_sale and not found.self_assessed):
        return _corrected_purchase(issued, received_on, lowers)
    fulfilled = document.fulfillment_date or issued
    if found.self_assessed and found.regime is Regime.DOMESTIC_REVERSE:
        return _reverse_charge(issued, fulfilled, received_on, paid_on)
    if found.regime in EU_GOODS_REGIMES and (is_sale or found.self_assessed):
        return _eu_goods(issued, fulfilled)
    is_period = issued < fulfilled == document.due_date
    return TaxPoint(fulfilled, Rule.CONTINUOUS if is_period else Rule.FULFILMENT)


def _corrected_purchase(
    issued: date, received_on: date | None, lowers: bool
) -> TaxPoint:
    """What a correction adds is deductible once we have it; what it takes back, at the
    latest on the 15th of the month after its issue (153/C. §)."""
    day = received_on or issued
    if lowers:
        return TaxPoint(min(day, _fifteenth_after(issued) or day), Rule.CORRECTION)
    return TaxPoint(max(day, issued), Rule.CORRECTION)


def _eu_goods(issued: date, fulfilled: date) -> TaxPoint:
    """Directive 2006/112/EC, articles 67 and 69."""
    latest = _fifteenth_after(fulfilled)
    if not latest:
        return TaxPoint(None, Rule.ACQUISITION, Reason.DATE_IMPLAUSIBLE)
    if issued < fulfilled:
        return TaxPoint(None, Rule.ACQUISITION, Reason.BEFORE_FULFILMENT)
    return TaxPoint(min(issued, latest), Rule.ACQUISITION)


def _reverse_charge(
    issued: date, fulfilled: date, received_on: date | None, paid_on: date | None
) -> TaxPoint:
    rule = Rule.REVERSE_CHARGE
    latest = _fifteenth_after(fulfilled)
    if not latest:
        return TaxPoint(None, rule, Reason.DATE_IMPLAUSIBLE)
    if paid_on and paid_on < fulfilled:
        # An advance creates no tax under reverse charge (Curia, EH 2017.06.K17).
        return TaxPoint(None, rule, Reason.REVERSE_CHARGE_ADVANCE)
    if min(issued, received_on or issued) < fulfilled:
        # It cannot prove yet what has not happened (60. § (1) a).
        return TaxPoint(None, rule, Reason.BEFORE_FULFILMENT)
    earliest = min(day for day in (received_on, paid_on, latest) if day)
    if not received_on and issued < earliest:
        # It may have come on any day from its issue on.
        return TaxPoint(None, rule, Reason.RECEIPT_UNKNOWN)
    return TaxPoint(earliest, rule)


def _fifteenth_after(day: date) -> date | None:
    """Return the 15th of the month after ``day``, None where the calendar ends."""
    year, month = divmod(day.year * 12 + day.month, 12)
    return date(year, month + 1, 15) if year <= date.max.year else None


def _common(points: list[TaxPoint]) -> TaxPoint:
    """The one tax point; lines that wait for a payment have theirs from that."""
    now = [point for point in points if point.rule is not Rule.PAYMENT] or points
    if len({point.day for point in now}) == 1:
        return now[0]
    return TaxPoint(None, now[0].rule, Reason.SEVERAL_TAX_POINTS)


def _reasons(lines: list[LineRegime], common: TaxPoint) -> tuple[Reason, ...]:
    found: list[Reason | None] = []
    for line in lines:
        found += [line.treatment.reason, line.tax_point.reason]
    found.append(common.reason)
    # Waiting for a payment is no obstacle: taxes on a cash basis wait with it.
    return tuple(dict.fromkeys(x for x in found if x and x is not Reason.NOT_PAID_YET))
