"""The SOAP frame that stands before a Finvoice, in the same file.

Source: Finance Finland's Finvoice forwarding service. The invoice is not inside of
the frame, so that the file as a whole is no XML document.

Assumption, not proved on Maventa's stage: Maventa shows samples with a frame and
samples with the message block, and takes both together if they say the same.
"""

from __future__ import annotations

from lxml import etree

from .document import Message
from .elements import add, serialised

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XLINK = "http://www.w3.org/1999/xlink"
EB = "http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd"
NAMESPACES = {"SOAP-ENV": SOAP, "xlink": XLINK, "eb": EB}
ENCODING = "ISO-8859-15"


def envelope(message: Message) -> bytes:
    """Return the frame, without a declaration of its own."""
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap=NAMESPACES)
    header = add(
        add(root, f"{{{SOAP}}}Header"),
        _eb("MessageHeader"),
        None,
        **{f"{{{SOAP}}}mustUnderstand": "1", _eb("version"): "2.0"},
    )
    for side, mailbox, role in (
        ("From", message.sender, "Sender"),
        ("To", message.receiver, "Receiver"),
    ):
        _add_party(header, side, mailbox.address, role)
        _add_party(header, side, mailbox.operator, "Intermediator")
    add(header, _eb("CPAId"), "yoursandmycpa")
    etree.SubElement(header, _eb("ConversationId"))
    add(header, _eb("Service"), "Routing")
    add(header, _eb("Action"), "ProcessInvoice")
    data = add(header, _eb("MessageData"))
    add(data, _eb("MessageId"), message.identifier)
    add(data, _eb("Timestamp"), message.timestamp.isoformat(timespec="seconds"))
    etree.SubElement(data, _eb("RefToMessageId"))
    _add_manifest(root, message)
    return serialised(root, ENCODING) + b"\n"


def document_in(file: bytes) -> bytes:
    """Return the invoice of a file: what is left without the frame."""
    return file[max(file.find(b"<?xml"), 0) :]


def _add_manifest(root: etree._Element, message: Message) -> None:
    manifest = add(
        add(root, f"{{{SOAP}}}Body"),
        _eb("Manifest"),
        None,
        **{_eb("id"): "Manifest", _eb("version"): "2.0"},
    )
    reference = add(
        manifest,
        _eb("Reference"),
        None,
        **{_eb("id"): "Finvoice", f"{{{XLINK}}}href": message.identifier},
    )
    schema = add(reference, _eb("Schema"))
    schema.set(_eb("location"), "http://www.finvoice.info/finvoice.xsd")
    schema.set(_eb("version"), "3.0")


def _add_party(header: etree._Element, side: str, identifier: str, role: str) -> None:
    node = add(header, _eb(side))
    add(node, _eb("PartyId"), identifier)
    add(node, _eb("Role"), role)


def _eb(name: str) -> str:
    return f"{{{EB}}}{name}"
