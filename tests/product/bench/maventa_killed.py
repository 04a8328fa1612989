"""Killing the workers that transfer invoices, very often."""

from crash.faults import report
from crash.killing import OFTEN
from crash.maventa_killed import crash
from harness.console import say

TITLE = f"{OFTEN} kills during transfers: faults of what Maventa holds (none)"


def measure(bench):
    """Kill, and compare what was posted with what arrived."""
    with bench.disturbed() as fixtures:
        outcome = crash(fixtures, OFTEN, seed=200)
    say(f"  {len(outcome.posted)} invoices posted, {len(outcome.held)} at Maventa")
    report(outcome.faults())
