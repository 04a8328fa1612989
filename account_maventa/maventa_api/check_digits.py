"""Check digits of the numbers that name companies, accounts and articles.

Finnish business ids, IBANs and GLNs stand in ``addresses``.
"""

from __future__ import annotations

import re

NORWEGIAN_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
NORWEGIAN_ACCOUNT_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def digits_of(text: str) -> str:
    """Return the digits of a number, without blanks, hyphens and letters."""
    return "".join(re.findall(r"[0-9]", text or ""))


def luhn(digits: str) -> bool:
    """Tell whether the check digit holds modulo 10 (Luhn, ISO/IEC 7812-1)."""
    if not re.fullmatch(r"[0-9]+", digits):
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in _from_right(digits))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def is_swedish_number(digits: str) -> bool:
    """Tell whether this is a Swedish organisation number (rule SE-R-013)."""
    return bool(re.fullmatch(r"[0-9]{10}", digits)) and luhn(digits)


def is_norwegian_number(digits: str) -> bool:
    """Tell whether this is a Norwegian organisation number (PEPPOL-COMMON-R041)."""
    return bool(re.fullmatch(r"[0-9]{9}", digits)) and _modulo_11(
        digits, NORWEGIAN_WEIGHTS
    )


def is_norwegian_account(digits: str) -> bool:
    """Tell whether this is a Norwegian account number (BBAN, modulo 11)."""
    return bool(re.fullmatch(r"[0-9]{11}", digits)) and _modulo_11(
        digits, NORWEGIAN_ACCOUNT_WEIGHTS
    )


def is_kid(text: str) -> bool:
    """Tell whether this is a Norwegian KID: 2 to 25 digits, modulo 10 or 11.

    The check character of modulo 11 may be a hyphen (Bits, KID rules).
    """
    if not re.fullmatch(r"[0-9]{1,24}[0-9-]", text):
        return False
    return luhn(text) or _check_of_11(text[:-1]) == text[-1]


def is_finnish_reference(text: str) -> bool:
    """Tell whether this is a Finnish reference: 4 to 20 digits, weights 7, 3, 1."""
    if not re.fullmatch(r"[0-9]{4,20}", text):
        return False
    weights = (7, 3, 1)
    products = (
        int(digit) * weights[place % 3] for place, digit in _from_right(text[:-1])
    )
    return -sum(products) % 10 == int(text[-1])


def is_creditor_reference(text: str) -> bool:
    """Tell whether this is an international reference (ISO 11649, ``RF``)."""
    if not re.fullmatch(r"RF[0-9]{2}[0-9A-Z]{1,21}", text):
        return False
    moved = text[4:] + text[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1


def fails_as_reference(text: str) -> bool:
    """Tell whether this looks like a Finnish or international reference and is none.

    Words are a message, and no reference.
    """
    bare = re.sub(r"\s", "", text).upper()
    is_like_one = re.fullmatch(r"(RF)?[0-9]+", bare)
    holds = is_creditor_reference(bare) or is_finnish_reference(bare.lstrip("0"))
    return bool(is_like_one) and not holds


def is_gtin(text: str) -> bool:
    """Tell whether this is a GTIN (GS1): 8, 12, 13 or 14 digits, weights 3 and 1."""
    if not re.fullmatch(r"[0-9]{8}|[0-9]{12,14}", text):
        return False
    products = (
        int(digit) * (1 if place % 2 else 3) for place, digit in _from_right(text[:-1])
    )
    return -sum(products) % 10 == int(text[-1])


def _from_right(digits: str) -> list[tuple[int, str]]:
    return list(enumerate(reversed(digits)))


def _modulo_11(digits: str, weights: tuple[int, ...]) -> bool:
    products = (
        int(digit) * weight for digit, weight in zip(digits, weights, strict=False)
    )
    return str(-sum(products) % 11) == digits[-1]


def _check_of_11(digits: str) -> str:
    products = (int(digit) * (2 + place % 6) for place, digit in _from_right(digits))
    check = -sum(products) % 11
    return "-" if check == 10 else str(check)
