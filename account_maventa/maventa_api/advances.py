"""Words by which an invoice takes off an advance that was invoiced before.

They count in lines and discounts below zero alone: an advance invoice has them, too.
Without an invoice for it, an advance is only a payment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

Advance = tuple[str, Decimal]

WORDS = (
    r"\bennak(?:ko|on|ot)\b",
    r"\bennakko(?:erä|lasku|maksu|suoritu|veloitu)\w*",
    r"\bförskott(?:et|s?betalning\w*|s?faktura\w*)?\b",
    r"\bforskudd(?:et|s?betaling\w*|s?faktura\w*)?\b",
    r"\b(?:a|à)[ -]?[ck]onto(?:faktura\w*|betaling\w*)?\b",
    r"\bforudbetal\w*",
    r"\b(?:voorschot|aanbetaling|vooruitbetaling)\w*",
    r"\b(?:anzahlung|vorauszahlung|abschlagsrechnung|abschlagszahlung)\w*",
    r"\badvance(?:s| invoices?| payments?)?$",
    r"\badvance (?:invoice|payment)\w*",
    r"\b(?:prepayment|down[ -]?payment)s?\b",
    r"\bacomptes?\b",
    r"\bettemaks\w*",
)
# By these a document calls itself the invoice of an advance
TITLES = frozenset(
    (
        *("ennakkolasku", "ennakkomaksulasku", "förskottsfaktura", "à conto faktura"),
        *("forskuddsfaktura", "akontofaktura", "acontofaktura", "voorschotfactuur"),
        *("aanbetalingsfactuur", "vooruitbetalingsfactuur", "anzahlungsrechnung"),
        *("vorauszahlungsrechnung", "abschlagsrechnung", "facture d'acompte"),
        *("advance invoice", "prepayment invoice", "advance payment invoice"),
        *("down payment invoice", "ettemaksuarve"),
    )
)
# What is sold cheaper is no advance, unless the text names its invoice
DISCOUNTS = re.compile(r"alennu|korting|rabatt|discount", re.IGNORECASE)
LONG_NUMBER = re.compile(r"\d{3}")
PATTERN = re.compile("|".join(WORDS), re.IGNORECASE)
NUMBER = re.compile(r"[\w/.-]*\d[\w/.-]*")


def advances_in(
    rows: Iterable[tuple[Sequence[str], Decimal | None]],
) -> Iterator[Advance]:
    """Yield text and net amount of the rows that take an advance off.

    :param rows: texts and net amount of each; of a discount, below zero
    """
    for texts, net in rows:
        plain = [" ".join(text.split()) for text in texts]
        if net is not None and net < 0 and any(map(_names_advance, plain)):
            yield " ".join(filter(None, plain)), net


def _names_advance(text: str) -> bool:
    is_discount = DISCOUNTS.search(text) and not LONG_NUMBER.search(text)
    return bool(PATTERN.search(text)) and not is_discount


def numbers_in(text: str) -> tuple[str, ...]:
    """Return what may be numbers of invoices in a text: words with digits."""
    return tuple(NUMBER.findall(text))


def is_advance_invoice(texts: Iterable[str]) -> bool:
    """Tell whether a text alone calls the document the invoice of an advance."""
    return any(
        " ".join(text.split()).strip(" .:!").casefold() in TITLES for text in texts
    )
