"""Each document is booked once and none is missing, whenever a worker dies."""

from crash.billingo_killed import crash

KILLS = 20


def test_each_document_is_booked_once(fixtures):
    outcome = crash(fixtures, KILLS, seed=5)
    assert set(outcome.stored) == outcome.issued
    assert set(outcome.stored.values()) == {1}
    assert outcome.booked == outcome.stored
    assert outcome.with_pdf == outcome.issued
    assert outcome.killing.halfway, "no worker died in the middle of fetching"
    assert outcome.killing.busy > KILLS / 2, outcome.killing.describe()
