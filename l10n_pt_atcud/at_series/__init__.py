"""AT's web service for document series, and what is printed and signed with it.

SeriesWS (``client``), the QR code (``qr``), and the signatures of a certified program
(``signing``, ``chain``). Plain Python without Odoo. ``simulator`` plays the service.
"""

from .batch import Batch, UnsignedDocument, check_batch, sign_batch
from .chain import Break, SignedDocument, verify_chain, verify_chains
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
from .signer import Head, SignerClient
from .signing import (
    DUPLICATE,
    INTEGRATED,
    MANUAL,
    UNCERTIFIED,
    HashControl,
    SigningError,
    check_signature,
    entry_text,
    gross_total_text,
    is_clock_behind,
    load_signing_key,
    load_verification_key,
    new_signing_key,
    public_key_text,
    seconds_until_entry,
    sign,
    signed_message,
)
from .text import clean_text
from .tls import client_context, open_tls_session
from .transport import open_session

__all__ = [
    "ALREADY_REGISTERED",
    "AZORES",
    "DUPLICATE",
    "FINAL_CONSUMER",
    "INTEGRATED",
    "MADEIRA",
    "MAINLAND",
    "MANUAL",
    "NO_SIGNATURE",
    "PRODUCTION_ORIGIN",
    "START_DATE_PASSED",
    "SUSPENDED",
    "UNCERTIFIED",
    "TEST_ORIGIN",
    "UNKNOWN_COUNTRY",
    "WRONG_PASSWORD",
    "WRONG_PASSWORD_OR_SUSPENDED",
    "Annulment",
    "Batch",
    "Break",
    "ClasseDoc",
    "Credentials",
    "Estado",
    "Exchange",
    "Finalisation",
    "HashControl",
    "Head",
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
    "SignedDocument",
    "SignerClient",
    "SigningError",
    "TaxSpace",
    "TemporaryError",
    "TipoDoc",
    "TipoSerie",
    "UnknownOutcomeError",
    "UnsignedDocument",
    "bare_tax_number",
    "check_batch",
    "check_signature",
    "clean_text",
    "client_context",
    "entry_text",
    "gross_total_text",
    "is_clock_behind",
    "is_valid_code",
    "is_valid_identifier",
    "lisbon_date",
    "load_signing_key",
    "load_verification_key",
    "new_signing_key",
    "open_session",
    "open_tls_session",
    "public_key_text",
    "qr_image",
    "qr_payload",
    "seconds_until_entry",
    "sign",
    "sign_batch",
    "signature_characters",
    "signed_message",
    "verify_chain",
    "verify_chains",
]
