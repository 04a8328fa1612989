"""E-invoice addresses as people type them."""

import pytest
from maventa_api import AddressProblem, ElectronicAddress

OVT, IBAN, GLN = "003712345671", "FI2112345600000785", "7350053850019"


@pytest.mark.parametrize(
    ("typed", "operator", "eia", "scheme"),
    [
        (" 0037 1234 5671 ", "003723327487", OVT, "0216"),
        ("00371234567199999", "003723327487", "00371234567199999", "0216"),
        ("fi21 1234 5600 0007 85", "NDEAFIHH", IBAN, "9918"),
        (f"0216:{OVT}", "", f"0216:{OVT}", "0216"),
        (OVT, "PEPPOL", f"0216:{OVT}", "0216"),
        (GLN, "PEPPOL", f"0088:{GLN}", "0088"),
        ("0192:987654325", "PEPPOL", "0192:987654325", "0192"),
        ("TE003712345671", "003721291126", "TE003712345671", ""),
        ("0037Abc", "X", "0037Abc", "0216"),
    ],
)
def test_what_was_typed_is_understood(typed, operator, eia, scheme):
    address = ElectronicAddress.parse(typed, operator)
    assert (address.eia, address.scheme) == (eia, scheme)


def test_nothing_is_nowhere_whatever_the_operator():
    address = ElectronicAddress.parse(" ", "NDEAFIHH")
    assert not address
    assert address.operator == ""
    assert not address.is_finnish_network


@pytest.mark.parametrize(
    ("typed", "operator", "finnish"),
    [
        (IBAN, "NDEAFIHH", True),
        (IBAN, "", True),
        ("SE4550000000058398257466", "", False),
        (OVT, "003723327487", True),
        (OVT, "", False),
        (OVT, "PEPPOL", False),
        (f"0216:{OVT}", "", False),
        ("12345", "BAWCFI22", True),
        ("12345", "SWEDSESS", False),
    ],
)
def test_which_network_it_is(typed, operator, finnish):
    assert ElectronicAddress.parse(typed, operator).is_finnish_network is finnish


@pytest.mark.parametrize(
    ("typed", "operator", "problem"),
    [
        (OVT, "", None),
        (f"{OVT}12345", "", None),
        ("003712345672", "", AddressProblem.OVT),
        (f"{OVT}123456", "", AddressProblem.OVT),
        ("0037123", "", AddressProblem.OVT),
        (IBAN, "", None),
        ("FI2112345600000786", "", AddressProblem.IBAN),
        (GLN, "", None),
        ("7350053850018", "", AddressProblem.GLN),
        ("0216:003712345672", "", AddressProblem.OVT),
        ("0088:735", "", AddressProblem.GLN),
        ("9918:XX", "", AddressProblem.IBAN),
        ("987654325", "PEPPOL", AddressProblem.PEPPOL),
        ("0192:987654325", "", None),
        ("x", "", AddressProblem.LENGTH),
        ("X" * 36, "", AddressProblem.LENGTH),
        ("TE003712345671", "", None),
    ],
)
def test_wrong_digits_are_seen(typed, operator, problem):
    assert ElectronicAddress.parse(typed, operator).problem() == problem


def test_a_business_id_whose_check_would_be_ten_does_not_exist():
    # 0000001-?: 2 x 1 leaves 2, so 9; 0000006: 12 leaves 1, which is never given
    assert ElectronicAddress.parse("003700000019").problem() is None
    for last in range(10):
        wrong = ElectronicAddress.parse(f"00370000006{last}")
        assert wrong.problem() is AddressProblem.OVT
