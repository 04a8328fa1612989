"""From the bytes of a received file to what its documents say: Finvoice 1.3 to 3.0.

Read by name: what is missing is absent, what is not known is passed over, and the
schema is no gate. What is odd becomes a problem of the document; only a file in
which nothing can be read raises.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from ..advances import is_advance_invoice
from ..document_kinds import (
    COLLECTED,
    CORRECTION,
    CREDITS,
    FACTORED,
    PREPAYMENT,
    DocumentKind,
    is_invoice_type,
    kind_of_type,
)
from .files_in import attached_files
from .incoming import (
    IncomingAllowance,
    IncomingDocument,
    IncomingFile,
    IncomingRow,
    IncomingTerms,
    IncomingTotals,
    IncomingVat,
    category,
)
from .node import Node, Notes
from .reader_parties import PAYMENT, accounts, party, payee, reference
from .reader_rows import CENT, read_rows, spread_rounding
from .signs import turned
from .source import Piece, UnreadableError, pieces, tree

DETAILS = "InvoiceDetails"
ZERO = Decimal(0)
KINDS = {
    "INV01": DocumentKind.INVOICE,
    "INV02": DocumentKind.CREDIT_NOTE,
    "INV03": DocumentKind.INTEREST_NOTE,
    "INV04": DocumentKind.INVOICE,
    "INV05": DocumentKind.COLLECTION,
    "INV06": DocumentKind.PRO_FORMA,
    "INV07": DocumentKind.SELF_BILLING,
    "INV08": DocumentKind.REMINDER,
    "INV09": DocumentKind.DIRECT_PAYMENT,
}
EITHER_WAY = {DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE}


def read(file: bytes) -> tuple[IncomingDocument, ...]:
    """Return the documents of a file, in their order; usually it is one.

    A document that cannot be read beside others that can is left out, and named in
    the problems of all others as ``unreadable_document``.

    :raise UnreadableError: none can be read
    """
    found, files, failed = [], [], []
    index = 0
    for piece in pieces(file):
        try:
            if piece.kind == "finvoiceattachments":
                files += attached_files(piece.data)
                continue
            found.append(_document(piece, index))
        except UnreadableError as error:
            failed.append((index, error))
        index += 1
    if not found:
        raise failed[0][1]
    return tuple(_completed(document, files, failed) for document in found)


def _completed(
    document: IncomingDocument,
    files: list[tuple[str, IncomingFile]],
    failed: list[tuple[int, UnreadableError]],
) -> IncomingDocument:
    """Return the document with its files, and with what failed beside it."""
    mine = tuple(
        file
        for message, file in files
        if message == document.attachment_message or not document.attachment_message
    )
    notes = Notes()
    for index, error in failed:
        notes.add("unreadable_document", index=index, kind=error.kind)
    if document.attachment_message and not mine:
        notes.add("attachments_missing", text=document.attachment_message)
    return replace(document, attachments=mine, problems=(*document.problems, *notes))


def _document(piece: Piece, index: int) -> IncomingDocument:
    notes = Notes()
    element, odd = tree(piece.data)
    for code in odd:
        notes.add(code)
    root = Node(element, notes)
    head = root.first(DETAILS)
    if head is None:
        raise UnreadableError("xml", "no InvoiceDetails")
    day, terms = head.day("InvoiceDate"), _terms(head)
    vat_groups, totals = _vat_groups(head), _totals(root, head)
    allowances = tuple(_allowances(head))
    rows, subs = _rows(root, totals, vat_groups, allowances)
    document = IncomingDocument(
        index=index,
        data=piece.data,
        version=root.attribute("Version"),
        number=head.text("InvoiceNumber"),
        date=day,
        due_date=_due_date(root, terms, day),
        currency=_currency(root, head),
        accounts=accounts(root),
        reference=reference(root),
        rows=tuple(rows),
        sub_rows=tuple(subs),
        allowances=allowances,
        vat_groups=vat_groups,
        totals=totals,
        terms=terms,
        original_numbers=_originals(head, rows),
        texts=_texts(root, head),
        links=_links(root),
        attachments=(),
        problems=(),
        **_kind(root, head),
        **_parties(root),
        **_periods(root, head),
        **_identifiers(root, head),
        **_message(root, piece.frame),
    )
    return _checked(turned(document, notes), notes)


def _kind(root: Node, head: Node) -> dict[str, Any]:
    """Return what sort of document it is; processing goes by the Finnish code."""
    code, code_un = head.text("InvoiceTypeCode").upper(), head.text("InvoiceTypeCodeUN")
    title = head.text("InvoiceTypeText")
    known = KINDS.get(code) if code else kind_of_type(code_un)
    kind = known or DocumentKind.OTHER
    is_credit = kind is DocumentKind.CREDIT_NOTE
    if kind in EITHER_WAY and code_un and is_credit != (code_un in CREDITS):
        root.notes.add("odd_type", text=f"{code} {code_un}")
    overdue = ("RowOverDuePaymentDetails", "SubInvoiceRow/SubRowOverDuePaymentDetails")
    return {
        "kind": kind,
        "type_code": code,
        "type_code_un": code_un,
        "type_text": title,
        "origin": head.text("OriginCode").lower() or "original",
        "is_refund": is_credit,
        "is_factored": code_un in FACTORED
        or root.first("FactoringAgreementDetails") is not None,
        "is_invoice": is_invoice_type(code_un),
        "is_prepayment": code_un in PREPAYMENT
        or is_advance_invoice([title, *head.texts("InvoiceFreeText")]),
        "is_correction": code_un in CORRECTION,
        "is_collected": root.text(f"{PAYMENT}/EpiPaymentMeansCode") in COLLECTED,
        "is_overdue_notice": any(root.all(f"InvoiceRow/{name}") for name in overdue),
        "payment_status": root.text("PaymentStatusDetails/PaymentStatusCode").upper(),
    }


def _parties(root: Node) -> dict[str, Any]:
    return {
        "seller": party(root, "Seller"),
        "buyer": party(root, "Buyer"),
        "sender": party(root, "InvoiceSender"),
        "recipient": party(root, "InvoiceRecipient"),
        "payee": payee(root),
        "delivery": party(root, "Delivery"),
    }


def _periods(root: Node, head: Node) -> dict[str, Any]:
    delivered = "DeliveryDetails/DeliveryPeriodDetails"
    start, end = f"{delivered}/StartDate", f"{delivered}/EndDate"
    return {
        "original_days": (
            *head.days("OriginalInvoiceDate"),
            *head.days("OriginalInvoiceReference/InvoiceDate"),
        ),
        "period_start": head.day("InvoicingPeriodStartDate") or root.day(start),
        "period_end": head.day("InvoicingPeriodEndDate") or root.day(end),
        "delivery_date": root.day("DeliveryDetails/DeliveryDate"),
    }


def _identifiers(root: Node, head: Node) -> dict[str, Any]:
    message = "AttachmentMessageDetails/AttachmentMessageIdentifier"
    return {
        "order": head.text("OrderIdentifier"),
        "buyer_reference": head.text("BuyerReferenceIdentifier"),
        "seller_reference": head.text("SellerReferenceIdentifier"),
        "customer_number": head.text("SellersBuyerIdentifier"),
        "agreement": head.text("AgreementIdentifier"),
        "project": head.text("ProjectReferenceIdentifier"),
        "account_proposal": head.text("NormalProposedAccountIdentifier"),
        "dimension": head.text("AccountDimensionText"),
        "attachment_message": root.text(message),
    }


def _checked(document: IncomingDocument, notes: Notes) -> IncomingDocument:
    """Return the document with what it lacks or contradicts among its problems."""
    notes.add_missing(
        number=document.number,
        date=document.date,
        seller=document.seller,
        total=document.totals.total is not None,
    )
    if document.date and document.due_date and document.due_date < document.date:
        notes.add("due_before_date", date=document.date, due_date=document.due_date)
    if not document.priced_rows:
        notes.add("no_rows")
    if document.kind is DocumentKind.OTHER:
        notes.add("unknown_type", text=document.type_code or document.type_code_un)
    return replace(document, problems=tuple(notes))


# === SUMS === #


def _totals(root: Node, head: Node) -> IncomingTotals:
    """Return the sums; one that is missing follows from two that are there."""
    total = head.number("InvoiceTotalVatIncludedAmount")
    net = head.number("InvoiceTotalVatExcludedAmount")
    vat = head.number("InvoiceTotalVatAmount")
    if vat is None and net is not None and total is not None:
        vat = total - net
    elif net is None and vat is not None and total is not None:
        net = total - vat
    elif total is None and net is not None and vat is not None:
        total = net + vat
    return IncomingTotals(
        total=total,
        net=net,
        vat=vat,
        rows=head.number("RowsTotalVatExcludedAmount"),
        round_off=head.number("InvoiceTotalRoundoffAmount") or ZERO,
        paid=head.number("InvoicePaidAmount") or ZERO,
        payable=root.number(f"{PAYMENT}/EpiInstructedAmount"),
        vat_in_euro=head.number("InvoiceTotalVatAccountingAmount"),
    )


def _vat_groups(head: Node) -> tuple[IncomingVat, ...]:
    groups = [
        IncomingVat(
            code=category(node.text("VatCode")),
            rate=node.number("VatRatePercent"),
            base=node.number("VatBaseAmount"),
            amount=node.number("VatRateAmount"),
            reason=" ".join(node.texts("VatFreeText")),
            reason_code=node.text("VatExemptionReasonCode"),
        )
        for node in head.all("VatSpecificationDetails")
    ]
    return tuple(
        group
        for group in groups
        if (group.base, group.rate, group.amount) != (None, None, None)
    )


def _allowances(head: Node) -> Iterator[IncomingAllowance]:
    for name, is_charge in (("DiscountDetails", False), ("ChargeDetails", True)):
        for node in head.all(name):
            amount, percent = node.number("Amount"), node.number("Percent")
            base = node.number("BaseAmount")
            if amount is None and percent is not None and base is not None:
                amount = (base * percent / 100).quantize(CENT)
            if amount:
                yield IncomingAllowance(
                    amount=amount,
                    is_charge=is_charge,
                    percent=percent,
                    vat_code=category(node.text("VatCategoryCode")),
                    vat_rate=node.number("VatRatePercent"),
                    reason=node.text("ReasonText" if is_charge else "FreeText"),
                    reason_code=node.text("ReasonCode"),
                )


def _rows(
    root: Node,
    totals: IncomingTotals,
    groups: tuple[IncomingVat, ...],
    allowances: tuple[IncomingAllowance, ...],
) -> tuple[list[IncomingRow], list[IncomingRow]]:
    """Return the rows, and the sub-rows that only repeat them.

    By the standard sub-rows are decoration; some senders have their amounts in them.
    They count only where the rows alone do not make up the head's sum and they do.
    """
    rates = {group.rate for group in groups}
    rows, subs = read_rows(root, rates.pop() if len(rates) == 1 else None)
    wanted = totals.rows
    if wanted is None and totals.net is not None:
        wanted = totals.net - sum((one.signed for one in allowances), ZERO)
    if wanted is not None and subs:
        main, extra = _sum(rows), _sum(subs)
        slack = CENT * (len(rows) + len(subs))
        if abs(main - wanted) > slack and abs(main + extra - wanted) <= slack:
            root.notes.add("sub_rows_count", rows=main, sub_rows=extra)
            rows, subs = rows + subs, []
    bases: dict[Decimal, Decimal] = {}
    for group in groups:
        rate = group.rate or ZERO
        if group.base is not None:
            bases[rate] = bases.get(rate, ZERO) + group.base
    for allowance in allowances:  # what the rows alone make up
        rate = allowance.vat_rate or ZERO
        bases[rate] = bases.get(rate, ZERO) - allowance.signed
    return spread_rounding(rows, bases), subs


def _sum(rows: list[IncomingRow]) -> Decimal:
    return sum((row.net for row in rows if row.net is not None), ZERO)


# === DATES AND TEXTS === #


def _terms(head: Node) -> IncomingTerms:
    path = "PaymentTermsDetails"
    days = [node.day("InvoiceDueDate") for node in head.all(path)]
    fine = f"{path}/PaymentOverDueFineDetails"
    free = [
        ": ".join(filter(None, (node.text("Header"), " ".join(node.texts("Value")))))
        for node in head.all(f"{path}/FreeText")
    ]
    return IncomingTerms(
        due_dates=tuple(dict.fromkeys(day for day in days if day)),
        texts=(
            *head.texts(f"{path}/PaymentTermsFreeText"),
            *filter(None, free),
            *head.texts(f"{fine}/PaymentOverDueFineFreeText"),
        ),
        cash_discount_date=head.day(f"{path}/CashDiscountDate"),
        cash_discount_percent=head.number(f"{path}/CashDiscountPercent"),
        cash_discount_amount=head.number(f"{path}/CashDiscountAmount"),
        overdue_percent=head.number(f"{fine}/PaymentOverDueFinePercent"),
        overdue_amount=head.number(f"{fine}/PaymentOverDueFixedAmount"),
    )


def _due_date(
    root: Node, terms: IncomingTerms, invoice_date: date | None
) -> date | None:
    """Return when to pay: the payment's own date wins."""
    payment = root.day(f"{PAYMENT}/EpiDateOptionDate")
    if payment and terms.due_dates and payment not in terms.due_dates:
        root.notes.add("due_dates_differ", due_date=terms.due_dates[0], payment=payment)
    return payment or next(iter(terms.due_dates), None)


def _currency(root: Node, head: Node) -> str:
    """Return the currency of the total; others among the sums are a problem."""
    names = (
        "InvoiceTotalVatIncludedAmount",
        "InvoiceTotalVatExcludedAmount",
        "InvoiceTotalVatAmount",
    )
    nodes = [node for name in names for node in head.all(name)]
    nodes += root.all(f"{PAYMENT}/EpiInstructedAmount")
    return root.notes.currency_of(
        node.attribute("AmountCurrencyIdentifier") for node in nodes
    )


def _originals(head: Node, rows: list[IncomingRow]) -> tuple[str, ...]:
    found = [
        head.text("OriginalInvoiceNumber"),
        *head.texts("OriginalInvoiceReference/InvoiceNumber"),
        *(row.original_number for row in rows),
    ]
    return tuple(dict.fromkeys(filter(None, found)))


def _texts(root: Node, head: Node) -> tuple[str, ...]:
    found = (
        *head.texts("InvoiceFreeText"),
        *head.texts("InvoiceVatFreeText"),
        *root.texts("FactoringAgreementDetails/FactoringFreeText"),
        *root.texts("SpecificationDetails/SpecificationFreeText"),
    )
    return found


def _links(root: Node) -> tuple[tuple[str, str], ...]:
    names, urls = root.texts("InvoiceUrlNameText"), root.texts("InvoiceUrlText")
    return tuple(
        (names[i] if i < len(names) else "", url) for i, url in enumerate(urls)
    )


def _message(root: Node, frame: bytes) -> dict[str, Any]:
    """Return how the document travelled: its own block, else the frame."""
    block = "MessageTransmissionDetails"
    found = {
        "message_id": root.text(f"{block}/MessageDetails/MessageIdentifier"),
        "from_address": root.text(f"{block}/MessageSenderDetails/FromIdentifier"),
        "from_operator": root.text(f"{block}/MessageSenderDetails/FromIntermediator"),
        "to_address": root.text(f"{block}/MessageReceiverDetails/ToIdentifier"),
        "to_operator": root.text(f"{block}/MessageReceiverDetails/ToIntermediator"),
    }
    if not frame or all(found.values()):
        return found
    framed = _frame(frame, root.notes)
    return {name: value or framed.get(name, "") for name, value in found.items()}


def _frame(frame: bytes, notes: Notes) -> dict[str, str]:
    """Return what a frame says; one that cannot be read is a problem and no more.

    What else stands before a document, as the start of a list, is no frame.
    """
    try:
        element, _odd = tree(frame)
    except UnreadableError:
        if b"envelope" in frame.lower():
            notes.add("odd_frame")
        return {}
    header = Node(element, notes)
    if header.name.lower() != "envelope":
        return {}
    path = "Header/MessageHeader"
    found = {"message_id": header.text(f"{path}/MessageData/MessageId")}
    for side, name in (("From", "from"), ("To", "to")):
        for node in header.all(f"{path}/{side}"):
            role = node.text("Role").lower()
            key = "operator" if role == "intermediator" else "address"
            found.setdefault(f"{name}_{key}", node.text("PartyId"))
    return found


def is_finvoice(file: bytes) -> bool:
    """Tell whether there is a Finvoice in a file, without reading it."""
    try:
        return bool(pieces(file))
    except UnreadableError:
        return False
