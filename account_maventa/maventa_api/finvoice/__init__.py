"""Finvoice 3.0 invoices and credit notes: from plain values to bytes.

Source: Finance Finland's implementation guidelines 3.0 and the schema
``Finvoice3.0.xsd``; element names are theirs.
"""

from .booked import BookedVat, Settled, UnbalancedError, settled
from .document import (
    Account,
    Allowance,
    CashDiscount,
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
from .fitting import overflow
from .package import packed
from .texts import payment_reference
from .writer import write

__all__ = [
    "Account",
    "Allowance",
    "BookedVat",
    "CashDiscount",
    "Document",
    "Mailbox",
    "Message",
    "Original",
    "Party",
    "Row",
    "Settled",
    "UnbalancedError",
    "VatGroup",
    "document_in",
    "obstacles",
    "overflow",
    "packed",
    "payment_reference",
    "settled",
    "write",
]
