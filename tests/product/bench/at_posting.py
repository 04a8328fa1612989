"""Posting Portuguese invoices with the addon, and without it."""

import pathlib
import statistics
from contextlib import ExitStack

from harness.console import say

INSIDE = pathlib.Path(__file__).parent / "inside" / "at_posting.py"
TITLE = "posting 500 invoices with l10n_pt_atcud / without it (at most 1.05)"
INVOICES = 500
ROUNDS = 5


def measure(bench):
    """Post the same drafts in turns, and print the median of the ratios."""
    with ExitStack() as stack:
        workers, drafts = {}, {}
        for case, addons in (("without", ()), ("with", ("l10n_pt_atcud",))):
            database = stack.enter_context(bench.database(*addons))
            workers[case] = stack.enter_context(bench.odoo(database, INSIDE))
            drafts[case] = workers[case].call("drafts", number=INVOICES)
        ratios = []
        for number in range(ROUNDS):
            # Whoever is second may find a warmer machine: take turns at that, too.
            taken = {
                case: workers[case].call("post", ids=drafts[case])
                for case in sorted(workers, reverse=number % 2)
            }
            ratios.append(taken["with"] / taken["without"])
            say(
                f"  {taken['with']:.2f}s with, {taken['without']:.2f}s without, "
                f"ratio {ratios[-1]:.2f}"
            )
    say(f"  median of {ROUNDS} ratios: {statistics.median(ratios):.2f}")
