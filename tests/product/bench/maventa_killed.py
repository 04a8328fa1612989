"""Killing the workers that transfer invoices, very often."""

from crash.killing import OFTEN
from crash.maventa_killed import crash
from harness.console import say

TITLE = f"{OFTEN} kills during transfers: invoices at Maventa / invoices posted"


def measure(bench):
    """Kill, and compare what was posted with what arrived."""
    with bench.disturbed() as fixtures:
        outcome = crash(fixtures, OFTEN, seed=200)
    twice = sum(1 for times in outcome.held.values() if times > 1)
    missing = len(outcome.invoices - set(outcome.held))
    say(f"  {twice} invoices arrived twice, {missing} not at all")
    say(f"  {len(outcome.repeated)} uploaded again without asking first")
    say(f"  {len(outcome.altered)} held with other bytes than Odoo keeps")
    say(f"  transfers: {dict(outcome.states)}")
    say(f"  ratio: {outcome.held.total() / len(outcome.invoices):.4f}")
