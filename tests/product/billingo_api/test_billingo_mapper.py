"""Amounts: what a document says comes out, or a reason why not."""

from decimal import Decimal

import pytest
from billingo_amounts import booked, check, issue
from billingo_api import Original, book
from billingo_api.errors import MismatchError
from billingo_api.parsing import parse_document
from billingo_api.simulator.samples import own_account, supplier_account
from billingo_api.simulator.samples.builder import line

BOOKED = {"invoice", "advance", "cancellation", "modification"}


@pytest.mark.parametrize("account", [supplier_account(), own_account()])
def test_whole_sample_set(account):
    originals = {str(raw["id"]): raw for raw in account.documents}
    for raw in account.documents:
        if raw["type"] not in BOOKED:
            continue
        document = parse_document(raw)
        original = None
        if document.type in ("cancellation", "modification"):
            first = parse_document(originals[document.related_documents[0].id])
            original = Original(first.type, first.gross_total)
        booking = book(document, original=original)
        check(booking)
        assert booking.is_exact
        assert booking.gross == abs(document.gross_total)
        assert booking.net == abs(document.summary.net_amount)
        assert booking.vat == abs(document.summary.vat_amount)
        assert booking.local_net == abs(document.summary.net_amount_local)
        assert booking.local_vat == abs(document.summary.vat_amount_local)


def test_vat_of_a_line_is_between_net_and_gross(seller):
    raw = issue(
        seller,
        line("a", 1037, vat_amount=280, gross_amount=1318),
        totals={"net": 1037, "vat": 281, "gross": 1318},
    )
    assert booked(raw).lines[0].vat == 281


def test_a_line_that_is_off_by_more_names_both_sums(seller):
    raw = issue(seller, line("a", 1000, vat_amount=270, gross_amount=1273))
    with pytest.raises(MismatchError) as caught:
        booked(raw)
    error = caught.value
    assert (error.code, error.where) == ("line", "a")
    assert (error.stated, error.computed) == (1273, 1270)


def test_residue_goes_to_the_last_line_of_the_biggest_group(seller):
    raw = issue(
        seller,
        line("a", 100, "5%"),
        line("b", 1000),
        line("c", 2000),
        line("d", 50, "5%"),
        totals={"net": 3151, "vat": 819, "gross": 3970},
    )
    booking = booked(raw)
    check(booking)
    # 818 + 1 and 3150 + 1: both land on line c, the last at 27 %.
    assert [x.net for x in booking.lines] == [100, 1000, 2001, 50]
    assert [x.vat for x in booking.lines] == [5, 270, 541, 3]


@pytest.mark.parametrize(
    ("totals", "code"),
    [
        ({"net": 1002, "vat": 270, "gross": 1272}, "net"),
        ({"net": 1000, "vat": 272, "gross": 1272}, "vat"),
        ({"net": 1000, "vat": 270, "gross": 1272}, "total"),
    ],
)
def test_totals_that_contradict_the_lines(seller, totals, code):
    raw = issue(seller, line("a", 1000), totals=totals)
    with pytest.raises(MismatchError) as caught:
        booked(raw)
    assert caught.value.code == code
    assert caught.value.stated != caught.value.computed


def test_no_vat_is_invented_on_exempt_lines(seller):
    raw = issue(
        seller,
        line("a", 1000, "TAM"),
        totals={"net": 1000, "vat": 1, "gross": 1001},
    )
    booking = booked(raw)
    check(booking)
    assert (booking.vat, booking.difference, booking.is_exact) == (0, 1, False)
    raw["summary"]["vat_amount"] = raw["gross_total"] = 1003
    with pytest.raises(MismatchError) as caught:
        booked(raw)
    assert caught.value.code == "vat"


@pytest.mark.parametrize(
    ("rounding", "gross", "excess"), [("five", 1270, 1), ("ten", 1270, 1)]
)
def test_cash_rounding_leaves_net_and_vat_alone(seller, rounding, gross, excess):
    raw = issue(
        seller,
        line("a", 999),
        round=rounding,
        totals={"net": 999, "vat": 270, "gross": gross},
    )
    booking = booked(raw)
    check(booking)
    assert (booking.net, booking.vat, booking.rounding) == (999, 270, excess)


def test_a_rounding_beyond_half_a_step_is_a_contradiction(seller):
    raw = issue(
        seller,
        line("a", 999),
        round="five",
        totals={"net": 999, "vat": 270, "gross": 1275},
    )
    with pytest.raises(MismatchError):
        booked(raw)


def test_totals_off_by_one_without_a_rounding_are_marked(seller):
    raw = issue(
        seller, line("a", 1000), totals={"net": 1000, "vat": 270, "gross": 1271}
    )
    booking = booked(raw)
    check(booking)
    assert not booking.is_exact
    assert (booking.net, booking.vat, booking.gross) == (1000, 270, 1271)
    assert (booking.rounding, booking.difference) == (0, 1)
    [doubt] = booking.doubts
    assert (doubt.code, doubt.stated, doubt.computed) == ("total", 1271, 1270)


@pytest.mark.parametrize("shown", [True, False])
def test_discount_shown_in_the_lines_or_not(seller, shown):
    prices = (900, 1800) if shown else (1000, 2000)
    raw = issue(
        seller,
        *(line("x", price) for price in prices),
        discount=10,
        totals={"net": 2700, "vat": 729, "gross": 3429},
    )
    booking = booked(raw)
    check(booking)
    assert [x.net for x in booking.lines] == [900, 1800]


@pytest.mark.parametrize("digits", [0, 2])
def test_forint_of_a_euro_document(seller, digits):
    raw = issue(
        seller,
        line("a", 33.33, digits=2, quantity=7),
        line("b", 11.11, "18%", digits=2, quantity=7),
        currency="EUR",
        rate=389.555,
        local_digits=digits,
    )
    booking = booked(raw)
    check(booking)
    assert booking.rate == Decimal("389.555")
    assert booking.local_net == Decimal(str(raw["summary"]["net_amount_local"]))


@pytest.mark.parametrize("rate", [0, None, -3])
def test_no_rate_no_booking(seller, rate):
    raw = issue(seller, line("a", 10, digits=2), currency="EUR", rate=400)
    raw["conversion_rate"] = rate
    with pytest.raises(MismatchError) as caught:
        booked(raw)
    assert caught.value.code == "rate"


@pytest.mark.parametrize("off", [-2, -1, 1, 2])
def test_gross_in_forint_may_be_off_by_one_and_no_more(off):
    raws = own_account().documents
    raw = next(x for x in raws if x["currency"] == "EUR" and x["gross_total"] > 0)
    summary = raw["summary"]
    net_and_vat = summary["net_amount_local"] + summary["vat_amount_local"]
    raw |= {"summary": summary | {"gross_amount_local": net_and_vat + off}}
    if abs(off) == 1:
        check(booked(raw))
        return
    with pytest.raises(MismatchError) as caught:
        booked(raw)
    assert (caught.value.code, caught.value.where) == ("local", "gross_amount_local")


def test_forint_that_the_rate_does_not_explain(seller):
    raw = issue(seller, line("a", 10, digits=2), currency="EUR", rate=400)
    raw["summary"]["net_amount_local"] += 5
    with pytest.raises(MismatchError) as caught:
        booked(raw)
    assert caught.value.code == "local"


@pytest.mark.parametrize("name", ["gross_total", "items", "amounts"])
def test_what_is_missing_is_named(seller, name):
    raw = issue(seller, line("a", 1000))
    if name == "amounts":
        raw["items"][0] |= {"net_amount": None, "gross_amount": None}
    else:
        raw[name] = None
    with pytest.raises(MismatchError) as caught:
        booked(raw)
    assert caught.value.code == "missing"


def test_lenient_reading(seller):
    raw = issue(seller, line("a", 1000))
    raw |= {"type": "brand_new", "discount": None, "tags": None, "unheard": {}}
    raw["items"][0] |= {"vat": "25,5%", "net_amount": "1000", "entitlement": None}
    raw["items"][0] |= {"vat_amount": "255,0", "gross_amount": 1255.0}
    raw["summary"] = None
    raw["gross_total"] = "1255"
    booking = booked(raw)
    assert (booking.net, booking.vat) == (1000, 255)
    assert booking.lines[0].vat_code == "25,5%"


def test_a_title_next_to_a_rate_means_nothing(seller):
    items = [
        line("a", 100, "20%", entitlement="AAM"),
        line("b", 100, "0%", entitlement="AAM"),
    ]
    booking = booked(issue(seller, *items))
    assert [x.entitlement for x in booking.lines] == ["", "AAM"]


@pytest.mark.parametrize("quantity", [None, 0])
def test_without_a_quantity_the_line_stands_for_one(seller, quantity):
    raw = issue(seller, line("a", 1000))
    raw["items"][0]["quantity"] = quantity
    only = booked(raw).lines[0]
    assert (only.quantity, only.unit_price, only.net) == (1, 1000, 1000)
