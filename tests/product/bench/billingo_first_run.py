"""A first run over many documents, through slot after slot of the scheduler."""

import pathlib

from harness.console import say

from .billingo_booking import KEY, issue

TITLE = (
    "10,000 documents on a first run: memory after the last slot / after the first "
    "(at most 1.2), requests / pages (at most 1.1), each page committed once"
)
INSIDE = pathlib.Path(__file__).parent / "inside" / "billingo_first_run.py"
DOCUMENTS = 10_000
PAGE = 100
LIMIT = 1000  # slots


def measure(bench):
    """Fetch all documents; look after each slot at what is there."""
    with (
        bench.services() as services,
        bench.database("account_billingo_import") as database,
        bench.odoo(database, INSIDE) as odoo,
    ):
        simulator, settings = services["account_billingo_import"]
        issue(simulator, DOCUMENTS)
        odoo.call("prepare", settings=settings, key=KEY)
        asked = simulator.requests.total()
        memory, seconds, slots = [odoo.memory], 0, []
        while not slots or not slots[-1]["is_done"]:
            slots.append(odoo.call("slot"))
            seconds += slots[-1]["seconds"]
            memory.append(odoo.memory)
            _check(slots)
        asked = simulator.requests.total() - asked
    pages = -(-DOCUMENTS // PAGE)
    highest = max(memory[1:])
    say(
        f"  {slots[-1]['documents']} of {DOCUMENTS} fetched in {len(slots)} slots, "
        f"{seconds:.1f}s, {asked} requests for {pages} pages"
    )
    say(
        f"  memory: {memory[0] / 2**20:.0f} MiB before, {memory[1] / 2**20:.0f} after "
        f"the first slot, {highest / 2**20:.0f} at most after a slot"
    )
    say(f"  requests / pages: {asked / pages:.2f}")
    say(f"  memory at the end / after the first slot: {memory[-1] / memory[1]:.2f}")


def _check(slots):
    """Refuse a slot that got nowhere, lost a page, or moved the mark too early."""
    before = slots[-2]["pages"] if len(slots) > 1 else 0
    now = slots[-1]
    if now["pages"] <= before or len(slots) > LIMIT:
        raise AssertionError(f"slot {len(slots)} read no page")
    if now["documents"] != min(now["pages"] * PAGE, DOCUMENTS):
        raise AssertionError(f"{now['pages']} pages have {now['documents']} documents")
    if now["is_done"] != (now["documents"] == DOCUMENTS):
        raise AssertionError("the mark moves with the last page, and not before")
