"""The simulator, reached in this process and over a socket."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from maventa_api import Credentials, MaventaClient, open_session
from maventa_api.simulation import serve
from maventa_api.simulator import Simulator
from maventa_api.token import TokenCache


@contextmanager
def _reached(way, simulator):
    if way == "socket":
        with serve(simulator) as origin:
            yield origin, {"read_seconds": 20}
            simulator.release.set()
    else:
        yield "https://localhost", {"simulator": simulator}


def _service(way):
    simulator = Simulator()
    account = simulator.add_account(name="Lumi Oy", bid="2345678-0", vat="FI23456780")
    return SimpleNamespace(simulator=simulator, account=account, tokens=TokenCache())


@contextmanager
def open_service(way):
    service = _service(way)
    with _reached(way, service.simulator) as (origin, options):

        def client(*, account=service.account, at=origin, receives=False, **changes):
            session = open_session(at, **options | changes)
            credentials = Credentials(
                account.company_uuid, account.user_api_key, account.vendor_api_key
            )
            return MaventaClient(
                session, at, credentials, tokens=service.tokens, receives=receives
            )

        service.client = client
        yield service


@pytest.fixture(params=["in-process", "socket"])
def service(request):
    with open_service(request.param) as service:
        yield service


@pytest.fixture
def socket_service():
    with open_service("socket") as service:
        yield service
