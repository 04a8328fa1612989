"""VAT categories of EN 16931 (UNTDID 5305) and their reasons (VATEX).

Sources: EN 16931 rules BR-AE-*, BR-E-*, BR-G-*, BR-IC-*, BR-O-*, BR-S-*, BR-Z-* and
BR-CL-22 (CEN 1.3.16), OpenPEPPOL rules P0104 to P0111 (2026.5).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .country_codes import EUROPEAN_UNION
from .party_identifiers import register_of

ZERO_RATED = frozenset(("AE", "E", "G", "K", "O", "Z"))
FINLAND = {"FI", "AX"}  # one country for services, two for goods
UNITED_KINGDOM = {"GB", "XI"}  # two kinds of numbers, one country
WITHOUT_REASON = frozenset(("S", "Z", "L", "M"))
# The text and the code of a category that has one meaning only
REASONS = {
    "AE": ("Reverse charge", "VATEX-EU-AE"),
    "E": ("Exempt from VAT", ""),
    "G": ("Export outside the EU", "VATEX-EU-G"),
    "K": ("Intra-Community supply", "VATEX-EU-IC"),
    "O": ("Not subject to VAT", "VATEX-EU-O"),
}
# Where the law is another one, there are words without a code of the Union
NATIONAL_REASONS = {
    "NO": {
        "AE": "Omvendt avgiftsplikt - Merverdiavgift ikke beregnet",
        "G": "Export of goods from Norway, zero-rated",
    }
}
SERVICES_ABROAD = {"NO": "Export of services from Norway, zero-rated"}
SERVICE_ABROAD = (
    "Service supplied outside the scope of VAT: place of supply at the customer "
    "(article 44 of directive 2006/112/EC)"
)
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

# Words that the law wants, and by which they are known in the languages of the Union
# (directive 2006/112/EC, article 226 (11a), (13), (14))
REVERSE_CHARGE = re.compile(
    "reverse.charge|käännet|omvän[dt]|omvendt|verleg|steuerschuld|autoliquid|"
    "pöördmaks|apgriezt|atvirkštin|odwrotn|inversión|inversione|autoliquidação|"
    "fordított|přenesen|prenesen|αντιστροφ|taxare inversă|обратно",
    re.IGNORECASE,
)
MARGIN = re.compile("marg[ie]|sonderregel|bijzondere regel|avanse", re.IGNORECASE)
MARGIN_SCHEMES = {
    "VATEX-EU-D": "Margin scheme - Travel agents",
    "VATEX-EU-F": "Margin scheme - Second-hand goods",
    "VATEX-EU-I": "Margin scheme - Works of art",
    "VATEX-EU-J": "Margin scheme - Collector's items and antiques",
}
ARTICLE = re.compile(r"VATEX-EU-([0-9]+)(?:-([0-9]+)|-)?([A-Z]{0,2})")

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
    """A category with its rate in percent, reason text and reason code.

    ``seller`` is the country whose law it is of, ``supply`` what is sold.
    """

    code: str
    rate: Decimal = Decimal(0)
    reason: str = ""
    reason_code: str = ""
    seller: str = ""
    supply: Supply = Supply.UNKNOWN

    @property
    def full_reason(self) -> tuple[str, str]:
        """Text and code that a breakdown of this category shows, never a wrong one."""
        default = self.default_reason
        return reasons_of(self.code, self.reason, self.reason_code, default)

    @property
    def default_reason(self) -> tuple[str, str]:
        """Text and code of the category itself, by the seller's law and the supply."""
        if self.code == "G" and self.supply is Supply.SERVICES:
            return SERVICES_ABROAD.get(self.seller, SERVICE_ABROAD), ""
        if words := NATIONAL_REASONS.get(self.seller, {}).get(self.code):
            return words, ""
        return REASONS.get(self.code, ("", ""))

    @property
    def ground(self) -> str:
        """The text that the document shows, in the breakdown or as free text."""
        return self.reason if self.code in WITHOUT_REASON else self.full_reason[0]


def reasons_of(
    code: str,
    reason: str = "",
    reason_code: str = "",
    default_reason: tuple[str, str] | None = None,
) -> tuple[str, str]:
    """Return reason and reason code of a category, completed and without errors.

    :param default_reason: text and code of the category where they are others than
        ``REASONS``; without a code, that of the Union is not for it
    """
    if code in WITHOUT_REASON:
        return "", ""
    default, default_code = default_reason or REASONS.get(code, ("", ""))
    if not default_code and CATEGORY_OF_CODE.get(reason_code.upper()) in ("AE", "G"):
        reason_code = ""
    if CATEGORY_OF_CODE.get(reason_code.upper(), code) != code:
        return default, default_code
    words = _words_of(code, reason, reason_code.upper(), default)
    if not reason:
        reason = words or _article(reason_code.upper()) or default
    elif words:
        reason = f"{words}. {reason}"
    return reason, reason_code or default_code


def _words_of(code: str, reason: str, reason_code: str, default: str) -> str:
    """Return the words that the law wants and a reason lacks."""
    if code == "AE":
        if default != REASONS["AE"][0]:  # the law of the seller wants these words
            return "" if default.casefold() in reason.casefold() else default
        return "" if REVERSE_CHARGE.search(reason) else default
    words = MARGIN_SCHEMES.get(reason_code, "")
    return "" if MARGIN.search(reason) else words


def _article(reason_code: str) -> str:
    """Return the provision that a code of the list stands for."""
    found = ARTICLE.fullmatch(reason_code)
    if not found:
        return ""
    article, section, letter = found.groups()
    parts = [f" ({part.lower()})" for part in (section, letter) if part]
    return (
        f"Exempt from VAT, article {article}{''.join(parts)} of Directive 2006/112/EC"
    )


@dataclass(frozen=True)
class Trade:
    """Between which countries something is sold.

    :param seller: country of the seller
    :param buyer: country of the buyer; Åland is outside the Union's VAT (``AX``),
        Northern Ireland (``XI``) inside for goods; places outside the VAT of their
        country have a code of their own (``vat_territory``)
    :param delivery: country of the delivery
    :param buyer_has_vat: the buyer has a VAT number
    :param buyer_vat: the country of this number, if one is known
    :param supply: of goods the delivery decides, of services the buyer
    """

    seller: str
    buyer: str
    delivery: str
    buyer_has_vat: bool
    buyer_vat: str = ""
    supply: Supply = Supply.UNKNOWN

    @property
    def has_number_of_elsewhere(self) -> bool:
        """Whether the buyer's VAT number is not of the country of its address."""
        pair = {self.buyer_vat, register_of(self.buyer.partition("-")[0])}
        return bool(self.buyer_vat) and len(pair) > 1 and pair != UNITED_KINGDOM

    @property
    def lacks_number_of_another_state(self) -> bool:
        """Whether the buyer's VAT number is none of another member state.

        Source: directive 2006/112/EC, articles 138 (1) (b) and 214.
        """
        number = self.buyer_vat
        is_home = number == self.seller or {number, self.seller} == FINLAND
        return bool(number) and (is_home or not self._is_union(number))

    @property
    def lacks_number_of_home(self) -> bool:
        """Whether the buyer's VAT number is not of the seller's country."""
        pair = {self.buyer_vat, self.seller}
        return bool(self.buyer_vat) and len(pair) > 1 and pair != FINLAND

    def is_owed_at_home(self, *, is_home_reverse: bool, is_home_alone: bool) -> bool:
        """Tell whether a reverse charge is one that the buyer owes at home.

        One that may be of the home country is, where the buyer or the delivery is.
        """
        places = ({self.buyer, self.seller}, {self.delivery, self.seller})
        is_here = any(len(pair) == 1 or pair == FINLAND for pair in places)
        return is_home_alone or (is_home_reverse and is_here)

    def instead_of(
        self,
        code: str,
        *,
        is_home_reverse: bool = False,
        is_home_alone: bool = False,
        is_of_goods: bool = False,
    ) -> tuple[str, ...]:
        """Return the categories that fit this sale instead, if ``code`` cannot.

        Only what is certain: what is delivered at home is taxed at home, exempt
        services are exempt for buyers abroad as well, and of a buyer in the Union
        without a VAT number nothing is known. Services to taxable persons are taxed
        where the buyer is, wherever the delivery: a reverse charge at home is one of
        its own (construction, ...). Goods are taxed where they go, whoever buys them. A
        number of the seller's country, or of outside the Union, is none of another
        member state. Who owes VAT at home, owes it under a number of home.
        :param is_home_reverse: the tax may be such a reverse charge of the home country
        :param is_home_alone: it can be nothing else
        :param is_of_goods: the tax is a reverse charge of goods (triangulation, ...)
        Source: directive 2006/112/EC, articles 44, 138, 146, 196, 199, 214 and 226 (4).
        """
        if not (self.seller and self.buyer and self.delivery):
            return ()
        is_home = self.delivery == self.seller
        within = self._is_union(self.seller) and self._is_union(self.delivery)
        if code == "K" and self.supply is Supply.SERVICES:
            return self._instead_of_goods()
        if code == "Z" and not is_home and {self.seller, self.delivery} != FINLAND:
            if not within:
                return ("G",)
            return self._of_the_union() if self.buyer_has_vat else ()
        if code == "K" and (is_home or not within):
            return ("S", "Z", "E") if is_home else ("G",)
        if code == "K" and self.lacks_number_of_another_state:
            return ("S", "E")
        if code == "AE":
            is_home = self.is_owed_at_home(
                is_home_reverse=is_home_reverse, is_home_alone=is_home_alone
            )
            if is_home and self.lacks_number_of_home:
                return self._instead_of_home_reverse()
            return self._instead_of_reverse_charge(is_home_reverse, is_of_goods)
        if code == "G":
            return self._instead_of_export(is_home)
        return ()

    def _of_the_union(self) -> tuple[str, ...]:
        """Return what fits a sale from one member state to another."""
        if not self.buyer_has_vat or self.lacks_number_of_another_state:
            return ("S",)
        by_supply = {Supply.GOODS: ("K",), Supply.SERVICES: ("AE",)}
        return by_supply.get(self.supply, ("K", "AE"))

    def _instead_of_export(self, is_home: bool) -> tuple[str, ...]:
        """Return what fits instead of an export that does not leave the territory.

        Services over Finland's tax border are taxed as at home, and those to Northern
        Ireland are not of the Union.
        """
        if is_home:
            return ("S", "Z", "E")
        is_of_goods = self.supply is Supply.GOODS
        if self.supply is Supply.SERVICES and {self.seller, self.buyer} == FINLAND:
            return ("S", "E")
        is_buyer_inside = self._is_inside(self.buyer) and self.buyer != "XI"
        if self._is_inside(self.delivery) and (is_of_goods or is_buyer_inside):
            return self._of_the_union()
        return ()

    def _instead_of_home_reverse(self) -> tuple[str, ...]:
        """Return what fits a buyer who has no number of home to owe VAT under."""
        if self.buyer == self.seller or {self.seller, self.buyer} == FINLAND:
            return ("S", "E")
        if all(map(self._has_union_services, (self.seller, self.buyer))):
            return ("S", "AE")
        return ("S", "G")

    def _instead_of_goods(self) -> tuple[str, ...]:
        """Return what fits a service that is none of the goods which its tax is for."""
        if self.buyer == self.seller or {self.seller, self.buyer} == FINLAND:
            return ("S", "Z", "E")
        if all(map(self._has_union_services, (self.seller, self.buyer))):
            return self._of_the_union()
        return ("O", "G")

    def _instead_of_services(self) -> tuple[str, ...]:
        """Return what fits goods that are none of the services which a tax is for."""
        if self.delivery == self.seller:
            return ("S", "Z", "E")
        if self._is_union(self.seller) and self._is_union(self.delivery):
            return self._of_the_union()
        return ("G",)

    def _instead_of_reverse_charge(
        self, is_home_reverse: bool, is_of_goods: bool
    ) -> tuple[str, ...]:
        """Return what fits a service to this buyer instead of a reverse charge."""
        if is_home_reverse and self._is_registered_at_home:
            return ()
        if self.buyer == self.seller or {self.seller, self.buyer} == FINLAND:
            return () if is_home_reverse else ("S", "E")
        if self.supply is Supply.GOODS and not is_of_goods:
            return self._instead_of_services()
        if all(map(self._has_union_services, (self.seller, self.buyer))):
            return ("S", "E") if self.lacks_number_of_another_state else ()
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
    if {seller, buyer} == FINLAND:  # services have VAT as at home
        return "G" if supply is Supply.GOODS else ""
    if supply is Supply.SERVICES and "XI" in (seller, buyer):
        return "G"
    if seller in EUROPEAN_UNION and buyer in EUROPEAN_UNION:
        if not buyer_has_vat:
            return ""
        return {Supply.GOODS: "K", Supply.SERVICES: "AE"}.get(supply, "")
    # Services as well: "outside the scope" would forbid the VAT numbers (BR-O-02) and
    # other lines (BR-O-12); Norway's own code for exports (52) holds both.
    return "G"
