"""What has no room in its element and goes along as free text: nothing gets lost."""

from __future__ import annotations

from . import texts
from .document import Document, Party, Row

LONGEST_NUMBER = 20
STREETS, STREET = 3, 35
TERMS, TERM = 2, 70
REASONS, REASON = 3, 70


def overflow(document: Document) -> tuple[str, ...]:
    """Return the texts of the document's head that are longer than their elements."""
    singles = [
        (document.buyer_reference, 70),
        (document.seller_reference, 70),
        (document.order, 70),
        (document.customer_number, 70),
        (document.agreement, 70),
        (document.project, 70),
        (document.type_text, 35),
    ]
    singles += [(advance.number, LONGEST_NUMBER) for advance in document.advances]
    found = [texts.clean(text) for text, most in singles if _is_long(text, most)]
    for party in filter(None, (document.seller, document.buyer, document.delivery)):
        found += _of_party(party)
    if document.delivery and not document.delivery.has_address:
        found.append(_written_out(document.delivery))
    for pieces, most, text in (
        (TERMS, TERM, document.terms),
        (3, 70, document.overdue_text),
        *((REASONS, REASON, group.reason) for group in document.vat_groups),
    ):
        if len(texts.split(text, most)) > pieces:
            found.append(texts.clean(text))
    return tuple(dict.fromkeys(filter(None, found)))


def row_overflow(row: Row) -> tuple[str, ...]:
    """Return the texts of one row that are longer than their elements."""
    pairs = [(row.article, 70), (row.unit, 14)]
    return tuple(texts.clean(text) for text, most in pairs if _is_long(text, most))


def check(document: Document) -> None:
    """Refuse what must not be shortened.

    :raise ValueError: the document's number, or that of the original, is too long
    """
    numbers = [document.number]
    if document.original:
        numbers.append(document.original.number)
    for number in numbers:
        if _is_long(number, LONGEST_NUMBER):
            raise ValueError(f"number too long: {number}")


def _of_party(party: Party) -> list[str]:
    singles = [
        (party.city, 35),
        (party.post_code, 35),
        (party.country_name, 35),
        (party.contact, 70),
        (party.phone, 35),
        (party.email, 70),
        (party.tax_statement, 35),
    ]
    found = [texts.clean(text) for text, most in singles if _is_long(text, most)]
    lines = [
        piece for line in party.streets for piece in texts.split(line, STREET, least=2)
    ]
    if len(lines) > STREETS:
        found.append(texts.clean(", ".join(party.streets)))
    return found


def _written_out(party: Party) -> str:
    """Return the place of delivery on one line: its block needs a whole address."""
    town = f"{party.post_code} {party.city}"
    parts = (party.name, *party.streets, town, party.country)
    return ", ".join(filter(None, map(texts.clean, parts)))


def _is_long(text: str, most: int) -> bool:
    return not texts.fits(text, most)
