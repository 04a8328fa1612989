"""Words by which invoices name a reverse charge, where the VAT category is missing.

The directive wants "reverse charge" on the invoice (2006/112/EC, article 226, 11a), in
the language of the sender; Finnish ones also name the section (AVL 8 a to 8 d, 9).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

WORDS = (
    r"reverse[- ]charged?",
    r"vatex-eu-ae",
    r"käännet\w+ (?:alv|arvonlisävero|verovelvollisuu)\w*",
    r"käänteinen (?:alv|arvonlisävero|verovelvollisuu)\w*",
    r"avl\s*(?:8\s*[a-d]|9)\s*§",
    r"omvänd (?:betalningsskyldighet|moms|skattskyldighet|skatteplikt)\w*",
    r"omvendt (?:avgiftsplikt|betalingspligt|betalingsplikt|moms)\w*",
    r"snudd avregning",
    r"(?:btw|omzetbelasting) verlegd",
    r"verleggingsregeling",
    r"steuerschuldnerschaft des leistungsempfängers",
    r"autoliquidation",
    r"pöörd(?:maksustamine|käibemaks)\w*",
)
PATTERN = re.compile("|".join(WORDS), re.IGNORECASE)


def reverse_charge_in(texts: Iterable[str]) -> str:
    """Return the first words that name a reverse charge, as they are, or nothing."""
    for text in texts:
        if match := PATTERN.search(" ".join(text.split())):
            return match[0]
    return ""
