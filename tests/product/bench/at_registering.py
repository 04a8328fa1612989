"""Registering many series at once, with AT far away."""

import pathlib

from harness.console import say

INSIDE = pathlib.Path(__file__).parent / "inside" / "at_registering.py"
TITLE = "100 series registered, AT answers after 50 ms: time / latency alone"
SERIES = 100
LATENCY = 0.05  # seconds


def measure(bench):
    """Register the series in one go over TLS, and compare with mere waiting."""
    with (
        bench.services(LATENCY) as services,
        bench.database("l10n_pt_atcud") as database,
        bench.odoo(database, INSIDE) as odoo,
    ):
        simulator, settings = services["l10n_pt_atcud"]
        ids = odoo.call("prepare", settings=settings, number=SERIES)
        before = simulator.requests.total()
        seconds = odoo.call("register", ids=ids)
        requests = simulator.requests.total() - before
    alone = requests * LATENCY
    say(f"  {seconds:.2f}s for {requests} requests, of them {alone:.2f}s latency")
    say(f"  ratio: {seconds / alone:.2f}")
