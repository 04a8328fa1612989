"""Signs that a row is about goods or about services, the weightiest first.

1. the VAT category: K is a supply of goods within the Union, G an export of goods, and
   a reverse charge (AE) of a seller abroad one of services (EN 16931, UNCL5305);
2. the classification of the item: UNSPSC, CPV, Harmonised System, Combined
   Nomenclature (UNCL7143);
3. the unit: time is worked, weight, volume, energy and packages are delivered (UN/ECE
   recommendations 20 and 21, and what people write);
4. a period, if nothing else speaks: goods are delivered in periods, too.

Pieces are no sign. Nothing is decided here: signs may contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Supply(StrEnum):
    GOODS = "goods"
    SERVICES = "services"
    UNCLEAR = "unclear"  # signs of both


@dataclass(frozen=True)
class Sign:
    """``what`` speaks (category, classification, unit, period), and its words."""

    what: str
    text: str
    supply: Supply


Classification = tuple[str, str]  # list and code
GOODS, SERVICES = Supply.GOODS, Supply.SERVICES
CATEGORIES = {"K": GOODS, "G": GOODS, "AE": SERVICES}
TARIFFS = ("HS", "TSP")
# First two digits: from, to (excluded)
DIVISIONS = {
    "UNSPSC": ((10, 61, GOODS), (70, 95, SERVICES)),
    "CPV": ((3, 45, GOODS), (50, 99, SERVICES)),  # 45 are works, 48 is software
}
LISTS = {"TST": "UNSPSC", "STI": "CPV"}
UNITS = {
    SERVICES: "HUR MIN SEC DAY WEE MON QAN ANN LH E48 E49 E51",
    GOODS: "KGM GRM MGM TNE DTN LTR MLT CLT HLT MTQ CMQ KWH MWH",
}
WORDS = {
    SERVICES: (
        "h hr hrs hour hours tunti tuntia tim timme timmar time timer uur uren std "
        "stunde stunden min day days pv päivä päivää htp dag dagar dager dagen tag "
        "tage vk viikko viikkoa week weeks vecka veckor uke uker weken woche wochen "
        "kk kuukausi kuukautta mån månad månader mnd måned måneder maand maanden month "
        "months monat monate vuosi vuotta år jaar year years jahr jahre"
    ),
    GOODS: "kg g tn tonni ton l ltr litra litre liter m3 m³ kwh mwh ltk pkt rll",
}
CODES = {code: supply for supply, text in UNITS.items() for code in text.split()}
NAMES = {word: supply for supply, text in WORDS.items() for word in text.split()}
NO_PACKAGES = ("XPP", "XNE", "XZZ")  # a piece, unpacked, as agreed


def signs_of(
    category: str = "",
    *,
    classifications: Iterable[Classification] = (),
    unit_code: str = "",
    unit: str = "",
    has_period: bool = False,
) -> tuple[Sign, ...]:
    """Return the signs of one row in their order.

    :param classifications: list (as UNCL7143 or by its name) and code of the item
    :param unit: the unit in the sender's own words
    """
    found = [
        *_of_category(category),
        *_of_classifications(classifications),
        *_of_unit(unit_code, unit),
    ]
    if has_period and not found:
        found.append(Sign("period", "", SERVICES))
    return tuple(found)


def supply_of(signs: Iterable[Sign]) -> Supply | None:
    """Return what all signs agree on; None without any."""
    found = {sign.supply for sign in signs}
    if len(found) > 1:
        return Supply.UNCLEAR
    return next(iter(found), None)


def common_signs(rows: Iterable[tuple[Sign, ...]]) -> tuple[Sign, ...]:
    """Return the signs of several rows, each once: what a discount on them is."""
    return tuple(dict.fromkeys(sign for signs in rows for sign in signs))


def _of_category(category: str) -> Iterator[Sign]:
    if supply := CATEGORIES.get(category):
        yield Sign("category", category, supply)


def _of_classifications(found: Iterable[Classification]) -> Iterator[Sign]:
    for name, code in found:
        scheme = LISTS.get(name.upper(), name.upper())
        digits = "".join(filter(str.isdecimal, code))
        if scheme in TARIFFS and len(digits) >= 4:
            yield Sign("classification", f"{scheme} {code}", GOODS)
        division = int(digits[:2]) if len(digits) in (8, 9) else -1
        for start, end, supply in DIVISIONS.get(scheme, ()):
            if start <= division < end:
                yield Sign("classification", f"{scheme} {code}", supply)


def _of_unit(code: str, word: str) -> Iterator[Sign]:
    """Yield the sign of a unit; its code first, for a word has many languages."""
    code, word = code.strip().upper(), word.strip().rstrip(".").lower()
    supply = CODES.get(code)
    if len(code) == 3 and code.startswith("X") and code not in NO_PACKAGES:
        supply = GOODS
    text = code if supply else word
    if supply := supply or CODES.get(word.upper()) or NAMES.get(word):
        yield Sign("unit", text, supply)
