"""Verifying all signed documents of a Portuguese company, as an auditor does."""

import pathlib

from harness.console import say

INSIDE = pathlib.Path(__file__).parent / "inside" / "at_signing.py"
TITLE = "verifying 50,000 signed documents (seconds)"
DOCUMENTS = 50_000
ROUNDS = 3


def measure(bench):
    """Make the documents, verify them some times, and print the seconds."""
    with bench.database("l10n_pt_atcud") as database:
        with bench.odoo(database, INSIDE) as worker:
            worker.call("many", number=DOCUMENTS)
            for _round in range(ROUNDS):
                documents, breaks, seconds = worker.call("verify")
                say(f"  {documents} documents, {breaks} breaks, {seconds:.1f}s")
