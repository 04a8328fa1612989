"""The signature of a document by a certified program: message, key, HashControl.

Sources: Despacho 8632/2014 (points in brackets), Portaria 363/2010, article 6, and the
schema SAFTPT1.04_01. Invoices, credit and debit notes are signed, receipts are not.
Nothing here certifies anything: the producer of the program needs AT's certificate, and
the private key is known to the producer alone.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from .clock import LISBON
from .qr_payload import signature_characters

__all__ = [
    "HashControl",
    "SigningError",
    "check_signature",
    "entry_text",
    "gross_total_text",
    "is_clock_behind",
    "is_integrated",
    "load_signing_key",
    "load_verification_key",
    "new_signing_key",
    "private_key_text",
    "public_key_text",
    "seconds_until_entry",
    "sign",
    "signature_characters",
    "signed_message",
]

KEY_BITS = 1024  # [4.1], [6.2]: neither less nor more
SIGNATURE_LENGTH = 172  # of 128 bytes in base64, on one line; the schema's limit
_SIGNATURE = re.compile(r"[A-Za-z0-9+/]{171}=", re.ASCII)
# The schema's form, in ASCII: then UTF-8 and the Windows-1252 of SAF-T are the same.
# A semicolon in it would look like the end of the number in the message.
_NUMBER = re.compile(r"(?!.*;)[!-~]+ [!-.0-\]_-~]+/[0-9]+", re.ASCII)
_LONGEST_NUMBER = 60
_ENTRY = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", re.ASCII)
_TOTAL = re.compile(r"\d{1,13}\.\d\d", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SCHEME = padding.PKCS1v15()
_DIGEST = hashes.SHA1()  # the law's own choice


class SigningError(ValueError):
    """A value, a key or a signature that the law does not allow.

    :ivar field: ``date``, ``entry``, ``number``, ``total``, ``previous``, ``hash``,
        ``hash_control`` or ``key``
    :ivar reason: ``form`` (not written as it is signed), ``negative``, ``size`` (of a
        key), ``kind`` (of a key), ``password`` (of a key), ``unsupported`` (the
        cryptographic library of this machine forbids SHA-1 or 1024 bits), ``count``
        (of signatures) or ``wrong`` (signature)
    """

    def __init__(self, field: str, reason: str = "form"):
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


# === MESSAGE === #


def signed_message(
    date: str, entry: str, number: str, gross_total: str, previous: str
) -> str:
    """Return the text that is signed [2.1, 4.5 to 4.10].

    All values are texts as they are kept, printed and exported: they are frozen when
    the document is issued and never worked out anew.

    :param date: of the document, ``YYYY-MM-DD``
    :param entry: SystemEntryDate, see :func:`entry_text`
    :param number: the unique number, ``type series/number``, zeros kept
    :param gross_total: see :func:`gross_total_text`
    :param previous: the signature of the document before in the same series; of a
        series' first document ``""``, and the message ends in ``;``
    :raise SigningError: a value has another form
    """
    for field, is_right in (
        ("date", _is_date(date)),
        ("entry", _is_entry(entry)),
        ("number", _is_number(number)),
        ("total", _TOTAL.fullmatch(gross_total)),
        ("previous", not previous or _SIGNATURE.fullmatch(previous)),
    ):
        if not is_right:
            raise SigningError(field)
    return ";".join((date, entry, number, gross_total, previous))


def gross_total_text(amount: Decimal) -> str:
    """Return GrossTotal as it is signed: two decimals, half up, never negative.

    It is in euro, with tax and before withholding, and positive on credit notes too
    [2.1.6, 2.1.7, 2.2.7, 2.6.7].

    :param amount: a ``Decimal``: rounding a ``float`` gives other cents
    :raise SigningError: it is negative, no number, or too long
    """
    if not isinstance(amount, Decimal) or not amount.is_finite():
        raise SigningError("total")
    if amount.adjusted() > 12:
        raise SigningError("total")
    cents = amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    if cents < 0:
        raise SigningError("total", "negative")
    return f"{abs(cents):f}"


def _is_date(text: str) -> bool:
    return bool(_DATE.fullmatch(text)) and _is_iso(text)


def _is_entry(text: str) -> bool:
    return bool(_ENTRY.fullmatch(text)) and _is_iso(text)


def _is_iso(text: str) -> bool:
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_number(text: str) -> bool:
    return len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text) is not None


# === CLOCK === #


def entry_text(moment: datetime.datetime) -> str:
    """Return SystemEntryDate of a moment: Lisbon's time, seconds, no zone.

    The law names no zone; its examples are local time. The moment itself is kept
    beside it in UTC, because an hour comes twice in October.

    :param moment: aware
    """
    local = moment.astimezone(LISBON).replace(tzinfo=None, microsecond=0)
    return local.isoformat()


def is_clock_behind(
    moment: datetime.datetime, last_moment: datetime.datetime | None
) -> bool:
    """Tell whether the clock is behind the last document of any series [3.4.3].

    A person may confirm that and go on; a job has to wait.

    :param moment: aware
    :param last_moment: aware; when that document was recorded, ``None``: there is none
    """
    return last_moment is not None and _whole(moment) < _whole(last_moment)


def seconds_until_entry(moment: datetime.datetime, last_entry: str) -> float:
    """Return how long the text of a moment stays below the last one of its series.

    SystemEntryDate ascends with the number [3.2.1]. In the night in October in which
    the hour from 1 to 2 comes twice, the text falls back although the clock is right:
    nothing is issued in the series until it has caught up.

    :param moment: aware
    :param last_entry: SystemEntryDate of the last document, or ``""``
    :return: 0.0 when a document can be signed now
    :raise SigningError: ``last_entry`` has another form
    """
    if not last_entry:
        return 0.0
    if not _is_entry(last_entry):
        raise SigningError("entry")
    last = datetime.datetime.fromisoformat(last_entry)
    local = moment.astimezone(LISBON).replace(tzinfo=None)
    return max((last - local).total_seconds(), 0.0)


def _whole(moment: datetime.datetime) -> datetime.datetime:
    return moment.astimezone(datetime.UTC).replace(microsecond=0)


# === KEYS AND SIGNATURES === #


def load_signing_key(pem: bytes, password: str | None = None) -> rsa.RSAPrivateKey:
    """Return a producer's private key, tried out.

    Loading takes many times as long as signing: a batch loads its key once.

    :param pem: PKCS #1 or PKCS #8, as ``openssl genrsa 1024`` makes it
    :raise SigningError: it is no RSA key of 1024 bits, needs another password, or
        cannot sign on this machine
    """
    try:
        key = serialization.load_pem_private_key(
            pem, password.encode() if password else None
        )
    except TypeError as error:  # a password too many, or one that is missing
        raise SigningError("key", "password") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SigningError("key", "password" if password else "form") from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise SigningError("key", "kind")
    _check_size(key.key_size)
    if not check_signature(key.public_key(), "test", sign(key, "test")):
        raise SigningError("key", "unsupported")
    return key


def load_verification_key(pem: bytes) -> rsa.RSAPublicKey:
    """Return a public key, as it is sent to AT with declaration Modelo 24.

    :raise SigningError: it is no RSA key of 1024 bits
    """
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SigningError("key") from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise SigningError("key", "kind")
    _check_size(key.key_size)
    return key


def new_signing_key() -> bytes:
    """Return the PEM of a fresh private key, for Demo: nobody gave it to AT."""
    return private_key_text(rsa.generate_private_key(65537, KEY_BITS)).encode()


def private_key_text(key: rsa.RSAPrivateKey) -> str:
    """Return the PEM of a private key without a password."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def public_key_text(key: rsa.RSAPublicKey) -> str:
    """Return the PEM of a public key, as AT gets it with declaration Modelo 24."""
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def sign(key: rsa.RSAPrivateKey, message: str) -> str:
    """Return the signature of a message in base64: RSA, SHA-1, PKCS #1 v1.5 [4, 5].

    The same message always has the same signature.

    :raise SigningError: the cryptographic library of this machine refuses
    """
    try:
        signature = key.sign(message.encode("utf-8"), _SCHEME, _DIGEST)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SigningError("key", "unsupported") from error
    return base64.b64encode(signature).decode()


def check_signature(key: rsa.RSAPublicKey, message: str, signature: str) -> bool:
    """Tell whether ``signature`` is that of ``message``."""
    raw = decoded(signature)
    if raw is None:
        return False
    try:
        key.verify(raw, message.encode("utf-8"), _SCHEME, _DIGEST)
    except InvalidSignature:
        return False
    except UnsupportedAlgorithm as error:
        raise SigningError("key", "unsupported") from error
    return True


def was_made_with(key: rsa.RSAPublicKey, signature: str) -> bool:
    """Tell whether ``signature`` is one of this key, whatever was signed."""
    raw = decoded(signature)
    if raw is None:
        return False
    try:
        key.recover_data_from_signature(raw, _SCHEME, _DIGEST)
    except InvalidSignature:
        return False
    return True


def decoded(signature: str) -> bytes | None:
    """Return the bytes of a signature, or ``None`` if it has not its form."""
    if not _SIGNATURE.fullmatch(signature):
        return None
    try:
        return base64.b64decode(signature, validate=True)
    except binascii.Error:
        return None


def is_integrated(signature: str, control: str) -> bool:
    """Tell whether a signature and its HashControl are of another certified program."""
    try:
        origin = HashControl.parse(control).origin
    except SigningError:
        return False
    return origin == INTEGRATED and decoded(signature) is not None


def _check_size(bits: int) -> None:
    if bits != KEY_BITS:
        raise SigningError("key", "size")


# === HASH CONTROL === #

OWN, MANUAL, DUPLICATE = "own", "manual", "duplicate"
INTEGRATED, UNCERTIFIED = "integrated", "uncertified"
_UNCERTIFIED_TEXT = "Não certificado"
_SOURCES = {
    OWN: "P",
    MANUAL: "M",
    DUPLICATE: "M",
    INTEGRATED: "I",
    UNCERTIFIED: "I",
}
_LETTERS = {MANUAL: "M", DUPLICATE: "D"}
_OWN = re.compile(r"([1-9][0-9]*)", re.ASCII)
_INTEGRATED = re.compile(r"([0-9]{1,4})\.([1-9][0-9]*)", re.ASCII)
_RECOVERED = re.compile(r"([1-9][0-9]*)-([A-Z]{2})([MD]) ([^^]+)", re.ASCII)
_LONGEST_CONTROL = 70


@dataclass(frozen=True)
class HashControl:
    """Which key signed a document, and where it came from [2.1.3, 2.3 to 2.5].

    ``str`` gives the text of SAF-T's HashControl: ``1`` for an own document,
    ``1-FTM abc/00001`` for one typed in from a manual book, ``1-FTD FT A/99`` for one
    typed in from a duplicate after a lost backup, ``9999.1`` for one of another
    certified program (its certificate and its key), ``Não certificado`` for one of a
    program without certificate.

    :ivar version: of the key, from 1; ``None`` without a signature
    :ivar origin: ``own``, ``manual``, ``duplicate``, ``integrated``, ``uncertified``
    :ivar document_type: of a recovered document, for example ``FT``
    :ivar original: series and number in the manual book, or the whole number of the
        lost document
    :ivar certificate: number of the other program
    """

    version: int | None = 1
    origin: str = OWN
    document_type: str = ""
    original: str = ""
    certificate: str = ""

    @property
    def source_billing(self) -> str:
        """SAF-T's SourceBilling: ``P``, ``I`` or ``M``."""
        return _SOURCES[self.origin]

    @property
    def is_recovered(self) -> bool:
        """Whether the document was issued elsewhere before it was recorded."""
        return self.origin in _LETTERS

    @property
    def key_name(self) -> str:
        """What the key is filed under: ``1``, of another program ``9999.1``."""
        if self.origin == INTEGRATED:
            return f"{self.certificate}.{self.version}"
        return "" if self.version is None else str(self.version)

    def __str__(self) -> str:
        if self.origin == UNCERTIFIED:
            return _UNCERTIFIED_TEXT
        if not self.is_recovered:
            return self.key_name
        kind = f"{self.document_type}{_LETTERS[self.origin]}"
        return f"{self.version}-{kind} {self.original}"

    @classmethod
    def parse(cls, text: str) -> HashControl:
        """Read the text of a HashControl.

        :raise SigningError: it has none of the forms
        """
        if len(text) > _LONGEST_CONTROL:
            raise SigningError("hash_control")
        if text == _UNCERTIFIED_TEXT:
            return cls(None, UNCERTIFIED)
        if found := _OWN.fullmatch(text):
            return cls(int(found[1]))
        if found := _INTEGRATED.fullmatch(text):
            return cls(int(found[2]), INTEGRATED, certificate=found[1])
        if found := _RECOVERED.fullmatch(text):
            origin = MANUAL if found[3] == "M" else DUPLICATE
            return cls(int(found[1]), origin, found[2], found[4])
        raise SigningError("hash_control")
