"""Killing the workers that fetch, book and pay, very often."""

from crash.billingo_killed import crash
from crash.faults import report
from crash.killing import OFTEN
from harness.console import say

TITLE = (
    f"{OFTEN} kills while documents are fetched, booked and paid: faults of entries, "
    "PDFs and payments (none)"
)


def measure(bench):
    """Kill, and compare what Billingo has with what is in the books."""
    with bench.disturbed() as fixtures:
        outcome = crash(fixtures, OFTEN, seed=200)
    say(f"  {len(outcome.issued)} documents and payments at Billingo")
    report(outcome.faults())
