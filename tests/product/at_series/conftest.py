"""The simulator, reached in this process and over TLS with a client certificate."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from at_series import Credentials, SeriesClient, client_context, open_session
from at_series.simulation import MemoryStore, serve
from at_series.simulator import Account, Simulator
from at_series.simulator.certificates import SandboxFiles

USERNAME, PASSWORD = "509987656/1", "Senha-ção-1"
OTHER = "599999993/12"


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    return SandboxFiles(tmp_path_factory.mktemp("certificates"))


@contextmanager
def _reached(way, simulator, files):
    if way == "socket":
        with serve(simulator, ssl_context=files.server_context()) as origin:
            context = client_context(
                files.certificate("client"),
                files.key("client"),
                authority=files.certificate("authority").decode(),
            )
            yield origin.replace("127.0.0.1", "localhost"), {"ssl_context": context}
    else:
        yield "https://localhost", {"simulator": simulator}


@contextmanager
def open_service(way, files):
    simulator = Simulator(
        MemoryStore(),
        {USERNAME: Account(PASSWORD), OTHER: Account("outra")},
        cipher=(files.cipher_key(), files.certificate("cipher")),
    )
    with _reached(way, simulator, files) as (origin, options):

        def client(
            username=USERNAME, password=PASSWORD, now=None, observe=None, **changes
        ):
            session = open_session(origin, loopback_only=True, **options | changes)
            credentials = Credentials(username, password, files.certificate("cipher"))
            clock = {"now": now} if now else {}
            return SeriesClient(session, origin, credentials, observe=observe, **clock)

        yield SimpleNamespace(
            simulator=simulator, client=client, origin=origin, options=options
        )


@pytest.fixture(params=["in-process", "socket"])
def service(request, files):
    with open_service(request.param, files) as service:
        yield service


@pytest.fixture
def local_service(files):
    with open_service("in-process", files) as service:
        yield service


@pytest.fixture
def socket_service(files):
    with open_service("socket", files) as service:
        yield service
