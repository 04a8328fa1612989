"""Killing the workers that receive invoices, very often."""

from crash.faults import report
from crash.killing import OFTEN
from crash.maventa_received_killed import crash
from harness.console import say

TITLE = f"{OFTEN} kills while receiving: faults of the bills (none)"


def measure(bench):
    """Kill, and compare what arrived with the bills."""
    with bench.disturbed() as fixtures:
        outcome = crash(fixtures, OFTEN, seed=200)
    say(f"  {len(outcome.arrived)} invoices arrived, {len(outcome.bills)} are booked")
    say(f"  receipts: {dict(outcome.states)}")
    report(outcome.faults())
