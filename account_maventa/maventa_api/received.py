"""What came in, whatever its format: the one shape that checks and bookkeeping read.

Finvoice is read in full; of UBL the sums, parties and keys, because another program
decodes its lines. Amounts of a refund are turned so that the total is not negative.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from .bank_accounts import account_key, payment_id
from .check_digits import fails_as_reference
from .document_kinds import DocumentKind
from .finvoice import (
    IncomingDocument,
    IncomingFile,
    IncomingParty,
    IncomingRow,
    IncomingVat,
    Problem,
    contradictions,
    is_finvoice,
    read,
)
from .inbound_ubl import Payment, Period, RowOrder, UblParty, UblSummary, read_ubl
from .supply import Sign, common_signs, signs_of
from .totals import Difference, Figures, RowFigure

FINVOICE, UBL = "FINVOICE", "UBL"
ZERO = Decimal(0)
VatKeyFigure = tuple[str, Decimal | None]
# Names that both readers have
SAME = (
    *("kind", "type_code", "is_refund", "number", "date", "due_date", "orders"),
    *("buyer_reference", "original_numbers", "original_days", "supply_days"),
    *("figures", "is_paid", "is_prepayment", "is_invoice"),
    *("is_correction", "is_collected", "is_factored", "advances"),
    *("agreement", "project", "account_proposal", "reverse_charge"),
)
# Categories whose VAT is nothing, also where the rate is not written
WITHOUT_VAT = ("Z", "E", "AE", "K", "G", "O")


@dataclass(frozen=True)
class Received:
    """One document of a file.

    ``accounts`` are those that it asks to pay to. ``reference`` is a bank reference
    whose check digits hold, or a message in words; where each account has its own,
    the first. ``finvoice`` has all the rest of a Finvoice, and is None for UBL.
    """

    format: str
    index: int
    data: bytes = field(repr=False)
    kind: DocumentKind
    type_code: str
    origin: str  # original, copy, cancel
    is_refund: bool
    number: str
    date: dt.date | None
    due_date: dt.date | None
    currency: str
    seller: IncomingParty
    buyer: IncomingParty
    payee: str
    accounts: tuple[str, ...]
    reference: str
    payments: tuple[Payment, ...]  # accounts with references of their own
    orders: tuple[str, ...]
    buyer_reference: str
    agreement: str
    project: str
    account_proposal: str  # what the seller says the buyer books it on
    texts: tuple[str, ...]
    period: Period
    original_numbers: tuple[str, ...]
    original_days: tuple[dt.date, ...]  # of what it corrects
    supply_days: tuple[dt.date, ...]  # that rows and document name
    figures: Figures
    rows: tuple[RowFigure, ...]  # VAT code, rate, net; discounts and charges too
    row_orders: tuple[RowOrder, ...]  # of each row: number and position, or nothing
    row_signs: tuple[tuple[Sign, ...], ...]  # of each row: of goods or of services
    accounting_vat: tuple[Decimal, str] | None  # VAT and its currency, if another
    reverse_charge: str  # the words that name one, wherever they stand
    advances: tuple[tuple[str, Decimal], ...]  # text and net of what takes one off
    paid: Decimal
    round_off: Decimal
    is_paid: bool
    is_prepayment: bool
    is_invoice: bool  # by its type, and no request or notification
    is_correction: bool
    is_collected: bool  # by the seller: a direct debit, a card
    is_factored: bool
    contradictions: tuple[Difference, ...]
    problems: tuple[Problem, ...]
    links: tuple[tuple[str, str], ...]
    files: tuple[IncomingFile, ...]
    finvoice: IncomingDocument | None = field(default=None, repr=False)

    @property
    def has_lines(self) -> bool:
        return bool(self.rows)

    def vat_key(self, code: str, rate: Decimal | None) -> VatKeyFigure:
        """Return category and rate of a row, as far as the document says them.

        What a row leaves out is in the VAT table, if that has one category of its rate.
        A reverse charge that words alone name is category AE.
        """
        if rate is None and self.is_without_vat:
            rate = ZERO
        if not code and rate is not None:
            code = self._code_of(rate)
        if not code and rate == 0 and self.reverse_charge:
            code = "AE"
        return code, ZERO if rate is None and code in WITHOUT_VAT else rate

    def reference_of(self, key: str) -> str:
        """Return the reference to pay an account with.

        A payment without an account has that of all others without their own.

        :param key: of the account, as ``account_key`` has it
        """
        own = [text for account, text in self.payments if account_key(account) == key]
        if not key or not own:
            return self.reference
        shared = [text for account, text in self.payments if not account]
        return next(filter(None, [*own, *shared]), "")

    @cached_property
    def is_without_vat(self) -> bool:
        """Tell whether no VAT is named anywhere, and the total leaves none.

        Insurers, authorities and small senders leave all elements of VAT out.
        """
        figures = self.figures
        net = sum((amount for _code, _rate, amount in self.rows), ZERO)
        is_named = figures.vat or figures.vat_groups or any(x[1] for x in self.rows)
        return bool(self.rows) and not is_named and figures.total == net

    @property
    def names_reverse_charge(self) -> bool:
        """Tell whether words alone say that a row is a reverse charge."""
        keys = [(code, rate) for code, rate, _net in self.rows]
        keys = keys or [(one.code, one.rate) for one in self.figures.vat_groups]
        return bool(self.reverse_charge) and any(
            not code and (rate == 0 and not self._code_of(rate) or self.is_without_vat)
            for code, rate in keys
        )

    def _code_of(self, rate: Decimal) -> str:
        """Return the one category that the VAT table has for a rate, or nothing."""
        groups = self.figures.vat_groups
        found = {group.code for group in groups if (group.rate or ZERO) == rate}
        return found.pop() if len(found) == 1 else ""


def documents_in(file: bytes) -> tuple[Received, ...]:
    """Return the documents of a file in their order.

    :raise UnreadableError: nothing in it can be read
    """
    if is_finvoice(file):
        return tuple(_from_finvoice(document) for document in read(file))
    return (_from_ubl(read_ubl(file), file),)


def _from_finvoice(document: IncomingDocument) -> Received:
    rows: list[RowFigure] = []
    orders: list[RowOrder] = []
    signs: list[tuple[Sign, ...]] = []
    for row in document.rows:
        if row.net is not None:
            rows.append((row.vat_code, row.vat_rate, row.net))
            orders.append((row.order, row.order_position))
            signs.append(signs_of_row(row))
    for one in document.allowances:
        rows.append((one.vat_code, one.vat_rate, one.signed))
        orders.append(("", ""))
    vat = document.totals.vat_in_euro
    is_foreign = vat is not None and document.currency != "EUR"
    return Received(
        **_same(document),
        format=FINVOICE,
        index=document.index,
        data=document.data,
        origin=document.origin,
        seller=document.seller,
        buyer=document.buyer,
        payee=document.payee.name,
        texts=(*document.texts, *document.terms.texts),
        period=(document.period_start, document.period_end),
        accounts=_accounts(document),
        reference=_reference(document.reference.text),
        payments=(),
        currency=document.currency,
        rows=tuple(rows) if document.priced_rows else (),
        row_orders=tuple(orders) if document.priced_rows else (),
        row_signs=_with_rest(rows, signs) if document.priced_rows else (),
        accounting_vat=(vat or ZERO, "EUR") if is_foreign else None,
        paid=document.totals.paid,
        round_off=document.totals.round_off,
        contradictions=contradictions(document),
        problems=document.problems,
        links=document.links,
        files=document.attachments,
        finvoice=document,
    )


def _from_ubl(summary: UblSummary, file: bytes) -> Received:
    country = summary.seller.country
    payments = tuple(
        (account, _reference(payment_id(text, country), country))
        for account, text in summary.payments
    )
    problems = [
        Problem("odd_reference", (("text", text[:80]),))
        for _account, text in summary.payments
        if text and not _reference(text, country)
    ]
    return Received(
        **_same(summary),
        format=UBL,
        index=0,
        data=file,
        origin="original",
        seller=_party(summary.seller),
        buyer=_party(summary.buyer),
        payee=summary.payee,
        texts=summary.texts,
        period=summary.period,
        accounts=summary.accounts,
        reference=next((text for _account, text in payments if text), ""),
        payments=payments,
        currency=summary.figures.currency,
        rows=summary.rows,
        row_orders=summary.row_orders,
        row_signs=_with_rest(summary.rows, summary.row_signs),
        accounting_vat=summary.accounting_vat,
        paid=summary.paid,
        round_off=summary.round_off,
        contradictions=summary.contradictions(),
        problems=(*summary.problems, *problems),
        links=tuple((one.name, one.link) for one in summary.files if one.link),
        files=tuple(_files(summary)),
    )


def _accounts(document: IncomingDocument) -> tuple[str, ...]:
    """Return the account that the payment names; without one, all of the seller's."""
    asked = [account for account in document.accounts if account.is_asked]
    return tuple(account.number for account in asked or document.accounts)


def signs_of_row(row: IncomingRow) -> tuple[Sign, ...]:
    """Return the signs of goods or services of a Finvoice row."""
    return signs_of(
        row.vat_code,
        unit_code=row.unit_code,
        unit=row.unit,
        has_period=bool(row.start and row.end and row.start < row.end),
    )


def _with_rest(
    rows: Sequence[RowFigure], signs: Sequence[tuple[Sign, ...]]
) -> tuple[tuple[Sign, ...], ...]:
    """Return the signs with those of discounts and charges, which follow the rows.

    These are about the rows of the same VAT.
    """
    priced = list(zip((row[:2] for row in rows), signs, strict=False))
    return (
        *signs,
        *(
            common_signs(found for key, found in priced if key == row[:2])
            for row in rows[len(signs) :]
        ),
    )


def _same(document: IncomingDocument | UblSummary) -> dict[str, Any]:
    """Return what both readers call by the same name and mean alike."""
    return {name: getattr(document, name) for name in SAME}


def _reference(text: str, country: str = "FI") -> str:
    """Return a reference, or a message; nothing for a reference that cannot be.

    Finland's have check digits: with others the money would not find its invoice.
    """
    is_finnish = country in ("FI", "AX")
    return "" if is_finnish and fails_as_reference(text) else text


def _party(party: UblParty) -> IncomingParty:
    address = f"{party.scheme}:{party.address}" if party.address else ""
    return IncomingParty(
        name=party.name,
        business_id=party.business_id,
        business_scheme=party.business_scheme,
        vat=party.vat,
        address=address,
        country=party.country,
    )


def _files(summary: UblSummary) -> Iterator[IncomingFile]:
    for one in summary.files:
        try:
            data = base64.b64decode(one.content, validate=True)
        except binascii.Error:
            continue
        if data:
            yield IncomingFile(one.name, one.mimetype, data)


def vat_groups(document: Received) -> tuple[IncomingVat, ...]:
    """Return the VAT table with what is known, for a bill without lines."""
    return tuple(
        IncomingVat(group.code, group.rate, group.base, group.amount)
        for group in document.figures.vat_groups
    )
