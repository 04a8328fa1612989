"""Mapper and second calculator agree on 2,000 documents of every variation."""

import json
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest
from billingo_amounts import booked, check
from billingo_api import Original
from billingo_api.errors import MismatchError
from billingo_api.kinds import CANCELLATIONS
from billingo_calculator import calculate
from billingo_generated import Generator
from billingo_variations import CHANGES, vary

SEEDS = range(20260201, 20260209)
COUNT = 250  # documents of each seed


@cache
def varied(seed):
    """Return each document with the one it follows and what was changed."""
    found = Generator(seed).documents(COUNT, flaws=0.1)
    raws = [vary(one.raw, seed * 1_000 + i) for i, one in enumerate(found)]
    by_id = {raw["id"]: raw for raw, _changes in raws}
    result = []
    for one, (raw, changes) in zip(found, raws, strict=True):
        followed = None
        if raw["type"] in (*CANCELLATIONS, "modification"):
            followed = by_id[raw["related_documents"][0]["id"]]
        result.append((one, raw, changes, followed))
    return result


def mapped(raw, followed):
    """Return the booking, None where the mapper refuses."""
    original = followed and Original(
        followed["type"], Decimal(str(followed["gross_total"]))
    )
    try:
        return booked(raw, original=original)
    except MismatchError as error:
        assert error.where
        return None


def assert_agreed(expected, booking):
    if booking is None:
        assert expected.verdict == "refuse"
        return
    check(booking)
    assert expected.verdict == ("book" if booking.is_exact else "draft")
    assert booking.is_refund is expected.is_refund
    beyond = booking.rounding + booking.difference
    for mine, theirs in (
        (booking.net, expected.net),
        (booking.vat, expected.vat),
        (booking.gross, expected.gross),
        (beyond, expected.beyond),
        (booking.local_net, expected.local_net),
        (booking.local_vat, expected.local_vat),
    ):
        assert Fraction(mine) == theirs
    for group in booking.vat_groups:
        if group.vat_code in expected.groups:
            mine = [group.net, group.vat, group.local_vat]
            assert [Fraction(x) for x in mine] == expected.groups[group.vat_code]


@pytest.mark.parametrize("seed", SEEDS)
def test_both_agree(seed):
    verdicts, groups = Counter(), 0
    for one, raw, changes, followed in varied(seed):
        expected = calculate(raw, followed)
        story = f"{seed}: {changes}, {one.flaw!r}: {json.dumps(raw)}"
        try:
            assert_agreed(expected, mapped(raw, followed))
        except AssertionError as error:
            raise AssertionError(f"{expected}\n{story}\n{error}") from error
        verdicts[expected.verdict] += 1
        groups += len(expected.groups)
    assert verdicts["book"] > COUNT * 0.5, verdicts
    assert verdicts["draft"] > COUNT * 0.05, verdicts
    assert verdicts["refuse"] > COUNT * 0.05, verdicts
    assert groups > COUNT


def test_every_variation_occurs_in_every_verdict_it_can_have():
    seen = Counter()
    for seed in SEEDS:
        for _one, raw, changes, followed in varied(seed):
            verdict = calculate(raw, followed).verdict
            seen.update((name, verdict) for name in changes)
    for change, _chance in CHANGES:
        assert seen[change.__name__, "book"] or change.__name__ == "gross_of_its_own"
        assert sum(n for (name, _v), n in seen.items() if name == change.__name__) > 20
