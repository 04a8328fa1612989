"""The memory of a worker that transfers very many invoices."""

import pathlib

from harness.console import say

TITLE = "2,000 invoices with PDFs: memory after the last / memory after the first 500"
INSIDE = pathlib.Path(__file__).parent / "inside" / "maventa_sending.py"
PARTS = (500, 1500)


def measure(bench):
    """Transfer some, then many more, and compare the peaks."""
    peaks = []
    with (
        bench.services() as services,
        bench.database("account_maventa") as database,
        bench.odoo(database, INSIDE) as odoo,
    ):
        _simulator, settings = services["account_maventa"]
        odoo.call("prepare", settings=settings, number=0, pdf=True)
        for number in PARTS:
            odoo.call("post", number=number)
            seconds = odoo.call("transfer")
            peaks.append(odoo.memory)
            say(f"  {number}: {seconds:.1f}s, {odoo.memory / 2**20:.0f} MiB")
    say(f"  ratio: {peaks[1] / peaks[0]:.2f}")
