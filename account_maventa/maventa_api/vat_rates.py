"""VAT rates of some countries, and since and until when they are in force.

Sources: Finland, AVL 84 to 85 a (25.5 % from 2024-09-01, 13.5 % from 2026-01-01);
Sweden, ML 9; Norway, Stortinget's decision on VAT; the Netherlands, Wet OB 9; Denmark,
momsloven § 33; Estonia, käibemaksuseadus § 15. Only rates since 2019 are here: of
earlier days nothing is said.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

BEGIN = date(2019, 1, 1)
# Rate, first day, last day; no day: still, or before BEGIN
RATES: dict[str, tuple[tuple[str, date | None, date | None], ...]] = {
    "FI": (
        ("25.5", date(2024, 9, 1), None),
        ("24", None, date(2024, 8, 31)),
        ("14", None, date(2025, 12, 31)),
        ("13.5", date(2026, 1, 1), None),
        ("10", None, None),
    ),
    "SE": (("25", None, None), ("12", None, None), ("6", None, None)),
    "NO": (
        ("25", None, None),
        ("15", None, None),
        ("12", None, date(2020, 3, 31)),
        ("6", date(2020, 4, 1), date(2021, 9, 30)),
        ("12", date(2021, 10, 1), None),
        ("11.11", None, None),
    ),
    "NL": (("21", None, None), ("9", None, None)),
    "DK": (("25", None, None),),
    "EE": (
        ("20", None, date(2023, 12, 31)),
        ("22", date(2024, 1, 1), date(2025, 6, 30)),
        ("24", date(2025, 7, 1), None),
        ("13", date(2025, 1, 1), None),
        ("9", None, None),
        ("5", date(2022, 8, 1), date(2024, 12, 31)),
    ),
}
# The rates that took the place of others, which a chart of accounts may lack
SUCCESSORS = {
    "FI": {"24": "25.5", "14": "13.5"},
    "EE": {"20": "24", "22": "24"},
    "NO": {"11": "11.11"},  # raw fish: the chart of accounts has it rounded
}


def is_in_force(country: str, rate: Decimal, day: date) -> bool:
    """Tell whether a country has a rate on a day; of what is not known: yes.

    :param country: of the VAT; Åland (``AX``) has Finland's rates
    :param rate: in percent; zero is no rate of VAT
    """
    known = _rows(country)
    return not known or not rate or day < BEGIN or rate in rates_of(country, day)


def rates_of(country: str, day: date) -> tuple[Decimal, ...]:
    """Return the rates of a country on a day; none if they are not known."""
    return tuple(
        Decimal(text)
        for text, first, last in _rows(country)
        if (first or BEGIN) <= day <= (last or date.max)
    )


def is_of_other_days(country: str, rate: Decimal) -> bool:
    """Tell whether a country has or had a rate on any day since the beginning."""
    return any(Decimal(text) == rate for text, _first, _last in _rows(country))


def successor_of(country: str, rate: Decimal, day: date) -> Decimal | None:
    """Return the rate of a day that took the place of one that is over, if any."""
    successors = SUCCESSORS.get(_chart_country(country), {})
    found = (Decimal(new) for old, new in successors.items() if Decimal(old) == rate)
    in_force = rates_of(country, day)
    if rate in in_force:
        return None
    return next((new for new in found if new in in_force), None)


def _chart_country(country: str) -> str:
    return "FI" if country == "AX" else country


def _rows(country: str) -> tuple[tuple[str, date | None, date | None], ...]:
    return RATES.get(_chart_country(country), ())
