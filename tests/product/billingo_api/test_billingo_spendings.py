"""An account's costs: listed without lines, read with them, booked to the forint."""

from datetime import date
from decimal import Decimal

import pytest
from billingo_amounts import check
from billingo_api import book
from billingo_api.errors import RejectedError
from billingo_api.simulator import samples
from billingo_api.spendings import parse_spending


def test_list_by_day_of_issue_and_one_with_its_lines(connect):
    client = connect()
    raws = samples.own_spendings()
    day = date.fromisoformat(raws[1]["invoice_date"])
    listed = client.spendings(start_date=day, end_date=day).documents
    assert [document.id for document in listed] == [str(raws[1]["id"])]
    assert "items" not in listed[0].raw
    whole = client.spending(listed[0])
    assert len(whole.items) == 2
    assert whole.raw["is_created_by_nav"] is True
    assert whole.organization.tax_number == raws[1]["partner"]["tax_code"]
    with pytest.raises(RejectedError):
        client.spending(parse_spending(raws[0] | {"id": 1}))


def test_pages(connect):
    client = connect(page_size=2)
    found = [x.id for page in (1, 2, 3) for x in client.spendings(page).documents]
    assert sorted(found) == [str(raw["id"]) for raw in samples.own_spendings()]
    assert client.spendings(1).last_page == 3


@pytest.mark.parametrize("with_lines", [True, False])
def test_amounts(with_lines):
    for raw in samples.own_spendings():
        if not with_lines:
            del raw["items"]
        booking = book(parse_spending(raw))
        check(booking)
        assert booking.is_exact
        assert booking.is_refund == (raw["total_gross"] < 0)
        assert booking.gross == abs(Decimal(str(raw["total_gross"])))
        assert booking.local_vat == abs(Decimal(str(raw["total_vat_amount_local"])))


@pytest.mark.parametrize(
    ("gross", "vat", "code"),
    [
        (1270, 270, "27%"),
        (1181, 180, "18%"),
        (1050, 50, "5%"),
        (1000, 0, "0%"),
        (-1270, -270, "27%"),
        (1200, 200, ""),  # several rates, or another country's
        (4, 1, ""),  # so little that two rates fit
    ],
)
def test_rate_of_a_spending_without_lines(gross, vat, code):
    raw = samples.own_spendings()[0] | {"total_gross": gross, "total_vat_amount": vat}
    del raw["items"]
    assert parse_spending(raw).items[0].vat == code


def test_lenient_reading():
    raw = samples.own_spendings()[0]
    raw |= {"partner": None, "comment": None, "total_vat_amount": None}
    raw["items"] = [raw["items"][0] | {"vat": "27"}, None]
    document = parse_spending(raw)
    assert document.items[0].vat == "27%"
    assert document.organization.name == ""
    assert document.summary.vat_amount == 0
    assert parse_spending(None).items == ()
    assert parse_spending(raw | {"paid_at": "2026-03-01"}).payment_status == "paid"


@pytest.mark.parametrize("written", ["27", "27.0", "27 %", "27,0%", "27.00 %", "27%"])
def test_vat_in_the_ways_people_write_it(written):
    raw = samples.own_spendings()[0]
    raw["items"][0]["vat"] = written
    [only] = book(parse_spending(raw)).lines
    assert only.vat_code == "27%"
    assert not only.is_whole_bill


def test_a_bill_made_from_totals_says_so():
    raw = samples.own_spendings()[0] | {"total_gross": 1200, "total_vat_amount": 200}
    del raw["items"]
    [only] = book(parse_spending(raw)).lines
    assert (only.vat_code, only.vat_key, only.is_whole_bill) == ("", "-", True)


def test_day_of_payment_category_and_group_member():
    raw = samples.own_spendings()[0] | {"paid_at": "2026-03-09"}
    raw["partner"]["group_member_tax_number"] = "1"
    document = parse_spending(raw)
    assert document.paid_date == date(2026, 3, 9)
    assert document.category == "other"
    assert document.organization.group_member_tax_number == "1"
