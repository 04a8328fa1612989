"""Odoo's Send dialog of one invoice, by Maventa."""

import pathlib

from harness.console import say

TITLE = "Send of one invoice in the dialog / Odoo's own Send and one request of 300 ms"
INSIDE = pathlib.Path(__file__).parent / "inside" / "maventa_sending.py"
LATENCY = 0.3  # seconds
TIMES = 5


def measure(bench):
    """Send a few invoices by Odoo's own e-mail, and as many by Maventa."""
    with (
        bench.services(LATENCY) as services,
        bench.database("account_maventa") as database,
        bench.odoo(database, INSIDE) as odoo,
    ):
        _simulator, settings = services["account_maventa"]
        odoo.call("prepare", settings=settings, number=1, pdf=True)
        odoo.call("transfer")  # the token is fetched, the layout compiled
        own = odoo.call("send_in_dialog", method="email", number=TIMES)
        ours = odoo.call("send_in_dialog", method="maventa", number=TIMES)
    own, ours = min(own), min(ours)
    say(f"  {own:.2f}s by e-mail, {ours:.2f}s by Maventa")
    say(f"  ratio: {ours / (own + LATENCY):.2f}")
