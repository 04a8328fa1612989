"""Maventa's AX API (REST), as far as invoices are sent with it.

Plain Python: knows nothing of Odoo. ``simulator`` is the service once more.
"""

from .client import ORIGINS, PAGES, MaventaClient
from .errors import (
    CompanyUnverifiedError,
    MaventaError,
    NotFoundError,
    RejectedError,
    SetupError,
    TemporaryError,
    UnknownOutcomeError,
)
from .fields import safe_filename
from .identifiers import organisation_number, ovt, same_business
from .lanes import Errand, Lanes, Outcome
from .messages import (
    Authorization,
    CompanyState,
    Credentials,
    Identity,
    Invoice,
    InvoiceFormat,
    InvoiceStatus,
    InvoiceUpload,
    Language,
    Registration,
    Reroute,
    Route,
)
from .registration import COUNTRIES, Registrar
from .transport import open_session

__all__ = [
    "COUNTRIES",
    "ORIGINS",
    "PAGES",
    "Authorization",
    "CompanyState",
    "CompanyUnverifiedError",
    "Credentials",
    "Errand",
    "Identity",
    "Invoice",
    "InvoiceFormat",
    "InvoiceStatus",
    "InvoiceUpload",
    "Language",
    "Lanes",
    "MaventaClient",
    "MaventaError",
    "NotFoundError",
    "Outcome",
    "Registrar",
    "Registration",
    "RejectedError",
    "Reroute",
    "Route",
    "SetupError",
    "TemporaryError",
    "UnknownOutcomeError",
    "open_session",
    "organisation_number",
    "ovt",
    "safe_filename",
    "same_business",
]
