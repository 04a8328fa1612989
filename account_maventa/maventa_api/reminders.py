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
        *("muistutuslasku", "huomautuslasku", "karhukirje", "maksuvaatimus"),
        *("perintäkirje", "perintälasku"),
        *("betalningspåminnelse", "påminnelse", "inkassokrav", "kravbrev"),
        *("betalingspåminnelse", "purring", "inkassovarsel", "rykker"),
        *("betalingspåmindelse", "payment reminder", "reminder", "collection"),
        *("collection notice", "collection letter", "mahnung"),
        *("zahlungserinnerung", "betalingsherinnering", "herinnering", "aanmaning"),
        *("rappel de paiement", "maksemeeldetuletus", "meeldetuletus"),
    )
)
ABOUT = frozenset(
    (
        *("laskusta", "laskuun", "lasku", "faktura", "fakturan", "fakturaen", "för"),
        *("for", "til", "invoice", "of", "rechnung", "zur", "factuur", "no", "nr"),
        *("nro", "avser", "koskien", "voor"),
    )
)
# Which reminder it is; as a figure, too: "2.", "2nd", "2:a"
ORDINALS = frozenset(
    (
        *("ensimmäinen", "toinen", "kolmas", "viimeinen", "första", "andra", "sista"),
        *("første", "andre", "siste", "first", "second", "third", "final", "last"),
        *("erste", "zweite", "dritte", "letzte", "eerste", "tweede", "laatste"),
    )
)
FIGURE = re.compile(r"\d{1,2}(:?[a-zäö]{1,3})?")
LONGEST = 3  # words


def reminder_in(texts: Iterable[str]) -> str:
    """Return the first text by which a document calls itself a reminder, or nothing."""
    return next((text.strip() for text in texts if _is_reminder(text)), "")


def _is_reminder(text: str) -> bool:
    parts = (re.sub(r"^\W+|\W+$", "", part) for part in text.casefold().split())
    words = list(filter(None, parts))
    if words and (words[0] in ORDINALS or FIGURE.fullmatch(words[0])):
        del words[0]
    return any(
        " ".join(words[:number]) in WORDS
        and all(word in ABOUT or _has_digit(word) for word in words[number:])
        for number in range(1, LONGEST + 1)
    )


def _has_digit(word: str) -> bool:
    return any(char.isdigit() for char in word)
