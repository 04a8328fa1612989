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
LINKS = frozenset(("ja", "och", "og", "and", "und", "en", "et"))


def same_name(own: str, other: str) -> bool:
    """Tell whether ``other`` is the name ``own``, as somebody else writes it."""
    mine, theirs = _words(own), _words(other)
    core, found = _core(mine), _core(theirs)
    if core and core == found:
        return True
    return _is_within(mine, theirs) or _is_within(theirs, mine)


def _is_within(name: list[str], other: list[str]) -> bool:
    """Tell whether a whole name, with its form, is in another one."""
    is_whole = bool(FORMS & {*name}) and not FORMS >= {*name}
    return is_whole and f" {' '.join(name)} " in f" {' '.join(other)} "


def _words(name: str) -> list[str]:
    """Return the words; letters of an abbreviation (``B.V.``, ``A/S``) are one."""
    text = unicodedata.normalize("NFKD", name.casefold())
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = re.sub(r"\b(\w)[./](?=\w\b)", r"\1", text)
    words = re.findall(r"\w+", text.replace("ø", "o").replace("æ", "ae"))
    return [word for word in words if word not in LINKS]


def _core(words: list[str]) -> str:
    """Return what is left without the legal form; of a bare form, the form."""
    return "".join(word for word in words if word not in FORMS) or "".join(words)
