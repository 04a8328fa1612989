"""Parallel uploads: bounded, one by one at first, one token for all."""

import threading

import pytest
from maventa_api import (
    MaventaError,
    RejectedError,
    SetupError,
    TemporaryError,
    UnknownOutcomeError,
    UploadPool,
    UploadTask,
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


def drained(pool):
    ended = []
    while len(pool):
        ended += pool.finished(block=True)
    return dict(ended)


def proved(pool):
    pool.start("first", UploadTask(upload()))
    assert drained(pool)["first"].error is None
    return pool


def test_tasks_run_one_by_one_until_the_first_success():
    gate = Gate()
    pool = UploadPool(lambda: gate, width=3)
    pool.start("first", UploadTask(upload()))
    assert gate.entered.acquire(timeout=20)
    assert not pool.has_room()
    assert pool.finished() == []
    gate.open.set()
    assert drained(pool).keys() == {"first"}
    gate.open.clear()
    while pool.has_room():
        pool.start(len(pool), UploadTask(upload()))
    for _thread in range(3):
        assert gate.entered.acquire(timeout=20)
    gate.open.set()
    assert drained(pool).keys() == {0, 1, 2}
    assert gate.most == 3
    pool.close()


def test_failures_keep_the_pool_at_one_task(service):
    service.simulator.faults.add("rate_limited", 2)
    pool = UploadPool(service.client)
    for _time in range(2):
        pool.start("one", UploadTask(upload()))
        assert isinstance(drained(pool)["one"].error, TemporaryError)
    assert not pool._proved
    assert proved(pool)._proved
    pool.start("two", UploadTask(upload(file=ubl("INV/2"))))
    assert pool.has_room()
    drained(pool)
    pool.close()


def test_queue_moves_on_while_the_owner_is_busy():
    gate = Gate()
    pool = UploadPool(lambda: gate, width=2)
    for number in range(6):
        pool.start(number, UploadTask(upload()))
    assert gate.entered.acquire(timeout=20)
    gate.open.set()
    for _task in range(5):
        assert gate.entered.acquire(timeout=20), "the owner has called nothing"
    outcomes = drained(pool)
    assert outcomes.keys() == set(range(6))
    assert not any(outcome.error or outcome.dropped for outcome in outcomes.values())
    assert gate.most <= 2
    pool.close()


@pytest.mark.parametrize(
    ("error", "tried"),
    [
        (TemporaryError(code="http_429"), 1),
        (SetupError(code="invalid_credentials"), 1),
        (UnknownOutcomeError(code="timeout"), 3),
        (RejectedError(code="invalid_parameters"), 5),
    ],
)
def test_trouble_of_all_drops_the_queue(error, tried):
    class Refusing(Gate):
        def send_invoice(self, upload):
            assert self.open.wait(20)
            raise error

    gate = Refusing()
    pool = UploadPool(lambda: gate)
    for number in range(5):
        pool.start(number, UploadTask(upload()))
    gate.open.set()
    outcomes = drained(pool)
    dropped = [number for number in range(5) if outcomes[number].dropped]
    assert dropped == list(range(tried, 5))
    assert {outcomes[number].error for number in range(tried)} == {error}
    pool.close()


def test_outcomes_are_returned_by_ticket(service):
    pool = proved(UploadPool(service.client))
    tasks = {
        number: UploadTask(upload(file=ubl(f"INV/{number}") if number % 2 else b"no"))
        for number in range(6)
    }
    for number, task in tasks.items():
        pool.start(number, task)
    outcomes = drained(pool)
    for number, task in tasks.items():
        if number % 2:
            assert outcomes[number].invoice.id == task.upload.uuid
        else:
            assert isinstance(outcomes[number].error, RejectedError)
    assert len(service.simulator.held_invoices()) == 4
    pool.close()


def test_ask_first_uploads_missing_invoices_only(service):
    there, missing = upload(), upload(file=ubl("INV/2"))
    with service.client() as client:
        client.send_invoice(there)
    pool = proved(UploadPool(service.client))
    before = service.simulator.requests["create_invoice"]
    pool.start("there", UploadTask(there, ask_first=True))
    pool.start("missing", UploadTask(missing, ask_first=True))
    outcomes = drained(pool)
    assert outcomes["there"].invoice.id == there.uuid
    assert outcomes["missing"].invoice.id == missing.uuid
    assert service.simulator.requests["create_invoice"] == before + 1
    assert {held.posted for held in service.simulator.held_invoices()} == {1}
    pool.close()


def test_unexpected_exception_is_returned_as_error():
    class Broken(Gate):
        def send_invoice(self, upload):
            raise ZeroDivisionError

    pool = UploadPool(Broken)
    pool.start("one", UploadTask(upload()))
    assert isinstance(drained(pool)["one"].error, ZeroDivisionError)
    pool.close()


def test_failing_client_factory_raises_in_start():
    def refuse():
        raise SetupError(code="keys_missing")

    pool = UploadPool(refuse)
    with pytest.raises(MaventaError):
        pool.start("one", UploadTask(upload()))
    assert len(pool) == 0
    pool.close()


def test_clients_are_reused_and_closed(service):
    closed, made = [], []

    def open_client():
        client = service.client()
        made.append(client)
        client._exchange.close = lambda: closed.append(client)
        return client

    pool = proved(UploadPool(open_client, width=2))
    for number in range(5):
        while not pool.has_room():
            pool.finished(block=True)
        pool.start(number, UploadTask(upload(file=ubl(f"INV/{number}"))))
    pool.close()
    assert len(made) <= 2
    assert closed == made
    assert len(service.simulator.held_invoices()) == 6


def test_expired_token_is_renewed_once(service):
    pool = proved(UploadPool(service.client))
    with service.simulator.store as state:
        for key in [key for key in state if key.startswith("token/")]:
            del state[key]
    for number in range(8):
        pool.start(number, UploadTask(upload(file=ubl(f"INV/{number}"))))
    assert not any(outcome.error for outcome in drained(pool).values())
    assert service.simulator.requests["token"] == 2
    pool.close()


def test_wrong_keys_are_sent_once_for_all_threads(service):
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
