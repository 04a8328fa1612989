"""TLS with a client certificate: AT closes the door on anyone without one."""

from __future__ import annotations

import os
import ssl
import tempfile

from .errors import SetupError


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
    :param authority: PEM of the only authority to trust; by default the system's
    :raise SetupError: the files cannot be used; code ``client-certificate``
    """
    try:
        context = ssl.create_default_context(cadata=authority)
        # ssl reads a certificate from a file only; it is gone as soon as it was read.
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "client.pem")
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(handle, "wb") as file:
                file.write(certificate + b"\n" + key)
            context.load_cert_chain(path, password=password or "")
    except (ssl.SSLError, ValueError) as error:
        raise SetupError(str(error), code="client-certificate") from error
    return context
