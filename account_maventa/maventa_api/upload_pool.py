"""Parallel uploads of one account, while the owner prepares the next documents.

A thread receives bytes and a client and returns an outcome; it knows nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from .client import MaventaClient
from .messages import Invoice, InvoiceUpload

WIDTH = 8  # requests to Maventa at the same time, for one account


@dataclass(frozen=True)
class UploadTask:
    """One upload; ``ask_first`` if an earlier attempt may have reached Maventa."""

    upload: InvoiceUpload
    ask_first: bool = False

    def run(self, client: MaventaClient) -> Invoice:
        """Upload the invoice once and return it as Maventa holds it.

        :raise MaventaError: of the family that the outcome belongs to
        """
        invoice = client.find_invoice(self.upload.uuid) if self.ask_first else None
        return client.send_invoice(self.upload) if invoice is None else invoice


@dataclass(frozen=True)
class Outcome:
    """The result of a task: ``invoice`` or ``error``.

    An error other than :class:`MaventaError` is a fault in the code.
    """

    invoice: Invoice | None = None
    error: Exception | None = None


class UploadPool:
    """Upload tasks of one account, a few at a time.

    Until one task has succeeded, tasks run one by one: wrong keys, a rate limit or an
    outage then affect a single request. All methods are for the owner's thread.

    :param open_client: returns a client; each thread has its own, because a session
        must not be shared between threads
    """

    def __init__(self, open_client: Callable[[], MaventaClient], width: int = WIDTH):
        self._open_client = open_client
        self._width = width
        self._pool = ThreadPoolExecutor(width, thread_name_prefix="maventa")
        self._idle: list[MaventaClient] = []
        self._clients: list[MaventaClient] = []
        self._running: dict[Future, tuple[Hashable, MaventaClient]] = {}
        self._proved = False

    def has_room(self) -> bool:
        """Tell whether another task may begin now."""
        return len(self._running) < (self._width if self._proved else 1)

    def start(self, ticket: Hashable, task: UploadTask) -> None:
        """Begin a task, which :meth:`finished` returns under its ticket.

        :raise MaventaError: there is no client for this account
        """
        if not self._idle:
            self._clients.append(self._open_client())
            self._idle.append(self._clients[-1])
        client = self._idle.pop()
        self._running[self._pool.submit(_outcome, task, client)] = ticket, client

    def finished(self, *, block: bool = False) -> list[tuple[Hashable, Outcome]]:
        """Return the tasks that have ended since the last call.

        :param block: wait until a task has ended, if any is running
        """
        seconds = None if block else 0
        done, _others = wait(self._running, seconds, return_when=FIRST_COMPLETED)
        ended = []
        for future in done:
            ticket, client = self._running.pop(future)
            self._idle.append(client)
            outcome = future.result()
            self._proved = self._proved or outcome.error is None
            ended.append((ticket, outcome))
        return ended

    def __len__(self) -> int:
        """Return the number of tasks that are running."""
        return len(self._running)

    def close(self) -> None:
        """Wait for the running tasks and close all sessions."""
        self._pool.shutdown()
        for client in self._clients:
            client.__exit__()


def _outcome(task: UploadTask, client: MaventaClient) -> Outcome:
    try:
        return Outcome(invoice=task.run(client))
    except Exception as error:  # reported to the owner, who decides
        return Outcome(error=error)
