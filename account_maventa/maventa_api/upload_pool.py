"""Parallel uploads of one account, while the owner prepares the next documents.

A thread receives bytes and a client and returns an outcome; it knows nothing else.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .client import MaventaClient
from .errors import DamagedFileError, SetupError, TemporaryError, UnknownOutcomeError
from .messages import Invoice, InvoiceUpload

WIDTH = 8  # requests to Maventa at the same time, for one account
OUTAGE = 3  # lost answers in a row that count as an outage


@dataclass(frozen=True)
class UploadTask:
    """One upload; ``ask_first`` if an earlier attempt may have reached Maventa.

    What is not ``intact``, the document that was meant, is asked for, and never sent.
    """

    upload: InvoiceUpload
    ask_first: bool = False
    intact: bool = True

    def run(self, client: MaventaClient) -> Invoice:
        """Upload the invoice once and return it as Maventa holds it.

        :raise MaventaError: of the family that the outcome belongs to
        """
        invoice = client.find_invoice(self.upload.uuid) if self.ask_first else None
        if invoice is None and not self.intact:
            raise DamagedFileError("", code="file_damaged")
        return client.send_invoice(self.upload) if invoice is None else invoice


@dataclass(frozen=True)
class Outcome:
    """The result of a task: ``invoice`` or ``error``.

    An error other than :class:`MaventaError` is a fault in the code. A task that was
    ``dropped`` has not been started: an earlier one met trouble that concerns all.
    """

    invoice: Invoice | None = None
    error: Exception | None = None
    dropped: bool = False


class UploadPool:
    """Upload tasks of one account, a few at a time, the others in a queue.

    The queue moves on by itself, also while the owner is busy. Until one task has
    succeeded, tasks run one by one: wrong keys, a rate limit or an outage then affect a
    single request. After such trouble the queued tasks are dropped. All public methods
    are for the owner's thread.

    :param open_client: returns a client, called in the owner's thread; each upload has
        its own, because a session must not be shared between threads
    """

    def __init__(self, open_client: Callable[[], MaventaClient], width: int = WIDTH):
        self._open_client = open_client
        self._width = width
        self._pool = ThreadPoolExecutor(width, thread_name_prefix="maventa")
        self._lock = threading.Condition()
        self._queue: deque[tuple[Hashable, UploadTask]] = deque()
        self._idle: list[MaventaClient] = []
        self._clients: list[MaventaClient] = []
        self._running = 0
        self._ended: list[tuple[Hashable, Outcome]] = []
        self._proved = False
        self._in_trouble = False
        self._unknown = 0  # outcomes in a row that are not known

    def has_room(self) -> bool:
        """Tell whether another task would begin at once."""
        with self._lock:
            return not self._queue and self._running < self._limit()

    def is_in_trouble(self) -> bool:
        """Tell whether trouble waits in :meth:`finished` that concerns all tasks."""
        with self._lock:
            return self._in_trouble

    def start(self, ticket: Hashable, task: UploadTask) -> None:
        """Queue a task, which :meth:`finished` returns under its ticket.

        :raise MaventaError: there is no client for this account
        """
        if len(self._clients) < min(self._width, len(self) + 1):
            client = self._open_client()
            with self._lock:
                self._clients.append(client)
                self._idle.append(client)
        with self._lock:
            self._queue.append((ticket, task))
            if self._in_trouble:  # of which the owner does not know yet
                self._drop_queue()
            self._move_on()

    def finished(self, *, block: bool = False) -> list[tuple[Hashable, Outcome]]:
        """Return the tasks that have ended since the last call, the dropped ones too.

        :param block: wait until a task has ended, if there is any
        """
        with self._lock:
            while block and not self._ended and self._running:
                self._lock.wait()
            ended, self._ended = self._ended, []
            self._in_trouble = False
            return ended

    def __len__(self) -> int:
        """Return the number of tasks that have not been returned."""
        with self._lock:
            return len(self._queue) + self._running + len(self._ended)

    def close(self) -> None:
        """Drop the queue, wait for the running tasks, and close all sessions."""
        with self._lock:
            self._drop_queue()
        self._pool.shutdown()
        for client in self._clients:
            client.__exit__()

    def _limit(self) -> int:
        return self._width if self._proved else 1

    def _move_on(self) -> None:
        """Begin what may begin; the lock is held."""
        while self._queue and self._idle and self._running < self._limit():
            ticket, task = self._queue.popleft()
            client = self._idle.pop()
            self._running += 1
            self._pool.submit(self._run, ticket, task, client)

    def _run(self, ticket: Hashable, task: UploadTask, client: MaventaClient) -> None:
        outcome = _outcome(task, client)
        with self._lock:
            self._running -= 1
            self._idle.append(client)
            self._ended.append((ticket, outcome))
            self._proved = self._proved or outcome.error is None
            if self._concerns_all(outcome.error):
                self._in_trouble = True
                self._drop_queue()
            self._move_on()
            self._lock.notify_all()

    def _concerns_all(self, error: Exception | None) -> bool:
        """Tell whether the next tasks would meet the same trouble."""
        if isinstance(error, UnknownOutcomeError):
            self._unknown += 1
            return self._unknown >= OUTAGE
        self._unknown = 0
        return isinstance(error, SetupError | TemporaryError)

    def _drop_queue(self) -> None:
        dropped = Outcome(dropped=True)
        self._ended += [(ticket, dropped) for ticket, _task in self._queue]
        self._queue.clear()


def _outcome(task: UploadTask, client: MaventaClient) -> Outcome:
    try:
        return Outcome(invoice=task.run(client))
    except Exception as error:  # reported to the owner, who decides
        return Outcome(error=error)
