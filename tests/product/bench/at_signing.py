"""Posting Portuguese invoices with signatures, and without them."""

import pathlib
import statistics
from contextlib import ExitStack

from harness.console import say

INSIDE = pathlib.Path(__file__).parent / "inside" / "at_signing.py"
TITLE = "posting 500 invoices signed / unsigned (at most 1.10)"
# the first addon names the database
ADDONS = {"unsigned": ("account_debit_note",), "signed": ()}
INVOICES = 500
ROUNDS = 5


def measure(bench):
    """Post the same drafts in turns, and print the median of the ratios."""
    with ExitStack() as stack:
        workers, drafts = {}, {}
        for case, before in ADDONS.items():
            database = stack.enter_context(bench.database(*before, "l10n_pt_atcud"))
            workers[case] = stack.enter_context(bench.odoo(database, INSIDE))
            drafts[case] = workers[case].call(
                "drafts", number=INVOICES, signed=case == "signed"
            )
        ratios = []
        for number in range(ROUNDS):
            # Whoever is second may find a warmer machine: take turns at that, too.
            taken = {
                case: workers[case].call("post", ids=drafts[case])
                for case in sorted(workers, reverse=number % 2)
            }
            ratios.append(taken["signed"] / taken["unsigned"])
            say(
                f"  {taken['signed']:.2f}s signed, {taken['unsigned']:.2f}s unsigned, "
                f"ratio {ratios[-1]:.2f}"
            )
    say(f"  median of {ROUNDS} ratios: {statistics.median(ratios):.2f}")
