"""The chain of signatures is whole, whenever a worker dies."""

from crash.at_signing_killed import crash

KILLS = 20


def test_chain_is_whole(fixtures):
    outcome = crash(fixtures, KILLS, seed=7)
    assert outcome.breaks == ()
    assert outcome.left == 0
    assert len(outcome.numbers) >= KILLS
    assert outcome.numbers == tuple(range(1, len(outcome.numbers) + 1))
    assert outcome.killing.busy, outcome.killing.describe()
