"""Peppol BIS Billing 3 documents: put right and checked after a builder made them.

``put_right`` takes the finished XML and what it has to say; ``problems_of`` tells what
the official rules would refuse. Neither knows Odoo nor any builder of it.
"""

from .attachments import EmbeddedFile, embed
from .check import PLACES, Problem, Severity, problems_of
from .odoo_corrections import put_right
from .tree import UblError
from .values import (
    BUSINESS_REGISTER,
    F_TAX,
    AccountingVat,
    AddressValues,
    DeliveryValues,
    DocumentValues,
    EarlierInvoice,
    LineValues,
    PartyValues,
    PaymentValues,
    ReferenceValues,
)

__all__ = [
    "BUSINESS_REGISTER",
    "F_TAX",
    "PLACES",
    "AccountingVat",
    "AddressValues",
    "DeliveryValues",
    "DocumentValues",
    "EarlierInvoice",
    "EmbeddedFile",
    "LineValues",
    "PartyValues",
    "PaymentValues",
    "Problem",
    "ReferenceValues",
    "Severity",
    "UblError",
    "embed",
    "problems_of",
    "put_right",
]
