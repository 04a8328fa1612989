"""Uploads beside each other, while their owner makes the next documents.

A thread gets bytes and a client, and gives an outcome back; it knows nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from .client import MaventaClient
from .messages import Invoice, InvoiceUpload

WIDTH = 8  # requests to Maventa at the same time, for one account


@dataclass(frozen=True)
class Errand:
    """One upload; ``ask_first`` because an earlier try may have brought it there."""

    upload: InvoiceUpload
    ask_first: bool = False

    def run(self, client: MaventaClient) -> Invoice:
        """Bring the invoice there, once, and return it as Maventa holds it.

        :raise MaventaError: of the family that the outcome belongs to
        """
        invoice = client.find_invoice(self.upload.uuid) if self.ask_first else None
        return client.send_invoice(self.upload) if invoice is None else invoice


@dataclass(frozen=True)
class Outcome:
    """What came of an errand: ``invoice``, or ``error``.

    An error that is no :class:`MaventaError` is a fault in the code.
    """

    invoice: Invoice | None = None
    error: Exception | None = None


class Lanes:
    """Errands of one account, a few at a time.

    Until one has succeeded, each goes alone: wrong keys, a rate limit or an outage
    meet one request and not all. All methods are for the owner's thread.

    :param open_client: returns a client; each lane has one of its own, since a
        session is not made for several threads
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
        """Tell whether another errand may begin now."""
        return len(self._running) < (self._width if self._proved else 1)

    def start(self, ticket: Hashable, errand: Errand) -> None:
        """Begin an errand, which :meth:`finished` returns under its ticket.

        :raise MaventaError: there is no client for this account
        """
        if not self._idle:
            self._clients.append(self._open_client())
            self._idle.append(self._clients[-1])
        client = self._idle.pop()
        self._running[self._pool.submit(_outcome, errand, client)] = ticket, client

    def finished(self, *, block: bool = False) -> list[tuple[Hashable, Outcome]]:
        """Return what has ended since the last call.

        :param block: wait until one has ended, if any is under way
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
        """Return how many errands are under way."""
        return len(self._running)

    def close(self) -> None:
        """Wait for what is under way, and close all sessions."""
        self._pool.shutdown()
        for client in self._clients:
            client.__exit__()


def _outcome(errand: Errand, client: MaventaClient) -> Outcome:
    try:
        return Outcome(invoice=errand.run(client))
    except Exception as error:  # the owner decides; here nobody would hear of it
        return Outcome(error=error)
