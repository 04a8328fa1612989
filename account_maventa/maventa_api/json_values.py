"""From what JSON may hold to the types that this package promises.

A remote service may put anything anywhere: what is merely odd becomes empty, and
what the caller cannot do without is a :exc:`ValueError`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

LONGEST_TEXT = 20_000  # characters of one value
LARGEST_EXPONENT = 15  # amounts of a quadrillion and more are no amounts
DIGITS = 30
# What neither XML nor PostgreSQL holds: controls but tab and line ends, surrogates
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def parse(body: bytes) -> Any:
    """Return the JSON value of a body; numbers with a point are ``Decimal``.

    :raise ValueError: it is none, or too deep, or with numbers beyond reason
    """
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_refuse)
    except (RecursionError, ArithmeticError) as error:
        raise ValueError(f"not usable: {type(error).__name__}") from None


def mapping(value: Any) -> Mapping[str, Any]:
    """Return ``value`` if it is an object.

    :raise ValueError: it is something else
    """
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def part(value: Any) -> Mapping[str, Any]:
    """Return ``value`` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[Any]:
    """Return the elements of a list.

    :raise ValueError: it is something else
    """
    if not isinstance(value, list):
        raise ValueError("not a list")
    return value


def objects(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects among the elements of a list; anything else is left out."""
    return (
        [row for row in value if isinstance(row, dict)]
        if isinstance(value, list)
        else []
    )


def text(value: Any) -> str:
    """Return a text that every store takes; a number is written out, else empty."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        value = str(value) if _is_small(value) else ""
    if not isinstance(value, str):
        return ""
    clean = UNFIT.sub("\N{REPLACEMENT CHARACTER}", value).strip()
    if len(clean) > LONGEST_TEXT:
        return clean[: LONGEST_TEXT - 1] + "…"
    return clean


def texts(value: Any) -> tuple[str, ...]:
    """Return one text, or several, without the empty ones."""
    values = value if isinstance(value, list) else [value]
    return tuple(filter(None, map(text, values)))


def needed_text(value: Any) -> str:
    """Return a text that is not empty.

    :raise ValueError: it is
    """
    if found := text(value):
        return found
    raise ValueError("missing")


def uuid(value: Any) -> str:
    """Return a UUID in its usual spelling.

    :raise ValueError: it is none
    """
    return str(UUID(text(value)))


def amount(value: Any) -> Decimal | None:
    """Return a finite number of reasonable size, also from a text; else None."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        number = Decimal(value) if not isinstance(value, str) else Decimal(value[:50])
        return number if number.is_finite() and _is_small(number) else None
    except ArithmeticError:
        return None


def flag(value: Any, default: bool = False) -> bool:
    """Return true or false; anything else is ``default``."""
    return value if isinstance(value, bool) else default


def moment(value: Any) -> str:
    """Return a date or time as ISO 8601 writes it, or nothing.

    Date and time keep the spelling of the service if Python reads it.
    """
    found = text(value)
    return found if instant(found) else ""


def instant(value: Any) -> datetime | None:
    """Return a moment in UTC; one without a zone is taken for UTC."""
    try:
        found = datetime.fromisoformat(text(value))
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _is_small(number: int | Decimal) -> bool:
    if isinstance(number, int):
        return abs(number) < 10**LARGEST_EXPONENT
    if not number.is_finite():
        return False
    digits, exponent = number.as_tuple().digits, number.adjusted()
    return len(digits) <= DIGITS and abs(exponent) < LARGEST_EXPONENT or not number


def _refuse(constant: str) -> None:
    raise ValueError(f"no number: {constant}")
