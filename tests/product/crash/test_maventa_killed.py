"""Every invoice arrives once, whenever a worker dies."""

from crash.maventa_killed import crash

KILLS = 20


def test_every_invoice_arrives_once(fixtures):
    outcome = crash(fixtures, KILLS, seed=4)
    assert outcome.states == {"delivered"}
    assert set(outcome.held) == outcome.invoices
    assert set(outcome.held.values()) == {1}
    assert outcome.under_way, "no worker died in the middle of an upload"
    assert outcome.killing.busy > KILLS / 2, outcome.killing.describe()
