"""The head of a document: kind, texts, currencies and references."""

from __future__ import annotations

from typing import Any

from lxml import etree

from .tree import (
    NAMESPACE,
    Element,
    add,
    drop,
    find,
    find_all,
    is_credit_note,
    local,
    money,
    put,
    remove,
    tag,
    text,
)
from .values import AccountingVat, EarlierInvoice, ReferenceValues

BILLING = "urn:fdc:peppol.eu:2017:poacc:billing"
CUSTOMIZATION = f"urn:cen.eu:en16931:2017#compliant#{BILLING}:3.0"
PROFILE = f"{BILLING}:01:1.0"
INVOICE, CREDIT_NOTE = "380", "381"
# What Peppol takes (PEPPOL-EN16931-P0100, P0101); 326 and 384 in Germany only
INVOICE_TYPES = frozenset(
    "71 80 82 84 102 218 219 331 380 382 383 386 388 393 395 553 575 623 780 817 870 "
    "875 876 877".split()
)
CREDIT_TYPES = frozenset("381 396 81 83 532".split())
# Stands for an order number that nobody has, where UBL wants one (BIS, section 6.3)
NO_ORDER = "NA"

FROM_DEBIT_NOTE = {
    "DebitNoteLine": "InvoiceLine",
    "DebitedQuantity": "InvoicedQuantity",
    "RequestedMonetaryTotal": "LegalMonetaryTotal",
}


def to_invoice(root: Element) -> Element:
    """Return a debit note as the invoice that it is for Peppol; others as they are.

    Peppol knows invoices and credit notes only; the root element decides.
    """
    if local(root) != "DebitNote":
        return root
    prefixes: dict[Any, str] = dict(root.nsmap) | {None: f"{NAMESPACE}:Invoice-2"}
    invoice = etree.Element(f"{{{NAMESPACE}:Invoice-2}}Invoice", nsmap=prefixes)
    invoice[:] = list(root)
    for node in list(invoice.iter("*")):
        if new := FROM_DEBIT_NOTE.get(local(node)):
            node.tag = f"{{{etree.QName(node).namespace}}}{new}"
    return invoice


def put_kind(root: Element, type_code: str) -> None:
    """Write which rules the document follows, and its type."""
    remove(root, "cbc:UBLVersionID")
    if not text(root, "cbc:CustomizationID").startswith(CUSTOMIZATION):
        put(root, "cbc:CustomizationID", CUSTOMIZATION)
    if not text(root, "cbc:ProfileID"):
        put(root, "cbc:ProfileID", PROFILE)
    if is_credit_note(root):
        path, allowed, default = "cbc:CreditNoteTypeCode", CREDIT_TYPES, CREDIT_NOTE
    else:
        path, allowed, default = "cbc:InvoiceTypeCode", INVOICE_TYPES, INVOICE
    code = type_code or text(root, path)
    put(root, path, code if code in allowed else default)


def put_note(root: Element, note: str | None) -> None:
    """Write the one free text of a document (PEPPOL-EN16931-R002)."""
    if note is None:
        texts = (text(found) for found in find_all(root, "cbc:Note"))
        note = "\n".join(filter(None, texts))
    remove(root, "cbc:Note")
    put(root, "cbc:Note", note.strip())


def put_references(root: Element, references: ReferenceValues | None) -> None:
    """Write order, buyer's reference, the original of a credit note, and advances.

    One of order number and buyer's reference is a must (PEPPOL-EN16931-R003).
    """
    if references is None:
        return
    put(root, "cbc:BuyerReference", references.buyer.strip())
    remove(root, "cac:OrderReference")
    order, sales_order = references.order.strip(), references.sales_order.strip()
    if order or sales_order or not references.buyer.strip():
        put(root, "cac:OrderReference/cbc:ID", order or NO_ORDER)
        put(root, "cac:OrderReference/cbc:SalesOrderID", sales_order)
    _put_originals(root, references)
    if references.contract:
        remove(root, "cac:ContractDocumentReference")
        put(root, "cac:ContractDocumentReference/cbc:ID", references.contract.strip())


def _put_originals(root: Element, references: ReferenceValues) -> None:
    """Name the original by its number alone, whatever the builder took for one.

    Invoices for advances that this one deducts are named beside it (BG-3).
    """
    remove(root, "cac:BillingReference")
    remove(root, "cac:DiscrepancyResponse")
    original = EarlierInvoice(references.original, references.original_date)
    for earlier in (original, *references.advances):
        if not earlier.number.strip():
            continue
        node = add(root, "cac:BillingReference")
        path = "cac:InvoiceDocumentReference"
        put(node, f"{path}/cbc:ID", earlier.number.strip())
        day = earlier.day.isoformat() if earlier.day else ""
        put(node, f"{path}/cbc:IssueDate", day)


def put_currencies(root: Element, given: AccountingVat | None) -> None:
    """Write the VAT in the currency of the books, where it is another one.

    The code and a total without breakdown belong together (BR-53, R005, R054); there
    is one total in each of the two currencies (BR-CO-15).
    """
    currency = text(root, "cbc:DocumentCurrencyCode")
    code = given.currency if given else text(root, "cbc:TaxCurrencyCode")
    code = "" if code == currency else code
    kept: dict[str, Element] = {}
    for total in find_all(root, "cac:TaxTotal"):
        if kept.setdefault(_currency(total), total) is not total:
            drop(total)
    for other in set(kept) - {currency, code}:
        drop(kept[other])
    if given and code:
        if code not in kept:
            kept[code] = add(root, "cac:TaxTotal")
        put(kept[code], "cbc:TaxAmount", money(given.amount), currencyID=code)
        remove(kept[code], "cac:TaxSubtotal")
    elif code in kept:
        remove(kept[code], "cac:TaxSubtotal")
    else:
        code = ""
    put(root, "cbc:TaxCurrencyCode", code)


def _currency(total: Element) -> str:
    node = find(total, "cbc:TaxAmount")
    return (node.get("currencyID") or "") if node is not None else ""


def main_total(root: Element) -> Element:
    """Return the tax total in the document's currency; it is made where missing."""
    currency = text(root, "cbc:DocumentCurrencyCode")
    for total in find_all(root, "cac:TaxTotal"):
        if _currency(total) == currency:
            return total
    return etree.SubElement(root, tag("cac:TaxTotal"))
