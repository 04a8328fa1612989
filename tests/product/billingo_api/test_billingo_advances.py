"""Which lines are advances: those that follow one, and no others."""

from decimal import Decimal

import pytest
from billingo_amounts import booked, issue
from billingo_api import Original
from billingo_api.booking import Related
from billingo_api.simulator.samples import COMPANY
from billingo_api.simulator.samples.builder import line


def marks(raw, **options):
    return [x.is_advance for x in booked(raw, **options).lines]


def related(*raws, known=True):
    return [
        Related(
            str(raw["id"]),
            raw["invoice_number"],
            raw["type"] if known else "",
            Decimal(str(raw["gross_total"])) if known else None,
        )
        for raw in raws
    ]


def back(name, price=400, comment=""):
    return line(name, price, quantity=-1, comment=comment)


@pytest.fixture
def advance(seller):
    return seller.issue(COMPANY, line("a", 400), type="advance")


def test_all_lines_of_an_advance_invoice_and_of_what_follows_it(seller, advance):
    assert marks(advance) == [True]
    storno = seller.storno(advance)
    assert marks(storno, original=Original("advance", Decimal(508))) == [True]


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("place", ["name", "comment"])
def test_a_line_that_names_the_advance(seller, advance, known, place):
    text = f"({advance['invoice_number'].replace(' ', '')})"
    taken = back("x") | {place: text}
    raw = issue(seller, line("b", 900), taken, back("rebate"), related=[advance])
    found = marks(raw, related=related(advance, known=known))
    assert found == [False, True, False]


def test_the_number_is_not_found_within_a_longer_one(seller, advance):
    longer = f"({advance['invoice_number']}7)"
    raw = issue(seller, line("b", 900), back("x", comment=longer), related=[advance])
    assert marks(raw, related=related(advance, known=False)) == [False, False]


@pytest.mark.parametrize("kind", ["proforma", "draft_offer", "offer", "order_form"])
@pytest.mark.parametrize("name", ["Előleg", "Kedvezmény", "x"])
def test_what_follows_a_proforma_or_an_offer_is_no_advance(seller, kind, name):
    other = seller.issue(COMPANY, line("a", 400), type=kind)
    taken = back(name, comment=f"({other['invoice_number']})")
    raw = issue(seller, line("b", 900), taken, related=[other])
    assert marks(raw, related=related(other)) == [False, False]


@pytest.mark.parametrize("name", ["Kedvezmény", "10% engedmény", "Kupon: X1", "Coupon"])
def test_a_discount_or_coupon_beside_an_advance_is_none(seller, advance, name):
    raw = issue(seller, line("b", 900), back(name), related=[advance])
    assert marks(raw, related=related(advance)) == [False, False]


def test_without_its_number_the_amount_of_the_advance_tells(seller, advance):
    raw = issue(
        seller, line("b", 900), back("x", 100), back("y", 400), related=[advance]
    )
    assert marks(raw, related=related(advance)) == [False, False, True]


@pytest.mark.parametrize("known", [True, False])
def test_without_number_and_amount_the_word_tells(seller, advance, known):
    raw = issue(
        seller, line("b", 900), back("x", 100), back("Előleg", 399), related=[advance]
    )
    found = marks(raw, related=related(advance, known=known))
    assert found == [False, False, True]


def test_of_a_known_advance_any_other_negative_line_is_the_settlement(seller, advance):
    raw = issue(seller, line("b", 900), back("x", 399), related=[advance])
    assert marks(raw, related=related(advance)) == [False, True]
    assert marks(raw, related=related(advance, known=False)) == [False, False]
    assert marks(raw) == [False, False]


def test_without_related_documents_nothing_is_an_advance(seller):
    raw = issue(seller, line("b", 900), back("Előleg", comment="(T / 2026-000001)"))
    assert marks(raw) == [False, False]


def test_the_storno_of_a_final_invoice_gives_the_advance_back(seller, advance):
    taken = back("x", comment=f"({advance['invoice_number']})")
    final = seller.issue(COMPANY, line("b", 900), taken, related=[advance])
    storno = seller.storno(final)
    gross = Decimal(str(final["gross_total"]))
    known = Original("invoice", gross, True, tuple(related(advance)))
    assert marks(storno, original=known) == [False, True]
    assert marks(storno, original=Original("invoice", gross, True)) == [False, True]
    proforma = {**advance, "type": "proforma"}
    known = Original("invoice", gross, True, tuple(related(proforma)))
    assert marks(storno, original=known) == [False, False]
    assert marks(storno, original=Original("invoice", gross)) == [False, False]


def test_a_final_invoice_below_its_advance_keeps_its_lines_apart(seller):
    advance = seller.issue(COMPANY, line("a", 50_000), type="advance")
    taken = back("Előleg", 50_000, comment=f"({advance['invoice_number']})")
    raw = issue(seller, line("Munka", 30_000), taken, related=[advance])
    known = related(advance)
    booking = booked(raw, related=known)
    assert booking.is_refund
    assert [(x.name, x.net, x.is_advance) for x in booking.lines] == [
        ("Munka", -30_000, False),
        ("Előleg", 50_000, True),
    ]
    original = Original("invoice", Decimal(-25_400), True, tuple(known))
    storno = booked(seller.storno(raw), original=original)
    assert not storno.is_refund
    assert [(x.net, x.is_advance) for x in storno.lines] == [
        (-30_000, False),
        (50_000, True),
    ]
