"""Rates of VAT by country and day."""

from datetime import date
from decimal import Decimal

import pytest
from maventa_api.vat_rates import is_in_force


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
        ("NL", "6", date(2026, 1, 1), False),
        ("DE", "24", date(2026, 1, 1), True),  # nothing is known
        ("FI", "0", date(2026, 1, 1), True),
        ("FI", "22", date(2010, 1, 1), True),  # nothing is known
    ],
)
def test_rate_is_in_force_from_its_first_to_its_last_day(country, rate, day, expected):
    assert is_in_force(country, Decimal(rate), day) is expected
