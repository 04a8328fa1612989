"""AT's web service for document series (SeriesWS), as far as invoicing needs it.

Plain Python: knows nothing of Odoo. ``simulator`` is the service once more.
"""

from .client import PRODUCTION_ORIGIN, TEST_ORIGIN, SeriesClient
from .clock import lisbon_date
from .errors import (
    ALREADY_REGISTERED,
    START_DATE_PASSED,
    SUSPENDED,
    WRONG_PASSWORD,
    WRONG_PASSWORD_OR_SUSPENDED,
    RejectedError,
    SeriesError,
    SetupError,
    TemporaryError,
    UnknownOutcomeError,
)
from .exchange import Exchange
from .identifier import is_valid_identifier
from .messages import (
    Annulment,
    ClasseDoc,
    Estado,
    Finalisation,
    MeioProcessamento,
    Motivo,
    NewSeries,
    Query,
    TipoDoc,
    TipoSerie,
)
from .qr import (
    AZORES,
    FINAL_CONSUMER,
    MADEIRA,
    MAINLAND,
    NO_SIGNATURE,
    UNKNOWN_COUNTRY,
    QrDocument,
    QrError,
    TaxSpace,
    bare_tax_number,
    qr_payload,
    signature_characters,
)
from .qr_image import qr_image
from .security import Credentials
from .series_info import SeriesInfo, is_valid_code
from .text import clean_text
from .tls import client_context, open_tls_session
from .transport import open_session

__all__ = [
    "ALREADY_REGISTERED",
    "AZORES",
    "FINAL_CONSUMER",
    "MADEIRA",
    "MAINLAND",
    "NO_SIGNATURE",
    "PRODUCTION_ORIGIN",
    "START_DATE_PASSED",
    "SUSPENDED",
    "TEST_ORIGIN",
    "UNKNOWN_COUNTRY",
    "WRONG_PASSWORD",
    "WRONG_PASSWORD_OR_SUSPENDED",
    "Annulment",
    "ClasseDoc",
    "Credentials",
    "Estado",
    "Exchange",
    "Finalisation",
    "MeioProcessamento",
    "Motivo",
    "NewSeries",
    "QrDocument",
    "QrError",
    "Query",
    "RejectedError",
    "SeriesClient",
    "SeriesError",
    "SeriesInfo",
    "SetupError",
    "TaxSpace",
    "TemporaryError",
    "TipoDoc",
    "TipoSerie",
    "UnknownOutcomeError",
    "bare_tax_number",
    "clean_text",
    "client_context",
    "is_valid_code",
    "is_valid_identifier",
    "lisbon_date",
    "open_session",
    "open_tls_session",
    "qr_image",
    "qr_payload",
    "signature_characters",
]
