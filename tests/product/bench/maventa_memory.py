"""The memory of a worker that transfers very many invoices."""

import pathlib

from harness.console import say

TITLE = "2,000 invoices with PDFs: memory after the last / memory after the first 500"
INSIDE = pathlib.Path(__file__).parent / "inside" / "maventa_sending.py"
PARTS = (500, 500, 500, 500)  # equal, because posting takes memory as well


def measure(bench):
    """Transfer part by part, and compare the memory after the last and the first."""
    after = []
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
            after.append(odoo.memory)
            say(f"  {number}: {seconds:.1f}s, {odoo.memory / 2**20:.0f} MiB")
    say(f"  ratio: {after[-1] / after[0]:.2f}")
