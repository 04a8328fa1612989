"""Stornos, corrections and advances: direction and signs."""

from copy import deepcopy
from decimal import Decimal

import pytest
from billingo_amounts import booked, check, issue
from billingo_api import Original
from billingo_api.simulator.samples import COMPANY
from billingo_api.simulator.samples.builder import line


@pytest.mark.parametrize("negative", [True, False])
@pytest.mark.parametrize("gross_positive", [True, False])
def test_storno_whichever_signs_it_has(seller, negative, gross_positive):
    first = seller.issue(COMPANY, line("a", 1000), line("b", 300, quantity=-1))
    raw = deepcopy(seller.storno(first, negative=negative))
    raw["gross_total"] = abs(raw["gross_total"]) * (1 if gross_positive else -1)
    raw["summary"]["net_amount"] = raw["summary"]["net_amount"] * (
        1 if (raw["summary"]["net_amount"] > 0) == gross_positive else -1
    )
    raw["summary"]["vat_amount"] = raw["summary"]["vat_amount"] * (
        1 if (raw["summary"]["vat_amount"] > 0) == gross_positive else -1
    )
    booking = booked(raw)
    check(booking)
    assert booking.is_refund
    assert [x.net for x in booking.lines] == [1000, -300]
    assert [x.quantity for x in booking.lines] == [1, -1]


@pytest.mark.parametrize("negative", [True, False])
def test_storno_of_a_negative_correction_is_a_debit(seller, negative):
    first = seller.issue(COMPANY, line("a", -1000), type="modification")
    raw = seller.storno(first, negative=negative)
    booking = booked(raw, original=Original("modification", Decimal(-1270)))
    check(booking)
    assert not booking.is_refund
    assert booking.gross == 1270


@pytest.mark.parametrize("negative", [True, False])
def test_storno_of_a_zero_total(seller, negative):
    first = seller.issue(COMPANY, line("a", 500), line("b", 500, quantity=-1))
    raw = seller.storno(first, negative=negative)
    booking = booked(raw, original=Original("invoice", Decimal(0)))
    assert booking.is_refund
    assert [x.net for x in booking.lines] == [500, -500]


@pytest.mark.parametrize(("price", "is_refund"), [(700, False), (-700, True)])
def test_correction_goes_by_its_sign(seller, price, is_refund):
    raw = issue(seller, line("a", price), type="modification")
    booking = booked(raw)
    check(booking)
    assert booking.is_refund is is_refund
    assert booking.gross == 889
