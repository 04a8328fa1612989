"""The sums and keys of a received UBL document, for checks beside a decoder.

Another program makes the bill; this says what the document says, read from the bytes
by a parser that takes large files and no entities. Amounts of a credit note, and of an
invoice with a negative total, are turned so that the total is not negative.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from .finvoice.node import Node, Notes, Problem
from .finvoice.source import UnreadableError, tree
from .totals import Difference, Figures, RowFigure, VatFigure, inner_differences

ZERO = Decimal(0)
TOTAL = "LegalMonetaryTotal"
SELF_BILLING = {"389", "261", "527"}
SUPPLIER = "AccountingSupplierParty/Party"
CUSTOMER = "AccountingCustomerParty/Party"


@dataclass(frozen=True)
class UblParty:
    """``address`` is the electronic address, ``scheme`` its EAS code."""

    name: str = ""
    business_id: str = ""
    vat: str = ""
    address: str = ""
    scheme: str = ""
    country: str = ""


@dataclass(frozen=True)
class UblFile:
    """A file inside of the document, as base64; or a link to show, not to fetch."""

    name: str
    mimetype: str
    content: str
    link: str = ""


@dataclass(frozen=True)
class UblSummary:
    """What a UBL invoice or credit note says, apart from its lines' texts."""

    root: str  # Invoice, CreditNote
    type_code: str
    customization: str
    is_refund: bool
    number: str
    date: dt.date | None
    due_date: dt.date | None
    seller: UblParty
    buyer: UblParty
    payee: str
    accounts: tuple[str, ...]
    references: tuple[str, ...]
    orders: tuple[str, ...]
    buyer_reference: str
    original_numbers: tuple[str, ...]
    contract: str
    project: str
    figures: Figures
    rows: tuple[RowFigure, ...]  # VAT code, rate, net; discounts and charges too
    paid: Decimal
    round_off: Decimal
    files: tuple[UblFile, ...]
    problems: tuple[Problem, ...]

    @property
    def is_self_billing(self) -> bool:
        return self.type_code in SELF_BILLING

    @property
    def is_prepayment(self) -> bool:
        return self.type_code == "386"

    @property
    def is_paid(self) -> bool:
        total = self.figures.total
        return bool(self.paid and total is not None and self.paid >= total)

    def contradictions(self) -> tuple[Difference, ...]:
        """Return where lines, VAT table, totals and payment do not fit together."""
        return inner_differences(
            self.figures, rows=self.rows, paid=self.paid, round_off=self.round_off
        )


def read_ubl(file: bytes) -> UblSummary:
    """Return what a UBL document says.

    :raise UnreadableError: it is no XML, or neither invoice nor credit note
    """
    element, odd = tree(file)
    notes = Notes()
    for code in odd:
        notes.add(code)
    root = Node(element, notes)
    if root.name not in ("Invoice", "CreditNote"):
        raise UnreadableError("not_ubl", root.name)
    net = root.number(f"{TOTAL}/TaxExclusiveAmount")
    total = root.number(f"{TOTAL}/TaxInclusiveAmount")
    sign = Decimal(-1) if (total or net or ZERO) < 0 else Decimal(1)
    return UblSummary(
        root=root.name,
        type_code=root.text("InvoiceTypeCode") or root.text("CreditNoteTypeCode"),
        customization=root.text("CustomizationID"),
        is_refund=(root.name == "CreditNote") != (sign < 0),
        number=root.text("ID"),
        date=root.day("IssueDate"),
        due_date=root.day("DueDate") or root.day("PaymentMeans/PaymentDueDate"),
        seller=_party(root, SUPPLIER),
        buyer=_party(root, CUSTOMER),
        payee=root.text("PayeeParty/PartyName/Name"),
        accounts=_unique(root, "PaymentMeans/PayeeFinancialAccount/ID", join=True),
        references=_unique(root, "PaymentMeans/PaymentID"),
        orders=(
            *_unique(root, "OrderReference/ID"),
            *_unique(root, f"{root.name}Line/OrderLineReference/OrderReference/ID"),
        ),
        buyer_reference=root.text("BuyerReference"),
        original_numbers=_unique(root, "BillingReference/InvoiceDocumentReference/ID"),
        contract=root.text("ContractDocumentReference/ID"),
        project=root.text("ProjectReference/ID"),
        figures=_figures(root, sign),
        rows=tuple(_rows(root, sign)),
        paid=(root.number(f"{TOTAL}/PrepaidAmount") or ZERO) * sign,
        round_off=(root.number(f"{TOTAL}/PayableRoundingAmount") or ZERO) * sign,
        files=tuple(_files(root)),
        problems=tuple(notes),
    )


def _figures(root: Node, sign: Decimal) -> Figures:
    """Return the sums in the document's currency; VAT in another one is left out."""
    currency = root.text("DocumentCurrencyCode").upper()
    vat, groups = None, []
    for total in root.all("TaxTotal"):
        amount = total.first("TaxAmount")
        if amount and amount.attribute("currencyID").upper() not in ("", currency):
            continue
        vat = _plus(vat, total.number("TaxAmount"))
        groups += [
            VatFigure(
                code=node.text("TaxCategory/ID").upper(),
                rate=node.number("TaxCategory/Percent"),
                base=_times(node.number("TaxableAmount"), sign),
                amount=_times(node.number("TaxAmount"), sign),
            )
            for node in total.all("TaxSubtotal")
        ]
    return Figures(
        currency=currency,
        net=_times(root.number(f"{TOTAL}/TaxExclusiveAmount"), sign),
        vat=_times(vat, sign),
        total=_times(root.number(f"{TOTAL}/TaxInclusiveAmount"), sign),
        payable=_times(root.number(f"{TOTAL}/PayableAmount"), sign),
        vat_groups=tuple(groups),
    )


def _rows(root: Node, sign: Decimal) -> Iterator[RowFigure]:
    for line in root.all(f"{root.name}Line"):
        tax = "Item/ClassifiedTaxCategory"
        net = line.number("LineExtensionAmount")
        if net is not None:
            rate = line.number(f"{tax}/Percent")
            yield line.text(f"{tax}/ID").upper(), rate or ZERO, net * sign
    for node in root.all("AllowanceCharge"):
        amount = node.number("Amount") or ZERO
        if node.text("ChargeIndicator").lower() != "true":
            amount = -amount
        rate = node.number("TaxCategory/Percent")
        yield node.text("TaxCategory/ID").upper(), rate or ZERO, amount * sign


def _party(root: Node, path: str) -> UblParty:
    endpoint = root.first(f"{path}/EndpointID")
    return UblParty(
        name=root.text(f"{path}/PartyLegalEntity/RegistrationName")
        or root.text(f"{path}/PartyName/Name"),
        business_id=root.text(f"{path}/PartyLegalEntity/CompanyID"),
        vat=_vat_number(root, path),
        address=endpoint.value if endpoint else "",
        scheme=endpoint.attribute("schemeID") if endpoint else "",
        country=root.text(f"{path}/PostalAddress/Country/IdentificationCode").upper(),
    )


def _vat_number(root: Node, path: str) -> str:
    """Return the number under VAT; others (F-skatt, Foretaksregisteret) are none."""
    for node in root.all(f"{path}/PartyTaxScheme"):
        if node.text("TaxScheme/ID").upper() in ("VAT", ""):
            return node.text("CompanyID")
    return ""


def _files(root: Node) -> Iterator[UblFile]:
    for node in root.all("AdditionalDocumentReference"):
        path = "Attachment/EmbeddedDocumentBinaryObject"
        content = node.first(path)
        link = node.text("Attachment/ExternalReference/URI")
        if content or link:
            yield UblFile(
                name=(content.attribute("filename") if content else "")
                or node.text("ID"),
                mimetype=content.attribute("mimeCode") if content else "",
                content="".join(content.value.split()) if content else "",
                link=link,
            )


def _unique(root: Node, path: str, *, join: bool = False) -> tuple[str, ...]:
    found = root.texts(path)
    if join:
        found = tuple("".join(text.split()).upper() for text in found)
    return tuple(dict.fromkeys(found))


def _times(value: Decimal | None, sign: Decimal) -> Decimal | None:
    return None if value is None else value * sign


def _plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return other if one is None else one + (other or ZERO)
