"""AT's series service on loopback, and a signer of documents beside it.

Both speak TLS and demand a client certificate.
"""

import pathlib
from collections.abc import Iterator
from contextlib import contextmanager

from at_series.signing import load_signing_key, new_signing_key, public_key_text
from at_series.simulation import MemoryStore, serve
from at_series.simulator import Account, Signer, Simulator
from at_series.simulator.certificates import SandboxFiles

NIF = "509987656"  # invented, with a valid check digit
USERNAME = f"{NIF}/1"
PASSWORD = "Azulejo-2026"
CERTIFICATE, TOKEN = "9999", "assinar-2026"  # of the signer


@contextmanager
def running(
    folder: pathlib.Path, store, seen_as=lambda simulator: simulator
) -> Iterator[tuple[Simulator, dict[str, str]]]:
    """Serve the simulator on a free port of loopback.

    :param folder: for key and certificate files, kept between runs
    :param store: keeps the register of series
    :param seen_as: makes of the simulator the application that is served
    :return: the simulator, and what another client needs to know of it
    """
    files = SandboxFiles(pathlib.Path(folder))
    simulator = Simulator(
        store,
        {USERNAME: Account(PASSWORD)},
        cipher=(files.cipher_key(), files.certificate("cipher")),
    )
    key = load_signing_key(new_signing_key())
    public_key = pathlib.Path(folder) / "signer-public-key.txt"
    public_key.write_text(public_key_text(key.public_key()))
    public_key.chmod(0o600)  # like all files of the sandbox
    signer = Signer(MemoryStore(), key, certificate=CERTIFICATE, token=TOKEN)
    with (
        serve(seen_as(simulator), ssl_context=files.server_context()) as origin,
        serve(seen_as(signer), ssl_context=files.server_context()) as signer_origin,
    ):
        # By name: an old urllib3 does not check a certificate against an address.
        url = origin.replace("127.0.0.1", "localhost")
        yield (
            simulator,
            {
                "url": url,
                "nif": NIF,
                "username": USERNAME,
                "password": PASSWORD,
                "authority": str(files.certificate_path("authority")),
                "client_certificate": str(files.certificate_path("client")),
                "client_key": str(files.key_path("client")),
                "cipher_certificate": str(files.certificate_path("cipher")),
                "signer": signer_origin.replace("127.0.0.1", "localhost"),
                "signer_token": TOKEN,
                "signer_public_key": str(public_key),
            },
        )
