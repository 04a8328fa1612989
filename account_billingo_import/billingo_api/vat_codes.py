"""Billingo's VAT codes: rates and abbreviations, in one spelling."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

# Stands for an empty code wherever codes are keys, so that it can be mapped too.
NO_CODE = "-"
NO_VAT = "none"  # what lines of receipts may have
HUNGARIAN_RATES = frozenset({"27%", "18%", "5%"})
COMPENSATION_RATES = frozenset({"12%", "7%"})  # paid to farmers on top of the price
MARGIN_TITLES = frozenset({"ANTIQUES", "ARTWORK", "SECOND_HAND", "TRAVEL_AGENCY"})
RATE = re.compile(r"(\d{1,3})(?:[.,](\d{1,6}))?%?")
# Codes without a rate: Billingo's own, and NAV's cases, which spendings may have.
ABBREVIATIONS = (
    "AAM",
    "AM",
    "EU",
    "EUK",
    "F.AFA",
    "FAD",
    "K.AFA",
    "MAA",
    "TAM",
    "ÁKK",
    "ÁTHK",
    "ATK",
    "EAM",
    "EUE",
    "EUFAD37",
    "EUFADE",
    "HO",
    "KBAET",
    "KBAUK",
    "NAM",
    "NAM_1",
    "NAM_2",
    *sorted(MARGIN_TITLES),
)


def _bare(word: str) -> str:
    """Return letters and digits alone, without case and accents."""
    plain = unicodedata.normalize("NFKD", word.upper())
    return "".join(x for x in plain if x.isalnum())


KNOWN = {_bare(word): word for word in ABBREVIATIONS}


def normalise_vat(text: str) -> str:
    """Return a VAT code as Billingo spells it.

    ``27``, ``27.0``, ``27 %`` and ``27,0%`` are ``27%``; ``25.5`` is ``25,5%``; other
    codes are found without regard to case, accents and dots. Anything else comes back
    without blanks at its ends.
    """
    found = RATE.fullmatch(re.sub(r"\s", "", text))
    if not found:
        return KNOWN.get(_bare(text), text.strip())
    decimals = (found[2] or "").rstrip("0")
    return f"{int(found[1])}{',' if decimals else ''}{decimals}%"


def rate_of(code: str) -> Decimal | None:
    """Return the percentage of a code such as ``25,5%``, None without a rate."""
    if not code.endswith("%"):
        return None
    try:
        return Decimal(code[:-1].strip().replace(",", "."))
    except InvalidOperation:
        return None


def is_without_vat(code: str) -> bool:
    """Return whether a line of this code shows no VAT by its nature.

    Not so for an empty or an unknown code, which may stand for anything.
    """
    return code in ABBREVIATIONS or rate_of(code) == 0


def vat_key(code: str) -> str:
    """Return what a table of VAT codes has for this code, also for an empty one."""
    return normalise_vat(code) or NO_CODE
