"""One Billingo with two accounts, reached in this process and over a socket."""

from datetime import date

import pytest
from billingo_api import BillingoClient, transport
from billingo_api.simulation import serve
from billingo_api.simulator import Simulator, samples
from billingo_api.simulator.samples.builder import AccountBook

KEYS = {"supplier_key": "supplier", "own_key": "own"}


class Time:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now = 0.0
        self.slept = []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock():
    return Time()


@pytest.fixture
def simulator():
    simulator = Simulator()
    samples.fill(simulator, **KEYS)
    yield simulator
    simulator.stall.set()


@pytest.fixture(params=["in this process", "over a socket"])
def connect(request, simulator, clock):
    """Return a function that opens a client of an account."""
    clients = []

    def client(origin, key="own", read_seconds=30, **options):
        in_process = request.param == "in this process"
        session = transport.open_session(
            origin,
            simulator=simulator if in_process else None,
            loopback_only=True,
            read_seconds=read_seconds,
        )
        options = {"clock": lambda: clock.now, "sleep": clock.sleep, **options}
        clients.append(BillingoClient(session, origin, key, **options))
        return clients[-1]

    with serve(simulator) as origin:
        yield lambda **options: client(origin, **options)
        for one in clients:
            one.__exit__()


@pytest.fixture
def seller():
    return AccountBook(samples.COMPANY, "T", 1_000, date(2026, 1, 1))
