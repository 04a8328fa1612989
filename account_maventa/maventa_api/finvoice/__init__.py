"""Finvoice: 3.0 from plain values to bytes, 1.3 to 3.0 from bytes to values.

Source: Finance Finland's implementation guidelines 3.0 and the schema
``Finvoice3.0.xsd``; element names are theirs.
"""

from .booked import BookedVat, Settled, UnbalancedError, settled
from .checks import contradictions
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
from .incoming import (
    DocumentKind,
    IncomingAccount,
    IncomingAllowance,
    IncomingDocument,
    IncomingFile,
    IncomingParty,
    IncomingReference,
    IncomingRow,
    IncomingTerms,
    IncomingTotals,
    IncomingVat,
    NetSource,
)
from .line_amounts import Line, line_of
from .node import Problem
from .overflow import overflow
from .package import packed
from .reader import is_finvoice, read
from .source import UnreadableError
from .texts import payment_reference
from .xml_writer import write

__all__ = [
    "Account",
    "Allowance",
    "BookedVat",
    "CashDiscount",
    "Document",
    "DocumentKind",
    "IncomingAccount",
    "IncomingAllowance",
    "IncomingDocument",
    "IncomingFile",
    "IncomingParty",
    "IncomingReference",
    "IncomingRow",
    "IncomingTerms",
    "IncomingTotals",
    "IncomingVat",
    "Line",
    "Mailbox",
    "Message",
    "NetSource",
    "Original",
    "Party",
    "Problem",
    "Row",
    "Settled",
    "UnbalancedError",
    "UnreadableError",
    "VatGroup",
    "contradictions",
    "document_in",
    "is_finvoice",
    "line_of",
    "obstacles",
    "overflow",
    "packed",
    "payment_reference",
    "read",
    "settled",
    "write",
]
