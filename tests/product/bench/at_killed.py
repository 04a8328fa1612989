"""Killing the workers that register, post, finalise and annul, very often."""

from crash.at_killed import crash
from crash.faults import report
from crash.killing import OFTEN
from harness.console import say

TITLE = (
    f"{OFTEN} kills while series are registered, used, finalised and annulled: faults "
    "after one nightly run, and when all is done (none)"
)


def measure(bench):
    """Kill, and compare Odoo's series and documents with AT's register."""
    with bench.disturbed() as fixtures:
        outcome = crash(fixtures, OFTEN, seed=200)
    documents = sum(len(one["documents"]) for one in outcome.at_end.series.values())
    say(f"  {len(outcome.at_end.register)} series at AT, {documents} documents")
    report(outcome.faults())
