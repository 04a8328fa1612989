"""Killing the workers that fetch, book and pay documents, and comparing the books."""

import pathlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial

from .faults import by_name, differences
from .killing import Killing, stage

INSIDE = pathlib.Path(__file__).parent / "inside" / "billingo_killed.py"
ADDON = "account_billingo_import"
JOBS = ("billingo.fetcher", "billingo.processor", "billingo.pdf", "billingo.payments")
DATES = {"billingo_connection": "next_fetch_at", "billingo_document": "pdf_next_try"}
LATE = 5  # documents of an account that are issued while its history is read
# Connections to accounts of so many documents that have all come to their end
RETIRE = """
    UPDATE billingo_connection SET state = 'draft' WHERE id IN (
        SELECT id FROM billingo_connection AS one
         WHERE state = 'active' AND %s = (
               SELECT count(*) FROM billingo_document AS document
                WHERE connection_id = one.id AND pdf_state = 'attached'
                  AND NOT COALESCE(is_payment_due, false) AND NOT EXISTS (
                      SELECT FROM billingo_payment
                       WHERE document_id = document.id AND state = 'waiting'))
           FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id
"""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Outcome:
    """What became of it.

    ``issued`` has what each document and payment at Billingo should be in Odoo, by
    number, ``books`` what is there.
    """

    issued: dict[str, list]
    books: dict[str, list]
    killing: Killing

    def faults(self):
        """Return what is not as it should be."""
        return [*differences(self.issued, self.books)]


def crash(fixtures, kills, seed):
    """Kill ``kills`` workers at random moments of fetching, booking and paying.

    :param seed: of the moments
    :return: an :class:`Outcome`, after the workers have finished in peace
    """
    with stage(fixtures, ADDON, INSIDE) as scene:
        user = scene.user
        user.call("prepare", settings=scene.settings)
        office = _Office(scene.simulator, partial(user.call, "connect"))
        with scene.killing(*JOBS, seed=seed, **DATES) as killing:
            count = partial(killing.workers.count, "billingo_document")

            def left(done):
                return len(office.documents) - count(done)

            def to_pay():
                paid = killing.workers.count("billingo_payment", "state = 'registered'")
                return len(office.payments) - paid

            def supply(number):
                killing.workers.rows(RETIRE % number)
                office.open(number)

            killing.run(
                kills,
                left=partial(left, "state = 'processed'"),
                supply=supply,
                progress=lambda: (count(), count("state = 'processed'")),
                is_halfway=lambda: killing.workers.count(
                    "billingo_connection", "fetch_page > 1"
                ),
            )
            killing.finish(lambda: left("pdf_state = 'attached'") + to_pay())
        books = by_name(user.call("books"))
    return Outcome({**office.documents, **office.payments}, books, killing)


class _Office:
    """Issues documents in accounts of its own; every second is paid in part.

    ``documents`` and ``payments`` have by number what they should be in Odoo.
    """

    def __init__(self, simulator, connect):
        self.documents = {}
        self.payments = {}
        self._accounts = simulator.accounts
        self._connect = connect
        self._opened = 0

    def open(self, number):
        """Open an account with ``number`` documents, the last of which come later.

        What is old comes in the first run of a connection and in no later one, which
        reads what has changed since.
        """
        from billingo_api.simulator import samples
        from billingo_api.simulator.samples.builder import AccountBook

        place, self._opened = self._opened, self._opened + 1
        key, first_id = f"crash-7c1e09d4-{place}", (71 + place) * 100_000
        book = AccountBook(samples.SUPPLIER, f"K{place}", first_id, date(2026, 1, 1))
        history = [self._issue(book) for _document in range(number - LATE)]
        self._accounts.open(
            key,
            tax_code=samples.SUPPLIER.tax_number,
            expires="2031-12-31",
            blocks=book.blocks,
            documents=history,
        )
        for raw in history:
            self._pay(key, raw, LONG_AGO)
        self._connect(key=key)
        for _document in range(LATE):
            raw = self._issue(book)
            self._accounts.add(key, raw, datetime.now(UTC))
            self._pay(key, raw, datetime.now(UTC))

    def _issue(self, book):
        from billingo_api.simulator import samples
        from billingo_api.simulator.samples.builder import line

        days = ("invoice_date", "fulfillment_date", "due_date", "paid_date")
        same_day = dict.fromkeys(days, "2026-03-02")
        # Bills of one amount and day would be suspected to be one bill.
        item = line("Boríték C5", 21, quantity=500 + len(self.documents))
        raw = book.issue(samples.COMPANY, item, changes=same_day)
        entry = f"{raw['gross_total']:.2f} posted with 1 PDF"
        self.documents[raw["invoice_number"]] = [entry, "processed"]
        return raw

    def _pay(self, key, raw, changed):
        """Pay two parts of every second document; a third would still be open."""
        if raw["id"] % 2:
            return
        payments = [
            {
                "date": "2026-03-09",
                "price": raw["gross_total"] // parts,
                "payment_method": "wire_transfer",
                "voucher_number": f"V-{raw['id']}/{parts}",
                "conversion_rate": None,
            }
            for parts in (4, 5)
        ]
        self._accounts.pay(key, raw["id"], payments, changed)
        for payment in payments:
            self.payments[payment["voucher_number"]] = [f"{payment['price']:.2f}"]
