"""Each document and payment is booked once, none is missing: workers may die."""

from crash.billingo_killed import crash

KILLS = 20


def test_everything_is_booked_once(fixtures):
    outcome = crash(fixtures, KILLS, seed=5)
    assert outcome.faults() == []
    assert outcome.killing.halfway, "no worker died in the middle of fetching"
    assert outcome.killing.hit("call", "commit"), outcome.killing.describe()
