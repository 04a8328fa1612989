"""Killing the workers that receive invoices, much oftener than the test does."""

from crash.maventa_received_killed import crash
from harness.console import say

TITLE = "1,000 kills while receiving: bills / invoices that arrived"
KILLS = 1000


def measure(bench):
    """Kill, and compare what arrived with the bills."""
    outcome = crash(bench, KILLS, seed=1000)
    twice = sum(1 for times in outcome.bills.values() if times > 1)
    missing = len(outcome.arrived - set(outcome.bills))
    say(f"  {outcome.under_way} of {KILLS} kills left a receipt without a bill")
    say(f"  {twice} bills are there twice, {missing} not at all, {outcome.empty} empty")
    say(f"  ratio: {outcome.bills.total() / len(outcome.arrived):.4f}")
