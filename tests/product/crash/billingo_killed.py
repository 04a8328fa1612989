"""Killing the workers that fetch and book documents, and comparing what is there."""

import pathlib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial

from .killing import Killing, stage

INSIDE = pathlib.Path(__file__).parent / "inside" / "billingo_killed.py"
ADDON = "account_billingo_import"
JOBS = ("billingo.fetcher", "billingo.processor", "billingo.pdf")
DATES = {"billingo_connection": "next_fetch_at", "billingo_document": "pdf_next_try"}
KEY = "crash-7c1e09d4"


@dataclass(frozen=True)
class Outcome:
    """What became of it: Billingo's numbers, and how often each is in the books."""

    issued: frozenset[str]
    stored: Counter
    booked: Counter
    with_pdf: frozenset[str]
    killing: Killing


def crash(fixtures, kills, seed):
    """Kill ``kills`` workers at random moments of fetching and booking.

    :param seed: of the moments
    :return: an :class:`Outcome`, after the workers have finished in peace
    """
    with stage(fixtures, ADDON, INSIDE) as scene:
        user, office = scene.user, _Office(scene.simulator)
        user.call("prepare", settings=scene.settings, key=KEY)
        with scene.killing(*JOBS, seed=seed, **DATES) as killing:
            count = partial(killing.workers.count, "billingo_document")

            def left(done):
                return len(office.numbers) - count(done)

            killing.run(
                kills,
                left=partial(left, "state = 'processed'"),
                supply=office.issue,
                progress=lambda: (count(), count("state = 'processed'")),
                is_halfway=lambda: killing.workers.count(
                    "billingo_connection", "fetch_page > 1"
                ),
            )
            killing.finish(partial(left, "pdf_state = 'attached'"))
        found = user.call("documents")
    return Outcome(
        issued=frozenset(office.numbers),
        stored=Counter(row["number"] for row in found),
        booked=Counter(name for row in found for name in row["moves"]),
        with_pdf=frozenset(row["number"] for row in found if row["pdf"]),
        killing=killing,
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
            # Bills of one amount and day would be suspected to be one bill.
            item = self._line("Boríték C5", 21, quantity=500 + len(self.numbers))
            raw = self._book.issue(self._buyer, item, changes=same_day)
            self._accounts.add(KEY, raw, datetime.now(UTC))
            self.numbers.append(raw["invoice_number"])
