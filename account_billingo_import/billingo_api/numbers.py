"""Running numbers of documents, and those that are missing among them.

Billingo numbers the documents of a block from 1 on in each year:
``PREFIX / 2026-000001``, or ``2026-1`` in a block of the short form without a prefix.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

FORM = re.compile(r"(.*?)([12]\d{3})-(\d{1,9})")
WIDEST = 9  # digits, as in the form; what is stored may say anything
SPAN = 100  # numbers per request: Billingo's longest page
JUMP = 1000  # a gap of more numbers is a new start on purpose


@dataclass(frozen=True)
class DocumentNumber:
    """``head`` is all that stands before the year; ``digits`` the number's width."""

    head: str
    year: int
    number: int
    digits: int = 0

    def shown(self, number: int | None = None) -> str:
        """Return the text of this number, or of another of its series."""
        number = self.number if number is None else number
        width = min(self.digits, WIDEST)
        return f"{self.head}{self.year}-{str(number).zfill(width)}"


@dataclass(frozen=True)
class NumberRange:
    """Numbers of one year, the last one included."""

    year: int
    first: int
    last: int


def parse_number(shown: str) -> DocumentNumber | None:
    """Read a document's number; None where it has another form, or none."""
    found = FORM.fullmatch((shown or "").strip())
    if not found:
        return None
    head, year, number = found.groups()
    return DocumentNumber(head, int(year), int(number), len(number))


def missing_ranges(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of what is missing between the lowest and the highest."""
    before = None
    for number in sorted(set(numbers)):
        if before is not None and 0 < number - before - 1 <= JUMP:
            yield before + 1, number - 1
        before = number


def windows(ranges: Iterable[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Yield ranges, lowest first, in groups that one question can be about."""
    group: list[tuple[int, int]] = []
    for one in ranges:
        if group and one[1] - group[0][0] >= SPAN:
            yield group
            group = []
        group.append(one)
    if group:
        yield group
