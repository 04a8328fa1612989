"""Killing the workers that receive invoices, very often."""

from crash.killing import OFTEN
from crash.maventa_received_killed import crash
from harness.console import say

TITLE = f"{OFTEN} kills while receiving: bills / invoices that arrived"


def measure(bench):
    """Kill, and compare what arrived with the bills."""
    with bench.disturbed() as fixtures:
        outcome = crash(fixtures, OFTEN, seed=200)
    twice = sum(1 for times in outcome.bills.values() if times > 1)
    missing = len(outcome.arrived - set(outcome.bills))
    say(f"  {twice} bills are there twice, {missing} not at all, {outcome.empty} empty")
    say(f"  receipts: {dict(outcome.states)}")
    say(f"  ratio: {outcome.bills.total() / len(outcome.arrived):.4f}")
