"""Electronic address, legal id and VAT number from what is known of a party."""

import pytest
from maventa_api import ElectronicAddress
from maventa_api.party_identifiers import (
    ELECTRONIC_SCHEMES,
    Identifier,
    IdentifierProblem,
    KnownParty,
    identifiers_of,
    vat_number,
)


@pytest.mark.parametrize(
    ("party", "electronic", "legal", "vat"),
    [
        (
            KnownParty("FI", "FI12345671"),
            ("003712345671", "0216"),
            ("1234567-1", "0212"),
            "FI12345671",
        ),
        (
            KnownParty("FI", registry="1234567-1"),
            ("003712345671", "0216"),
            ("1234567-1", "0212"),
            "",
        ),
        (
            KnownParty("AX", "FI12345671"),
            ("003712345671", "0216"),
            ("1234567-1", "0212"),
            "FI12345671",
        ),
        (
            KnownParty("SE", "SE556012579001"),
            ("5560125790", "0007"),
            ("5560125790", "0007"),
            "SE556012579001",
        ),
        (
            KnownParty("SE", registry="556012-5790"),
            ("5560125790", "0007"),
            ("5560125790", "0007"),
            "",
        ),
        (
            KnownParty("SE", registry="16556012-5790"),
            ("5560125790", "0007"),
            ("5560125790", "0007"),
            "",
        ),
        (
            KnownParty("NO", "NO923609016MVA"),
            ("923609016", "0192"),
            ("923609016", "0192"),
            "NO923609016MVA",
        ),
        (
            KnownParty("NO", registry="923 609 016"),
            ("923609016", "0192"),
            ("923609016", "0192"),
            "",
        ),
        (
            KnownParty("NL", "NL123456782B90", "12345678"),
            ("12345678", "0106"),
            ("12345678", "0106"),
            "NL123456782B90",
        ),
        (
            KnownParty("NL", registry="00000001234567890000"),
            ("00000001234567890000", "0190"),
            ("00000001234567890000", "0190"),
            "",
        ),
        (
            KnownParty("EE", "EE123456789", "12345678", "9931", "EE123456789"),
            ("12345678", "0191"),
            ("12345678", "0191"),
            "EE123456789",
        ),
        (
            KnownParty("DK", "DK12345674"),
            ("12345674", "0184"),
            ("12345674", "0184"),
            "DK12345674",
        ),
        (
            KnownParty("DE", "DE123456788", "HRB 1234"),
            ("DE123456788", "9930"),
            ("HRB 1234", ""),
            "DE123456788",
        ),
    ],
)
def test_each_country_is_named_by_its_own_lists(party, electronic, legal, vat):
    found = identifiers_of(party)
    assert found.electronic == Identifier(*electronic)
    assert found.legal == Identifier(*legal)
    assert found.vat == vat
    assert found.problems == ()
    assert found.electronic.scheme in ELECTRONIC_SCHEMES


def test_the_typed_address_comes_before_the_one_of_odoo():
    typed = ElectronicAddress.parse("0088:6415680000006")
    party = KnownParty(
        "FI",
        "FI12345671",
        peppol_scheme="0216",
        peppol_endpoint="003723456780",
        address=typed,
    )
    found = identifiers_of(party)
    assert found.electronic == Identifier("6415680000006", "0088")
    assert found.legal == Identifier("1234567-1", "0212")


def test_the_address_of_odoo_comes_before_the_legal_id():
    party = KnownParty(
        "FI", "FI12345671", peppol_scheme="0216", peppol_endpoint="003723456780A1"
    )
    assert identifiers_of(party).electronic == Identifier("003723456780A1", "0216")


@pytest.mark.parametrize(
    ("country", "scheme", "endpoint", "wanted"),
    [
        ("FI", "0037", "003712345671", ("003712345671", "0216")),
        ("FI", "0037", "1234567-1", ("003712345671", "0216")),
        ("FI", "0212", "12345671", ("003712345671", "0216")),
        ("FI", "0213", "FI12345671", ("003712345671", "0216")),
        ("SE", "9955", "SE556012579001", ("5560125790", "0007")),
    ],
)
def test_a_withdrawn_scheme_gets_its_successor(country, scheme, endpoint, wanted):
    party = KnownParty(country, "", "", scheme, endpoint)
    assert identifiers_of(party).electronic == Identifier(*wanted)
    assert identifiers_of(party).problems == ()


def test_a_withdrawn_scheme_without_successor_is_a_problem():
    party = KnownParty("LT", "LT123456789", "", "EM", "box@kuura.example")
    found = identifiers_of(party)
    problem = (IdentifierProblem.SCHEME_WITHDRAWN, "EM:box@kuura.example")
    assert found.problems == (problem,)
    assert found.electronic == Identifier("LT123456789", "9937")


def test_a_wrong_check_digit_is_a_problem_and_the_next_source_counts():
    party = KnownParty("SE", "SE556012579001", "", "0007", "5560125791")
    found = identifiers_of(party)
    assert found.electronic == Identifier("5560125790", "0007")
    problem = (IdentifierProblem.ADDRESS_MALFORMED, "0007:5560125791")
    assert found.problems == (problem,)


def test_a_dutch_company_without_kvk_is_asked_for_it():
    found = identifiers_of(KnownParty("NL", "NL123456782B90"))
    assert not found.legal
    assert found.electronic == Identifier("NL123456782B90", "9944")
    assert found.problems == ((IdentifierProblem.REGISTRY_MISSING, ""),)


def test_a_wrong_organisation_number_is_a_problem():
    found = identifiers_of(KnownParty("NO", registry="923609017"))
    kinds = [kind for kind, _value in found.problems]
    assert kinds == [
        IdentifierProblem.REGISTRY_MALFORMED,
        IdentifierProblem.ADDRESS_MISSING,
    ]


def test_the_registry_of_a_person_is_nobodys_business():
    party = KnownParty("SE", registry="8001014545", is_company=False)
    assert identifiers_of(party) == identifiers_of(KnownParty("SE", is_company=False))


def test_a_finnish_branch_of_a_foreign_vat_number_has_no_finnish_id():
    assert not identifiers_of(KnownParty("SE", "FI12345671")).legal


@pytest.mark.parametrize(
    ("country", "vat", "electronic"),
    [
        ("DE", "FI12345671", ("003712345671", "0216")),
        ("DE", "SE556012579001", ("5560125790", "0007")),
        ("DE", "NO974760673MVA", ("974760673", "0192")),
        ("DE", "DK12345674", ("12345674", "0184")),
        ("FI", "DE123456788", ("DE123456788", "9930")),
        ("", "FI12345671", ("003712345671", "0216")),
        ("DE", "EL123456783", ("EL123456783", "9933")),
    ],
)
def test_a_vat_number_of_another_country_is_an_address_and_no_legal_id(
    country, vat, electronic
):
    found = identifiers_of(KnownParty(country, vat))
    assert (found.electronic.value, found.electronic.scheme) == electronic
    assert not found.legal


@pytest.mark.parametrize(
    ("country", "region", "is_aland"),
    [("AX", "", True), ("FI", "FI-01", True), ("FI", "02", False), ("SE", "AX", False)],
)
def test_aland_is_known_by_country_or_region(country, region, is_aland):
    party = KnownParty(country, region=region)
    assert party.is_aland is is_aland


@pytest.mark.parametrize(
    ("country", "typed", "number"),
    [
        ("FI", "FI 1234567-1", "FI12345671"),
        ("FI", "1234567-1", "FI12345671"),
        ("FI", "FI12345672", ""),
        ("SE", "SE5560125790-01", "SE556012579001"),
        ("SE", "556012-5790", ""),
        ("NO", "923609016MVA", "NO923609016MVA"),
        ("NO", "NO 923 609 016", ""),
        ("NO", "923609016", ""),
        ("NL", "NL1234.56.782.B90", "NL123456782B90"),
        ("NL", "12345678", ""),
        ("GR", "EL123456789", "EL123456789"),
        ("US", "12-3456789", ""),
        ("FI", "/", ""),
    ],
)
def test_vat_numbers_have_one_spelling_or_are_none(country, typed, number):
    assert vat_number(country, typed) == number


@pytest.mark.parametrize(
    ("known", "vat"),
    [
        ({"registry": "974 760 673"}, ""),
        ({"vat": "974760673"}, ""),
        ({"vat": "974760673MVA"}, "NO974760673MVA"),
        ({"vat": "NO974760673MVA"}, "NO974760673MVA"),
    ],
)
def test_companies_on_svalbard_are_in_the_register_of_norway(known, vat):
    found = identifiers_of(KnownParty("SJ", **known))
    assert found.legal == Identifier("974760673", "0192")
    assert found.electronic == Identifier("974760673", "0192")
    assert found.vat == vat
    assert not found.problems


def test_a_wrong_number_on_svalbard_is_told():
    [problem, _missing] = identifiers_of(
        KnownParty("SJ", registry="974760674")
    ).problems
    assert problem == (IdentifierProblem.REGISTRY_MALFORMED, "974760674")
