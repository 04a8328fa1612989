"""Killing the workers that transfer invoices, ten times as often as the test does."""

from crash.maventa_killed import crash
from harness.console import say

TITLE = "200 kills during transfers: invoices at Maventa / invoices posted"
KILLS = 200


def measure(bench):
    """Kill, and compare what was posted with what arrived."""
    outcome = crash(bench, KILLS, seed=200)
    twice = sum(1 for times in outcome.held.values() if times > 1)
    missing = len(outcome.invoices - set(outcome.held))
    say(f"  {outcome.under_way} of {KILLS} kills left an upload without an outcome")
    say(f"  {twice} invoices arrived twice, {missing} not at all")
    say(f"  ratio: {outcome.held.total() / len(outcome.invoices):.4f}")
