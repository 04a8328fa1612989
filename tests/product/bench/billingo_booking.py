"""Fetching and booking documents, against Odoo booking the same by itself."""

import pathlib
from datetime import date

from harness.console import say

TITLE = (
    "2,000 documents: speed / that of Odoo alone (at least 0.8), "
    "time per document / that with 200 (at most 1.2)"
)
INSIDE = pathlib.Path(__file__).parent / "inside" / "billingo_booking.py"
KEY = "bench-3f8a61c0"
FEW, MANY = 200, 2000


def measure(bench):
    """Take both numbers of documents, and the same entries made by Odoo alone."""
    few, many = (_imported(bench, number) for number in (FEW, MANY))
    with bench.database() as database, bench.odoo(database, INSIDE) as odoo:
        alone = odoo.call("book_alone", number=MANY)
    say(f"  Odoo alone: {MANY} in {alone:.1f}s")
    say(f"  speed / Odoo's own: {alone / many:.2f}")
    say(f"  time per document at {MANY} / at {FEW}: {many / MANY / (few / FEW):.2f}")


def _imported(bench, number):
    """Fetch and book ``number`` documents; return the seconds."""
    with (
        bench.services() as services,
        bench.database("account_billingo_import") as database,
        bench.odoo(database, INSIDE) as odoo,
    ):
        simulator, settings = services["account_billingo_import"]
        issue(simulator, number)
        odoo.call("prepare", settings=settings, key=KEY)
        before, asked = odoo.memory, simulator.requests.total()
        fetched = odoo.call("fetch", number=number)
        grown, pages = odoo.memory - before, simulator.requests.total() - asked
        say(
            f"  {number} fetched in {fetched:.1f}s, {pages} requests, memory grew by "
            f"{grown / 2**20:.0f} MiB"
        )
        before = odoo.memory
        booked = odoo.call("book", number=number)
        grown = odoo.memory - before
        say(f"  ... booked in {booked:.1f}s, memory grew by {grown / 2**20:.0f} MiB")
        asked = simulator.requests.total()
        odoo.call("fetch", number=number)
        say(f"  ... nothing new: {simulator.requests.total() - asked} requests")
        return fetched + booked


def issue(simulator, number):
    """Open an account in which a supplier has issued ``number`` documents to us.

    Each has an amount of its own: none is a suspected duplicate of another.
    """
    from billingo_api.simulator import samples
    from billingo_api.simulator.samples.builder import AccountBook, line

    book = AccountBook(samples.SUPPLIER, "KI", 71_000_000, date(2026, 1, 1))
    days = ("invoice_date", "fulfillment_date", "due_date", "paid_date")
    for index in range(number):
        book.issue(
            samples.COMPANY,
            line("Boríték C5", 21, quantity=500 + index),
            line("Szakkönyv", 7600, "5%", quantity=2),
            changes=dict.fromkeys(days, "2026-03-02"),
        )
    simulator.accounts.open(
        KEY,
        tax_code=samples.SUPPLIER.tax_number,
        expires="2031-12-31",
        blocks=book.blocks,
        documents=book.documents,
    )
