"""Killing the workers that fetch and book, very often."""

from crash.billingo_killed import crash
from crash.killing import OFTEN
from harness.console import say

TITLE = (
    f"{OFTEN} kills while fetching and booking: entries / documents at Billingo "
    "(exactly 1), each with its PDF"
)


def measure(bench):
    """Kill, and compare what Billingo issued with what is in the books."""
    with bench.disturbed() as fixtures:
        outcome = crash(fixtures, OFTEN, seed=200)
    issued = outcome.issued
    for what, counted in (("stored", outcome.stored), ("booked", outcome.booked)):
        twice = sum(1 for times in counted.values() if times > 1)
        missing = len(issued - set(counted))
        strange = len(set(counted) - issued)
        say(f"  {what}: {twice} twice, {missing} missing, {strange} never issued")
    say(f"  {len(issued - outcome.with_pdf)} without their PDF")
    say(f"  ratio: {outcome.booked.total() / len(issued):.4f}")
