"""The invoice's VAT table is the truth per rate; what is beyond it is rounding."""

from decimal import Decimal

import pytest
from billingo_amounts import booked, check, issue
from billingo_api.errors import MismatchError
from billingo_api.simulator.samples.builder import line


def rows(raw):
    return {row["vat_name"]: row for row in raw["summary"]["vat_rate_summary"]}


def groups(booking):
    return {x.vat_code: (x.net, x.vat, x.local_vat) for x in booking.vat_groups}


def test_the_vat_of_a_rate_is_that_of_the_table(seller):
    raw = issue(seller, line("a", 101), line("b", 103), line("c", 50, "5%"))
    rows(raw)["27%"]["vat_rate_vat_amount"] = 56  # the lines have 27 and 28
    rows(raw)["5%"]["vat_rate_vat_amount"] = 2  # the line has 3
    booking = booked(raw)
    check(booking)
    assert groups(booking) == {"27%": (204, 56, 56), "5%": (50, 2, 2)}
    assert (booking.vat, booking.is_exact) == (58, True)


def test_a_forint_between_table_and_total_is_no_vat(seller):
    raw = issue(seller, line("a", 1000))
    rows(raw)["27%"]["vat_rate_vat_amount"] = 269
    booking = booked(raw)
    check(booking)
    assert groups(booking)["27%"][1] == 269
    assert (booking.gross, booking.difference) == (1270, 1)
    assert {x.code for x in booking.doubts} == {"vat", "total"}


@pytest.mark.parametrize("currency", ["HUF", "EUR", "JPY", "KWD"])
def test_one_unit_within_itself_is_a_doubt_in_every_currency(seller, currency):
    unit = Decimal(1) if currency in ("HUF", "JPY") else Decimal("0.01")
    digits = 0 if unit == 1 else 2
    raw = issue(
        seller,
        line("a", 1000, digits=digits),
        currency=currency,
        rate=1 if currency == "HUF" else "391.5",
        totals={"net": 1000, "vat": 270, "gross": 1270 + unit},
    )
    booking = booked(raw)
    check(booking)
    [doubt] = booking.doubts
    assert (doubt.stated, doubt.computed) == (1270 + unit, 1270)
    assert (booking.vat, booking.difference) == (270, unit)
    raw["gross_total"] = float(1270 + 3 * unit)
    with pytest.raises(MismatchError) as caught:
        booked(raw)
    assert caught.value.code == "total"


@pytest.mark.parametrize("vat", ["AAM", "TAM", "ÁKK", "F.AFA"])
@pytest.mark.parametrize("round", ["none", "one", "five"])
def test_exempt_documents_with_filler_can_be_booked(seller, vat, round):
    raw = issue(
        seller,
        *(line(x, 333.33, vat, digits=2) for x in "abc"),
        round=round,
        totals={"net": 999.99, "vat": 0, "gross": 1000},
    )
    booking = booked(raw)
    check(booking)
    assert booking.is_exact
    assert (booking.net, booking.vat) == (Decimal("999.99"), 0)
    assert booking.rounding == Decimal("0.01")
    assert booking.rounding_step == (5 if round == "five" else 1)


def test_table_and_totals_that_contradict_each_other(seller):
    raw = issue(seller, line("a", 1000))
    rows(raw)["27%"]["vat_rate_net_amount"] = 1005
    with pytest.raises(MismatchError) as caught:
        booked(raw)
    assert (caught.value.code, caught.value.stated) == ("net", 1000)


def test_table_and_lines_that_contradict_each_other(seller):
    raw = issue(seller, line("a", 1000), line("b", 1000, "5%"))
    rows(raw)["27%"]["vat_rate_vat_amount"] += 20
    rows(raw)["5%"]["vat_rate_vat_amount"] -= 20
    with pytest.raises(MismatchError) as caught:
        booked(raw)
    assert caught.value.code == "vat"


def test_several_titles_of_one_code_are_one_group(seller):
    raw = issue(
        seller,
        line("a", 100, "0%", entitlement="AAM"),
        line("b", 200, "0%", entitlement="TAM"),
    )
    [row] = raw["summary"]["vat_rate_summary"]
    raw["summary"]["vat_rate_summary"] = [
        row | {"vat_rate_net_amount": 100, "vat_rate_gross_amount": 100},
        row | {"vat_rate_net_amount": 200, "vat_rate_gross_amount": 200},
    ]
    assert groups(booked(raw)) == {"0%": (300, 0, 0)}


def test_rows_under_other_names_are_found_by_their_rate(seller):
    raw = issue(seller, line("a", 101), line("b", 103), line("c", 9, "AAM"))
    for name, row in rows(raw).items():
        row["vat_name"] = {"27%": "normál", "AAM": "mentes"}[name]
    rows(raw)["normál"]["vat_rate_vat_amount"] = 56
    assert groups(booked(raw))["27%"][1] == 56


@pytest.mark.parametrize("table", [None, [], [{}], [{"vat_name": "27%"}], "x"])
def test_without_a_usable_table_the_totals_count(seller, table):
    raw = issue(seller, line("a", 1000))
    raw["summary"]["vat_rate_summary"] = table
    booking = booked(raw)
    check(booking)
    assert groups(booking) == {"27%": (1000, 270, 270)}


def test_forint_vat_of_a_rate_is_that_of_the_table(seller):
    raw = issue(
        seller,
        line("a", 33.33, digits=2),
        line("b", 11.11, "18%", digits=2),
        currency="EUR",
        rate=389.555,
        local_digits=0,
    )
    table = rows(raw)
    table["27%"]["vat_rate_vat_amount_local"] = 3507
    table["18%"]["vat_rate_vat_amount_local"] = 780
    booking = booked(raw)
    check(booking)
    assert groups(booking)["27%"][2] == 3507
    assert groups(booking)["18%"][2] == 780
    assert booking.local_vat == 4287
    assert booking.is_exact  # each rounded on its own
    table["18%"]["vat_rate_vat_amount_local"] = 790
    with pytest.raises(MismatchError) as caught:
        booked(raw)
    assert caught.value.code == "local"


@pytest.mark.parametrize("stated", [0, None])
def test_a_rate_without_vat_is_an_error(seller, stated):
    raw = issue(seller, line("a", 1000, vat_amount=0, gross_amount=1000))
    raw["items"][0]["vat_amount"] = stated
    raw["summary"]["vat_rate_summary"] = None
    with pytest.raises(MismatchError) as caught:
        booked(raw)
    error = caught.value
    assert (error.code, error.where, error.computed) == ("no_vat", "a", 270)


def test_too_small_for_any_vat_is_no_error(seller):
    check(booked(issue(seller, line("a", 1), line("b", 0))))


@pytest.mark.parametrize("rate", [0, None, 1, 1.0, -3, 10**7])
def test_a_rate_that_is_none_is_an_error(seller, rate):
    raw = issue(seller, line("a", 10, digits=2), currency="EUR", rate=400)
    raw["conversion_rate"] = rate
    with pytest.raises(MismatchError) as caught:
        booked(raw)
    assert (caught.value.code, caught.value.where) == ("rate", "conversion_rate")


def test_a_document_without_an_issue_date_is_an_error(seller):
    raw = issue(seller, line("a", 10))
    raw["invoice_date"] = None
    with pytest.raises(MismatchError) as caught:
        booked(raw)
    assert (caught.value.code, caught.value.where) == ("missing", "invoice_date")


def test_a_line_of_quantity_0_stays_one(seller):
    raw = issue(seller, line("a", 1000), line("b", 700, quantity=0))
    free = booked(raw).lines[1]
    assert (free.quantity, free.unit_price, free.net) == (0, 700, 0)


@pytest.mark.parametrize("shown", [True, False])
def test_price_quantity_and_discount_read_as_on_the_invoice(seller, shown):
    nets = (900, 1800) if shown else (1000, 2000)
    lines = [
        line("x", 500, quantity=net_before // 500, net_amount=net, **vat_of(net))
        for net, net_before in zip(nets, (1000, 2000), strict=True)
    ]
    raw = issue(
        seller, *lines, discount=10, totals={"net": 2700, "vat": 729, "gross": 3429}
    )
    booking = booked(raw)
    check(booking)
    for one in booking.lines:
        assert (one.unit_price, one.discount) == (500, 10)
        assert one.unit_price * one.quantity * (100 - one.discount) / 100 == one.net


def vat_of(net):
    return {"vat_amount": net * 27 // 100, "gross_amount": net * 127 // 100}


def test_an_empty_code_has_a_key_and_a_bill_without_lines_says_so(seller):
    raw = issue(seller, line("a", 100, ""))
    only = booked(raw).lines[0]
    assert (only.vat_code, only.vat_key, only.is_whole_bill) == ("", "-", False)
