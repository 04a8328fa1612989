"""Business ids as Maventa and Finland's e-invoice addresses use them."""

from __future__ import annotations


def organisation_number(country: str, vat: str) -> str:
    """Return the organisation number inside a VAT number, or nothing.

    Maventa knows companies by organisation number: FI12345671 is 1234567-1,
    SE556012579001 is 5560125790, NO123456785MVA is 123456785. In the Netherlands
    the two have nothing to do with each other.
    """
    digits = "".join(filter(str.isdigit, vat))
    if country == "FI" and len(digits) == 8:
        return f"{digits[:7]}-{digits[7]}"
    if country == "SE" and len(digits) == 12:
        return digits[:10]
    if country == "NO" and len(digits) == 9:
        return digits
    return ""


def same_business(one: str, other: str) -> bool:
    """Tell whether two spellings are of one number (blanks, hyphens, country)."""
    first, second = ("".join(filter(str.isdigit, text or "")) for text in (one, other))
    return bool(first) and first == second


def ovt(business_id: str) -> str:
    """Return the Finnish e-invoice address (OVT) of a business id, or nothing."""
    digits = "".join(filter(str.isdigit, business_id))
    return f"0037{digits}" if len(digits) == 8 else ""
