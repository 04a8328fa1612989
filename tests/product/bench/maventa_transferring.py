"""Transferring invoices with their PDFs, with Maventa far away."""

import pathlib

from harness.console import say

TITLE = (
    "200 invoices, Maventa answers after 300 ms: whole run / Odoo's own making of the "
    "same XML and PDFs in batches (at most 1.25)"
)
INSIDE = pathlib.Path(__file__).parent / "inside" / "maventa_sending.py"
INVOICES = 200
LATENCY = 0.3  # seconds


def measure(bench):
    """Let Odoo make all documents and forget them; transfer them; mail as many."""
    with (
        bench.services(LATENCY) as services,
        bench.database("account_maventa") as database,
        bench.odoo(database, INSIDE) as odoo,
    ):
        simulator, settings = services["account_maventa"]
        odoo.call("prepare", settings=settings, number=INVOICES, pdf=True)
        making = odoo.call("make_as_odoo")
        before, asked = odoo.memory, simulator.requests.total()
        sending = odoo.call("transfer")
        grown, asked = odoo.memory - before, simulator.requests.total() - asked
        held = len(simulator.held_invoices())
        mailing = odoo.call("mail", number=INVOICES)
    say(
        f"  {making:.1f}s for Odoo's documents, {sending:.1f}s to transfer with "
        f"{asked} requests, memory grew by {grown / 2**20:.0f} MiB"
    )
    say(f"  {mailing:.1f}s for Odoo's Send by e-mail; ratio: {sending / mailing:.2f}")
    say(f"  {held} of {INVOICES} arrived; ratio: {sending / making:.2f}")
