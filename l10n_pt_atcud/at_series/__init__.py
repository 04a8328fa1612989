"""AT's web service for document series (SeriesWS), as far as invoicing needs it.

Plain Python: knows nothing of Odoo. ``simulator`` is the service once more.
"""

from .client import PRODUCTION_ORIGIN, TEST_ORIGIN, SeriesClient
from .clock import lisbon_date
from .errors import (
    ALREADY_REGISTERED,
    START_DATE_PASSED,
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
from .security import Credentials
from .series_info import SeriesInfo, is_valid_code
from .tls import client_context
from .transport import open_session

__all__ = [
    "ALREADY_REGISTERED",
    "PRODUCTION_ORIGIN",
    "START_DATE_PASSED",
    "TEST_ORIGIN",
    "Annulment",
    "ClasseDoc",
    "Credentials",
    "Estado",
    "Exchange",
    "Finalisation",
    "MeioProcessamento",
    "Motivo",
    "NewSeries",
    "Query",
    "RejectedError",
    "SeriesClient",
    "SeriesError",
    "SeriesInfo",
    "SetupError",
    "TemporaryError",
    "TipoDoc",
    "TipoSerie",
    "UnknownOutcomeError",
    "client_context",
    "is_valid_code",
    "is_valid_identifier",
    "lisbon_date",
    "open_session",
]
