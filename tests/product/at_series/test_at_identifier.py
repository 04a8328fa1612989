"""Identifiers that AT accepts, and the date that it counts with."""

import datetime

import pytest
from at_series import is_valid_identifier, lisbon_date


@pytest.mark.parametrize(
    "identifier", ["A", "2026", "A2026", "a.b-c_d", "x" * 35, "CAT", "A-T"]
)
def test_identifiers_that_at_accepts(identifier):
    assert is_valid_identifier(identifier)


@pytest.mark.parametrize(
    "identifier",
    [
        "",
        "x" * 36,
        ".a",
        "a-",
        "a..b",
        "a_-b",
        "Ç",
        "a b",
        "a/b",
        "AT2026",
        "at2026",
        "At",
        "A\n",
        "٣",
    ],
)
def test_identifiers_that_at_refuses(identifier):
    assert not is_valid_identifier(identifier)


@pytest.mark.parametrize(
    ("moment", "date"),
    [
        ("2026-07-14T22:59:00+00:00", "2026-07-14"),
        ("2026-07-14T23:00:00+00:00", "2026-07-15"),  # summer time
        ("2026-12-31T23:59:00+00:00", "2026-12-31"),
        ("2027-01-01T00:00:00-01:00", "2027-01-01"),  # the Azores
    ],
)
def test_the_date_is_lisbon_s(moment, date):
    assert lisbon_date(datetime.datetime.fromisoformat(moment)).isoformat() == date
