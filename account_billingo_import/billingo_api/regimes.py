"""The VAT regime of a line, and the party that owes its tax.

Decided from what the document says and from nothing else: direction, country of the
other party, VAT code and entitlement. Where that does not suffice, the treatment has
a :class:`Reason`, and a person or a row of the tax map has to answer. Paragraphs are
those of the Hungarian VAT Act (Act CXXVII of 2007, "Áfa tv.").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .vat_codes import (
    COMPENSATION_RATES,
    HUNGARIAN_RATES,
    MARGIN_TITLES,
    NO_CODE,
    NO_VAT,
    normalise_vat,
    rate_of,
)

SELF_ASSESSED_RATE = Decimal(27)  # the buyer's rate unless the document states another
EU_MEMBERS = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI "
    "SK XI".split()
)
PREFIX = re.compile(r"[A-Z]{2}")
WHOLE_NUMBER = re.compile(r"\d{8}-?[1-5]-?\d{2}")  # a Hungarian tax number
HUNGARIAN_NUMBER = re.compile(r"(HU)?\d{8}|\d{8}-?[1-5]-?\d{2}")


class Direction(StrEnum):
    """Whose document it is."""

    SALE = "sale"  # our own document
    PURCHASE = "purchase"  # a document in the Billingo account of a Hungarian seller
    SPENDING = "spending"  # a cost of ours that Billingo lists, from any seller


class Group(StrEnum):
    """Where the other party is, as far as VAT is concerned."""

    DOMESTIC = "domestic"
    EU = "eu"
    OTHER = "other"
    UNKNOWN = "unknown"


class Regime(StrEnum):
    """What the law makes of a line."""

    STANDARD = "standard"  # a Hungarian rate (82. §)
    ZERO_RATED = "zero_rated"  # 0 % without a title of exemption (82. § (4))
    SMALL_BUSINESS = "small_business"  # AAM
    PUBLIC_INTEREST = "public_interest"  # TAM (85.-87. §)
    OUT_OF_SCOPE = "out_of_scope"  # ATK: the Act does not apply
    DOMESTIC_REVERSE = "domestic_reverse"  # FAD, F.AFA: the buyer owes (142. §)
    EU_GOODS = "eu_goods"  # KBAET (89. §)
    EU_NEW_VEHICLE = "eu_new_vehicle"  # KBAUK (89. §)
    EU_SERVICE = "eu_service"  # EUFAD37: the place is the buyer's state (37. § (1))
    EU_REVERSE = "eu_reverse"  # EUFADE: in a member state, the buyer owes there
    EU_SELLER = "eu_seller"  # EUE: in a member state, the seller owes there
    THIRD_COUNTRY = "third_country"  # HO: the place is outside the Union
    EXPORT = "export"  # EAM (98.-109. §)
    INTERNATIONAL = "international"  # NAM (110.-118. §)
    MARGIN = "margin"  # K.AFA: VAT is inside the price and not shown
    COMPENSATION = "compensation"  # a farmer's surcharge
    FOREIGN_RATE = "foreign_rate"  # another state's rate, one-stop shop


EU_GOODS_REGIMES = frozenset({Regime.EU_GOODS, Regime.EU_NEW_VEHICLE})


class Debtor(StrEnum):
    """The party that owes the tax of the line."""

    SELLER = "seller"
    BUYER = "buyer"
    NONE = "none"


class Reason(StrEnum):
    """Why a line or a document cannot be decided without a person."""

    EMPTY_CODE = "empty_code"
    UNKNOWN_CODE = "unknown_code"
    TITLE_MISSING = "title_missing"  # ÁTHK or K.AFA without an entitlement
    ZERO_WITHOUT_TITLE = "zero_without_title"
    CODES_CONTRADICT = "codes_contradict"  # the code means one thing, its title another
    CODE_CONTRADICTS_COUNTRY = "code_contradicts_country"
    COUNTRY_UNKNOWN = "country_unknown"
    BUYER_NOT_TAXABLE = "buyer_not_taxable"  # the buyer owes, but has no tax number
    FOREIGN_RATE = "foreign_rate"
    RATE_OF_FOREIGN_SELLER = "rate_of_foreign_seller"
    GOODS_OR_SERVICES = "goods_or_services"  # a foreign seller's bill without VAT
    SUPPLY_ABROAD = "supply_abroad"  # the place of supply is not in Hungary
    IMPORT = "import"  # VAT is assessed by or at customs, not from this bill
    COMPENSATION = "compensation"
    REVERSE_CHARGE_ADVANCE = "reverse_charge_advance"  # no tax event yet (59. §)
    GOODS_ADVANCE = "goods_advance"  # no tax yet on goods within the Union
    NUMBER_NOT_EU = "number_not_eu"  # the buyer's number is of no other member state
    BEFORE_FULFILMENT = "before_fulfilment"  # the invoice cannot prove it yet
    RECEIPT_UNKNOWN = "receipt_unknown"
    NOT_PAID_YET = "not_paid_yet"
    DATE_MISSING = "date_missing"
    DATE_IMPLAUSIBLE = "date_implausible"
    SEVERAL_TAX_POINTS = "several_tax_points"

    @property
    def is_settled_by_mapping(self) -> bool:
        """Return whether a row of the tax map for code and country answers it."""
        return self in MAPPABLE


MAPPABLE = frozenset(
    {
        Reason.EMPTY_CODE,
        Reason.UNKNOWN_CODE,
        Reason.TITLE_MISSING,
        Reason.ZERO_WITHOUT_TITLE,
        Reason.FOREIGN_RATE,
        Reason.RATE_OF_FOREIGN_SELLER,
        Reason.GOODS_OR_SERVICES,
        Reason.SUPPLY_ABROAD,
        Reason.IMPORT,
        Reason.COMPENSATION,
    }
)


@dataclass(frozen=True)
class Party:
    """The other party: where it is, and whether it has a tax number.

    :ivar number: its tax number without blanks, as far as it decides
    """

    group: Group
    country: str = ""
    is_taxable: bool = True
    number: str = ""

    @property
    def has_eu_number(self) -> bool:
        """Return whether the number may be of another member state.

        One without the prefix of a state is taken for its country's own, unless it is
        a whole Hungarian one.
        """
        prefix = PREFIX.match(self.number)
        if prefix:
            return prefix.group() in EU_MEMBERS - {"HU"}
        return not WHOLE_NUMBER.fullmatch(self.number)

    def group_for(self, regime: Regime | None) -> Group:
        """Return the group for one regime: Northern Ireland is in the Union for goods
        alone (Protocol on Ireland/Northern Ireland, article 8)."""
        if not self.number.startswith("XI"):
            return self.group
        return Group.EU if regime in EU_GOODS_REGIMES else Group.OTHER


@dataclass(frozen=True)
class Treatment:
    """What a VAT code means in one direction.

    :ivar regime: None when the code itself cannot be read
    :ivar debtor: None when that cannot be decided
    :ivar self_assessed: we are the buyer and owe the tax in Hungary
    :ivar rate: the percentage that is charged or self-assessed, None without VAT
    :ivar cash_accounting: the tax is due, or deductible, when the bill is paid
    :ivar nav_case: NAV's case, as ``l10n_hu_tax_type`` names it; empty if undecided
    :ivar reason: what a person or the tax map has to answer, None if nothing
    """

    regime: Regime | None
    debtor: Debtor | None = None
    self_assessed: bool = False
    rate: Decimal | None = None
    cash_accounting: bool = False
    nav_case: str = ""
    reason: Reason | None = None


# What codes and entitlements mean by themselves; None: the entitlement decides.
MEANING: dict[str, Regime | None] = {
    "AAM": Regime.SMALL_BUSINESS,
    "TAM": Regime.PUBLIC_INTEREST,
    "ÁKK": Regime.OUT_OF_SCOPE,
    "ATK": Regime.OUT_OF_SCOPE,
    "EU": Regime.EU_GOODS,
    "KBAET": Regime.EU_GOODS,
    "KBAUK": Regime.EU_NEW_VEHICLE,
    "EUK": Regime.EXPORT,
    "EAM": Regime.EXPORT,
    "FAD": Regime.DOMESTIC_REVERSE,
    "F.AFA": Regime.DOMESTIC_REVERSE,
    "EUFAD37": Regime.EU_SERVICE,
    "EUFADE": Regime.EU_REVERSE,
    "EUE": Regime.EU_SELLER,
    "HO": Regime.THIRD_COUNTRY,
    "NAM": Regime.INTERNATIONAL,
    "NAM_1": Regime.INTERNATIONAL,
    "NAM_2": Regime.INTERNATIONAL,
    "WITHOUT_ENTITLEMENT": Regime.ZERO_RATED,
    **dict.fromkeys(MARGIN_TITLES, Regime.MARGIN),
    **dict.fromkeys(("0%", "AM", "MAA", "ÁTHK", "K.AFA")),
}
# The titles that a code without a meaning of its own can have.
TITLES = {
    **dict.fromkeys(
        ("0%", "AM", "MAA"),
        frozenset("AAM EAM KBAET NAM_1 NAM_2 TAM WITHOUT_ENTITLEMENT".split()),
    ),
    "ÁTHK": frozenset({"EUE", "EUFAD37", "EUFADE", "HO"}),
    "K.AFA": MARGIN_TITLES,
}
NAV_CASES = {
    Regime.STANDARD: "VAT",
    Regime.SMALL_BUSINESS: "AAM",
    Regime.PUBLIC_INTEREST: "TAM",
    Regime.OUT_OF_SCOPE: "ATK",
    Regime.DOMESTIC_REVERSE: "DOMESTIC_REVERSE",
    Regime.EU_GOODS: "KBAET",
    Regime.EU_NEW_VEHICLE: "KBAUK",
    Regime.EU_SERVICE: "EUFAD37",
    Regime.EU_REVERSE: "EUFADE",
    Regime.EU_SELLER: "EUE",
    Regime.THIRD_COUNTRY: "HO",
    Regime.EXPORT: "EAM",
    Regime.INTERNATIONAL: "NAM",
    Regime.COMPENSATION: "VAT",
}


@dataclass(frozen=True)
class _Rule:
    """``groups``: where the other party must be; None: anywhere."""

    debtor: Debtor | None
    groups: frozenset[Group] | None = None
    buyer_taxable: bool = False
    eu_number: bool = False
    self_assessed: bool = False
    reason: Reason | None = None


_NO_VAT = _Rule(Debtor.NONE)
_SELLER_OWES = _Rule(Debtor.SELLER)
_NOT_HERE = _Rule(Debtor.NONE, reason=Reason.SUPPLY_ABROAD)
_DOMESTIC = frozenset({Group.DOMESTIC})
_EU = frozenset({Group.EU})
_OTHER = frozenset({Group.OTHER})
SALES = {
    Regime.STANDARD: _SELLER_OWES,
    Regime.ZERO_RATED: _NO_VAT,
    Regime.SMALL_BUSINESS: _NO_VAT,
    Regime.PUBLIC_INTEREST: _NO_VAT,
    Regime.OUT_OF_SCOPE: _NO_VAT,
    Regime.DOMESTIC_REVERSE: _Rule(Debtor.BUYER, _DOMESTIC, buyer_taxable=True),
    Regime.EU_GOODS: _Rule(Debtor.BUYER, _EU, buyer_taxable=True, eu_number=True),
    Regime.EU_NEW_VEHICLE: _Rule(Debtor.BUYER, _EU),
    Regime.EU_SERVICE: _Rule(Debtor.BUYER, _EU, buyer_taxable=True, eu_number=True),
    Regime.EU_REVERSE: _Rule(Debtor.BUYER, _EU | _OTHER, buyer_taxable=True),
    Regime.EU_SELLER: _SELLER_OWES,
    Regime.THIRD_COUNTRY: _Rule(Debtor.NONE, _OTHER),
    Regime.EXPORT: _NO_VAT,
    Regime.INTERNATIONAL: _NO_VAT,
    Regime.MARGIN: _SELLER_OWES,
    Regime.FOREIGN_RATE: _Rule(Debtor.SELLER, reason=Reason.FOREIGN_RATE),
}
# A Hungarian seller's supply that leaves Hungary, or has its place elsewhere, brings
# the Hungarian buyer no self-assessment here.
FROM_HUNGARY = {
    Regime.STANDARD: _SELLER_OWES,
    Regime.ZERO_RATED: _NO_VAT,
    Regime.SMALL_BUSINESS: _NO_VAT,
    Regime.PUBLIC_INTEREST: _NO_VAT,
    Regime.OUT_OF_SCOPE: _NO_VAT,
    Regime.DOMESTIC_REVERSE: _Rule(Debtor.BUYER, self_assessed=True),
    Regime.INTERNATIONAL: _NO_VAT,
    Regime.MARGIN: _SELLER_OWES,
    Regime.COMPENSATION: _Rule(Debtor.SELLER, reason=Reason.COMPENSATION),
    Regime.FOREIGN_RATE: _Rule(Debtor.SELLER, reason=Reason.FOREIGN_RATE),
    **dict.fromkeys(
        (
            Regime.EU_GOODS,
            Regime.EU_NEW_VEHICLE,
            Regime.EU_SERVICE,
            Regime.EU_REVERSE,
            Regime.EU_SELLER,
            Regime.THIRD_COUNTRY,
            Regime.EXPORT,
        ),
        _NOT_HERE,
    ),
}
# The same codes on a foreign seller's bill are our acquisition or our service.
FROM_ABROAD = {
    Regime.STANDARD: _Rule(Debtor.SELLER, reason=Reason.RATE_OF_FOREIGN_SELLER),
    Regime.FOREIGN_RATE: _Rule(Debtor.SELLER, reason=Reason.FOREIGN_RATE),
    Regime.OUT_OF_SCOPE: _NO_VAT,
    Regime.EU_GOODS: _Rule(Debtor.BUYER, _EU, self_assessed=True),
    Regime.EU_NEW_VEHICLE: _Rule(Debtor.BUYER, _EU, self_assessed=True),
    Regime.EU_SERVICE: _Rule(Debtor.BUYER, _EU, self_assessed=True),
    Regime.THIRD_COUNTRY: _Rule(Debtor.BUYER, _OTHER, self_assessed=True),
    Regime.EU_REVERSE: _Rule(None, reason=Reason.SUPPLY_ABROAD),
    Regime.EU_SELLER: _Rule(Debtor.SELLER, reason=Reason.SUPPLY_ABROAD),
    Regime.EXPORT: _Rule(None, reason=Reason.IMPORT),
    Regime.MARGIN: _SELLER_OWES,
    **dict.fromkeys(
        (Regime.ZERO_RATED, Regime.INTERNATIONAL),
        _Rule(None, reason=Reason.GOODS_OR_SERVICES),
    ),
    **dict.fromkeys(
        (Regime.SMALL_BUSINESS, Regime.PUBLIC_INTEREST, Regime.DOMESTIC_REVERSE),
        _Rule(None, _DOMESTIC),
    ),
}


def is_hungarian_number(tax_number: str) -> bool:
    """Return whether a text has the form of a Hungarian tax or VAT number."""
    return bool(HUNGARIAN_NUMBER.fullmatch(re.sub(r"\s", "", tax_number).upper()))


def group_of(country: str, tax_number: str = "") -> Group:
    """Return the group of a country; without one, that of the tax number's prefix."""
    code = country.strip().upper()
    if not code and is_hungarian_number(tax_number):
        return Group.DOMESTIC
    code = code or tax_number.strip().upper()[:2]
    if code == "HU":
        return Group.DOMESTIC
    if code in EU_MEMBERS:
        return Group.EU
    return Group.OTHER if country.strip() else Group.UNKNOWN


def buyer(country: str, tax_number: str) -> Party:
    """Return the party that buys from us."""
    number = re.sub(r"\s", "", tax_number).upper()
    return Party(group_of(country, number), country.upper(), bool(number), number)


def seller(country: str, tax_number: str) -> Party:
    """Return the party that sells to us.

    A Hungarian tax number makes it domestic whatever its address: it charges VAT
    under the Hungarian registration.
    """
    if is_hungarian_number(tax_number):
        return Party(Group.DOMESTIC, country.upper() or "HU")
    number = re.sub(r"\s", "", tax_number).upper()
    return Party(group_of(country, number), country.upper(), bool(number), number)


def read_code(
    vat_code: str, entitlement: str = "", *, is_sale: bool = True
) -> tuple[Regime | None, Reason | None]:
    """Return what a code with its entitlement means, or why that is not known.

    Next to a rate an entitlement means nothing, although it occurs.
    """
    code, title = normalise_vat(vat_code), entitlement.strip().upper()
    if code in ("", NO_CODE, NO_VAT):
        return None, Reason.EMPTY_CODE
    rate = rate_of(code)
    if rate:
        if code in HUNGARIAN_RATES:
            return Regime.STANDARD, None
        if code in COMPENSATION_RATES and not is_sale:
            return Regime.COMPENSATION, None
        return Regime.FOREIGN_RATE, None
    if code not in MEANING:
        return None, Reason.UNKNOWN_CODE
    meaning = MEANING[code]
    if meaning:
        if title and MEANING.get(title) is not meaning:
            return None, Reason.CODES_CONTRADICT
        return meaning, None
    if title in TITLES[code]:
        return MEANING[title], None
    if title:
        return None, Reason.CODES_CONTRADICT
    missing = code in ("ÁTHK", "K.AFA")
    return None, Reason.TITLE_MISSING if missing else Reason.ZERO_WITHOUT_TITLE


def treatment(
    direction: Direction,
    party: Party,
    vat_code: str,
    entitlement: str = "",
    *,
    cash_settled: bool = False,
    is_advance: bool = False,
) -> Treatment:
    """Decide what a VAT code means for us.

    :param party: the buyer of a sale, the seller of a purchase or a spending
    :param cash_settled: the seller, or the buyer, accounts for VAT when paid (chapter
        XIII/A; Directive 2006/112/EC arts. 66b and 167a); it concerns charged VAT alone
    :param is_advance: the document is an advance invoice
    """
    is_sale = direction is Direction.SALE
    regime, reason = read_code(vat_code, entitlement, is_sale=is_sale)
    if regime is Regime.COMPENSATION and party.group in (Group.EU, Group.OTHER):
        regime = Regime.FOREIGN_RATE
    if regime is None:
        return Treatment(None, reason=_for_foreign_sellers(is_sale, party, reason))
    rule = _rule(is_sale, party, regime)
    rate = rate_of(normalise_vat(vat_code)) or None
    return Treatment(
        regime=regime,
        debtor=rule.debtor,
        self_assessed=rule.self_assessed,
        rate=SELF_ASSESSED_RATE if rule.self_assessed else rate,
        cash_accounting=cash_settled and _is_charged_here(is_sale, party, regime),
        nav_case=_nav_case(regime, entitlement, vat_code),
        reason=_question(rule, is_sale, party, regime, is_advance),
    )


def _is_charged_here(is_sale: bool, party: Party, regime: Regime) -> bool:
    """Whether a line is charged with Hungarian VAT by somebody registered here."""
    is_foreign = party.group in (Group.EU, Group.OTHER)
    return regime is Regime.STANDARD and (is_sale or not is_foreign)


def _rule(is_sale: bool, party: Party, regime: Regime) -> _Rule:
    if is_sale:
        return SALES[regime]
    is_foreign = party.group in (Group.EU, Group.OTHER)
    return (FROM_ABROAD if is_foreign else FROM_HUNGARY)[regime]


def _question(
    rule: _Rule, is_sale: bool, party: Party, regime: Regime, is_advance: bool
) -> Reason | None:
    group = party.group_for(regime)
    if group is Group.UNKNOWN and (rule.groups or not is_sale):
        return Reason.COUNTRY_UNKNOWN
    if rule.groups is not None and group not in rule.groups:
        return Reason.CODE_CONTRADICTS_COUNTRY
    if rule.buyer_taxable and not party.is_taxable:
        return Reason.BUYER_NOT_TAXABLE
    if rule.eu_number and not party.has_eu_number:
        return Reason.NUMBER_NOT_EU
    if is_advance and regime is Regime.DOMESTIC_REVERSE:
        return Reason.REVERSE_CHARGE_ADVANCE
    if is_advance and regime in (Regime.EU_GOODS, Regime.EU_NEW_VEHICLE):
        return Reason.GOODS_ADVANCE
    return rule.reason


def _for_foreign_sellers(
    is_sale: bool, party: Party, reason: Reason | None
) -> Reason | None:
    """A foreign bill without VAT is an acquisition or a service, never exempt as such.

    So one answer for ``0%`` at home must not cover it.
    """
    unclear = (Reason.ZERO_WITHOUT_TITLE, Reason.EMPTY_CODE)
    is_foreign = party.group in (Group.EU, Group.OTHER)
    if not is_sale and is_foreign and reason in unclear:
        return Reason.GOODS_OR_SERVICES
    return reason


def _nav_case(regime: Regime, entitlement: str, vat_code: str) -> str:
    if regime is Regime.MARGIN:
        title = entitlement.strip().upper()
        return title if title in MARGIN_TITLES else normalise_vat(vat_code)
    return NAV_CASES.get(regime, "")
