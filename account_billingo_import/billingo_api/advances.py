"""Which lines raise an advance, and which take one back.

A final invoice takes an advance back by a negative line, whose comment carries the
advance's number in brackets (sheet 2.3). A line that follows a proforma, an offer, a
discount or a coupon is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from .booking import BookedLine, Original, Related
from .messages import Document

NUMBER_IN_BRACKETS = re.compile(r"\([^()]*\d[^()]*\)")
ADVANCE_WORDS = re.compile(
    r"\b(eloleg\w*|advance|down ?payment|prepayment|anzahlung\w*|vorauszahlung\w*)\b"
)
REDUCTION_WORDS = re.compile(
    r"\b(kedvezmen\w*|engedmen\w*|kupon\w*|utalvany\w*|jovairas\w*|bonusz|rabatt?"
    r"|discount|coupon|voucher|rebate|gutschein\w*|skonto)\b"
)


def mark_advances(
    document: Document,
    lines: Sequence[BookedLine],
    original: Original | None = None,
    related: Sequence[Related] | None = None,
) -> list[BookedLine]:
    """Return the lines with ``is_advance`` where they raise or settle an advance.

    :param related: what is known of the documents that this one refers to; by
        default their numbers alone
    """
    if "advance" in (document.type, original and original.type):
        return [replace(line, is_advance=True) for line in lines]
    candidates = _related(document, original, related)
    if candidates is None:
        marks = [
            line.net < 0 and bool(NUMBER_IN_BRACKETS.search(line.comment))
            for line in lines
        ]
    else:
        marks = _marks(lines, candidates)
    return [
        replace(line, is_advance=mark) for line, mark in zip(lines, marks, strict=True)
    ]


def _related(
    document: Document,
    original: Original | None,
    related: Sequence[Related] | None,
) -> Sequence[Related] | None:
    """What an advance could be among; None for the storno of a final invoice of
    which no more is known than that."""
    if original and original.is_final:
        return original.related or None
    if original or document.type != "invoice":
        return ()
    if related is not None:
        return related
    return [Related(x.id, x.invoice_number) for x in document.related_documents]


def _marks(lines: Sequence[BookedLine], related: Sequence[Related]) -> list[bool]:
    """Find the lines: by the advance's number, else by amount, by word, by sign."""
    possible = [one for one in related if one.type in ("", "advance")]
    negative = [line.net < 0 for line in lines]
    if not possible or not any(negative):
        return [False] * len(lines)
    marks = [
        is_negative and any(_names(line, one) for one in possible)
        for line, is_negative in zip(lines, negative, strict=True)
    ]
    if any(marks):
        return marks
    known = [one for one in possible if one.type == "advance"]
    rest = [
        is_negative and not REDUCTION_WORDS.search(_plain(line))
        for line, is_negative in zip(lines, negative, strict=True)
    ]
    by_word = [
        mark and bool(ADVANCE_WORDS.search(_plain(line)))
        for line, mark in zip(lines, rest, strict=True)
    ]
    totals = {abs(one.gross_total) for one in known if one.gross_total}
    by_amount = [
        mark and abs(line.gross) in totals
        for line, mark in zip(lines, rest, strict=True)
    ]
    for found in (by_amount, by_word):
        if any(found):
            return found
    return rest if known else [False] * len(lines)


def _names(line: BookedLine, related: Related) -> bool:
    """Return whether a line's text has the number, and not as part of a longer one."""
    number = _compact(related.invoice_number)
    if not number:
        return False
    text = _compact(f"{line.name} {line.comment}")
    return bool(re.search(rf"(?<![^\W_]){re.escape(number)}(?!\d)", text))


def _compact(text: str) -> str:
    return re.sub(r"\s", "", text).casefold()


def _plain(line: BookedLine) -> str:
    text = unicodedata.normalize("NFKD", f"{line.name} {line.comment}".casefold())
    return "".join(x for x in text if not unicodedata.combining(x))
