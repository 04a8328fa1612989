"""Killing the workers that fetch and book documents, and comparing what is there."""

import pathlib
import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime

INSIDE = pathlib.Path(__file__).parent / "inside" / "billingo_killed.py"
ADDON = "account_billingo_import"
JOBS = ("billingo.fetcher", "billingo.processor", "billingo.pdf")
DATES = {"billingo_connection": "next_fetch_at", "billingo_document": "pdf_next_try"}
KEY = "crash-7c1e09d4"
LATENCY = 0.05  # seconds: some die with a request under way
LONGEST = 0.8  # seconds that a worker lives
SLOWEST = 8  # seconds, on a machine so busy that in less nothing comes about
WAITING = 40  # documents that are always left to fetch or to book
ROUNDS = 240  # of half a second, to finish in peace


@dataclass(frozen=True)
class Outcome:
    """What became of it: Billingo's numbers, and how often each is in the books."""

    issued: frozenset[str]
    stored: Counter
    booked: Counter
    with_pdf: frozenset[str]
    halfway: int  # kills in the middle of a run that fetches


def crash(fixtures, kills, seed):
    """Kill a worker ``kills`` times at random moments of fetching and booking.

    :param seed: of the moments
    :return: an :class:`Outcome`, after the workers have finished in peace
    """
    chance = random.Random(seed)
    with (
        fixtures.services(LATENCY) as services,
        fixtures.database(ADDON) as database,
        fixtures.odoo(database, INSIDE) as user,
    ):
        simulator, settings = services[ADDON]
        office = _Office(simulator)
        user.call("prepare", settings=settings, key=KEY)
        with fixtures.cron_workers(database, *JOBS) as workers:
            halfway, longest, came = 0, LONGEST, 0
            for _kill in range(kills):
                if _left(workers, office) < WAITING / 2:
                    office.issue(WAITING)
                workers.work(chance.uniform(0, longest), **DATES)
                workers.kill(chance.choice)
                halfway += bool(_rows(workers, "billingo_connection", "fetch_page > 1"))
                before, came = came, _came(workers)
                if came == before:
                    longest = min(longest * 1.3, SLOWEST)
            for _round in range(ROUNDS):
                if not _left(workers, office, "pdf_state = 'attached'"):
                    break
                workers.work(0.5, **DATES)
        found = user.call("documents")
    return Outcome(
        issued=frozenset(office.numbers),
        stored=Counter(row["number"] for row in found),
        booked=Counter(name for row in found for name in row["moves"]),
        with_pdf=frozenset(row["number"] for row in found if row["pdf"]),
        halfway=halfway,
    )


class _Office:
    """Issues documents in an account of its own."""

    def __init__(self, simulator):
        from billingo_api.simulator import samples
        from billingo_api.simulator.samples.builder import AccountBook, line

        self.numbers = []
        self._accounts = simulator.accounts
        self._buyer, self._line = samples.COMPANY, line
        self._book = AccountBook(samples.SUPPLIER, "KI", 71_000_000, date(2026, 1, 1))
        self._accounts.open(
            KEY,
            tax_code=samples.SUPPLIER.tax_number,
            expires="2031-12-31",
            blocks=self._book.blocks,
            documents=(),
        )

    def issue(self, number):
        days = ("invoice_date", "fulfillment_date", "due_date", "paid_date")
        same_day = dict.fromkeys(days, "2026-03-02")
        for _document in range(number):
            item = self._line("Boríték C5", 21, quantity=500)
            raw = self._book.issue(self._buyer, item, changes=same_day)
            self._accounts.add(KEY, raw, datetime.now(UTC))
            self.numbers.append(raw["invoice_number"])


def _left(workers, office, done="state = 'processed'"):
    """Return how many issued documents have not come so far."""
    return len(office.numbers) - _rows(workers, "billingo_document", done)


def _came(workers):
    """Return how far all documents have come: stored, and once more when booked."""
    stored = _rows(workers, "billingo_document", "true")
    return stored + _rows(workers, "billingo_document", "state = 'processed'")


def _rows(workers, table, condition):
    [[number]] = workers.rows(f"SELECT count(*) FROM {table} WHERE {condition}")
    return number
