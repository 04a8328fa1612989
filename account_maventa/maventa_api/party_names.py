"""Are two spellings the name of one company?

Case, accents, punctuation, blanks and the legal form make no other company. What
stands beside a whole name with its form (a department, a town) is of the same one.
"""

from __future__ import annotations

import re
import unicodedata

FORMS = frozenset(
    "oy oyj ab abp publ ky kb ay hb tmi toiminimi ef ry rf sr osk as asa ans da enk "
    "nuf ks bv nv vof gmbh ag kg ohg ug ltd plc llc inc aps ou sarl sas osakeyhtio "
    "aktiebolag".split()
)
# Characters that many programs cut names off at
LONGEST = 35
LINKS = frozenset(("ja", "och", "og", "and", "und", "en", "et"))


def same_name(own: str, other: str) -> bool:
    """Tell whether ``other`` is the name ``own``, as somebody else writes it."""
    mine, theirs = _words(own), _words(other)
    core, found = _core(mine), _core(theirs)
    if core and core == found:
        return True
    if _is_within(mine, theirs) or _is_within(theirs, mine):
        return True
    return _is_cut(own, other) or _is_cut(other, own)


def is_unit_of(own: str, other: str) -> bool:
    """Tell whether a name is a whole other one, and then a unit of it.

    Towns, parishes and foundations have no legal form. A form in what follows is that
    of another company.
    """
    mine, theirs = _words(own), _words(other)
    rest = theirs[len(mine) :]
    return bool(mine) and theirs[: len(mine)] == mine and not FORMS & {*rest}


def _is_cut(name: str, other: str) -> bool:
    """Tell whether a name is the beginning of another one, as far as programs go."""
    short, whole = " ".join(name.split()), " ".join(other.split())
    is_long = LONGEST - 1 <= len(short) < len(whole)
    return is_long and _folded(whole).startswith(_folded(short))


def _is_within(name: list[str], other: list[str]) -> bool:
    """Tell whether a whole name, with its form, is in another one."""
    is_whole = bool(FORMS & {*name}) and not FORMS >= {*name}
    return is_whole and f" {' '.join(name)} " in f" {' '.join(other)} "


def _words(name: str) -> list[str]:
    """Return the words; letters of an abbreviation (``B.V.``, ``A/S``) are one."""
    text = _folded(name)
    text = re.sub(r"\b(\w)[./](?=\w\b)", r"\1", text)
    words = re.findall(r"\w+", text.replace("ø", "o").replace("æ", "ae"))
    return [word for word in words if word not in LINKS]


def _folded(name: str) -> str:
    """Return a name without case and accents."""
    text = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in text if not unicodedata.combining(char))


def _core(words: list[str]) -> str:
    """Return what is left without the legal form; of a bare form, the form."""
    return "".join(word for word in words if word not in FORMS) or "".join(words)
