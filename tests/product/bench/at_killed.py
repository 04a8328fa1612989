"""Killing the workers that register, post, finalise and annul, very often."""

from crash.at_killed import crash
from crash.killing import OFTEN
from harness.console import say

TITLE = (
    f"{OFTEN} kills while series are registered, used, finalised and annulled: faults "
    "after one nightly run (none)"
)


def measure(bench):
    """Kill, and compare Odoo's series and documents with AT's register."""
    with bench.disturbed() as fixtures:
        outcome = crash(fixtures, OFTEN, seed=200)
    documents = sum(len(one["documents"]) for one in outcome.series.values())
    say(f"  {len(outcome.register)} series at AT, {documents} documents")
    faults = outcome.faults()
    for fault in faults[:20]:
        say(f"  {fault}")
    say(f"  faults: {len(faults)}")
