"""The addons' own tests as an integrator runs them: demo data, and other modules."""

from harness import selection
from harness.addons import ADDONS
from harness.console import say

TITLE = (
    "the first test of every fourth class, by odoo --test-tags, in a database with "
    "demo data and other modules: failures (none)"
)
STEP = 4  # each class makes a company with its chart of accounts, which takes seconds
OTHERS = ("account_peppol", "sale_management", "purchase", "stock", "point_of_sale")


def measure(bench):
    """Install everything with demo data, run the tests, and name what fails.

    Warnings are those of other modules.
    """
    tags = ",".join(
        tag for addon in ADDONS for tag in [*selection.quick(addon)][::STEP]
    )
    with bench.demo_database(*OTHERS, *ADDONS) as database:
        verdict = bench.own_tests(database, tags)
    failures = [x for x in verdict.failures if not x.startswith("WARNING")]
    for failure in failures:
        say("  " + failure.strip().replace("\n", "\n    "))
    say(f"  {verdict.passed} passed, {len(failures)} failed")
