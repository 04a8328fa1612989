"""What a check finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"  # an official rule refuses it
    WARNING = "warning"  # valid, but hardly what is meant


@dataclass(frozen=True)
class Problem:
    """One thing that is missing or wrong.

    :param code: what it is, for the caller's table of texts
    :param place: one of ``PLACES``; of a line "line 3" (its number in the document)
    :param value: the text or number that is wrong, if there is one
    :param rule: id of the official rule
    """

    code: str
    place: str
    value: str = ""
    rule: str = ""
    severity: Severity = Severity.ERROR

    @property
    def line(self) -> str:
        """The number of the line that it is about, or nothing."""
        return self.place.removeprefix("line ") if "line " in self.place else ""
