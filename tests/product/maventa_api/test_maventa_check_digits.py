"""Check digits of company numbers, accounts and payment references."""

import pytest
from maventa_api import check_digits


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        ("is_swedish_number", "5560125790", "5560125791"),
        ("is_norwegian_number", "923609016", "923609017"),
        ("is_norwegian_account", "86011117947", "86011117948"),
        ("is_kid", "12345678903", "12345678904"),
        ("is_finnish_reference", "1234561", "1234562"),
        ("is_gtin", "7310865004703", "7310865004704"),
        ("is_gtin", "73513537", "73513538"),
        ("is_creditor_reference", "RF18539007547034", "RF19539007547034"),
    ],
)
def test_a_changed_digit_is_found(rule, good, bad):
    holds = getattr(check_digits, rule)
    assert holds(good)
    assert not holds(bad)
    assert not holds("")


def test_a_kid_of_modulo_11_may_end_in_a_hyphen():
    numbers = (f"{number}-" for number in range(1000, 1100))
    assert any(check_digits.is_kid(number) for number in numbers)
    assert not check_digits.is_kid("-")
