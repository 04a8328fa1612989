"""AT's series service on loopback: TLS, and a client certificate is demanded."""

import pathlib
from collections.abc import Iterator
from contextlib import contextmanager

from at_series.simulation import serve
from at_series.simulator import Account, Simulator
from at_series.simulator.certificates import SandboxFiles

NIF = "509987656"  # invented, with a valid check digit
USERNAME = f"{NIF}/1"
PASSWORD = "Azulejo-2026"


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
    with serve(seen_as(simulator), ssl_context=files.server_context()) as origin:
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
            },
        )
