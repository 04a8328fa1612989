"""VAT categories of EN 16931 (UNTDID 5305) and their reasons (VATEX).

Sources: EN 16931 rules BR-AE-*, BR-E-*, BR-G-*, BR-IC-*, BR-O-*, BR-S-*, BR-Z-* and
BR-CL-22 (CEN 1.3.16), OpenPEPPOL rules P0104 to P0111 (2026.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .country_codes import EUROPEAN_UNION

ZERO_RATED = frozenset(("AE", "E", "G", "K", "O", "Z"))
FINLAND = {"FI", "AX"}  # one country for services, two for goods
WITHOUT_REASON = frozenset(("S", "Z", "L", "M"))
# The text and the code of a category that has one meaning only
REASONS = {
    "AE": ("Reverse charge", "VATEX-EU-AE"),
    "E": ("Exempt from VAT", ""),
    "G": ("Export outside the EU", "VATEX-EU-G"),
    "K": ("Intra-Community supply", "VATEX-EU-IC"),
    "O": ("Not subject to VAT", "VATEX-EU-O"),
}
# Codes that one category alone may bear (P0104 to P0111)
CATEGORY_OF_CODE = {
    "VATEX-EU-G": "G",
    "VATEX-EU-O": "O",
    "VATEX-EU-IC": "K",
    "VATEX-EU-AE": "AE",
    "VATEX-EU-D": "E",
    "VATEX-EU-F": "E",
    "VATEX-EU-I": "E",
    "VATEX-EU-J": "E",
}


# rule BR-CL-22; those of France are not of interest to the four countries
_ARTICLES = (
    "79-C 132 135-1 143 143-1FA 144 146-1E 148 151 151-1AA 153 159 309 "
    "AE D F G I IC J O"
)
_SECTIONS = {"132-1": "ABCDEFGHIJKLMNOPQ", "143-1": "ABCDEFGHIJKL", "148-": "ABCDEFG"}
_SECTIONS |= {"151-1": "ABCDE"}
REASON_CODES = frozenset(
    [f"VATEX-EU-{article}" for article in _ARTICLES.split()]
    + [
        f"VATEX-EU-{article}{letter}"
        for article, letters in _SECTIONS.items()
        for letter in letters
    ]
)


def is_known_code(code: str) -> bool:
    """Tell whether a reason code is of the list of codes (VATEX)."""
    return code.upper() in REASON_CODES or code.upper().startswith("VATEX-FR-")


class Supply(StrEnum):
    """What is sold, where the answer decides the category."""

    GOODS = "goods"
    SERVICES = "services"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class VatCategory:
    """A category with its rate in percent, reason text and reason code."""

    code: str
    rate: Decimal = Decimal(0)
    reason: str = ""
    reason_code: str = ""

    @property
    def full_reason(self) -> tuple[str, str]:
        """Text and code that a breakdown of this category shows, never a wrong one."""
        return reasons_of(self.code, self.reason, self.reason_code)


def reasons_of(code: str, reason: str = "", reason_code: str = "") -> tuple[str, str]:
    """Return reason and reason code of a category, completed and without errors."""
    if code in WITHOUT_REASON:
        return "", ""
    default, default_code = REASONS.get(code, ("", ""))
    if CATEGORY_OF_CODE.get(reason_code.upper(), code) != code:
        return default, default_code
    return reason or default, reason_code or default_code


@dataclass(frozen=True)
class Trade:
    """Between which countries something is sold.

    :param seller: country of the seller
    :param buyer: country of the buyer; Åland is outside the Union's VAT (``AX``),
        Northern Ireland (``XI``) inside for goods
    :param delivery: country of the delivery
    :param buyer_has_vat: the buyer has a VAT number
    :param buyer_vat: the country of this number, if one is known
    """

    seller: str
    buyer: str
    delivery: str
    buyer_has_vat: bool
    buyer_vat: str = ""

    @property
    def has_number_of_elsewhere(self) -> bool:
        """Whether the buyer's VAT number is not of the country of its address."""
        pair = {self.buyer_vat, self.buyer}
        return bool(self.buyer_vat) and len(pair) > 1 and pair != FINLAND

    def instead_of(
        self, code: str, *, is_home_reverse: bool = False
    ) -> tuple[str, ...]:
        """Return the categories that fit this sale instead, if ``code`` cannot.

        Only what is certain: what is delivered at home is taxed at home, exempt
        services are exempt for buyers abroad as well, and of a buyer in the Union
        without a VAT number nothing is known. Services to taxable persons are taxed
        where the buyer is, wherever the delivery: a reverse charge at home is one of
        its own (construction, ...). A number of the seller's country is none of
        another member state.
        :param is_home_reverse: the tax is such a reverse charge of the home country
        Source: directive 2006/112/EC, articles 44, 138, 146, 196 and 214.
        """
        if not (self.seller and self.buyer and self.delivery):
            return ()
        is_home = self.delivery == self.seller
        within = self._is_union(self.seller) and self._is_union(self.delivery)
        if code == "Z" and not is_home and {self.seller, self.delivery} != FINLAND:
            if not within:
                return ("G",)
            return ("K", "AE") if self.buyer_has_vat else ()
        if code == "K" and (is_home or not within):
            return ("Z", "E") if is_home else ("G",)
        if code == "K" and self._is_registered_at_home:
            return ("S", "E")
        if code == "AE":
            return self._instead_of_reverse_charge(is_home_reverse)
        if code == "G" and (is_home or self._is_inside(self.buyer, self.delivery)):
            return ("Z", "E") if is_home else ("K", "AE")
        return ()

    def _instead_of_reverse_charge(self, is_home_reverse: bool) -> tuple[str, ...]:
        """Return what fits a service to this buyer instead of a reverse charge."""
        if is_home_reverse and self._is_registered_at_home:
            return ()
        if self.buyer == self.seller or {self.seller, self.buyer} == FINLAND:
            return () if is_home_reverse else ("S", "E")
        if all(map(self._has_union_services, (self.seller, self.buyer))):
            return ("S", "E") if self._is_registered_at_home else ()
        return ("O", "G")  # the place of supply is outside the Union

    @property
    def _is_registered_at_home(self) -> bool:
        """Whether a buyer abroad has a VAT number of the seller's country alone."""
        return self.has_number_of_elsewhere and (
            self.buyer_vat == self.seller or {self.buyer_vat, self.seller} == FINLAND
        )

    def _is_inside(self, *countries: str) -> bool:
        """Tell whether no country is outside the territory of the seller's VAT."""
        if self._is_union(self.seller):
            return all(map(self._is_union, countries))
        return all(country == self.seller for country in countries)

    @classmethod
    def _has_union_services(cls, country: str) -> bool:
        """Tell whether services are of the Union: Åland is, Northern Ireland is not."""
        return country == "AX" or (country != "XI" and cls._is_union(country))

    @staticmethod
    def _is_union(country: str) -> bool:
        return country in EUROPEAN_UNION


def propose_category(
    seller: str,
    buyer: str,
    rate: Decimal,
    *,
    supply: Supply = Supply.UNKNOWN,
    is_reverse_charge: bool = False,
    buyer_has_vat: bool = True,
) -> str:
    """Return the category of a sale, or nothing if what is known does not decide it.

    :param seller: country of the seller
    :param buyer: country of the buyer (goods: where they go)
    :param rate: percent of VAT that the invoice charges
    :param is_reverse_charge: the tax is one that the buyer pays (construction, ...)
    """
    if rate:
        return "S"
    if is_reverse_charge:
        return "AE"
    if seller == buyer:
        return ""  # exempt, zero rated or outside the scope: a person has to say
    if seller in EUROPEAN_UNION and buyer in EUROPEAN_UNION:
        if not buyer_has_vat:
            return ""
        return {Supply.GOODS: "K", Supply.SERVICES: "AE"}.get(supply, "")
    # Services as well: "outside the scope" would forbid the VAT numbers (BR-O-02) and
    # other lines (BR-O-12); Norway's own code for exports (52) holds both.
    return "G"
