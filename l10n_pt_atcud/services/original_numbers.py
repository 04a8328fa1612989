"""The number of a document that is recovered from paper, however it was typed in."""

import re

from ..at_series import DUPLICATE


def written(origin, document_type, number):
    """Return the number as it is kept: one blank between words, nothing before it.

    HashControl adds ``FTM`` or ``FTD`` itself (Despacho 8632/2014, 2.4 and 2.5), and
    a lost document begins with its type, in capitals.
    """
    text = " ".join((number or "").split())
    text = re.sub(rf"(?i)^{document_type}[MD] ", "", text)
    if origin == DUPLICATE:
        text = re.sub(rf"(?i)^{document_type} ", f"{document_type} ", text)
    return text


def is_whole(document_type, number):
    """Return whether this is the whole number of a document: ``FT A2026/99``."""
    return bool(re.fullmatch(rf"{document_type} [^/^ ]+/[0-9]+", number))


def key(document_type, number):
    """Return series and number, equal for all ways to write one and the same number.

    Case, blanks, leading zeros and a type before it make no other document.
    """
    text = " ".join(number.split()).casefold()
    text = re.sub(rf"(?i)^({document_type}[MD]? )+", "", text)
    series, _slash, last = text.replace(" ", "").rpartition("/")
    return series, last.lstrip("0")
