"""Every received invoice is one bill, whenever a worker dies."""

from crash.maventa_received_killed import crash

KILLS = 20


def test_every_received_invoice_is_one_bill(fixtures):
    outcome = crash(fixtures, KILLS, seed=5)
    assert set(outcome.bills) == outcome.arrived
    assert set(outcome.bills.values()) == {1}
    assert outcome.empty == 0
    assert outcome.states <= {"billed", "review", "duplicate"}
    assert outcome.under_way, "no worker died between the list and a bill"
