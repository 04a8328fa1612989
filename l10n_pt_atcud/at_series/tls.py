"""TLS with a client certificate: AT closes the connection on anyone without one."""

from __future__ import annotations

import os
import ssl
import tempfile
from contextlib import suppress

import requests
import requests.certs

from .errors import SetupError
from .transport import CONNECT_SECONDS, NetworkAdapter, open_session

READ_SECONDS = 30


def client_context(
    certificate: bytes,
    key: bytes,
    *,
    password: str | None = None,
    authority: str | None = None,
) -> ssl.SSLContext:
    """Return a context that shows ``certificate`` and checks the server.

    :param certificate: PEM; the leaf first, then its intermediates
    :param key: PEM of the private key
    :param password: of the key, when it is encrypted
    :param authority: PEM of the only authority to trust; by default those of the
        system and of requests
    :raise SetupError: the files cannot be used; code ``client_certificate``
    """
    try:
        context = ssl.create_default_context(cadata=authority)
        context.sslsocket_class = ClientSocket
        if authority is None:
            known = requests.certs.where()  # type: ignore[attr-defined]
            context.load_verify_locations(known)
        # ssl reads a certificate from a file only; it is gone as soon as it was read.
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "client.pem")
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(handle, "wb") as file:
                file.write(certificate + b"\n" + key)
            context.load_cert_chain(path, password=password or "")
    except (ssl.SSLError, ValueError) as error:
        raise SetupError(str(error), code="client_certificate") from error
    return context


def open_tls_session(
    origin: str, context: ssl.SSLContext, *, loopback_only: bool = False
) -> requests.Session:
    """Return a session to ``origin`` with the trust of ``context``.

    Left alone, requests adds its own list of authorities for each connection anew,
    which takes longer than all else in a call, and makes an own authority one of many.
    A list that the environment names (``REQUESTS_CA_BUNDLE``) is added still.

    :raise ValueError: the origin is remote although ``loopback_only``
    """
    session = open_session(origin, loopback_only=loopback_only, ssl_context=context)
    adapter = _ContextAdapter(context, (CONNECT_SECONDS, READ_SECONDS))
    session.mount(origin.rstrip("/") + "/", adapter)
    return session


def failed_in_handshake(error: BaseException) -> bool:
    """Tell whether TLS was still being agreed upon: nothing was sent then."""
    return getattr(error, "in_handshake", False)


class ClientSocket(ssl.SSLSocket):
    """A socket that marks failures of the handshake and reads a last alert.

    In TLS 1.3 the server looks at the client's certificate after the client takes the
    connection for open. A server that refuses it sends an alert and closes; if the
    request meets the closed connection, the alert lies unread in our own buffer.
    """

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except OSError as error:
            error.in_handshake = True  # type: ignore[attr-defined]
            raise

    def send(self, data, flags: int = 0) -> int:  # type: ignore[no-untyped-def]
        try:
            return super().send(data, flags)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLEOFError):
            self._raise_alert()
            raise

    def _raise_alert(self) -> None:
        """Raise what the server said before it closed, if it said anything."""
        alert: ssl.SSLError | None = None
        with suppress(OSError, ValueError):
            self.settimeout(0)
            try:
                self.read(1)
            except ssl.SSLError as error:
                alert = error
        if alert and "ALERT" in (alert.reason or ""):
            raise alert


class _ContextAdapter(NetworkAdapter):
    def cert_verify(self, conn, url, verify, cert):  # type: ignore[no-untyped-def]
        if verify is True:
            conn.cert_reqs = "CERT_REQUIRED"
        else:
            super().cert_verify(conn, url, verify, cert)
