"""How values are written: characters, lengths, numbers, references."""

from __future__ import annotations

import re
import textwrap
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

# What ISO-8859-15 lacks and has a plain spelling for
PLAIN = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "‑": "-",
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "…": "...",
        "•": "-",
        "\u00a0": " ",
        "\u202f": " ",
    }
)
NOT_XML = re.compile(
    r"[^\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+"
)


def clean(text: str) -> str:
    """Return ``text`` on one line, without what XML or old readers choke on."""
    return " ".join(NOT_XML.sub(" ", text.translate(PLAIN)).split())


def fits(text: str, most: int) -> bool:
    """Tell whether an element of ``most`` characters has room for ``text``."""
    return len(clean(text)) <= most


def cut(text: str, most: int) -> str:
    """Return the cleaned text, at most ``most`` characters of it."""
    return clean(text)[:most].rstrip()


def split(
    text: str, most: int, pieces: int | None = None, *, least: int = 1
) -> list[str]:
    """Return the cleaned text in pieces of ``least`` to ``most`` characters.

    :param pieces: how many at most; what is longer is cut off
    """
    text = clean(text)
    if len(text) < least:
        return []
    parts, width = textwrap.wrap(text, most), most
    while any(len(part) < least for part in parts) and width > least:
        width -= 1
        parts = textwrap.wrap(text, width)
    return parts[:pieces]


def amount(value: Decimal) -> str:
    """Return an amount with two decimals and a comma; zero has no sign."""
    return _number(value.quantize(Decimal("0.01"), ROUND_HALF_UP), 2)


def price(value: Decimal) -> str:
    """Return a unit price: two to five decimals."""
    return _number(value.quantize(Decimal("0.00001"), ROUND_HALF_UP), 2)


def quantity(value: Decimal) -> str:
    """Return a quantity: up to six decimals.

    :raise ValueError: it needs more than the 14 characters that there are
    """
    text = _number(value.quantize(Decimal("0.000001"), ROUND_HALF_UP), 0)
    if len(text) > 14:
        raise ValueError(f"quantity too long: {text}")
    return text


def percent(value: Decimal) -> str:
    """Return a percentage: up to three decimals, never a sign."""
    return _number(value.quantize(Decimal("0.001"), ROUND_HALF_UP), 0)


def day(value: date) -> str:
    return value.strftime("%Y%m%d")


def payment_reference(text: str) -> str:
    """Return a bank reference without its blanks, or nothing if it is none.

    Finnish references (weights 7, 3, 1) and RF references (ISO 11649) count only
    if their check digits hold: banks refuse others.
    """
    bare = "".join(text.split()).upper()
    if re.fullmatch(r"[0-9]{4,20}", bare):
        weights = (7, 3, 1)
        digits = reversed(bare[:-1])
        total = sum(int(digit) * weights[i % 3] for i, digit in enumerate(digits))
        return bare if (10 - total % 10) % 10 == int(bare[-1]) else ""
    if re.fullmatch(r"RF[0-9]{2}[0-9A-Z]{1,21}", bare):
        moved = bare[4:] + bare[:4]
        number = "".join(str(int(character, 36)) for character in moved)
        return bare if int(number) % 97 == 1 else ""
    return ""


def _number(value: Decimal, least: int) -> str:
    """Return ``value`` with a comma and at least ``least`` decimals."""
    whole, _point, decimals = f"{value:f}".partition(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    text = f"{whole},{decimals}" if decimals else whole
    return text.removeprefix("-") if not value else text
