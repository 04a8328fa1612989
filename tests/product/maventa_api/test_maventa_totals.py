"""The totals check: every sum that two sides do not agree on is named."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from maventa_api import Figures, Side, VatFigure, What, compare, compare_with_service
from maventa_api.totals import inner_differences

D = Decimal
STANDARD = VatFigure("S", D("25.5"), D("100.00"), D("25.50"))
REDUCED = VatFigure("S", D("13.5"), D("10.00"), D("1.35"))
GOOD = Figures(
    "EUR", D("110.00"), D("26.85"), D("136.85"), D("136.85"), (STANDARD, REDUCED)
)
ROWS = [("S", D("25.5"), D("100.00")), ("S", D("13.5"), D("10.00"))]


def whats(differences):
    return [difference.what for difference in differences]


def test_equal_figures_have_no_difference():
    assert compare(GOOD, GOOD) == ()
    assert inner_differences(GOOD, rows=ROWS) == ()


@pytest.mark.parametrize("name", ["net", "vat", "total", "payable"])
@pytest.mark.parametrize("off", ["0.01", "-1.00"])
def test_each_sum_is_compared_to_the_cent(name, off):
    other = replace(GOOD, **{name: getattr(GOOD, name) + D(off)})
    [difference] = compare(GOOD, other)
    assert difference.what == name
    assert difference.found - difference.expected == D(off)
    assert (difference.expected_side, difference.found_side) == (
        Side.DOCUMENT,
        Side.BILL,
    )


def test_what_one_side_does_not_know_never_differs():
    assert compare(GOOD, Figures()) == ()
    assert compare(Figures(), GOOD) == ()


def test_vat_is_compared_per_rate_and_code():
    wrong = replace(STANDARD, base=D("90.00"))
    moved = replace(REDUCED, base=D("20.00"))
    found = compare(GOOD, replace(GOOD, vat_groups=(wrong, moved)))
    assert [(one.what, one.rate) for one in found] == [
        (What.VAT_BASE, D("25.5")),
        (What.VAT_BASE, D("13.5")),
    ]


def test_the_same_rate_under_another_code_differs():
    exempt = VatFigure("E", D(0), D("50.00"), D("0.00"))
    reverse = replace(exempt, code="AE")
    one = Figures(vat_groups=(exempt,))
    found = compare(one, Figures(vat_groups=(reverse,)))
    assert {(difference.code, difference.what) for difference in found} == {
        ("E", What.VAT_BASE),
        ("AE", What.VAT_BASE),
    }


def test_without_codes_on_one_side_the_rate_alone_counts():
    bare = tuple(replace(group, code="") for group in GOOD.vat_groups)
    assert compare(GOOD, replace(GOOD, vat_groups=bare)) == ()


def test_a_group_of_zero_may_be_missing():
    empty = VatFigure("Z", D(0), D("0.00"), D("0.00"))
    more = replace(GOOD, vat_groups=(*GOOD.vat_groups, empty))
    assert compare(GOOD, more) == ()


def test_another_currency_is_a_difference():
    [difference] = compare(GOOD, replace(GOOD, currency="SEK"))
    assert (difference.what, difference.found) == (What.CURRENCY, "SEK")


def test_rates_are_equal_whatever_their_decimals():
    other = replace(STANDARD, rate=D("25.50"))
    assert compare(GOOD, replace(GOOD, vat_groups=(other, REDUCED))) == ()


@pytest.mark.parametrize("sign", [1, -1])
def test_the_services_sums_are_compared_without_their_sign(sign):
    assert not compare_with_service(GOOD, net=D(110) * sign, total=D("136.85") * sign)
    found = compare_with_service(GOOD, net=D(110), total=D("136.86"))
    assert whats(found) == [What.TOTAL]
    assert found[0].found_side is Side.SERVICE
    assert not compare_with_service(GOOD, net=None, total=None)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"net": D("111.00"), "total": D("137.85"), "payable": None}, What.NET),
        ({"total": D("137.00"), "payable": None}, What.TOTAL),
        ({"vat": D("27.85"), "total": D("137.85"), "payable": None}, What.VAT),
        ({"payable": D("100.00")}, What.PAYABLE),
    ],
)
def test_a_document_that_contradicts_itself_is_found(change, what):
    found = inner_differences(replace(GOOD, **change), rows=ROWS)
    assert what in whats(found)


def test_vat_that_is_not_base_times_rate_is_found():
    wrong = replace(STANDARD, amount=D("24.00"))
    figures = replace(
        GOOD,
        vat_groups=(wrong, REDUCED),
        vat=D("25.35"),
        total=D("135.35"),
        payable=None,
    )
    [difference] = inner_differences(figures, rows=ROWS)
    assert (difference.what, difference.expected) == (What.VAT_RATE, D("25.50"))


@pytest.mark.parametrize(("code", "is_found"), [("AE", False), ("S", True)])
def test_rate_that_the_buyer_owes_beside_no_vat_is_no_contradiction(code, is_found):
    group = VatFigure(code, D("25.5"), D("100.00"), D(0))
    figures = Figures("EUR", D(100), D(0), D(100), D(100), (group,))
    found = inner_differences(figures, rows=[(code, D("25.5"), D("100.00"))])
    assert bool(found) == is_found


def test_paid_and_rounding_lead_to_what_is_to_pay():
    figures = replace(GOOD, payable=D("36.90"))
    rest = {"paid": D(100), "round_off": D("0.05")}
    assert not inner_differences(figures, rows=ROWS, **rest)


def test_rows_at_the_wrong_rate_are_found():
    rows = [("S", D("25.5"), D("110.00"))]
    found = inner_differences(GOOD, rows=rows)
    assert whats(found) == [What.VAT_BASE, What.VAT_BASE]


def test_parts_of_the_vat_may_have_more_decimals_than_their_sum():
    groups = tuple(
        VatFigure("S", Decimal(rate), Decimal(100), Decimal(amount))
        for rate, amount in (("25.5", "25.5012"), ("10", "10.0033"))
    )
    figures = Figures("EUR", Decimal(200), Decimal("35.50"), Decimal("235.50"))
    figures = replace(figures, vat_groups=groups)
    assert not inner_differences(figures, rows=())
    for vat in ("35.51", "36"):
        other = replace(figures, vat=Decimal(vat), total=200 + Decimal(vat))
        [difference] = inner_differences(other, rows=())
        assert difference.what is What.VAT


def test_two_hundred_roundings_are_no_difference():
    nets = [D("0.33")] * 200
    figures = Figures("EUR", D("66.67"), D("17.00"), D("83.67"), D("83.67"))
    rows = [("S", D("25.5"), net) for net in nets]
    assert not inner_differences(figures, rows=rows)
    assert inner_differences(replace(figures, net=D("68.00")), rows=rows)


AMOUNTS = st.decimals(-10_000, 10_000, places=2)


@given(one=AMOUNTS, other=AMOUNTS)
def test_a_difference_is_found_from_either_side(one, other):
    forth = compare(Figures(net=one), Figures(net=other))
    back = compare(Figures(net=other), Figures(net=one))
    assert bool(forth) == bool(back) == (one != other)
