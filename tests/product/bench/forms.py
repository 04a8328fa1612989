"""Forms of Odoo's own models, with the guards of all three addons and without them."""

import pathlib

from harness.console import say

TITLE = "forms of Odoo's own models with the guards / without them (about 1.00)"
INSIDE = pathlib.Path(__file__).parent / "inside" / "forms.py"
ADDONS = ("account_billingo_import", "account_maventa", "l10n_pt_atcud")
ROUNDS = 40


def measure(bench):
    """Open and change forms in turns, and print the ratios of the medians."""
    with (
        bench.database(*ADDONS) as database,
        bench.odoo(database, INSIDE) as odoo,
    ):
        for what, (ours, own) in odoo.call("forms", rounds=ROUNDS).items():
            say(
                f"  {what}: {1000 * ours:.2f} ms with, {1000 * own:.2f} ms without, "
                f"ratio {ours / own:.3f}"
            )
