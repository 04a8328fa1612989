"""Documents that a seed makes: equal to Billingo's figures, or refused. Never wrong."""

import json
from collections import Counter
from decimal import Decimal

import pytest
from billingo_amounts import booked, check
from billingo_api import Original
from billingo_api.errors import MismatchError
from billingo_api.kinds import KINDS
from billingo_generated import FLAWS, FOREIGN_FLAWS, Generator

SEEDS = range(20260101, 20260109)
COUNT = 250  # documents of each seed


def exact(value):
    return Decimal(str(value))


def original_of(raw, by_id):
    """What the books know of the document that this one follows."""
    if not KINDS[raw["type"]].is_amendment:
        return None
    found = by_id[raw["related_documents"][0]["id"]]
    return Original(type=found["type"], gross_total=exact(found["gross_total"]))


def assert_equal(raw, booking, undone, story):
    """The booking says what the document says, in both currencies.

    ``undone`` is the gross of the document that this one cancels.
    """
    check(booking)
    summary = raw["summary"]
    assert abs(booking.gross) == abs(exact(raw["gross_total"])), story
    assert abs(booking.net) == abs(exact(summary["net_amount"])), story
    assert abs(booking.local_net) == abs(exact(summary["net_amount_local"])), story
    if booking.is_exact:
        assert abs(booking.vat) == abs(exact(summary["vat_amount"])), story
        assert abs(booking.local_vat) == abs(exact(summary["vat_amount_local"])), story
    assert [x.vat_code for x in booking.lines] == [x["vat"] for x in raw["items"]]
    if undone is None:
        assert booking.is_refund == (exact(raw["gross_total"]) < 0), story
    else:
        assert booking.is_refund == (undone >= 0), story


@pytest.mark.parametrize("seed", SEEDS)
def test_equal_or_refused(seed):
    found = Generator(seed).documents(COUNT, flaws=0.25)
    by_id = {x.raw["id"]: x.raw for x in found}
    refused = Counter()
    for one in found:
        story = f"seed {seed}, flaw {one.flaw!r}: {json.dumps(one.raw)}"
        try:
            original = original_of(one.raw, by_id)
            booking = booked(one.raw, original=original)
        except MismatchError as error:
            assert one.flaw or one.is_odd, f"{error}: {story}"
            assert error.where, story
            refused[one.flaw] += 1
            continue
        assert not one.flaw, story
        assert booking.is_exact or one.is_odd, story
        cancels = KINDS[one.raw["type"]].is_cancellation
        undone = original.gross_total if cancels else None
        assert_equal(one.raw, booking, undone, story)
    assert sum(refused.values()) > COUNT // 10


def test_every_kind_of_flaw_occurs():
    found = Generator(SEEDS[0]).documents(1_500, flaws=0.25)
    assert {x.flaw for x in found} == {"", *FLAWS, *FOREIGN_FLAWS}


def test_the_documents_are_as_varied_as_promised():
    raws = [x.raw for x in Generator(SEEDS[0]).documents(500)]
    kinds = Counter(raw["type"] for raw in raws)
    assert set(kinds) == {"invoice", "advance", "cancellation", "modification"}
    assert min(kinds.values()) >= 15
    for seen in (
        {raw["currency"] for raw in raws} == {"HUF", "EUR"},
        {raw["settings"]["round"] for raw in raws} == {"none", "one", "five", "ten"},
        any(raw.get("discount") for raw in raws),
        any(raw["gross_total"] < 0 and raw["type"] == "invoice" for raw in raws),
        len({item["vat"] for raw in raws for item in raw["items"]}) >= 9,
    ):
        assert seen


def test_a_seed_makes_the_same_documents_again():
    once, again = (Generator(7).documents(50, flaws=0.3) for _ in range(2))
    assert once == again
