"""GET /documents/{id}/payments: what was paid, without any id."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from billingo_api.errors import RejectedError, TemporaryError
from billingo_api.payments import parse_payments

KEY = "own"


def _newest(simulator):
    _total, [raw] = simulator.accounts.documents(KEY, window=slice(1))
    return raw


def test_parts_in_their_order(connect, simulator):
    raw = _newest(simulator)
    parts = [
        {
            "date": f"2026-03-0{day}",
            "price": price,
            "payment_method": "cash",
            "voucher_number": None,
            "conversion_rate": None,
        }
        for day, price in ((1, 10_000), (2, 20_000.5))
    ]
    simulator.accounts.pay(KEY, raw["id"], parts, datetime(2026, 3, 2))
    client = connect()
    assert client.document(str(raw["id"])).payment_status == "partially_paid"
    first, second = client.payments(str(raw["id"]))
    assert (first.date, first.price) == (date(2026, 3, 1), 10_000)
    assert second.price == Decimal("20000.5")
    assert (second.payment_method, second.voucher_number) == ("cash", "")


def test_nothing_paid_and_nothing_there(connect, simulator):
    raw = _newest(simulator)
    assert connect().payments(str(raw["id"])) == ()
    with pytest.raises(RejectedError):
        connect().payments("1")


def test_another_shape_is_no_answer(connect, simulator):
    simulator.faults.add("html")
    with pytest.raises(TemporaryError):
        connect().payments(str(_newest(simulator)["id"]))


def test_what_has_no_day_or_amount_is_no_payment():
    odd = [None, {}, {"date": "2026-01-01"}, {"price": 5}, {"date": "x", "price": 1}]
    assert parse_payments(odd) == ()
    [one] = parse_payments([{"date": "2026-01-01 10:00", "price": "5,5"}])
    assert (one.price, one.payment_method) == (Decimal("5.5"), "")
