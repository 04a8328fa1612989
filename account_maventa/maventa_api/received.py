"""What came in, whatever its format: the one shape that checks and bookkeeping read.

Finvoice is read in full; of UBL the sums, parties and keys, because another program
decodes its lines. Amounts of a refund are turned so that the total is not negative.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from .check_digits import is_creditor_reference, is_finnish_reference
from .finvoice import (
    DocumentKind,
    IncomingDocument,
    IncomingFile,
    IncomingParty,
    IncomingVat,
    Problem,
    contradictions,
    is_finvoice,
    read,
)
from .inbound_ubl import UblParty, UblSummary, read_ubl
from .totals import Difference, Figures, RowFigure

FINVOICE, UBL = "FINVOICE", "UBL"
UBL_KINDS = {
    "325": DocumentKind.PRO_FORMA,
    "389": DocumentKind.SELF_BILLING,
    "261": DocumentKind.SELF_BILLING,
    "527": DocumentKind.SELF_BILLING,
}
FACTORED = {"393", "396"}


@dataclass(frozen=True)
class Received:
    """One document of a file.

    ``reference`` is a bank reference whose check digits hold, or what a sender abroad
    wrote. ``finvoice`` has all the rest of a Finvoice, and is None for UBL.
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
    orders: tuple[str, ...]
    buyer_reference: str
    original_numbers: tuple[str, ...]
    figures: Figures
    rows: tuple[RowFigure, ...]  # VAT code, rate, net; discounts and charges too
    paid: Decimal
    round_off: Decimal
    is_paid: bool
    is_prepayment: bool
    is_factored: bool
    contradictions: tuple[Difference, ...]
    problems: tuple[Problem, ...]
    links: tuple[tuple[str, str], ...]
    files: tuple[IncomingFile, ...]
    finvoice: IncomingDocument | None = field(default=None, repr=False)

    @property
    def has_lines(self) -> bool:
        return bool(self.rows)


def documents_in(file: bytes) -> tuple[Received, ...]:
    """Return the documents of a file in their order.

    :raise UnreadableError: nothing in it can be read
    """
    if is_finvoice(file):
        return tuple(_from_finvoice(document) for document in read(file))
    return (_from_ubl(read_ubl(file), file),)


def _from_finvoice(document: IncomingDocument) -> Received:
    allowances = document.allowances
    rows: list[RowFigure] = [
        (row.vat_code, row.vat_rate, row.net)
        for row in document.rows
        if row.net is not None
    ]
    rows += [(one.vat_code, one.vat_rate, one.signed) for one in allowances]
    return Received(
        format=FINVOICE,
        index=document.index,
        data=document.data,
        kind=document.kind,
        type_code=document.type_code,
        origin=document.origin,
        is_refund=document.is_refund,
        number=document.number,
        date=document.date,
        due_date=document.due_date,
        currency=document.currency,
        seller=document.seller,
        buyer=document.buyer,
        payee=document.payee.name,
        accounts=tuple(account.number for account in document.accounts),
        reference=document.reference.text if document.reference else "",
        orders=document.orders,
        buyer_reference=document.buyer_reference,
        original_numbers=document.original_numbers,
        figures=document.figures,
        rows=tuple(rows) if document.priced_rows else (),
        paid=document.totals.paid,
        round_off=document.totals.round_off,
        is_paid=document.is_paid,
        is_prepayment=document.is_prepayment,
        is_factored=document.is_factored,
        contradictions=contradictions(document),
        problems=document.problems,
        links=document.links,
        files=document.attachments,
        finvoice=document,
    )


def _from_ubl(summary: UblSummary, file: bytes) -> Received:
    reference, problems = _reference(summary)
    default = DocumentKind.CREDIT_NOTE if summary.is_refund else DocumentKind.INVOICE
    return Received(
        format=UBL,
        index=0,
        data=file,
        kind=UBL_KINDS.get(summary.type_code, default),
        type_code=summary.type_code,
        origin="original",
        is_refund=summary.is_refund,
        number=summary.number,
        date=summary.date,
        due_date=summary.due_date,
        currency=summary.figures.currency,
        seller=_party(summary.seller),
        buyer=_party(summary.buyer),
        payee=summary.payee,
        accounts=summary.accounts,
        reference=reference,
        orders=summary.orders,
        buyer_reference=summary.buyer_reference,
        original_numbers=summary.original_numbers,
        figures=summary.figures,
        rows=summary.rows,
        paid=summary.paid,
        round_off=summary.round_off,
        is_paid=summary.is_paid,
        is_prepayment=summary.is_prepayment,
        is_factored=summary.type_code in FACTORED or bool(summary.payee),
        contradictions=summary.contradictions(),
        problems=(*summary.problems, *problems),
        links=tuple((one.name, one.link) for one in summary.files if one.link),
        files=tuple(_files(summary)),
    )


def _reference(summary: UblSummary) -> tuple[str, tuple[Problem, ...]]:
    """Return the payment reference; a Finnish sender's has check digits."""
    found = ["".join(text.split()).upper() for text in summary.references]
    for text in found:
        if is_creditor_reference(text):
            return text, ()
        if is_finnish_reference(text):
            return text.lstrip("0"), ()
    if not found:
        return "", ()
    if summary.seller.country == "FI":
        return "", (Problem("odd_reference", (("text", found[0][:80]),)),)
    return summary.references[0], ()


def _party(party: UblParty) -> IncomingParty:
    address = f"{party.scheme}:{party.address}" if party.address else ""
    return IncomingParty(
        name=party.name,
        business_id=party.business_id,
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
