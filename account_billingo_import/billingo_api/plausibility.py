"""What is possible but hardly meant: years, lengths and amounts to ask about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .messages import Document

FIRST_YEAR = 2000
DAYS_AHEAD = {"invoice_date": 0, "due_date": 10 * 366}  # so far after today
DAYS_APART = 3 * 366  # between issue and fulfilment
DAYS_BEFORE = 62  # an invoice may be issued so long before the fulfilment
DAYS_TO_PAY = 10 * 366  # between issue and the day due
LONGEST_NUMBER = 50  # characters, the most that NAV takes
LONGEST_NAME = 512
MOST_LINES = 5_000
HIGHEST_AMOUNT = Decimal(10) ** 12  # in whatever currency
HIGHEST_QUANTITY = Decimal(10) ** 9
RATES = Decimal("0.001"), Decimal(10_000)  # forint for one unit of a currency


class Kind(StrEnum):
    """What is implausible."""

    DATE = "date"
    LENGTH = "length"
    AMOUNT = "amount"
    QUANTITY = "quantity"
    RATE = "rate"
    LINES = "lines"


@dataclass(frozen=True)
class Implausible:
    """``where`` is the field, or the line's name; ``value`` what it has."""

    kind: Kind
    where: str
    value: str


def implausible(document: Document, today: date) -> tuple[Implausible, ...]:
    """Name what a person should look at before the document is posted."""
    return (*_dates(document, today), *_lengths(document), *_amounts(document))


def _dates(document: Document, today: date) -> Iterator[Implausible]:
    issued = document.invoice_date
    for name in ("invoice_date", "fulfillment_date", "due_date", "paid_date"):
        found: date | None = getattr(document, name)
        if not found:
            continue
        apart = DAYS_TO_PAY if name in ("due_date", "paid_date") else DAYS_APART
        late = (found - (issued or found)).days
        if (
            found.year < FIRST_YEAR
            or (found - today).days > DAYS_AHEAD.get(name, 366)
            or abs(late) > apart
            or (name == "fulfillment_date" and late > DAYS_BEFORE)
        ):
            yield Implausible(Kind.DATE, name, found.isoformat())


def _lengths(document: Document) -> Iterator[Implausible]:
    texts = (
        ("invoice_number", document.invoice_number, LONGEST_NUMBER),
        ("document_partner", document.document_partner.name, LONGEST_NAME),
        ("organization", document.organization.name, LONGEST_NAME),
        *(("items", item.name, LONGEST_NAME) for item in document.items),
    )
    for where, value, most in texts:
        if len(value) > most:
            yield Implausible(Kind.LENGTH, where, value[:most])
    if len(document.items) > MOST_LINES:
        yield Implausible(Kind.LINES, "items", str(len(document.items)))


def _amounts(document: Document) -> Iterator[Implausible]:
    if document.gross_total is not None and abs(document.gross_total) > HIGHEST_AMOUNT:
        yield Implausible(Kind.AMOUNT, "gross_total", str(document.gross_total))
    for item in document.items:
        if item.quantity is not None and abs(item.quantity) > HIGHEST_QUANTITY:
            yield Implausible(Kind.QUANTITY, item.name, str(item.quantity))
        if item.net_amount is not None and abs(item.net_amount) > HIGHEST_AMOUNT:
            yield Implausible(Kind.AMOUNT, item.name, str(item.net_amount))
    rate = document.conversion_rate
    if document.currency != "HUF" and rate and not RATES[0] <= rate <= RATES[1]:
        yield Implausible(Kind.RATE, "conversion_rate", str(rate))
