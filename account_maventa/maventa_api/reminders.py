"""Does a document that has the type of an invoice call itself a reminder?

Only a text that is this word alone, or the word and which invoice it is about: invoices
also name the fee of a reminder, and when one is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

WORDS = frozenset(
    (
        *("maksumuistutus", "maksukehotus", "maksuhuomautus", "muistutus"),
        *("muistutuslasku", "perintäkirje", "betalningspåminnelse", "påminnelse"),
        *("betalingspåminnelse", "purring", "inkassovarsel", "rykker"),
        *("betalingspåmindelse", "payment reminder", "reminder", "mahnung"),
        *("zahlungserinnerung", "betalingsherinnering", "herinnering", "aanmaning"),
        *("rappel de paiement", "maksemeeldetuletus", "meeldetuletus"),
    )
)
ABOUT = frozenset(
    (
        *("laskusta", "laskuun", "lasku", "faktura", "fakturan", "fakturaen", "för"),
        *("for", "til", "invoice", "of", "rechnung", "zur", "factuur", "no", "nr"),
        "nro",
    )
)
LONGEST = 3  # words


def reminder_in(texts: Iterable[str]) -> str:
    """Return the first text by which a document calls itself a reminder, or nothing."""
    return next((text.strip() for text in texts if _is_reminder(text)), "")


def _is_reminder(text: str) -> bool:
    parts = (re.sub(r"^\W+|\W+$", "", part) for part in text.casefold().split())
    words = list(filter(None, parts))
    for number in range(1, LONGEST + 1):
        if " ".join(words[:number]) in WORDS:
            return all(word in ABOUT or _has_digit(word) for word in words[number:])
    return False


def _has_digit(word: str) -> bool:
    return any(char.isdigit() for char in word)
