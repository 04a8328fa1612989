"""Finvoice 3.0 invoices and credit notes: from plain values to bytes.

Source: Finance Finland's implementation guidelines 3.0 and the schema
``Finvoice3.0.xsd``; element names are theirs.
"""

from .document import (
    Account,
    Document,
    Mailbox,
    Message,
    Original,
    Party,
    Row,
    VatGroup,
)
from .en16931 import obstacles
from .envelope import document_in
from .package import packed
from .texts import payment_reference
from .writer import write

__all__ = [
    "Account",
    "Document",
    "Mailbox",
    "Message",
    "Original",
    "Party",
    "Row",
    "VatGroup",
    "document_in",
    "obstacles",
    "packed",
    "payment_reference",
    "write",
]
