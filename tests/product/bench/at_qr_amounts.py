"""The amounts of QR codes of many random documents, compared with their entries."""

import pathlib

from harness.console import say

INSIDE = pathlib.Path(__file__).parent / "inside" / "at_qr_amounts.py"
TITLE = "QR codes of 3,000 random documents that say what was not booked (none)"
DOCUMENTS = 300
SEEDS = range(10)


def measure(bench):
    """Make documents with each seed, and print how many differ."""
    different = 0
    with bench.database("l10n_pt_atcud") as database:
        with bench.odoo(database, INSIDE) as worker:
            for seed in SEEDS:
                found = worker.call("differences", number=DOCUMENTS, seed=seed)
                different += len(found)
                for payload, pairs in found:
                    say(f"  {pairs} {payload}")
    say(f"  {DOCUMENTS * len(SEEDS)} documents, {different} different")
