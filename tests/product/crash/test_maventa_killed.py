"""Every invoice arrives once, and every received one is one bill: workers may die."""

from crash import maventa_received_killed
from crash.maventa_killed import crash

KILLS = 20


def test_every_invoice_arrives_once(fixtures):
    outcome = crash(fixtures, KILLS, seed=4)
    assert outcome.faults() == []
    assert outcome.killing.halfway, "no worker died in the middle of an upload"
    assert outcome.killing.hit("call", "commit"), outcome.killing.describe()


def test_every_received_invoice_is_one_bill(fixtures):
    outcome = maventa_received_killed.crash(fixtures, KILLS, seed=5)
    assert outcome.faults() == []
    assert outcome.killing.halfway, "no worker died between the list and a bill"
    assert outcome.killing.hit("call", "commit"), outcome.killing.describe()
