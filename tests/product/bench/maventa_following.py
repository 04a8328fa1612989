"""Following up very many invoices that are under way."""

import pathlib

from harness.console import say

TITLE = "5,000 pending invoices followed up: time per invoice / that with 500"
INSIDE = pathlib.Path(__file__).parent / "inside" / "maventa_sending.py"
NUMBERS = (500, 5000)


def measure(bench):
    """Ask about few, then about many, all of them still pending."""
    each = [_seconds(bench, number) / number for number in NUMBERS]
    say(f"  ratio: {each[1] / each[0]:.2f}")


def _seconds(bench, number):
    with (
        bench.services() as services,
        bench.database("account_maventa") as database,
        bench.odoo(database, INSIDE) as odoo,
    ):
        simulator, settings = services["account_maventa"]
        simulator.polls_until_routed = 10  # looks: none of them arrives meanwhile
        odoo.call("prepare", settings=settings, number=1, pdf=False)
        odoo.call("transfer")
        [uuid, *others] = odoo.call("multiply", number=number)
        with simulator.store as state:
            sample = state[f"invoice/{uuid}"]
            for other in others:
                state[f"invoice/{other}"] = {**sample, "id": other}
        before, asked = odoo.memory, simulator.requests["list_invoices"]
        seconds = odoo.call("follow_up")
        grown = (odoo.memory - before) / 2**20
        asked = simulator.requests["list_invoices"] - asked
    say(f"  {number}: {seconds:.1f}s, {asked} requests, memory grew by {grown:.0f} MiB")
    return seconds
