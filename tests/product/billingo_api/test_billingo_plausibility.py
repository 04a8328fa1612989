"""What is hardly meant is named, and what is merely unusual is not."""

from datetime import date

import pytest
from billingo_api.parsing import parse_document
from billingo_api.plausibility import Kind, implausible
from billingo_api.simulator.samples import own_account, supplier_account

TODAY = date(2026, 6, 1)


def found(**changes):
    raw = own_account().documents[0]
    item = raw["items"][0]
    raw = {**raw, "items": [{**item, **changes.pop("item", {})}], **changes}
    return [(x.kind, x.where) for x in implausible(parse_document(raw), TODAY)]


def test_the_samples_are_plausible():
    for raw in (*own_account().documents, *supplier_account().documents):
        assert implausible(parse_document(raw), TODAY) == ()


@pytest.mark.parametrize("name", ["invoice_date", "fulfillment_date", "due_date"])
@pytest.mark.parametrize("year", [1, 1926, 2126, 9999])
def test_years_far_away(name, year):
    assert (Kind.DATE, name) in found(**{name: f"{year:04d}-01-31"})


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"fulfillment_date": "2030-01-01"}, "fulfillment_date"),
        ({"fulfillment_date": "2022-01-01"}, "fulfillment_date"),
        ({"invoice_date": "2026-06-02"}, "invoice_date"),
        (
            {"invoice_date": "2026-05-01", "fulfillment_date": "2026-07-03"},
            "fulfillment_date",
        ),
        ({"payment_status": "paid", "paid_date": "2037-01-01"}, "paid_date"),
    ],
)
def test_days_far_from_today_or_from_each_other(changes, name):
    assert (Kind.DATE, name) in found(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"invoice_date": "2026-06-01", "fulfillment_date": "2026-08-02"},
        {"invoice_date": "2026-06-01", "fulfillment_date": "2025-01-01"},
        {"due_date": "2031-01-01"},
        {"due_date": None, "fulfillment_date": None},
        {"paid_date": "9999-01-01"},  # not paid: no day of payment
    ],
)
def test_unusual_days_are_possible(changes):
    assert found(**changes) == []


@pytest.mark.parametrize(
    ("changes", "kind", "where"),
    [
        ({"invoice_number": "x" * 51}, Kind.LENGTH, "invoice_number"),
        ({"item": {"name": "x" * 513}}, Kind.LENGTH, "items"),
        ({"gross_total": 10**12 + 1}, Kind.AMOUNT, "gross_total"),
        ({"item": {"name": "a", "net_amount": -(10**13)}}, Kind.AMOUNT, "a"),
        ({"item": {"name": "a", "quantity": 10**10}}, Kind.QUANTITY, "a"),
        ({"currency": "EUR", "conversion_rate": 390_000}, Kind.RATE, "conversion_rate"),
        (
            {"currency": "EUR", "conversion_rate": 0.00039},
            Kind.RATE,
            "conversion_rate",
        ),
    ],
)
def test_lengths_and_amounts(changes, kind, where):
    assert (kind, where) in found(**changes)


def test_too_many_lines():
    raw = own_account().documents[0]
    raw["items"] = raw["items"][:1] * 5_001
    [one] = implausible(parse_document(raw), TODAY)
    assert (one.kind, one.value) == (Kind.LINES, "5001")
