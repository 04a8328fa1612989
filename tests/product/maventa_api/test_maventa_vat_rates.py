"""Rates of VAT by country and day."""

from datetime import date
from decimal import Decimal

import pytest
from maventa_api.vat_rates import (
    RATES,
    SUCCESSORS,
    is_in_force,
    is_of_other_days,
    rates_of,
    successor_of,
)


@pytest.mark.parametrize(
    ("country", "rate", "day", "expected"),
    [
        ("FI", "24", date(2024, 8, 31), True),
        ("FI", "24", date(2024, 9, 1), False),
        ("FI", "25.5", date(2024, 8, 31), False),
        ("FI", "25.50", date(2024, 9, 1), True),
        ("FI", "14", date(2025, 12, 31), True),
        ("FI", "14", date(2026, 1, 1), False),
        ("FI", "13.5", date(2025, 12, 31), False),
        ("AX", "13.5", date(2026, 1, 1), True),
        ("FI", "10", date(2026, 1, 1), True),
        ("SE", "25.5", date(2026, 1, 1), False),
        ("NO", "15", date(2026, 1, 1), True),
        ("NO", "12", date(2020, 3, 31), True),
        ("NO", "12", date(2020, 4, 1), False),
        ("NO", "6", date(2021, 9, 30), True),
        ("NO", "12", date(2021, 10, 1), True),
        ("NL", "6", date(2026, 1, 1), False),
        ("DE", "24", date(2026, 1, 1), True),  # nothing is known
        ("DK", "25", date(2026, 1, 1), True),
        ("DK", "24", date(2026, 1, 1), False),
        ("EE", "22", date(2025, 6, 30), True),
        ("EE", "22", date(2025, 7, 1), False),
        ("EE", "24", date(2025, 7, 1), True),
        ("EE", "13", date(2024, 12, 31), False),
        ("EE", "5", date(2025, 1, 1), False),
        ("FI", "0", date(2026, 1, 1), True),
        ("FI", "22", date(2010, 1, 1), True),  # nothing is known
    ],
)
def test_rate_is_in_force_from_its_first_to_its_last_day(country, rate, day, expected):
    assert is_in_force(country, Decimal(rate), day) is expected


def test_rates_of_a_day_are_listed():
    assert rates_of("AX", date(2026, 1, 1)) == (
        Decimal("25.5"),
        Decimal("13.5"),
        Decimal("10"),
    )
    assert rates_of("DE", date(2026, 1, 1)) == ()


@pytest.mark.parametrize(
    ("country", "rate", "expected"),
    [
        ("FI", "14", True),
        ("FI", "14.0", True),
        ("FI", "22", False),
        ("DE", "19", False),
    ],
)
def test_rate_of_other_days_is_told_from_one_of_no_day(country, rate, expected):
    assert is_of_other_days(country, Decimal(rate)) is expected


@pytest.mark.parametrize(
    ("country", "rate", "day", "expected"),
    [
        ("FI", "14.0", date(2026, 1, 1), "13.5"),
        ("AX", "24", date(2026, 1, 1), "25.5"),
        ("FI", "14", date(2025, 12, 31), None),  # in force
        ("FI", "10", date(2026, 1, 1), None),
        ("FI", "22", date(2026, 1, 1), None),
        ("EE", "20", date(2026, 1, 1), "24"),
        ("NO", "11", date(2026, 1, 1), "11.11"),
        ("DE", "19", date(2026, 1, 1), None),
    ],
)
def test_a_rate_that_is_over_has_a_successor(country, rate, day, expected):
    found = successor_of(country, Decimal(rate), day)
    assert found == (expected and Decimal(expected))


def test_successors_are_rates_of_their_country():
    for country, successors in SUCCESSORS.items():
        known = {text for text, _first, _last in RATES[country]}
        assert known >= {*successors.values()}
