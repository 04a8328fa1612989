"""AT's register and Odoo's are equal after one nightly run, and in the end."""

from crash.at_killed import crash

KILLS = 20


def test_registers_are_equal_after_one_nightly_run(fixtures):
    outcome = crash(fixtures, KILLS, seed=6)
    assert outcome.faults() == []
    states = {one["state"] for one in outcome.after_night.series.values()}
    assert {"finalised", "annulled"} <= states, "the workers did not come so far"
    assert outcome.killing.halfway, "no worker died in the middle of a request"
    hit = outcome.killing.hit("call", "commit", "posting")
    assert hit, outcome.killing.describe()
