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

from lxml import etree

from .advances import Advance, advances_in, is_advance_invoice
from .bank_accounts import stated_account
from .document_kinds import (
    COLLECTED,
    CORRECTION,
    CREDITS,
    FACTORED,
    PREPAYMENT,
    UN_KINDS,
    DocumentKind,
    is_invoice_type,
)
from .finvoice.node import Node, Notes, Problem
from .finvoice.node import number as number_of
from .finvoice.source import UnreadableError, tree
from .reverse_charge import reverse_charge_in
from .supply import Sign, signs_of
from .totals import Difference, Figures, RowFigure, VatFigure, inner_differences

ZERO = Decimal(0)
TOTAL = "LegalMonetaryTotal"
SUPPLIER = "AccountingSupplierParty/Party"
CUSTOMER = "AccountingCustomerParty/Party"
ORIGINAL = "BillingReference/InvoiceDocumentReference"
SUMS = ("TaxInclusiveAmount", "TaxExclusiveAmount", "PayableAmount")
RowOrder = tuple[str, str]
Period = tuple[dt.date | None, dt.date | None]
WITHOUT_VAT = {"Z", "E", "AE", "K", "G", "O"}
INDICATOR = "ChargeIndicator"
YES = ("true", "1")  # of XML Schema's boolean


@dataclass(frozen=True)
class UblParty:
    """``address`` is the electronic address, ``scheme`` its EAS code."""

    name: str = ""
    business_id: str = ""
    vat: str = ""
    address: str = ""
    scheme: str = ""
    country: str = ""
    business_scheme: str = ""


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
    original_days: tuple[dt.date, ...]
    supply_days: tuple[dt.date, ...]
    texts: tuple[str, ...]
    period: Period
    agreement: str
    project: str
    account_proposal: str
    figures: Figures
    rows: tuple[RowFigure, ...]  # VAT code, rate, net; discounts and charges too
    row_orders: tuple[RowOrder, ...]  # of each row: number and position, or nothing
    row_signs: tuple[tuple[Sign, ...], ...]  # of the lines, not of what follows them
    accounting_vat: tuple[Decimal, str] | None  # VAT and its currency, if another
    reverse_charge: str
    advances: tuple[Advance, ...]  # text and net of what takes one off
    paid: Decimal
    round_off: Decimal
    is_collected: bool
    files: tuple[UblFile, ...]
    problems: tuple[Problem, ...]

    @property
    def kind(self) -> DocumentKind:
        """What it is: bill or credit note by its root and total, else by its type."""
        known = UN_KINDS.get(self.type_code)
        if known and not known.is_bill:
            return known
        return DocumentKind.CREDIT_NOTE if self.is_refund else DocumentKind.INVOICE

    @property
    def is_invoice(self) -> bool:
        return is_invoice_type(self.type_code)

    @property
    def is_prepayment(self) -> bool:
        return self.type_code in PREPAYMENT or is_advance_invoice(self.texts)

    @property
    def is_correction(self) -> bool:
        return self.type_code in CORRECTION

    @property
    def is_factored(self) -> bool:
        return self.type_code in FACTORED or bool(self.payee)

    @property
    def is_paid(self) -> bool:
        total = self.figures.total
        return bool(self.paid and total is not None and self.paid >= total)

    def contradictions(self) -> tuple[Difference, ...]:
        """Return where lines, VAT table, totals and payment do not fit together."""
        return inner_differences(
            self.figures, rows=self.rows, paid=self.paid, round_off=self.round_off
        )


def spell_indicators(root: etree._Element) -> None:
    """Write as words what is a charge: decoders take the digits 0 and 1 for others."""
    for node in root.iter(f"{{*}}{INDICATOR}"):
        is_charge = (node.text or "").strip().lower() in YES
        node.text = "true" if is_charge else "false"


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
    number, day = root.text("ID"), root.day("IssueDate")
    seller, currency = _party(root, SUPPLIER), _currency(root)
    type_code = root.text("InvoiceTypeCode") or root.text("CreditNoteTypeCode")
    figures = _figures(root, sign, currency)
    rows = list(_rows(root, sign, figures.vat_groups))
    notes.add_missing(
        number=number, date=day, seller=seller.name, total=total is not None
    )
    if not rows:
        notes.add("no_rows")
    return UblSummary(
        root=root.name,
        type_code=type_code,
        customization=root.text("CustomizationID"),
        is_refund=_is_refund(root.name, type_code, sign),
        number=number,
        date=day,
        due_date=root.day("DueDate") or root.day("PaymentMeans/PaymentDueDate"),
        seller=seller,
        buyer=_party(root, CUSTOMER),
        payee=root.text("PayeeParty/PartyName/Name"),
        accounts=tuple(dict.fromkeys(_accounts(root))),
        references=_unique(root, "PaymentMeans/PaymentID"),
        orders=(
            *_unique(root, "OrderReference/ID"),
            *_unique(root, f"{root.name}Line/OrderLineReference/OrderReference/ID"),
        ),
        buyer_reference=root.text("BuyerReference"),
        original_numbers=_unique(root, f"{ORIGINAL}/ID"),
        original_days=root.days(f"{ORIGINAL}/IssueDate"),
        supply_days=tuple(dict.fromkeys(_supply_days(root))),
        texts=_unique(root, "Note") + _unique(root, "PaymentTerms/Note"),
        period=(
            root.day("InvoicePeriod/StartDate"),
            root.day("InvoicePeriod/EndDate"),
        ),
        agreement=root.text("ContractDocumentReference/ID"),
        project=root.text("ProjectReference/ID"),
        account_proposal=root.text("AccountingCost"),
        figures=figures,
        rows=tuple(figure for figure, _order in rows),
        row_orders=tuple(order for _figure, order in rows),
        row_signs=tuple(_signs(root)),
        accounting_vat=_accounting_vat(root, sign, currency),
        reverse_charge=_reverse_charge(root),
        advances=tuple(advances_in(_named_rows(root, sign))),
        paid=(root.number(f"{TOTAL}/PrepaidAmount") or ZERO) * sign,
        round_off=(root.number(f"{TOTAL}/PayableRoundingAmount") or ZERO) * sign,
        is_collected=bool(COLLECTED & {*root.texts("PaymentMeans/PaymentMeansCode")}),
        files=tuple(_files(root)),
        problems=tuple(notes),
    )


def _is_refund(root: str, type_code: str, sign: Decimal) -> bool:
    """Return whether the supplier owes the money.

    A credit note may also be an invoice by its root, with the type of a credit note,
    whichever sign its amounts have.
    """
    if root == "Invoice" and type_code in CREDITS:
        return True
    return (root == "CreditNote") != (sign < 0)


def _supply_days(root: Node) -> Iterator[dt.date]:
    """Yield the days of delivery, and the tax point, of the document and its lines."""
    yield from root.days("TaxPointDate")
    for node in (root, *root.all(f"{root.name}Line")):
        yield from node.days("Delivery/ActualDeliveryDate")
        for name in ("StartDate", "EndDate"):
            yield from node.days(f"InvoicePeriod/{name}")


def _currency(root: Node) -> str:
    """Return the currency of the sums; others among them are a problem."""
    nodes = [node for name in SUMS for node in root.all(f"{TOTAL}/{name}")]
    found = [node.attribute("currencyID") for node in nodes]
    return root.notes.currency_of([root.text("DocumentCurrencyCode"), *found])


def _accounting_vat(
    root: Node, sign: Decimal, currency: str
) -> tuple[Decimal, str] | None:
    """Return the VAT in another currency than the document's, for the books."""
    for node in root.all("TaxTotal/TaxAmount"):
        other = node.attribute("currencyID").upper()
        amount = number_of(node.value)
        if other not in ("", currency) and amount is not None:
            return amount * sign, other
    return None


def _reverse_charge(root: Node) -> str:
    """Return the words that name a reverse charge: of the VAT table, texts or lines."""
    category, line = "TaxTotal/TaxSubtotal/TaxCategory", f"{root.name}Line"
    names = ("TaxExemptionReason", "TaxExemptionReasonCode")
    paths = (
        *(f"{category}/{name}" for name in names),
        *(f"{line}/Item/ClassifiedTaxCategory/{name}" for name in names),
        *("Note", "PaymentTerms/Note", f"{line}/Note"),
        *(f"{line}/Item/Name", f"{line}/Item/Description"),
    )
    return reverse_charge_in(text for path in paths for text in root.texts(path))


def _figures(root: Node, sign: Decimal, currency: str) -> Figures:
    """Return the sums in the document's currency; VAT in another one is left out.

    A total without its parts may stand beside the one with them, for the books.
    """
    totals = [
        total
        for total in root.all("TaxTotal")
        if (amount := total.first("TaxAmount")) is None
        or amount.attribute("currencyID").upper() in ("", currency)
    ]
    totals = [total for total in totals if total.first("TaxSubtotal")] or totals
    vat, groups = None, []
    for total in totals:
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


def _rows(
    root: Node, sign: Decimal, groups: tuple[VatFigure, ...]
) -> Iterator[tuple[RowFigure, RowOrder]]:
    """Yield lines, discounts and charges, each with the order that it names.

    :param groups: the VAT table, for what names no rate of its own
    """
    for line in root.all(f"{root.name}Line"):
        net = line.number("LineExtensionAmount")
        if net is None:
            continue
        order = "OrderLineReference"
        named = line.text(f"{order}/OrderReference/ID"), line.text(f"{order}/LineID")
        # UBL 2.0 has the rate in the line's own total
        tax = line.first("Item/ClassifiedTaxCategory") or line.first(
            "TaxTotal/TaxSubtotal/TaxCategory"
        )
        yield (*_vat_key(tax, groups), net * sign), named
    for node in root.all("AllowanceCharge"):
        amount = node.number("Amount") or ZERO
        if not _is_charge(node):
            amount = -amount
        yield (*_vat_key(node.first("TaxCategory"), groups), amount * sign), ("", "")


def _is_charge(allowance: Node) -> bool:
    return allowance.text(INDICATOR).lower() in YES


def _named_rows(
    root: Node, sign: Decimal
) -> Iterator[tuple[tuple[str, ...], Decimal | None]]:
    """Yield texts and net amount of lines, and of the document's discounts."""
    for line in root.all(f"{root.name}Line"):
        names = ("Item/Name", "Item/Description", "Note")
        texts = [text for name in names for text in line.texts(name)]
        yield tuple(texts), _times(line.number("LineExtensionAmount"), sign)
    for node in root.all("AllowanceCharge"):
        if not _is_charge(node):
            amount = _times(node.number("Amount"), -sign)
            yield node.texts("AllowanceChargeReason"), amount


def _signs(root: Node) -> Iterator[tuple[Sign, ...]]:
    """Yield the signs of goods or services of each line with an amount."""
    for line in root.all(f"{root.name}Line"):
        if line.number("LineExtensionAmount") is None:
            continue
        item, path = "Item/CommodityClassification", "ItemClassificationCode"
        quantity = line.first("InvoicedQuantity") or line.first("CreditedQuantity")
        start, end = (line.day(f"InvoicePeriod/{x}Date") for x in ("Start", "End"))
        yield signs_of(
            line.text("Item/ClassifiedTaxCategory/ID").upper(),
            classifications=[
                (node.attribute("listID"), node.value)
                for node in line.all(f"{item}/{path}")
            ],
            unit_code=quantity.attribute("unitCode") if quantity else "",
            has_period=bool(start and end and start < end),
        )


def _vat_key(
    tax: Node | None, groups: tuple[VatFigure, ...]
) -> tuple[str, Decimal | None]:
    """Return code and rate; a rate that is not written is that of its code's group."""
    code = tax.text("ID").upper() if tax else ""
    rate = tax.number("Percent") if tax else None
    if rate is None:
        rates = {group.rate for group in groups if group.code == code or not code}
        if len(rates) == 1:
            [rate] = rates
        if rate is None and (code in WITHOUT_VAT or not groups):
            rate = ZERO
    return code, rate


def _party(root: Node, path: str) -> UblParty:
    endpoint = root.first(f"{path}/EndpointID")
    legal = root.first(f"{path}/PartyLegalEntity/CompanyID")
    return UblParty(
        name=root.text(f"{path}/PartyLegalEntity/RegistrationName")
        or root.text(f"{path}/PartyName/Name"),
        business_id=legal.value if legal else "",
        business_scheme=legal.attribute("schemeID") if legal else "",
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


def _accounts(root: Node) -> Iterator[str]:
    for account in root.all("PaymentMeans/PayeeFinancialAccount"):
        if number := account.text("ID"):
            branch = account.text("FinancialInstitutionBranch/ID")
            yield stated_account(number, branch)


def _unique(root: Node, path: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(root.texts(path)))


def _times(value: Decimal | None, sign: Decimal) -> Decimal | None:
    return None if value is None else value * sign


def _plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return other if one is None else one + (other or ZERO)
