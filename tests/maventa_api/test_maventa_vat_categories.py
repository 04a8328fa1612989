"""Categories of VAT, their reasons, and proposals."""

from decimal import Decimal

import pytest
from maventa_api.vat_categories import (
    Supply,
    VatCategory,
    propose_category,
    reasons_of,
)


@pytest.mark.parametrize("code", ["AE", "E", "G", "K", "O"])
def test_a_category_without_vat_has_a_reason(code):
    assert any(VatCategory(code).full_reason)


@pytest.mark.parametrize("code", ["S", "Z"])
def test_taxed_and_zero_rated_have_no_reason(code):
    assert reasons_of(code, "A reason", "VATEX-EU-132") == ("", "")


def test_the_code_of_another_category_is_replaced():
    assert reasons_of("G", "Intra", "VATEX-EU-IC")[1] == "VATEX-EU-G"
    assert reasons_of("E", "Healthcare", "VATEX-EU-132") == (
        "Healthcare",
        "VATEX-EU-132",
    )


@pytest.mark.parametrize(
    ("seller", "buyer", "options", "code"),
    [
        ("FI", "FI", {"is_reverse_charge": True}, "AE"),
        ("FI", "SE", {"supply": Supply.SERVICES}, "AE"),
        ("FI", "SE", {"supply": Supply.GOODS}, "K"),
        ("FI", "SE", {}, ""),
        ("FI", "NO", {"supply": Supply.GOODS}, "G"),
        ("NO", "SE", {"supply": Supply.GOODS}, "G"),
        ("NO", "SE", {"supply": Supply.SERVICES}, "O"),
        ("FI", "FI", {}, ""),
        ("FI", "SE", {"supply": Supply.GOODS, "buyer_has_vat": False}, ""),
    ],
)
def test_a_proposal_follows_what_is_sold_and_where_to(seller, buyer, options, code):
    assert propose_category(seller, buyer, Decimal(0), **options) == code
    assert propose_category(seller, buyer, Decimal("25.5"), **options) == "S"
