"""The first look that Maventa takes at an uploaded Finvoice: XML, or a ZIP."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal, InvalidOperation
from pathlib import PurePath

from lxml import etree

from .document import UnfitDocument

MINIMUM = (
    "SellerPartyDetails/SellerOrganisationName",
    "BuyerPartyDetails/BuyerOrganisationName",
    "InvoiceDetails/InvoiceNumber",
    "InvoiceDetails/InvoiceDate",
    "InvoiceDetails/InvoiceTotalVatIncludedAmount",
    "EpiDetails/EpiPartyDetails/EpiBeneficiaryPartyDetails/EpiAccountID",
    "EpiDetails/EpiPaymentInstructionDetails/EpiInstructedAmount",
)
BLOCK = (  # in the order of the frame
    "MessageSenderDetails/FromIdentifier",
    "MessageSenderDetails/FromIntermediator",
    "MessageReceiverDetails/ToIdentifier",
    "MessageReceiverDetails/ToIntermediator",
    "MessageDetails/MessageIdentifier",
)
TYPES = {"INV01": "Invoice", "INV02": "CreditNote"}


def read_finvoice(file: bytes) -> dict:
    """Return what Maventa takes from a Finvoice: texts, sums as text, PDF names.

    :raise UnfitDocument: not XML, not Finvoice, or without the minimum
    """
    root = _root(file)
    missing = [f"missing: {path}" for path in MINIMUM if not _text(root, path)]
    if root.find("InvoiceRow") is None:
        missing.append("missing: InvoiceRow")
    kind = _text(root, "InvoiceDetails/InvoiceTypeCode")
    missing += _unequal(file, root)
    if kind not in TYPES:
        missing.append(f"unsupported type: {kind}")
    if missing:
        raise UnfitDocument(*missing)
    total = root.find("InvoiceDetails/InvoiceTotalVatIncludedAmount")
    return {
        "document": TYPES[kind],
        "number": _text(root, "InvoiceDetails/InvoiceNumber"),
        "date": _text(root, "InvoiceDetails/InvoiceDate"),
        "currency": "" if total is None else total.get("AmountCurrencyIdentifier"),
        "sum": _amount(root, "InvoiceDetails/InvoiceTotalVatExcludedAmount"),
        "sum_tax": _amount(root, "InvoiceDetails/InvoiceTotalVatIncludedAmount"),
        "sender": _party(root, "Seller"),
        "recipient": _party(root, "Buyer"),
        "pdfs": [name for name, _data in packed_pdfs(file)],
    }


def packed_pdfs(file: bytes) -> list[tuple[str, bytes]]:
    """Return name and bytes of the invoice's image: the PDF with the XML's stem."""
    if not _is_zip(file):
        return []
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        stems = {
            PurePath(name).stem for name in archive.namelist() if name.endswith(".xml")
        }
        return [
            (name, archive.read(name))
            for name in archive.namelist()
            if name.endswith(".pdf") and PurePath(name).stem in stems
        ]


def _root(file: bytes) -> etree._Element:
    if _is_zip(file):
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            names = [name for name in archive.namelist() if name.endswith(".xml")]
            if len(names) != 1:
                raise UnfitDocument("a package has one XML file")
            file = archive.read(names[0])
    try:
        root = etree.fromstring(
            file[max(file.find(b"<?xml"), 0) :],
            etree.XMLParser(resolve_entities=False, no_network=True),
        )
    except etree.XMLSyntaxError as error:
        raise UnfitDocument(f"XML: {error}") from error
    if root.tag != "Finvoice":
        raise UnfitDocument(f"unknown document: {root.tag!r}")
    return root


def _unequal(file: bytes, root: etree._Element) -> list[str]:
    """Return what the SOAP frame before the invoice says otherwise than its block."""
    if _is_zip(file):
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            [name] = [name for name in archive.namelist() if name.endswith(".xml")]
            file = archive.read(name)
    if not file.startswith(b"<SOAP-ENV:Envelope"):
        return []
    frame = etree.fromstring(
        file[: file.index(b"<?xml")],
        etree.XMLParser(resolve_entities=False, no_network=True),
    )
    said = [node.text for node in frame.iterfind(".//{*}PartyId")]
    said += [node.text for node in frame.iterfind(".//{*}MessageId")]
    block = [_text(root, f"MessageTransmissionDetails/{path}") for path in BLOCK]
    return [] if said == block else [f"frame and block differ: {said}, {block}"]


def _is_zip(file: bytes) -> bool:
    return file.startswith(b"PK\x03\x04")


def _party(root: etree._Element, role: str) -> dict[str, str]:
    details, address = f"{role}PartyDetails", f"{role}PostalAddressDetails"
    return {
        "name": _text(root, f"{details}/{role}OrganisationName"),
        "bid": _text(root, f"{details}/{role}PartyIdentifier"),
        "eia": _text(root, f"{role}OrganisationUnitNumber"),
        "scheme": "",
        "email": _text(
            root, f"{role}CommunicationDetails/{role}EmailaddressIdentifier"
        ),
        "street": _text(root, f"{details}/{address}/{role}StreetName"),
        "city": _text(root, f"{details}/{address}/{role}TownName"),
        "post_code": _text(root, f"{details}/{address}/{role}PostCodeIdentifier"),
        "country": _text(root, f"{details}/{address}/CountryCode"),
    }


def _amount(root: etree._Element, path: str) -> str:
    text = _text(root, path).replace(",", ".")
    try:
        return str(abs(Decimal(text)))
    except InvalidOperation as error:
        raise UnfitDocument(f"not an amount: {text}") from error


def _text(root: etree._Element, path: str) -> str:
    return (root.findtext(path) or "").strip()
