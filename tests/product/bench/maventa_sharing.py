"""Two Odoo processes that transfer from one database."""

import pathlib
from concurrent.futures import ThreadPoolExecutor

from harness.console import say

TITLE = (
    "200 invoices with PDFs, two Odoo processes: time / that of one; each arrives once"
)
INSIDE = pathlib.Path(__file__).parent / "inside" / "maventa_sending.py"
INVOICES = 200
LATENCY = 0.3  # seconds


def measure(bench):
    """Let one process transfer all, then two processes as many."""
    one, two = _seconds(bench, 1), _seconds(bench, 2)
    say(f"  ratio: {two / one:.2f}")


def _seconds(bench, processes):
    with (
        bench.services(LATENCY) as services,
        bench.database("account_maventa") as database,
        bench.odoo(database, INSIDE) as first,
        bench.odoo(database, INSIDE) as second,
        ThreadPoolExecutor() as pool,
    ):
        simulator, settings = services["account_maventa"]
        first.call("prepare", settings=settings, number=INVOICES, pdf=True)
        workers = (first, second)[:processes]
        seconds = max(pool.map(lambda worker: worker.call("transfer"), workers))
        posted = simulator.requests["create_invoice"]
        held = len(simulator.held_invoices())
    say(f"  {processes}: {seconds:.1f}s, {posted} uploads, {held} arrived")
    return seconds
