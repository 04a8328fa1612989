"""Killing the workers that fetch and book, ten times as often as the test does."""

from crash.billingo_killed import crash
from harness.console import say

TITLE = (
    "200 kills while fetching and booking: entries / documents at Billingo "
    "(exactly 1), each with its PDF"
)
KILLS = 200


def measure(bench):
    """Kill, and compare what Billingo issued with what is in the books."""
    outcome = crash(bench, KILLS, seed=200)
    issued = outcome.issued
    say(f"  {outcome.halfway} of {KILLS} kills came in the middle of fetching")
    for what, counted in (("stored", outcome.stored), ("booked", outcome.booked)):
        twice = sum(1 for times in counted.values() if times > 1)
        missing = len(issued - set(counted))
        strange = len(set(counted) - issued)
        say(f"  {what}: {twice} twice, {missing} missing, {strange} never issued")
    say(f"  {len(issued - outcome.with_pdf)} without their PDF")
    say(f"  ratio: {outcome.booked.total() / len(issued):.4f}")
