"""VAT numbers, organisation numbers and OVT addresses."""

import pytest
from maventa_api.identifiers import organisation_number, ovt, same_business


@pytest.mark.parametrize(
    ("country", "vat", "number"),
    [
        ("FI", "FI12345671", "1234567-1"),
        ("FI", "FI 1234567-1", "1234567-1"),
        ("FI", "FI123", ""),
        ("SE", "SE556012579001", "5560125790"),
        ("NO", "NO123456785MVA", "123456785"),
        ("NL", "NL123456782B90", ""),
        ("FI", "", ""),
    ],
)
def test_the_organisation_number_inside_a_vat_number(country, vat, number):
    assert organisation_number(country, vat) == number


def test_one_number_in_several_spellings():
    assert same_business("1234567-1", "FI12345671")
    assert not same_business("1234567-1", "2345678-0")
    assert not same_business("", "")


def test_ovt_is_0037_and_the_business_id():
    assert ovt("1234567-1") == "003712345671"
    assert ovt("123") == ""
