"""Finvoice 3.0 invoices and credit notes: from plain values to bytes.

Source: Finance Finland's implementation guidelines 3.0 and the schema
``Finvoice3.0.xsd``; element names are theirs.
"""

from .document import Account, Document, Original, Party, Row, VatGroup
from .package import packed
from .texts import payment_reference
from .writer import write

__all__ = [
    "Account",
    "Document",
    "Original",
    "Party",
    "Row",
    "VatGroup",
    "packed",
    "payment_reference",
    "write",
]
