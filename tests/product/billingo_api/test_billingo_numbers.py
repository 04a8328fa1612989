"""Running numbers, what is missing among them, and how Billingo is asked for it."""

import pytest
from billingo_api import BillingoClient
from billingo_api.errors import RejectedError
from billingo_api.numbers import (
    JUMP,
    DocumentNumber,
    NumberRange,
    missing_ranges,
    parse_number,
    windows,
)
from billingo_api.simulator import Simulator, samples
from billingo_api.transport import open_session

ORIGIN = "https://localhost"


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ("FOLY / 2026-000012", DocumentNumber("FOLY / ", 2026, 12, 6)),
        ("2022-5", DocumentNumber("", 2022, 5, 1)),
        ("A1 / 2026-000001", DocumentNumber("A1 / ", 2026, 1, 6)),
        ("20251 / 2026-7", DocumentNumber("20251 / ", 2026, 7, 1)),
        ("", None),
        (None, None),
        ("26-8", None),
        ("SZ2026/12", None),
        ("2026-1x", None),
    ],
)
def test_numbers_are_read_as_billingo_makes_them(shown, found):
    assert parse_number(shown) == found
    if found:
        assert found.shown() == shown


def test_another_number_of_the_series_looks_the_same():
    assert parse_number("FOLY / 2026-000012").shown(7) == "FOLY / 2026-000007"
    assert parse_number("2022-5").shown(12) == "2022-12"


@pytest.mark.parametrize(
    ("digits", "shown"),
    [(-1, "A2026-7"), (0, "A2026-7"), (2**31, "A2026-000000007")],
)
def test_odd_width_is_no_width(digits, shown):
    assert DocumentNumber("A", 2026, 7, digits).shown() == shown


@pytest.mark.parametrize(
    ("numbers", "missing"),
    [
        ([], []),
        ([5], []),
        ([1, 2, 3], []),
        ([3, 1, 1, 7], [(2, 2), (4, 6)]),
        ([1, JUMP + 2], [(2, JUMP + 1)]),
        ([1, JUMP + 3], []),
    ],
)
def test_what_is_missing_stands_between_two_that_are_there(numbers, missing):
    assert [*missing_ranges(numbers)] == missing


def test_near_ones_are_asked_for_together():
    ranges = [(2, 2), (50, 60), (101, 101), (102, 102), (300, 900)]
    assert [*windows(ranges)] == [ranges[:3], [(102, 102)], [(300, 900)]]
    assert [*windows([])] == []


def _client():
    simulator = Simulator()
    samples.fill(simulator, supplier_key="a", own_key="b")
    session = open_session(ORIGIN, simulator=simulator)
    return BillingoClient(session, ORIGIN, "b", spacing=0)


def test_a_range_of_numbers_is_asked_for():
    with _client() as client:
        page = client.documents(1, numbers=NumberRange(2026, 3, 5))
        assert sorted(x.invoice_number[-6:] for x in page.documents) == [
            "000003",
            "000004",
            "000005",
        ]
        assert not client.documents(1, numbers=NumberRange(2025, 3, 5)).documents


def test_billingo_wants_year_and_number():
    with _client() as client, pytest.raises(RejectedError):
        client._list("/documents", 1, {"start_number": 3})
