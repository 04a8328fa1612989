"""The WS-Security header of SeriesWS ("version 1", generic manual, section 4.1).

Every message has its own symmetric key: AT refuses a key that it has seen (code 12).
"""

from __future__ import annotations

import base64
import datetime
import os
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import padding, serialization
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from lxml import etree

from .clock import utc_now
from .errors import SetupError

# Not the namespace of the OASIS standard of 2004, which AT refuses.
SECURITY_NAMESPACE = "http://schemas.xmlsoap.org/ws/2002/12/secext"
KEY_BYTES = 16


@dataclass(frozen=True)
class Credentials:
    """The sub-user ``NIF/n``, and the key whose cipher only AT can undo.

    ``cipher_certificate``: AT's certificate, or its bare public key, in PEM.
    """

    username: str
    password: str = field(repr=False)
    cipher_certificate: bytes = field(repr=False)

    @property
    def nif(self) -> str:
        """The tax number in the name of the sub-user."""
        return self.username.partition("/")[0]


class SecurityHeader:
    """Put a fresh header on every message; what zeep calls ``wsse``."""

    def __init__(
        self,
        credentials: Credentials,
        now: Callable[[], datetime.datetime] = utc_now,
    ):
        self._credentials = credentials
        self._public_key = load_public_key(credentials.cipher_certificate)
        self._now = now

    def apply(
        self, envelope: etree._Element, headers: dict[str, str]
    ) -> tuple[etree._Element, dict[str, str]]:
        """Add the header.

        :raise SetupError: user name or password cannot be written; code
            ``credentials``
        """
        namespace = etree.QName(envelope).namespace
        header = envelope.find(f"{{{namespace}}}Header")
        if header is None:
            header = etree.Element(f"{{{namespace}}}Header")
            envelope.insert(0, header)
        try:
            header.append(self._security())
        except ValueError as error:  # a control character, half of a character
            raise SetupError(code="credentials") from error
        return envelope, headers

    def verify(self, envelope: etree._Element) -> None:
        """Accept every answer: AT signs none."""

    def _security(self) -> etree._Element:
        key = os.urandom(KEY_BYTES)
        nonce = self._public_key.encrypt(key, rsa_padding.PKCS1v15())
        created = (
            self._now().astimezone(datetime.UTC).isoformat(timespec="milliseconds")
        )
        security = etree.Element(
            f"{{{SECURITY_NAMESPACE}}}Security", nsmap={"wss": SECURITY_NAMESPACE}
        )
        token = etree.SubElement(security, f"{{{SECURITY_NAMESPACE}}}UsernameToken")
        for name, text in (
            ("Username", self._credentials.username),
            ("Password", encrypt(key, self._credentials.password)),
            ("Nonce", base64.b64encode(nonce).decode()),
            ("Created", encrypt(key, created.replace("+00:00", "Z"))),
        ):
            etree.SubElement(token, f"{{{SECURITY_NAMESPACE}}}{name}").text = text
        return security


def encrypt(key: bytes, text: str) -> str:
    """Return base64 of AES-128-ECB of ``text`` in UTF-8, padded as PKCS #5 has it."""
    padder = padding.PKCS7(algorithms.AES.block_size).padder()
    padded = padder.update(text.encode()) + padder.finalize()
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def load_public_key(pem: bytes) -> rsa.RSAPublicKey:
    """Return the RSA key of a certificate or of a bare public key in PEM.

    :raise SetupError: ``pem`` is neither; code ``cipher_key``
    """
    key: object
    try:
        if b"BEGIN CERTIFICATE" in pem:
            key = x509.load_pem_x509_certificate(pem).public_key()
        else:
            key = serialization.load_pem_public_key(pem)
    except (ValueError, TypeError) as error:
        raise SetupError(str(error), code="cipher_key") from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise SetupError(type(key).__name__, code="cipher_key")
    return key
