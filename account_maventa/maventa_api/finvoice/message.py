"""The message block: routing inside of the document, and the EN 16931 mark."""

from __future__ import annotations

from lxml import etree

from .document import Mailbox, Message
from .elements import add


def add_message(root: etree._Element, message: Message) -> None:
    node = add(root, "MessageTransmissionDetails")
    sender = add(node, "MessageSenderDetails")
    _add_mailbox(sender, "From", message.sender)
    _add_mailbox(add(node, "MessageReceiverDetails"), "To", message.receiver)
    details = add(node, "MessageDetails")
    add(details, "MessageIdentifier", message.identifier)
    add(details, "MessageTimeStamp", message.timestamp.isoformat(timespec="seconds"))
    if message.is_en16931:
        add(details, "SpecificationIdentifier", "EN16931")


def _add_mailbox(node: etree._Element, side: str, mailbox: Mailbox) -> None:
    add(node, f"{side}Identifier", mailbox.address, SchemeID=mailbox.scheme)
    add(node, f"{side}Intermediator", mailbox.operator)
