"""Categories of VAT, their reasons, and proposals."""

from decimal import Decimal

import pytest
from maventa_api.chart_taxes import CHARTS, category_of_chart, is_home_reverse
from maventa_api.vat_categories import (
    Supply,
    Trade,
    VatCategory,
    propose_category,
    reasons_of,
)
from maventa_api.vat_territories import vat_territory


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
        ("NO", "SE", {"supply": Supply.SERVICES}, "G"),
        ("FI", "FI", {}, ""),
        ("FI", "SE", {"supply": Supply.GOODS, "buyer_has_vat": False}, ""),
    ],
)
def test_a_proposal_follows_what_is_sold_and_where_to(seller, buyer, options, code):
    assert propose_category(seller, buyer, Decimal(0), **options) == code
    assert propose_category(seller, buyer, Decimal("25.5"), **options) == "S"


@pytest.mark.parametrize(
    ("country", "xmlid", "code"),
    [
        ("FI", "account.3_tax_construct_sales_0", "AE"),
        ("AX", "account.3_vat0export", "G"),
        ("SE", "sale_tax_goods_EC", "K"),
        ("NO", "account.12_tax5", "E"),
        ("NL", "account.1_btw_verk_0", "AE"),
    ],
)
def test_a_tax_of_a_chart_has_its_category(country, xmlid, code):
    found = category_of_chart(country, xmlid)
    assert found is not None
    assert found.code == code


def test_a_tax_that_no_chart_decides_has_none():
    assert category_of_chart("NL", "account.1_btw_X2") is None
    assert category_of_chart("FI", "account.1_my_own") is None
    assert category_of_chart("DE", "account.1_tax4") is None


def test_every_exemption_of_a_chart_has_a_reason():
    taxes = [tax for chart in CHARTS.values() for tax in chart.values()]
    assert all(any(tax.full_reason) for tax in taxes if tax.code != "Z")


@pytest.mark.parametrize(
    ("seller", "buyer", "delivery", "code", "instead"),
    [
        ("FI", "SE", "SE", "Z", ("K", "AE")),
        ("FI", "SE", "FI", "Z", ()),  # taxed at home
        ("FI", "FI", "FI", "Z", ()),
        ("FI", "US", "US", "Z", ("G",)),
        ("FI", "AX", "AX", "Z", ()),  # services have VAT as at home
        ("SE", "AX", "AX", "Z", ("G",)),
        ("NO", "SE", "SE", "Z", ("G",)),
        ("NL", "DE", "DE", "K", ()),
        ("NL", "DE", "NL", "K", ("S", "Z", "E")),
        ("NL", "DE", "GB", "K", ("G",)),
        ("SE", "DE", "DE", "G", ("K", "AE")),
        ("SE", "SE", "SE", "G", ("S", "Z", "E")),
        ("SE", "US", "DE", "G", ()),
        ("FI", "FI", "AX", "G", ()),
        ("NO", "NO", "NO", "G", ("S", "Z", "E")),
        ("NO", "SE", "SE", "G", ()),
        ("FI", "SE", "SE", "AE", ()),
        ("FI", "SE", "FI", "AE", ()),  # services: taxed where the buyer is
        ("FI", "FI", "SE", "AE", ("S", "E")),
        ("FI", "AX", "AX", "AE", ("S", "E")),
        ("SE", "AX", "AX", "AE", ()),
        ("FI", "NO", "NO", "AE", ("O", "G")),
        ("FI", "XI", "XI", "AE", ("O", "G")),
        ("NO", "SE", "SE", "AE", ("O", "G")),
        ("SE", "US", "SE", "G", ("S", "Z", "E")),  # delivered at home
        ("FI", "SE", "SE", "E", ()),
        ("FI", "SE", "SE", "S", ()),
        ("FI", "XI", "XI", "K", ()),
        ("FI", "", "", "Z", ()),
    ],
)
def test_a_category_fits_the_countries_of_the_sale(
    seller, buyer, delivery, code, instead
):
    trade = Trade(seller, buyer, delivery, buyer_has_vat=True)
    assert trade.instead_of(code) == instead


@pytest.mark.parametrize(
    ("seller", "buyer"), [("FI", "FI"), ("FI", "AX"), ("NL", "NL")]
)
def test_reverse_charge_at_home_is_one_of_the_home_country(seller, buyer):
    trade = Trade(seller, buyer, buyer, buyer_has_vat=True)
    assert trade.instead_of("AE") == ("S", "E")
    assert trade.instead_of("AE", is_home_reverse=True) == ()


def test_reverse_charge_of_the_home_country_is_known_by_its_chart():
    assert is_home_reverse("AX", "account.3_tax_construct_sales_0")
    assert not is_home_reverse("FI", "account.3_tax_eu_sales_service_0")
    assert not is_home_reverse("SE", "account.3_sale_tax_services_EC")


def test_nothing_is_known_of_a_consumer_in_the_union():
    assert Trade("FI", "SE", "SE", buyer_has_vat=False).instead_of("Z") == ()


@pytest.mark.parametrize(
    ("code", "buyer", "number", "is_home_reverse", "expected"),
    [
        ("K", "DE", "FI", False, ("S", "E")),
        ("K", "DE", "DE", False, ()),
        ("K", "DE", "SE", False, ()),  # identified in another member state
        ("K", "DE", "", False, ()),
        ("AE", "DE", "FI", False, ("S", "E")),
        ("AE", "DE", "FI", True, ()),  # registered here: the one of home
        ("AE", "NO", "FI", True, ()),
        ("AE", "NO", "NO", True, ("O", "G")),
        ("AE", "DE", "SE", False, ()),
    ],
)
def test_number_of_home_is_none_of_another_state(
    code, buyer, number, is_home_reverse, expected
):
    trade = Trade("FI", buyer, buyer, buyer_has_vat=bool(number), buyer_vat=number)
    assert trade.instead_of(code, is_home_reverse=is_home_reverse) == expected


@pytest.mark.parametrize(
    ("buyer", "number", "expected"),
    [
        ("DE", "FI", True),
        ("DE", "DE", False),
        ("DE", "", False),
        ("AX", "FI", False),
    ],
)
def test_number_of_another_country_than_the_address(buyer, number, expected):
    trade = Trade("FI", buyer, buyer, buyer_has_vat=True, buyer_vat=number)
    assert trade.has_number_of_elsewhere is expected


@pytest.mark.parametrize(
    ("buyer", "delivery", "code", "supply", "expected"),
    [
        ("DE", "DE", "K", Supply.SERVICES, ("AE",)),
        ("DE", "FI", "K", Supply.SERVICES, ("AE",)),
        ("FI", "DE", "K", Supply.SERVICES, ("S", "Z", "E")),
        ("US", "DE", "K", Supply.SERVICES, ("O", "G")),
        ("DE", "DE", "K", Supply.GOODS, ()),
        ("DE", "DE", "AE", Supply.GOODS, ("K",)),
        ("DE", "US", "AE", Supply.GOODS, ("G",)),
        ("DE", "FI", "AE", Supply.GOODS, ("S", "Z", "E")),
        ("DE", "DE", "AE", Supply.SERVICES, ()),
    ],
)
def test_goods_and_services_have_categories_of_their_own(
    buyer, delivery, code, supply, expected
):
    trade = Trade("FI", buyer, delivery, buyer_has_vat=True, supply=supply)
    assert trade.instead_of(code) == expected


def test_triangulation_is_a_reverse_charge_of_goods():
    trade = Trade("FI", "DE", "DE", buyer_has_vat=True, supply=Supply.GOODS)
    assert trade.instead_of("AE", is_of_goods=True) == ()


@pytest.mark.parametrize(
    ("country", "region", "post_code", "place"),
    [
        ("ES", "GC", "", "ES-CN"),
        ("ES", "", "38 001", "ES-CN"),
        ("ES", "", "51001", "ES-CE"),
        ("ES", "", "52001", "ES-ML"),
        ("DE", "", "D-27498", "DE-27498"),
        ("DE", "", "78266", "DE-78266"),
        ("IT", "", "23041", "IT-23041"),
        ("IT", "", "22061", "IT-22061"),
        ("GR", "", "630 86", "GR-69"),
        ("RE", "", "97400", "FR-974"),
        ("FR", "", "97200", "FR-972"),
        ("FR", "", "98800", "FR-98"),
        ("DK", "", "3900", "GL"),
        ("NO", "", "9170", "SJ"),
        ("NO", "", "8099", "SJ"),
        ("NO", "NO-21", "", "SJ"),
        ("NO", "NO-22", "", "SJ"),
    ],
)
def test_place_outside_the_vat_of_its_country_is_exported_to(
    country, region, post_code, place
):
    assert vat_territory(country, region, post_code) == place
    trade = Trade("FI", place, place, buyer_has_vat=True, buyer_vat=country)
    assert trade.instead_of("K") == ("G",)
    assert trade.instead_of("G") == ()
    # Svalbard's companies have Norway's numbers; Greenland's are not Denmark's
    of_another = place.partition("-")[0] not in (country, "SJ")
    assert trade.has_number_of_elsewhere is of_another


@pytest.mark.parametrize(
    ("country", "post_code", "territory"),
    [
        ("ES", "28001", "ES"),
        ("MC", "98000", "FR"),
        ("IM", "IM1 1AA", "GB"),
        ("FI", "22100", "AX"),
        ("FI", "21200", "FI"),
        ("GB", "bt1 1aa", "XI"),
        ("GB", "B1 1AA", "GB"),
        ("NO", "9008", "NO"),
    ],
)
def test_other_addresses_are_of_a_country(country, post_code, territory):
    assert vat_territory(country, "", post_code) == territory


def test_supplies_to_svalbard_are_exports_from_norway():
    trade = Trade("NO", "SJ", "SJ", buyer_has_vat=True, buyer_vat="NO")
    assert trade.instead_of("G") == ()
    assert trade.instead_of("Z") == ("G",)
    assert not trade.has_number_of_elsewhere


@pytest.mark.parametrize(
    ("seller", "buyer", "instead"),
    [
        ("FI", "AX", ("S", "E")),  # Finland's tax border is one of goods
        ("AX", "FI", ("S", "E")),
        ("FI", "XI", ()),  # of the Union for goods alone
        ("FI", "DE", ("AE",)),
        ("SE", "AX", ()),
    ],
)
def test_services_over_a_border_of_goods_are_no_exports(seller, buyer, instead):
    numbers = {"AX": "FI"}
    trade = Trade(
        seller,
        buyer,
        buyer,
        buyer_has_vat=True,
        buyer_vat=numbers.get(buyer, buyer),
        supply=Supply.SERVICES,
    )
    assert trade.instead_of("G") == instead


@pytest.mark.parametrize(
    ("buyer", "delivery", "number", "is_home_alone", "instead"),
    [
        ("DE", "DE", "DE", True, ("S", "AE")),
        ("DE", "FI", "DE", False, ("S", "AE")),  # the site is at home
        ("DE", "DE", "DE", False, ()),  # may be one of the Union
        ("FI", "FI", "SE", False, ("S", "E")),
        ("AX", "AX", "SE", False, ("S", "E")),
        ("NO", "NO", "NO", True, ("S", "G")),
        ("DE", "FI", "FI", True, ()),
        ("AX", "AX", "FI", True, ()),
        ("FI", "FI", "", True, ()),  # told as a missing number
    ],
)
def test_who_owes_vat_at_home_has_a_number_of_home(
    buyer, delivery, number, is_home_alone, instead
):
    trade = Trade("FI", buyer, delivery, buyer_has_vat=bool(number), buyer_vat=number)
    kinds = {"is_home_reverse": True, "is_home_alone": is_home_alone}
    assert trade.instead_of("AE", **kinds) == instead


@pytest.mark.parametrize(
    ("seller", "buyer", "supply", "expected"),
    [
        ("FI", "AX", Supply.GOODS, "G"),
        ("FI", "AX", Supply.SERVICES, ""),
        ("FI", "XI", Supply.GOODS, "K"),
        ("FI", "XI", Supply.SERVICES, "G"),
    ],
)
def test_a_border_of_goods_decides_the_proposal(seller, buyer, supply, expected):
    assert propose_category(seller, buyer, Decimal(0), supply=supply) == expected
