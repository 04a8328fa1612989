"""Places whose VAT is not that of the country in their address.

Sources: directive 2006/112/EC, articles 6 and 7; Norway's VAT Act, § 1-2. Countries
with a code of their own need no line, unless the post codes are of another one.
"""

from __future__ import annotations

import re

# Places outside the VAT of their country, by post code and by region
_POST_CODES = (
    ("ES", "35...|38...", "ES-CN"),  # Canary Islands
    ("ES", "51...", "ES-CE"),  # Ceuta
    ("ES", "52...", "ES-ML"),  # Melilla
    ("DE", "27498", "DE-27498"),  # Heligoland
    ("DE", "78266", "DE-78266"),  # Büsingen
    ("IT", "23041", "IT-23041"),  # Livigno
    ("IT", "22061", "IT-22061"),  # Campione d'Italia
    ("GR", "6308[67]", "GR-69"),  # Mount Athos
    ("FR", "971..", "FR-971"),  # Guadeloupe
    ("FR", "972..", "FR-972"),  # Martinique
    ("FR", "973..", "FR-973"),  # French Guiana
    ("FR", "974..", "FR-974"),  # Réunion
    ("FR", "975..", "FR-975"),  # Saint Pierre and Miquelon
    ("FR", "976..", "FR-976"),  # Mayotte
    ("FR", "98[4678]..", "FR-98"),  # Southern Territories, Pacific
    ("FI", "22...", "AX"),  # Åland
    ("DK", "39..", "GL"),  # Greenland
    ("NO", "917.", "SJ"),  # Svalbard
    ("NO", "8099", "SJ"),  # Jan Mayen
)
_REGIONS = {
    ("ES", "GC"): "ES-CN",
    ("ES", "TF"): "ES-CN",
    ("NO", "NO-21"): "SJ",
    ("NO", "NO-22"): "SJ",
}
NORTHERN_IRELAND = "XI"
_COUNTRIES = {
    "GP": "FR-971",
    "MQ": "FR-972",
    "GF": "FR-973",
    "RE": "FR-974",
    "YT": "FR-976",
    "MC": "FR",  # counts as France
    "IM": "GB",  # counts as the United Kingdom
}


def vat_territory(country: str, region: str = "", post_code: str = "") -> str:
    """Return the country whose VAT holds at an address, else a code of the place.

    :param country: code of the country in the address
    :param region: code of the state or province, if there is one
    :param post_code: as it is written, spaces do not matter
    """
    if found := _COUNTRIES.get(country) or _REGIONS.get((country, region)):
        return found
    if country == "GB" and post_code.strip().upper().startswith("BT"):
        return NORTHERN_IRELAND
    digits = re.sub(r"\D", "", post_code)
    for home, pattern, place in _POST_CODES:
        if country == home and re.fullmatch(pattern, digits):
            return place
    return country
