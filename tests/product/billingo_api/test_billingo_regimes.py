"""VAT code × direction × country: one row per case, and every code has one."""

import itertools
from decimal import Decimal

import pytest
from billingo_api.regimes import (
    MEANING,
    Debtor,
    Direction,
    Group,
    Party,
    Reason,
    Regime,
    buyer,
    group_of,
    read_code,
    seller,
    treatment,
)
from billingo_api.vat_codes import NO_CODE, normalise_vat, vat_key
from billingo_codes import ENTITLEMENTS, RATES, WORDS

HOME = Party(Group.DOMESTIC, "HU")
EU = Party(Group.EU, "DE")
FAR = Party(Group.OTHER, "CH")
NOWHERE = Party(Group.UNKNOWN)
BUYER, SELLER, NOBODY = Debtor.BUYER, Debtor.SELLER, Debtor.NONE

# code, entitlement: regime, NAV's case, debtor; question at home, in the EU, beyond
WRONG = Reason.CODE_CONTRADICTS_COUNTRY
SALES = [
    ("27%", "", Regime.STANDARD, "VAT", SELLER, None, None, None),
    ("27%", "AAM", Regime.STANDARD, "VAT", SELLER, None, None, None),
    ("18%", "", Regime.STANDARD, "VAT", SELLER, None, None, None),
    ("5%", "", Regime.STANDARD, "VAT", SELLER, None, None, None),
    ("AAM", "AAM", Regime.SMALL_BUSINESS, "AAM", NOBODY, None, None, None),
    ("AAM", "", Regime.SMALL_BUSINESS, "AAM", NOBODY, None, None, None),
    ("TAM", "TAM", Regime.PUBLIC_INTEREST, "TAM", NOBODY, None, None, None),
    ("ÁKK", "ATK", Regime.OUT_OF_SCOPE, "ATK", NOBODY, None, None, None),
    ("FAD", "", Regime.DOMESTIC_REVERSE, "DOMESTIC_REVERSE", BUYER, None, WRONG, WRONG),
    (
        "F.AFA",
        "",
        Regime.DOMESTIC_REVERSE,
        "DOMESTIC_REVERSE",
        BUYER,
        None,
        WRONG,
        WRONG,
    ),
    ("EU", "KBAET", Regime.EU_GOODS, "KBAET", BUYER, WRONG, None, WRONG),
    ("EU", "", Regime.EU_GOODS, "KBAET", BUYER, WRONG, None, WRONG),
    ("KBAUK", "", Regime.EU_NEW_VEHICLE, "KBAUK", BUYER, WRONG, None, WRONG),
    ("EUK", "EAM", Regime.EXPORT, "EAM", NOBODY, None, None, None),
    ("ÁTHK", "EUFAD37", Regime.EU_SERVICE, "EUFAD37", BUYER, WRONG, None, WRONG),
    ("ÁTHK", "EUFADE", Regime.EU_REVERSE, "EUFADE", BUYER, WRONG, None, None),
    ("ÁTHK", "EUE", Regime.EU_SELLER, "EUE", SELLER, None, None, None),
    ("ÁTHK", "HO", Regime.THIRD_COUNTRY, "HO", NOBODY, WRONG, WRONG, None),
    *(
        ("K.AFA", title, Regime.MARGIN, title, SELLER, None, None, None)
        for title in ("ANTIQUES", "ARTWORK", "SECOND_HAND", "TRAVEL_AGENCY")
    ),
    *(
        (code, *rest)
        for code in ("0%", "AM", "MAA")
        for rest in (
            ("AAM", Regime.SMALL_BUSINESS, "AAM", NOBODY, None, None, None),
            ("TAM", Regime.PUBLIC_INTEREST, "TAM", NOBODY, None, None, None),
            ("KBAET", Regime.EU_GOODS, "KBAET", BUYER, WRONG, None, WRONG),
            ("EAM", Regime.EXPORT, "EAM", NOBODY, None, None, None),
            ("NAM_1", Regime.INTERNATIONAL, "NAM", NOBODY, None, None, None),
            ("NAM_2", Regime.INTERNATIONAL, "NAM", NOBODY, None, None, None),
            ("WITHOUT_ENTITLEMENT", Regime.ZERO_RATED, "", NOBODY, None, None, None),
        )
    ),
    *(
        (code, "", Regime.FOREIGN_RATE, "", SELLER, *[Reason.FOREIGN_RATE] * 3)
        for code in RATES
        if code not in ("0%", "5%", "18%", "27%")
    ),
]
# The same codes on a Hungarian seller's document: self-assessed or not, and question.
ABROAD = Reason.SUPPLY_ABROAD
FROM_HUNGARY = [
    ("27%", "", SELLER, False, None),
    ("18%", "", SELLER, False, None),
    ("5%", "", SELLER, False, None),
    ("AAM", "AAM", NOBODY, False, None),
    ("TAM", "TAM", NOBODY, False, None),
    ("ÁKK", "ATK", NOBODY, False, None),
    ("FAD", "", BUYER, True, None),
    ("F.AFA", "", BUYER, True, None),
    ("EU", "KBAET", NOBODY, False, ABROAD),
    ("KBAUK", "", NOBODY, False, ABROAD),
    ("EUK", "EAM", NOBODY, False, ABROAD),
    ("ÁTHK", "EUFAD37", NOBODY, False, ABROAD),
    ("ÁTHK", "EUFADE", NOBODY, False, ABROAD),
    ("ÁTHK", "EUE", NOBODY, False, ABROAD),
    ("ÁTHK", "HO", NOBODY, False, ABROAD),
    ("K.AFA", "SECOND_HAND", SELLER, False, None),
    ("0%", "NAM_1", NOBODY, False, None),
    ("MAA", "NAM_2", NOBODY, False, None),
    ("AM", "TAM", NOBODY, False, None),
    ("0%", "WITHOUT_ENTITLEMENT", NOBODY, False, None),
    ("7%", "", SELLER, False, Reason.COMPENSATION),
    ("12%", "", SELLER, False, Reason.COMPENSATION),
    ("20%", "", SELLER, False, Reason.FOREIGN_RATE),
]
# A foreign seller's spending: debtor, self-assessed, question in the EU and beyond.
UNCLEAR = Reason.GOODS_OR_SERVICES
FROM_ABROAD = [
    ("27%", "", SELLER, False, *[Reason.RATE_OF_FOREIGN_SELLER] * 2),
    ("19%", "", SELLER, False, *[Reason.FOREIGN_RATE] * 2),
    ("7%", "", SELLER, False, *[Reason.FOREIGN_RATE] * 2),
    ("EU", "KBAET", BUYER, True, None, WRONG),
    ("KBAET", "", BUYER, True, None, WRONG),
    ("KBAUK", "", BUYER, True, None, WRONG),
    ("ÁTHK", "EUFAD37", BUYER, True, None, WRONG),
    ("EUFAD37", "", BUYER, True, None, WRONG),
    ("HO", "", BUYER, True, WRONG, None),
    ("EUFADE", "", None, False, ABROAD, ABROAD),
    ("EUE", "", SELLER, False, ABROAD, ABROAD),
    ("EUK", "", None, False, Reason.IMPORT, Reason.IMPORT),
    ("FAD", "", None, False, WRONG, WRONG),
    ("AAM", "", None, False, WRONG, WRONG),
    ("TAM", "", None, False, WRONG, WRONG),
    ("NAM", "", None, False, UNCLEAR, UNCLEAR),
    ("ATK", "", NOBODY, False, None, None),
    ("SECOND_HAND", "", SELLER, False, None, None),
]


@pytest.mark.parametrize("row", SALES, ids=lambda row: "-".join(row[:2]))
def test_sale(row):
    code, title, regime, case, debtor, *questions = row
    for party, question in zip((HOME, EU, FAR), questions, strict=True):
        found = treatment(Direction.SALE, party, code, title)
        assert (found.regime, found.nav_case) == (regime, case)
        assert (found.debtor, found.reason) == (debtor, question)
        assert not found.self_assessed


@pytest.mark.parametrize("row", FROM_HUNGARY, ids=lambda row: "-".join(row[:2]))
@pytest.mark.parametrize("direction", [Direction.PURCHASE, Direction.SPENDING])
def test_bill_of_a_hungarian_seller(row, direction):
    code, title, debtor, is_self_assessed, question = row
    found = treatment(direction, HOME, code, title)
    assert (found.debtor, found.reason) == (debtor, question)
    assert found.self_assessed is is_self_assessed
    if is_self_assessed:
        assert found.rate == 27


@pytest.mark.parametrize("row", FROM_ABROAD, ids=lambda row: "-".join(row[:2]))
def test_bill_of_a_foreign_seller(row):
    code, title, debtor, is_self_assessed, *questions = row
    for party, question in zip((EU, FAR), questions, strict=True):
        found = treatment(Direction.SPENDING, party, code, title)
        assert (found.debtor, found.reason) == (debtor, question)
        assert found.self_assessed is is_self_assessed


def test_every_code_of_the_enumeration_has_a_row():
    assert {row[0] for row in SALES} >= {*RATES, *WORDS}
    assert {row[1] for row in SALES} >= {*ENTITLEMENTS}


@pytest.mark.parametrize(
    ("code", "title"), [*itertools.product([*RATES, *WORDS], ["", *ENTITLEMENTS])]
)
def test_every_pair_is_decided_or_has_a_reason(code, title):
    for direction, party in itertools.product(Direction, (HOME, EU, FAR, NOWHERE)):
        found = treatment(direction, party, code, title)
        assert found.regime or found.reason
        assert found.debtor or found.reason
        if direction is Direction.SALE:
            assert not found.self_assessed
        if found.self_assessed:
            assert found.debtor is BUYER and found.rate


@pytest.mark.parametrize(
    ("code", "title", "reason"),
    [
        ("", "", Reason.EMPTY_CODE),
        (NO_CODE, "", Reason.EMPTY_CODE),
        ("none", "", Reason.EMPTY_CODE),
        ("Ő", "", Reason.UNKNOWN_CODE),
        ("0%", "", Reason.ZERO_WITHOUT_TITLE),
        ("AM", "", Reason.ZERO_WITHOUT_TITLE),
        ("ÁTHK", "", Reason.TITLE_MISSING),
        ("K.AFA", "", Reason.TITLE_MISSING),
        ("0%", "EUFAD37", Reason.CODES_CONTRADICT),
        ("AAM", "TAM", Reason.CODES_CONTRADICT),
        ("EU", "EUFAD37", Reason.CODES_CONTRADICT),
    ],
)
def test_a_code_that_cannot_be_read_says_why(code, title, reason):
    assert read_code(code, title) == (None, reason)


@pytest.mark.parametrize("party", [EU, FAR])
@pytest.mark.parametrize("code", ["0%", ""])
def test_no_vat_of_a_foreign_seller_is_never_an_exemption(party, code):
    found = treatment(Direction.SPENDING, party, code)
    assert found.reason is Reason.GOODS_OR_SERVICES


def test_reverse_charge_needs_a_taxable_buyer_and_no_advance():
    person = Party(Group.DOMESTIC, "HU", is_taxable=False)
    found = treatment(Direction.SALE, person, "FAD")
    assert found.reason is Reason.BUYER_NOT_TAXABLE
    found = treatment(Direction.SALE, HOME, "FAD", is_advance=True)
    assert found.reason is Reason.REVERSE_CHARGE_ADVANCE
    found = treatment(Direction.SALE, Party(Group.EU, "DE", False), "ÁTHK", "EUFAD37")
    assert found.reason is Reason.BUYER_NOT_TAXABLE


def test_where_the_country_is_unknown_it_is_asked_for():
    assert treatment(Direction.SALE, NOWHERE, "27%").reason is None
    for direction in (Direction.PURCHASE, Direction.SPENDING):
        found = treatment(direction, NOWHERE, "27%")
        assert found.reason is Reason.COUNTRY_UNKNOWN
    assert treatment(Direction.SALE, NOWHERE, "EU").reason is Reason.COUNTRY_UNKNOWN


@pytest.mark.parametrize("direction", Direction)
def test_cash_accounting_concerns_charged_vat_alone(direction):
    for code, is_concerned in (("27%", True), ("FAD", False), ("AAM", False)):
        found = treatment(direction, HOME, code, cash_settled=True)
        assert found.cash_accounting is is_concerned
        assert not treatment(direction, HOME, code).cash_accounting


@pytest.mark.parametrize(
    ("country", "number", "group"),
    [
        ("HU", "", Group.DOMESTIC),
        ("hu", "DE123456789", Group.DOMESTIC),
        ("", "24318758-2-41", Group.DOMESTIC),
        ("", "HU24318758", Group.DOMESTIC),
        ("DE", "", Group.EU),
        ("GR", "EL123456789", Group.EU),
        ("", "ATU12345678", Group.EU),
        ("XI", "", Group.EU),
        ("CH", "", Group.OTHER),
        ("GB", "GB123456789", Group.OTHER),
        ("", "", Group.UNKNOWN),
        ("", "123", Group.UNKNOWN),
    ],
)
def test_group_of_a_party(country, number, group):
    assert group_of(country, number) is group


def test_a_hungarian_number_makes_a_seller_domestic_wherever_it_is():
    assert seller("DE", "24318758-2-41").group is Group.DOMESTIC
    assert buyer("DE", "24318758-2-41").group is Group.EU
    assert not buyer("HU", " ").is_taxable


@pytest.mark.parametrize(
    "written", ["27%", "27", "27.0", "27 %", "27,0%", "27,00 %", " 27% ", "027%"]
)
def test_a_rate_is_understood_in_the_ways_people_write_it(written):
    assert normalise_vat(written) == "27%"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("25.5", "25,5%"),
        ("5,50 %", "5,5%"),
        ("0.0", "0%"),
        ("f.áfa", "F.AFA"),
        ("FAFA", "F.AFA"),
        ("akk", "ÁKK"),
        ("áthk", "ÁTHK"),
        ("eufad37", "EUFAD37"),
        ("mentes ", "mentes"),
        ("-27%", "-27%"),
        ("1e2", "1e2"),
        ("", ""),
    ],
)
def test_other_codes(written, code):
    assert normalise_vat(written) == code
    assert normalise_vat(code) == code


def test_an_empty_code_has_a_key():
    assert vat_key("") == vat_key("  ") == NO_CODE
    assert vat_key("27.0") == "27%"


def test_all_codes_of_the_table_are_in_billingos_spelling():
    assert all(
        normalise_vat(code) == code for code in MEANING if code != "WITHOUT_ENTITLEMENT"
    )
    assert Decimal(27) == treatment(Direction.SALE, HOME, "27.0").rate


@pytest.mark.parametrize("group", Group)
def test_cash_accounting_is_for_vat_that_is_charged_here(group):
    found = treatment(Direction.PURCHASE, Party(group), "27%", cash_settled=True)
    assert found.cash_accounting is (group in (Group.DOMESTIC, Group.UNKNOWN))
    sale = treatment(Direction.SALE, Party(group), "27%", cash_settled=True)
    assert sale.cash_accounting


@pytest.mark.parametrize("code", ["EU", "KBAUK"])
def test_advance_for_goods_in_the_union_is_asked(code):
    found = treatment(Direction.SALE, EU, code, is_advance=True)
    assert found.reason is Reason.GOODS_ADVANCE
    assert treatment(Direction.SALE, EU, code).reason is None
