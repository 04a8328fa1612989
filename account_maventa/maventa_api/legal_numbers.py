"""A company's number as a document states it: which list it is from, and whose it is.

Numbers of two lists say nothing about each other: a place (GLN) and a company, a KVK
number and a Dutch VAT number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .addresses import is_gln, is_ovt
from .identifiers import same_business
from .party_identifiers import LEGAL_INSIDE, NATIONAL_IDS, Identifier, register_of

GLN = "0088"
COUNTRIES_OF = {
    scheme: country for country, schemes in LEGAL_INSIDE.items() for scheme in schemes
}


def legal_number(text: str, scheme: str = "", country: str = "") -> Identifier:
    """Return a stated number in its one spelling, with its list.

    Without a scheme its shape tells: an e-invoice address of Finland, a GLN, the id of
    the country. What is none of these has no list.
    """
    bare = re.sub(r"[\s.-]", "", text).upper()
    if scheme and scheme not in COUNTRIES_OF:
        return Identifier(bare, scheme)
    if is_ovt(bare):
        country = "FI"
    elif not scheme and is_gln(bare):
        return Identifier(bare, GLN)
    of_country = NATIONAL_IDS.get(COUNTRIES_OF.get(scheme, register_of(country)))
    return (of_country and of_country(text)) or Identifier(bare)


def contradicts(stated: Identifier, known: Sequence[str], country: str = "") -> bool:
    """Tell whether a stated number cannot be of the company with the known numbers.

    :param known: at least one number of the company; in any spelling
    :param country: of the company
    """
    if any(same_business(stated.value, number) for number in known):
        return False
    lists = {legal_number(number, country=country).scheme for number in known}
    return not stated.scheme or stated.scheme in lists


def is_of_register(stated: Identifier) -> bool:
    """Tell whether a number is that of a company, not of a place or a unit of it."""
    return bool(stated) and (not stated.scheme or stated.scheme in COUNTRIES_OF)
