"""Receiving documents as draft bills, against Odoo making the same drafts by itself."""

import os
import pathlib
from dataclasses import replace
from decimal import Decimal

from harness.console import say

TITLE = (
    "1,000 documents of 20 lines: time / that of Odoo's drafts alone (at most 1.5), "
    "time per document / that with a tenth (at most 1.2), requests when nothing is new"
)
INSIDE = pathlib.Path(__file__).parent / "inside" / "maventa_receiving.py"
MANY = int(os.environ.get("DOCUMENTS", "1000"))
FEW = MANY // 10
LINES = 20


def measure(bench):
    """Receive both numbers of documents, and make the same drafts without Maventa."""
    few, many = (_received(bench, number) for number in (FEW, MANY))
    with (
        bench.services() as services,
        bench.database("account_maventa") as database,
        bench.odoo(database, INSIDE) as odoo,
    ):
        odoo.call("prepare", settings=services["account_maventa"][1])
        alone = odoo.call("draft_alone", number=MANY, lines=LINES)
    say(f"  Odoo alone: {MANY} in {alone:.1f}s")
    say(f"  time / Odoo's own: {many / alone:.2f}")
    say(f"  time per document at {MANY} / at {FEW}: {many / MANY / (few / FEW):.2f}")


def _received(bench, number):
    """Receive ``number`` documents; return the seconds."""
    with (
        bench.services() as services,
        bench.database("account_maventa") as database,
        bench.odoo(database, INSIDE) as odoo,
    ):
        simulator, settings = services["account_maventa"]
        uuid = odoo.call("prepare", settings=settings)
        for age, sample in enumerate(documents(number)):  # one a minute
            moment = simulator.clock() - 60 * age
            simulator.receive(uuid, sample, received_at=moment)
        before = odoo.memory
        seconds = odoo.call("receive", number=number)
        grown = (odoo.memory - before) / 2**20
        say(f"  {number} in {seconds:.1f}s, memory grew by {grown:.0f} MiB")
        asked = simulator.requests.total()
        odoo.call("receive", number=number)
        say(f"  ... nothing new: {simulator.requests.total() - asked} requests")
        return seconds


def documents(number):
    """Yield invented documents of one supplier, each with its own number."""
    from maventa_api.simulator.samples import DraftRow, sample_of, samples
    from maventa_api.simulator.samples.catalogue import reference

    [clean] = [sample for sample in samples() if sample.key == "clean"]
    rows = tuple(
        DraftRow(f"Siivous {place}", Decimal("12.50") + place) for place in range(LINES)
    )
    for count in range(number):
        values = {"number": f"B-{count}", "reference": reference(f"{1000 + count}")}
        yield sample_of(replace(clean.draft, rows=rows, **values))
