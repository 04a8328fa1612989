"""What the law wants said of a tax, and whose number a category requires."""

import pytest
from maventa_api.vat_categories import Supply, Trade, VatCategory


@pytest.mark.parametrize(
    ("reason", "ground"),
    [
        ("", "Reverse charge"),
        (
            "Exempt triangular transaction",
            "Reverse charge. Exempt triangular transaction",
        ),
        ("VAT Reverse charge - Article 196", "VAT Reverse charge - Article 196"),
        (
            "Käännetty verovelvollisuus, AVL 8 c §",
            "Käännetty verovelvollisuus, AVL 8 c §",
        ),
        ("Omvänd betalningsskyldighet", "Omvänd betalningsskyldighet"),
        ("Omvendt avgiftsplikt", "Omvendt avgiftsplikt"),
        ("Btw verlegd", "Btw verlegd"),
    ],
)
def test_a_reverse_charge_is_called_so(reason, ground):
    assert VatCategory("AE", reason=reason).full_reason == (ground, "VATEX-EU-AE")


@pytest.mark.parametrize(
    ("code", "reason", "ground"),
    [
        ("VATEX-EU-D", "", "Margin scheme - Travel agents"),
        ("VATEX-EU-F", "", "Margin scheme - Second-hand goods"),
        ("VATEX-EU-I", "Section 5", "Margin scheme - Works of art. Section 5"),
        ("VATEX-EU-J", "", "Margin scheme - Collector's items and antiques"),
        ("VATEX-EU-F", "Voittomarginaalijärjestelmä", "Voittomarginaalijärjestelmä"),
        (
            "VATEX-EU-132-1C",
            "",
            "Exempt from VAT, article 132 (1) (c) of Directive 2006/112/EC",
        ),
        (
            "VATEX-EU-79-C",
            "",
            "Exempt from VAT, article 79 (c) of Directive 2006/112/EC",
        ),
        ("", "", "Exempt from VAT"),
    ],
)
def test_an_exemption_has_its_words(code, reason, ground):
    assert VatCategory("E", reason=reason, reason_code=code).ground == ground


def test_the_ground_of_a_zero_rate_is_no_reason_of_its_breakdown():
    zero = VatCategory("Z", reason="AVL 56 §")
    assert zero.ground == "AVL 56 §"
    assert zero.full_reason == ("", "")


@pytest.mark.parametrize(
    ("code", "buyer", "delivery", "number", "instead"),
    [
        ("K", "SE", "SE", "FI", ("S", "E")),
        ("K", "NO", "DE", "NO", ("S", "E")),
        ("K", "DE", "DE", "US", ("S", "E")),
        ("K", "SE", "SE", "DE", ()),
        ("K", "XI", "XI", "XI", ()),
        ("AE", "DE", "DE", "NO", ("S", "E")),
        ("AE", "DE", "DE", "AT", ()),
    ],
)
def test_a_number_is_of_another_member_state(code, buyer, delivery, number, instead):
    trade = Trade("FI", buyer, delivery, buyer_has_vat=True, buyer_vat=number)
    assert trade.instead_of(code) == instead


@pytest.mark.parametrize(
    ("supply", "number", "instead"),
    [
        (Supply.GOODS, "", ("S",)),
        (Supply.GOODS, "DE", ("K",)),
        (Supply.SERVICES, "", ()),
        (Supply.UNKNOWN, "", ()),
    ],
)
def test_goods_for_the_union_are_no_exports_whoever_buys(supply, number, instead):
    has_vat = bool(number)
    trade = Trade("FI", "US", "DE", has_vat, number, supply)
    assert trade.instead_of("G") == instead


def test_a_consumer_of_the_union_is_charged_vat():
    assert Trade("SE", "DE", "DE", buyer_has_vat=False).instead_of("G") == ("S",)


@pytest.mark.parametrize(
    ("code", "reason", "supply", "ground"),
    [
        ("G", "", Supply.GOODS, "Export of goods from Norway, zero-rated"),
        ("G", "", Supply.SERVICES, "Export of services from Norway, zero-rated"),
        (
            "AE",
            "Mval. 11-1",
            Supply.UNKNOWN,
            "Omvendt avgiftsplikt - Merverdiavgift ikke beregnet. Mval. 11-1",
        ),
    ],
)
def test_a_norwegian_ground_has_no_code_of_the_union(code, reason, supply, ground):
    vatex = f"VATEX-EU-{code}"
    category = VatCategory(code, 0, reason, vatex, seller="NO", supply=supply)
    assert category.full_reason == (ground, "")
    assert VatCategory(code, 0, reason, seller="SE").full_reason[1] == vatex


def test_a_service_to_outside_the_union_is_no_export():
    category = VatCategory("G", seller="FI", supply=Supply.SERVICES)
    assert "article 44 of" in category.full_reason[0]
    assert not category.full_reason[1]
