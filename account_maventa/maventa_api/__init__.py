"""Maventa's AX API (REST), as far as invoices are sent and received with it.

Plain Python: knows nothing of Odoo. ``simulator`` is the service once more.
"""

from .addresses import (
    PEPPOL,
    AddressKind,
    AddressProblem,
    ElectronicAddress,
    is_business_id,
)
from .attachments import FileProblem, file_problem, package_names
from .client import ORIGINS, PAGES, MaventaClient
from .company_settings import PrintSettings
from .directory import Network, Operator, Receiver
from .errors import (
    CompanyUnverifiedError,
    DamagedFileError,
    MaventaError,
    NotFoundError,
    RejectedError,
    SetupError,
    TemporaryError,
    UnknownOutcomeError,
)
from .fields import safe_filename
from .identifiers import organisation_number, ovt, same_business
from .inbound import (
    DetectResult,
    Download,
    FraudReason,
    InboundFile,
    InboundInvoice,
    InboundPage,
    InboundParty,
    NetworkProfile,
    ReturnFormat,
)
from .messages import (
    Authorization,
    CompanyState,
    Credentials,
    DocumentLanguage,
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
from .party_names import same_name
from .received import FINVOICE, UBL, Received, documents_in, signs_of_row, vat_groups
from .registration import COUNTRIES, Registrar
from .reminders import reminder_in
from .safe_files import safe_type
from .totals import (
    Difference,
    Figures,
    Side,
    VatFigure,
    What,
    compare,
    compare_with_service,
)
from .transport import open_session
from .upload_pool import Outcome, UploadPool, UploadTask

__all__ = [
    "COUNTRIES",
    "ORIGINS",
    "PAGES",
    "PEPPOL",
    "AddressKind",
    "AddressProblem",
    "Authorization",
    "CompanyState",
    "CompanyUnverifiedError",
    "Credentials",
    "DamagedFileError",
    "FINVOICE",
    "UBL",
    "DetectResult",
    "Difference",
    "DocumentLanguage",
    "Download",
    "ElectronicAddress",
    "Figures",
    "FileProblem",
    "FraudReason",
    "Identity",
    "InboundFile",
    "InboundInvoice",
    "InboundPage",
    "InboundParty",
    "Invoice",
    "InvoiceFormat",
    "InvoiceStatus",
    "InvoiceUpload",
    "Language",
    "MaventaClient",
    "MaventaError",
    "Network",
    "NetworkProfile",
    "NotFoundError",
    "Operator",
    "Outcome",
    "PrintSettings",
    "Received",
    "Receiver",
    "Registrar",
    "Registration",
    "RejectedError",
    "Reroute",
    "ReturnFormat",
    "Route",
    "SetupError",
    "Side",
    "TemporaryError",
    "UnknownOutcomeError",
    "VatFigure",
    "What",
    "compare",
    "compare_with_service",
    "UploadPool",
    "UploadTask",
    "documents_in",
    "file_problem",
    "is_business_id",
    "open_session",
    "organisation_number",
    "ovt",
    "package_names",
    "reminder_in",
    "safe_filename",
    "safe_type",
    "same_business",
    "same_name",
    "vat_groups",
]
