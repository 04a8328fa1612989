"""What becomes of generated documents."""

import pathlib
import sys
from collections import Counter
from decimal import Decimal

from harness.console import say

TITLE = "6,000 documents: verdicts of mapper and calculator that agree (exactly 1)"
COUNT, SEEDS = 250, range(20261001, 20261025)
PLAIN = pathlib.Path(__file__).parents[1] / "billingo_api"


def measure(_bench):
    """Compare both, and name what was refused and why."""
    sys.path.insert(0, str(PLAIN))
    verdicts, reasons, outcomes, agreed = Counter(), Counter(), Counter(), 0
    for seed in SEEDS:
        for raw, followed in _documents(seed):
            verdict, why = _verdict(raw, followed)
            verdicts[verdict] += 1
            reasons.update(why)
            open_points = _open_points(raw) if verdict != "refuse" else []
            reasons.update(open_points)
            outcomes[_outcome(verdict, open_points)] += 1
            agreed += _expected(raw, followed) == verdict
    for counter in (outcomes, verdicts, reasons):
        for name, number in counter.most_common():
            say(f"  {name}: {number}")
    say(f"  agreed: {agreed / verdicts.total():.4f}")


def _documents(seed):
    from test_billingo_two_calculators import varied

    for _one, raw, _changes, followed in varied(seed):
        yield raw, followed


def _verdict(raw, followed):
    """Return what the mapper makes of a document, and the codes of what is wrong."""
    from billingo_api import Original, book
    from billingo_api.errors import MismatchError
    from billingo_api.parsing import parse_document

    original = followed and Original(
        followed["type"], Decimal(str(followed["gross_total"]))
    )
    try:
        booking = book(parse_document(raw), original=original)
    except MismatchError as error:
        return "refuse", [f"refused: {error.code}"]
    doubts = sorted({doubt.code for doubt in booking.doubts})
    return "book" if booking.is_exact else "draft", [f"drafted: {x}" for x in doubts]


def _open_points(raw):
    """Return what the VAT regime of one of our own documents leaves open."""
    from billingo_api import document_regime
    from billingo_api.parsing import parse_document
    from billingo_api.regimes import Direction

    found = document_regime(parse_document(raw), Direction.SALE)
    return [
        f"{'asked' if reason.is_settled_by_mapping else 'drafted'}: {reason.value}"
        for reason in found.reasons
    ]


def _outcome(verdict, open_points):
    """Return what becomes of a document: amounts first, then VAT."""
    if verdict == "refuse":
        return "= refused"
    if any(x.startswith("asked") for x in open_points):
        return "= waits for a mapped tax"
    if verdict == "draft" or open_points:
        return "= booked as a draft"
    return "= booked at once, where the tax has a box"


def _expected(raw, followed):
    from billingo_calculator import calculate

    return calculate(raw, followed).verdict
