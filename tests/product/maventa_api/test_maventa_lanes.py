"""Uploads beside each other: bounded, careful at first, one token for all."""

import threading

import pytest
from maventa_api import (
    Errand,
    Lanes,
    MaventaError,
    RejectedError,
    SetupError,
    TemporaryError,
)
from maventa_samples import ubl, upload


class Gate:
    """Stands in for a client: counts who is inside, and lets them out on a sign."""

    def __init__(self):
        self.inside = self.most = 0
        self.entered = threading.Semaphore(0)
        self.open = threading.Event()
        self._lock = threading.Lock()

    def find_invoice(self, uuid):
        raise AssertionError("nothing to ask for")

    def send_invoice(self, upload):
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.entered.release()
        assert self.open.wait(20)
        with self._lock:
            self.inside -= 1
        return upload.uuid

    def __exit__(self, *_exc_info):
        pass


def drained(lanes):
    ended = []
    while len(lanes):
        ended += lanes.finished(block=True)
    return dict(ended)


def proved(lanes):
    lanes.start("first", Errand(upload()))
    assert drained(lanes)["first"].error is None
    return lanes


def test_the_first_goes_alone_and_then_as_many_as_there_are_lanes():
    gate = Gate()
    lanes = Lanes(lambda: gate, width=3)
    lanes.start("first", Errand(upload()))
    assert gate.entered.acquire(timeout=20)
    assert not lanes.has_room()
    assert lanes.finished() == []
    gate.open.set()
    assert drained(lanes).keys() == {"first"}
    gate.open.clear()
    while lanes.has_room():
        lanes.start(len(lanes), Errand(upload()))
    for _lane in range(3):
        assert gate.entered.acquire(timeout=20)
    gate.open.set()
    assert drained(lanes).keys() == {0, 1, 2}
    assert gate.most == 3
    lanes.close()


def test_as_long_as_nothing_has_succeeded_each_goes_alone(service):
    service.simulator.faults.add("rate_limited", 2)
    lanes = Lanes(service.client)
    for _time in range(2):
        lanes.start("one", Errand(upload()))
        assert not lanes.has_room()
        assert isinstance(drained(lanes)["one"].error, TemporaryError)
    assert proved(lanes).has_room()
    lanes.start("two", Errand(upload(file=ubl("INV/2"))))
    assert lanes.has_room()
    drained(lanes)
    lanes.close()


def test_every_outcome_comes_back_under_its_ticket(service):
    lanes = proved(Lanes(service.client))
    errands = {
        number: Errand(upload(file=ubl(f"INV/{number}") if number % 2 else b"no"))
        for number in range(6)
    }
    for number, errand in errands.items():
        lanes.start(number, errand)
    outcomes = drained(lanes)
    for number, errand in errands.items():
        if number % 2:
            assert outcomes[number].invoice.id == errand.upload.uuid
        else:
            assert isinstance(outcomes[number].error, RejectedError)
    assert len(service.simulator.held_invoices()) == 4
    lanes.close()


def test_who_asks_first_uploads_only_what_is_not_there(service):
    there, missing = upload(), upload(file=ubl("INV/2"))
    with service.client() as client:
        client.send_invoice(there)
    lanes = proved(Lanes(service.client))
    before = service.simulator.requests["create_invoice"]
    lanes.start("there", Errand(there, ask_first=True))
    lanes.start("missing", Errand(missing, ask_first=True))
    outcomes = drained(lanes)
    assert outcomes["there"].invoice.id == there.uuid
    assert outcomes["missing"].invoice.id == missing.uuid
    assert service.simulator.requests["create_invoice"] == before + 1
    assert {held.posted for held in service.simulator.held_invoices()} == {1}
    lanes.close()


def test_a_fault_in_the_code_comes_back_as_well():
    class Broken(Gate):
        def send_invoice(self, upload):
            raise ZeroDivisionError

    lanes = Lanes(Broken)
    lanes.start("one", Errand(upload()))
    assert isinstance(drained(lanes)["one"].error, ZeroDivisionError)
    lanes.close()


def test_a_client_that_cannot_be_made_is_told_to_the_owner():
    def refuse():
        raise SetupError(code="keys_missing")

    lanes = Lanes(refuse)
    with pytest.raises(MaventaError):
        lanes.start("one", Errand(upload()))
    assert len(lanes) == 0
    lanes.close()


def test_clients_are_used_again_and_closed_at_the_end(service):
    closed, made = [], []

    def open_client():
        client = service.client()
        made.append(client)
        client._exchange.close = lambda: closed.append(client)
        return client

    lanes = proved(Lanes(open_client, width=2))
    for number in range(5):
        while not lanes.has_room():
            lanes.finished(block=True)
        lanes.start(number, Errand(upload(file=ubl(f"INV/{number}"))))
    lanes.close()
    assert len(made) <= 2
    assert closed == made
    assert len(service.simulator.held_invoices()) == 6


def test_a_token_that_expires_is_renewed_once_for_all(service):
    lanes = proved(Lanes(service.client))
    with service.simulator.store as state:
        for key in [key for key in state if key.startswith("token/")]:
            del state[key]
    for number in range(8):
        lanes.start(number, Errand(upload(file=ubl(f"INV/{number}"))))
    assert not any(outcome.error for outcome in drained(lanes).values())
    assert service.simulator.requests["token"] == 2
    lanes.close()


def test_wrong_keys_are_tried_once_and_not_by_every_thread(service):
    begun, go_on = threading.Semaphore(0), threading.Event()
    tries, errors = [], []

    def fetch():
        tries.append(1)
        begun.release()
        assert go_on.wait(20)
        raise SetupError(code="invalid_credentials")

    def ask():
        try:
            service.tokens.obtain("key", fetch)
        except SetupError as error:
            errors.append(error.code)

    threads = [threading.Thread(target=ask)]
    threads[0].start()
    assert begun.acquire(timeout=20)
    fetching = service.tokens._fetching["key"]
    threads += [threading.Thread(target=ask) for _number in range(4)]
    for thread in threads[1:]:
        thread.start()
    while len(fetching._condition._waiters) < 4:
        threading.Event().wait(0.001)
    go_on.set()
    for thread in threads:
        thread.join(20)
    assert (len(tries), errors) == (1, ["invalid_credentials"] * 5)
    assert not service.tokens._fetching
