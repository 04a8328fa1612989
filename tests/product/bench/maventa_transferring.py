"""Transferring invoices with their PDFs, with Maventa far away."""

import pathlib

from harness.console import say

TITLE = (
    "200 invoices, Maventa answers after 300 ms: "
    "whole run / making XML and PDF alone (at most 1.25)"
)
INSIDE = pathlib.Path(__file__).parent / "inside" / "maventa_sending.py"
INVOICES = 200
LATENCY = 0.3  # seconds


def measure(bench):
    """Make all documents and forget them; then make and transfer them."""
    with (
        bench.services(LATENCY) as services,
        bench.database("account_maventa") as database,
        bench.odoo(database, INSIDE) as odoo,
    ):
        simulator, settings = services["account_maventa"]
        odoo.call("prepare", settings=settings, number=INVOICES, pdf=True)
        making = odoo.call("make")
        before, asked = odoo.memory, simulator.requests.total()
        sending = odoo.call("transfer")
        grown, asked = odoo.memory - before, simulator.requests.total() - asked
        held = len(simulator.held_invoices())
    say(
        f"  {making:.1f}s to make, {sending:.1f}s to transfer with {asked} requests, "
        f"memory grew by {grown / 2**20:.0f} MiB"
    )
    say(f"  {held} of {INVOICES} arrived; ratio: {sending / making:.2f}")
