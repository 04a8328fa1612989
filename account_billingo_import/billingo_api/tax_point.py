"""The regime of a whole document, and the day on which its VAT is due.

Each line has its own tax point, since one bill can have lines under reverse charge
beside others; the document has one where they agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .kinds import CANCELLATIONS
from .messages import Document
from .regimes import (
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
    ACQUISITION = "acquisition"  # 63. §: issue, at the latest the 15th of next month
    PAYMENT = "payment"  # chapter XIII/A
    CORRECTION = "correction"  # 153/B-153/C. §: the period of its own issue or receipt


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
    is_refund: bool | None = None,
    received_on: date | None = None,
    paid_on: date | None = None,
    own_cash: bool = False,
) -> DocumentRegime:
    """Decide the regime and the tax point of every line.

    :param is_refund: of the document's booking; by default its own sign and type
    :param received_on: day on which a bill came to us
    :param paid_on: first payment; by default the document's own, if it is paid
    :param own_cash: we account for VAT when paid ourselves: then the VAT of our bills
        is deductible when we pay, whatever the seller does (196/B. §)
    """
    party = party_of(document, direction)
    if is_refund is None:
        is_refund = document.type in CANCELLATIONS or (
            (document.gross_total or Decimal(0)) < 0
        )
    paid_on = paid_on or document.paid_date
    lines = []
    for item in document.items:
        found = treatment(
            direction,
            party,
            item.vat,
            item.entitlement,
            cash_settled=document.organization.cash_settled or own_cash,
            is_advance=document.type == "advance",
        )
        point = tax_point(
            document,
            direction,
            found,
            is_refund=is_refund,
            received_on=received_on,
            paid_on=paid_on,
        )
        lines.append(LineRegime(found, point))
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
    is_refund: bool = False,
    received_on: date | None = None,
    paid_on: date | None = None,
) -> TaxPoint:
    """Return the day on which the VAT of a line is due or deductible.

    Under cash accounting it is the payment; what lowers tax belongs to the period of
    its own issue (sale) or receipt (purchase); under reverse charge it is the earliest
    of receipt, payment and the 15th of the month after fulfilment; everything else
    goes by the fulfilment that the document states, continuous supply included.
    """
    issued = document.invoice_date
    if not issued:
        return TaxPoint(None, Rule.FULFILMENT, Reason.DATE_MISSING)
    if found.cash_accounting:
        reason = None if paid_on else Reason.NOT_PAID_YET
        return TaxPoint(paid_on, Rule.PAYMENT, reason)
    is_sale = direction is Direction.SALE
    if is_refund:
        day = issued if is_sale else received_on or issued
        return TaxPoint(day, Rule.CORRECTION)
    fulfilled = document.fulfillment_date or issued
    if found.self_assessed and found.regime is Regime.DOMESTIC_REVERSE:
        return _reverse_charge(issued, fulfilled, received_on, paid_on)
    if found.self_assessed and found.regime in (
        Regime.EU_GOODS,
        Regime.EU_NEW_VEHICLE,
    ):
        latest = _fifteenth_after(fulfilled)
        if not latest:
            return TaxPoint(None, Rule.ACQUISITION, Reason.DATE_IMPLAUSIBLE)
        return TaxPoint(min(issued, latest), Rule.ACQUISITION)
    is_period = issued < fulfilled == document.due_date
    return TaxPoint(fulfilled, Rule.CONTINUOUS if is_period else Rule.FULFILMENT)


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
