"""An own authority, its certificates, and the key pair that stands in for AT's."""

from __future__ import annotations

import datetime
import ipaddress
import os
import pathlib
import ssl
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALID_DAYS = 800
RENEW_DAYS = 30
_PEM = serialization.Encoding.PEM
_NAMES = ("authority", "server", "client", "cipher")


@cache
def cipher_pair() -> tuple[rsa.RSAPrivateKey, bytes]:
    """Return a key and its certificate in PEM, the same ones within this process."""
    key = _new_key()
    certificate = _issue("Chave Cifra (simulador)", key, None, None)
    return key, certificate.public_bytes(_PEM)


class SandboxFiles:
    """Keys and certificates in a folder, made once and kept between runs.

    Each of ``authority``, ``server``, ``client`` and ``cipher`` is a pair of PEM files,
    ``<name>.pem`` and ``<name>.key``, readable by their owner alone.
    """

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        if not self._are_usable():
            self._make()

    def certificate_path(self, name: str) -> pathlib.Path:
        return self.folder / f"{name}.pem"

    def key_path(self, name: str) -> pathlib.Path:
        return self.folder / f"{name}.key"

    def certificate(self, name: str) -> bytes:
        """Return the certificate in PEM."""
        return self.certificate_path(name).read_bytes()

    def key(self, name: str) -> bytes:
        """Return the private key in PEM."""
        return self.key_path(name).read_bytes()

    def cipher_key(self) -> rsa.RSAPrivateKey:
        """Return the key that opens what the client encrypted for AT."""
        key = serialization.load_pem_private_key(self.key("cipher"), None)
        assert isinstance(key, rsa.RSAPrivateKey)  # made here
        return key

    def server_context(self) -> ssl.SSLContext:
        """Return a context that admits only clients of the own authority."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # In 1.3 a client learns of the refusal only after it has sent its request.
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(
            self.certificate_path("server"), self.key_path("server")
        )
        context.load_verify_locations(self.certificate_path("authority"))
        context.verify_mode = ssl.CERT_REQUIRED
        return context

    def _are_usable(self) -> bool:
        limit = _today() + datetime.timedelta(days=RENEW_DAYS)
        for name in _NAMES:
            if not self.key_path(name).exists():
                return False
            try:
                found = x509.load_pem_x509_certificate(self.certificate(name))
            except (OSError, ValueError):
                return False
            if found.not_valid_after_utc < limit:
                return False
        return True

    def _make(self) -> None:
        authority_key = _new_key()
        authority = _issue("Sandbox authority", authority_key, None, None)
        self._write("authority", authority_key, authority)
        for name, usage in (
            ("server", ExtendedKeyUsageOID.SERVER_AUTH),
            ("client", ExtendedKeyUsageOID.CLIENT_AUTH),
            ("cipher", None),
        ):
            key = _new_key()
            certificate = _issue(
                f"Sandbox {name}", key, usage, (authority, authority_key)
            )
            self._write(name, key, certificate)

    def _write(
        self, name: str, key: rsa.RSAPrivateKey, certificate: x509.Certificate
    ) -> None:
        private = key.private_bytes(
            _PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        for path, content in (
            (self.key_path(name), private),
            (self.certificate_path(name), certificate.public_bytes(_PEM)),
        ):
            # Whole or not at all: a run that was cut off must not leave half a key.
            draft = path.with_name(path.name + ".new")
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(handle, "wb") as file:
                file.write(content)
            draft.replace(path)


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _today() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _issue(
    common_name: str,
    key: rsa.RSAPrivateKey,
    usage: x509.ObjectIdentifier | None,
    issuer: tuple[x509.Certificate, rsa.RSAPrivateKey] | None,
) -> x509.Certificate:
    """Return a certificate for ``key``; without ``issuer`` it signs itself."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    authority, authority_key = issuer or (None, key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority.subject if authority else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_today() - datetime.timedelta(days=1))
        .not_valid_after(_today() + datetime.timedelta(days=VALID_DAYS))
        .add_extension(
            x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True
        )
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(
                authority_key.public_key()
            ),
            critical=False,
        )
        .add_extension(_key_usage(signs=issuer is None), critical=True)
    )
    if usage:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    if usage == ExtendedKeyUsageOID.SERVER_AUTH:
        names = [
            x509.DNSName("localhost"),
            x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        ]
        builder = builder.add_extension(
            x509.SubjectAlternativeName(names), critical=False
        )
    return builder.sign(authority_key, hashes.SHA256())


def _key_usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=not signs,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )
