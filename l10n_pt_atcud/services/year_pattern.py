"""How the identifier of a year's series becomes that of the next year.

A pattern is the identifier with ``{year}`` (2026) or ``{yy}`` (26) in the place of the
year, and ``{year+1}`` or ``{yy+1}`` where it spans two: 2026-27 is ``{year}-{yy+1}``.
"""

import re


def find_pattern(identifier, year):
    """Return the pattern of ``identifier``, or ``None`` when ``year`` is not in it."""
    for token in ("{year}", "{yy}"):
        pattern, found = _alone(fill_pattern(token, year)).subn(
            token, identifier, count=1
        )
        if found:
            head, _token, tail = pattern.partition(token)
            for later in ("{year+1}", "{yy+1}"):
                tail = _alone(fill_pattern(later, year)).sub(later, tail, count=1)
            return head + token + tail
    return None


def propose_pattern(identifier, year):
    """Return a pattern for an identifier, with the year behind it if it has none."""
    separator = "-" if identifier[-1:].isdigit() else ""
    return find_pattern(identifier, year) or f"{identifier}{separator}{{year}}"


def fill_pattern(pattern, year):
    """Return the identifier that ``pattern`` has in ``year``."""
    for token, text in (
        ("{year}", str(year)),
        ("{yy}", f"{year % 100:02}"),
        ("{year+1}", str(year + 1)),
        ("{yy+1}", f"{(year + 1) % 100:02}"),
    ):
        pattern = pattern.replace(token, text)
    return pattern


def has_other_year(identifier, year):
    """Tell whether ``identifier`` is about years, and ``year`` is not among them."""
    years = re.findall(r"(?<!\d)20\d\d(?!\d)", identifier)
    return bool(years) and str(year) not in years


def _alone(digits):
    return re.compile(rf"(?<!\d){digits}(?!\d)")
