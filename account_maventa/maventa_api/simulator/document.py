"""The first look that Maventa takes at an uploaded Peppol BIS 3 document.

Only what is checked at once, at the upload; the rules of a network are checked
later, when the route is known, and end in the status FAILED.
"""

from __future__ import annotations

import base64
import binascii
from decimal import Decimal, InvalidOperation

from lxml import etree

ROOTS = {
    "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice",
    "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote",
}
NAMESPACES = {
    "a": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "b": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
TOTAL = "a:LegalMonetaryTotal"
PARTY = "a:Accounting%sParty/a:Party"
MINIMUM = {
    "invoice number": "b:ID",
    "invoice date": "b:IssueDate",
    "currency": "b:DocumentCurrencyCode",
    "seller's name": PARTY % "Supplier" + "/a:PartyLegalEntity/b:RegistrationName",
    "buyer's name": PARTY % "Customer" + "/a:PartyLegalEntity/b:RegistrationName",
    "total": "a:LegalMonetaryTotal/b:PayableAmount",
    "tax total": "a:TaxTotal/b:TaxAmount",
    "line": "a:InvoiceLine/b:ID | a:CreditNoteLine/b:ID",
}


class UnfitDocument(Exception):
    """The document is refused; ``args`` are the reasons."""


def read_document(file: bytes) -> dict:
    """Return what Maventa takes from a document: texts, sums as text, PDF sizes.

    :raise UnfitDocument: not XML, not UBL, or without the minimum
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(file, parser)
    except etree.XMLSyntaxError as error:
        raise UnfitDocument(f"XML: {error}") from error
    if root.tag not in ROOTS:
        raise UnfitDocument(f"unknown document: {root.tag!r}")
    missing = [
        f"missing: {what}" for what, path in MINIMUM.items() if not _has(root, path)
    ]
    if missing:
        raise UnfitDocument(*missing)
    return {
        "document": etree.QName(root).localname,
        "number": _text(root, "b:ID"),
        "date": _text(root, "b:IssueDate"),
        "currency": _text(root, "b:DocumentCurrencyCode"),
        "sum": _amount(root, f"{TOTAL}/b:TaxExclusiveAmount"),
        "sum_tax": _amount(root, f"{TOTAL}/b:TaxInclusiveAmount"),
        "sender": _party(root, "Supplier"),
        "recipient": _party(root, "Customer"),
        "pdfs": [name for name, _data in embedded_pdfs(root)],
    }


def embedded_pdfs(root: etree._Element) -> list[tuple[str, bytes]]:
    """Return name and bytes of each PDF inside the document.

    :raise UnfitDocument: an attachment is not what it says it is
    """
    path = "a:AdditionalDocumentReference/a:Attachment/b:EmbeddedDocumentBinaryObject"
    found = []
    for node in root.iterfind(path, NAMESPACES):
        name = node.get("filename") or ""
        try:
            data = base64.b64decode(node.text or "", validate=True)
        except binascii.Error as error:
            raise UnfitDocument(f"attachment {name}: not base64") from error
        if node.get("mimeCode") == "application/pdf":
            if not data.startswith(b"%PDF-"):
                raise UnfitDocument(f"attachment {name}: not a PDF")
            found.append((name, data))
    return found


def parse(file: bytes) -> etree._Element:
    """Return the root of a document that was accepted once."""
    return etree.fromstring(
        file, etree.XMLParser(resolve_entities=False, no_network=True)
    )


def _party(root: etree._Element, role: str) -> dict[str, str]:
    base = PARTY % role
    endpoint = root.find(f"{base}/b:EndpointID", NAMESPACES)
    return {
        "name": _text(root, f"{base}/a:PartyLegalEntity/b:RegistrationName"),
        "bid": _text(root, f"{base}/a:PartyLegalEntity/b:CompanyID"),
        "eia": "" if endpoint is None else endpoint.text or "",
        "scheme": "" if endpoint is None else endpoint.get("schemeID") or "",
        "email": _text(root, f"{base}/a:Contact/b:ElectronicMail"),
        "street": _text(root, f"{base}/a:PostalAddress/b:StreetName"),
        "city": _text(root, f"{base}/a:PostalAddress/b:CityName"),
        "post_code": _text(root, f"{base}/a:PostalAddress/b:PostalZone"),
        "country": _text(
            root, f"{base}/a:PostalAddress/a:Country/b:IdentificationCode"
        ),
    }


def _amount(node: etree._Element, path: str) -> str:
    text = _text(node, path)
    try:
        return str(Decimal(text))
    except InvalidOperation as error:
        raise UnfitDocument(f"not an amount: {text}") from error


def _text(node: etree._Element, path: str) -> str:
    return (node.findtext(path, "", NAMESPACES) or "").strip()


def _has(root: etree._Element, path: str) -> bool:
    return any(
        (node.text or "").strip()
        for way in path.split(" | ")
        for node in root.iterfind(way, NAMESPACES)
    )
