"""Numbers of companies: those of two lists say nothing about each other."""

import pytest
from maventa_api.legal_numbers import contradicts, is_of_register, legal_number

GLN = "6430000000009"


@pytest.mark.parametrize(
    ("text", "scheme", "country", "value", "found"),
    [
        ("2345678-0", "", "FI", "2345678-0", "0212"),
        ("23456780", "0212", "", "2345678-0", "0212"),
        ("003723456780", "0216", "", "2345678-0", "0212"),
        ("003723456780123", "", "SE", "2345678-0", "0212"),
        ("2345678-0", "", "AX", "2345678-0", "0212"),
        (GLN, "", "FI", GLN, "0088"),
        (GLN, "0088", "FI", GLN, "0088"),
        ("12345678", "0106", "", "12345678", "0106"),
        ("12345678", "", "NL", "12345678", "0106"),
        ("972042935", "0060", "NO", "972042935", "0060"),
        ("HRB 12", "", "DE", "HRB12", ""),
        ("1234567-8", "0212", "FI", "12345678", ""),
        ("", "", "FI", "", ""),
    ],
)
def test_number_has_one_spelling_and_its_list(text, scheme, country, value, found):
    number = legal_number(text, scheme, country)
    assert (number.value, number.scheme) == (value, found)


@pytest.mark.parametrize(
    ("text", "scheme", "country", "known", "is_other"),
    [
        ("003723456780", "0216", "FI", ["FI23456780"], False),
        ("2920579-8", "", "FI", ["2345678-0"], True),
        (GLN, "", "FI", ["2345678-0"], False),
        ("12345678", "0106", "NL", ["NL123456782B01"], False),
        ("12345678", "0106", "NL", ["NL123456782B01", "87654321"], True),
        ("5599838306", "0007", "FI", ["2345678-0"], False),
        ("HRB 12", "", "FI", ["2345678-0"], True),
    ],
)
def test_only_a_number_of_the_same_list_contradicts(
    text, scheme, country, known, is_other
):
    stated = legal_number(text, scheme, country)
    assert contradicts(stated, known, country) is is_other


def test_places_and_units_are_no_companies():
    assert not is_of_register(legal_number(GLN))
    assert not is_of_register(legal_number("1", "0060"))
    assert not is_of_register(legal_number(""))
    assert is_of_register(legal_number("HRB 12"))
    assert is_of_register(legal_number("12345678", "0106"))
