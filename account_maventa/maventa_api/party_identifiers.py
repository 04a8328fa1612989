"""How a company is named in an e-invoice: electronic address, legal id, VAT number.

Sources: OpenPEPPOL BIS Billing 3, release 2026.5 (list of electronic address schemes,
rules PEPPOL-COMMON-R040 to R057, SE-R-001 to R-004 and R-013, NO-R-001, NL-R-003 and
R-005, DK-R-014), EN 16931 rules BR-CL-11 and BR-CO-09 (CEN 1.3.16).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from .addresses import ElectronicAddress, is_business_id, is_gln, is_iban, is_ovt
from .check_digits import digits_of, is_norwegian_number, is_swedish_number
from .country_codes import COUNTRIES

ALAND = "AX"
# Places whose companies are in the register of another country
REGISTERS = {ALAND: "FI", "SJ": "NO"}  # SJ: Svalbard and Jan Mayen
ALAND_REGIONS = {"AX", "FI-01", "01", "ALAND", "ÅLAND", "AHVENANMAA"}

# rule PEPPOL-EN16931-CL008
ELECTRONIC_SCHEMES = frozenset(
    "0002 0007 0009 0060 0088 0096 0097 0106 0130 0135 0142 0151 0183 0184 0188 0190 "
    "0191 0192 0195 0196 0198 0199 0200 0201 0204 0208 0209 0210 0211 0216 0218 0221 "
    "0225 0230 0235 0240 0242 0244 0245 0246 0248 9910 9913 9914 9915 9918 9919 9920 "
    "9922 9923 9924 9925 9926 9927 9928 9929 9930 9931 9932 9933 9934 9935 9936 9937 "
    "9938 9939 9940 9941 9942 9943 9944 9945 9946 9947 9948 9949 9950 9951 9952 9953 "
    "9957 9959".split()
)
# Electronic addresses that are VAT numbers: the last resort
VAT_SCHEMES = {
    "AT": "9914", "BG": "9926", "CY": "9928", "CZ": "9929", "DE": "9930",
    "EE": "9931", "ES": "9920", "FR": "9957", "GB": "9932", "GR": "9933",
    "HR": "9934", "HU": "9910", "IE": "9935", "IT": "0211", "LI": "9936",
    "LT": "9937", "LU": "9938", "LV": "9939", "MT": "9943", "NL": "9944",
    "PL": "9945", "PT": "9946", "RO": "9947", "SI": "9949", "SK": "9950",
}  # fmt: skip


class IdentifierProblem(StrEnum):
    """What is missing or wrong; the texts are the caller's."""

    ADDRESS_MISSING = "electronic_address_missing"
    ADDRESS_MALFORMED = "electronic_address_malformed"
    SCHEME_WITHDRAWN = "electronic_address_scheme_withdrawn"
    REGISTRY_MALFORMED = "organisation_number_malformed"
    REGISTRY_MISSING = "organisation_number_missing"  # in NL: KVK or OIN
    VAT_MALFORMED = "vat_number_malformed"


@dataclass(frozen=True)
class Identifier:
    """A number and the list that it is from (ISO 6523 or the EAS list)."""

    value: str = ""
    scheme: str = ""

    def __bool__(self) -> bool:
        return bool(self.value)


def register_of(country: str) -> str:
    """Return the country in whose register the companies of a place are."""
    country = country.upper()
    return REGISTERS.get(country, country)


@dataclass(frozen=True)
class KnownParty:
    """What is known of a party.

    :param country: ISO 3166-1 code of its address
    :param region: code of the state, for Åland (``AX``, ``FI-01`` or ``01``)
    :param registry: the organisation number as somebody typed it
    :param peppol_scheme: ``peppol_eas`` of Odoo
    :param peppol_endpoint: ``peppol_endpoint`` of Odoo
    :param address: the e-invoice address that somebody typed for Maventa
    """

    country: str = ""
    vat: str = ""
    registry: str = ""
    peppol_scheme: str = ""
    peppol_endpoint: str = ""
    address: ElectronicAddress = field(default_factory=ElectronicAddress)
    region: str = ""
    is_company: bool = True

    @property
    def rules_of(self) -> str:
        """The country whose rules name this party, and whose register has it."""
        return register_of(self.country)

    @property
    def is_aland(self) -> bool:
        """Whether the party is on Åland, by its country or by its region."""
        if self.country.upper() == ALAND:
            return True
        return self.country.upper() == "FI" and self.region.upper() in ALAND_REGIONS


@dataclass(frozen=True)
class PartyIdentifiers:
    """How a party is named in a document."""

    electronic: Identifier = Identifier()
    legal: Identifier = Identifier()
    vat: str = ""
    problems: tuple[tuple[IdentifierProblem, str], ...] = ()


def identifiers_of(party: KnownParty) -> PartyIdentifiers:
    """Return how ``party`` is named, and what is wrong with what is known.

    Electronic address, the first that is possible: the address typed for Maventa, the
    Peppol address of Odoo (a withdrawn scheme is replaced by its successor), the legal
    id, the VAT number (that of another country than the address, too).
    Legal id, the first that is possible: the organisation number, the number inside the
    VAT number (FI, SE, NO, DK, BE), a number inside one of the electronic addresses.
    VAT number: only where there is one, with its country.
    """
    problems: list[tuple[IdentifierProblem, str]] = []
    vat = vat_number(party.country, party.vat)
    if party.vat.strip(" /") and not vat and not _organisation(party, party.vat):
        problems.append((IdentifierProblem.VAT_MALFORMED, party.vat))
    legal = _legal(party, vat, problems)
    electronic = _electronic(party, legal, vat, problems)
    if not electronic and party.is_company:
        problems.append((IdentifierProblem.ADDRESS_MISSING, ""))
    return PartyIdentifiers(electronic, legal, vat, tuple(problems))


# === VAT NUMBERS === #


def vat_number(country: str, text: str) -> str:
    """Return the VAT number in its one spelling, or nothing where there is none.

    An organisation number in the field of the VAT number is no VAT number: Norwegian
    ones end in MVA (NO-R-001), Swedish ones have 12 digits (SE-R-001).
    """
    country = register_of(country)
    bare = re.sub(r"[^0-9A-Z]", "", text.upper())
    spelling = NATIONAL_VAT.get(bare[:2]) or NATIONAL_VAT.get(country)
    if spelling and (bare[:2] in NATIONAL_VAT or bare[:1].isdigit()):
        return spelling(bare)
    known = COUNTRIES | {"EL"}
    return bare if bare[:2] in known and len(bare) > 3 else ""


def country_of_vat(number: str) -> str:
    """Return the country that a VAT number begins with, or nothing."""
    code = number.strip().upper()[:2]
    return "GR" if code == "EL" else code if code in COUNTRIES else ""


def _finnish_vat(bare: str) -> str:
    digits = digits_of(bare)
    return f"FI{digits}" if is_business_id(digits) else ""


def _swedish_vat(bare: str) -> str:
    digits = digits_of(bare)
    if len(digits) == 10 and bare.startswith("SE"):
        digits += "01"
    holds = len(digits) == 12 and is_swedish_number(digits[:10])
    return f"SE{digits}" if holds else ""


def _norwegian_vat(bare: str) -> str:
    """Return the number of who is in the VAT register, which MVA alone says.

    Source: bokføringsforskriften § 5-1-2.
    """
    digits = digits_of(bare)
    is_registered = bare.endswith("MVA") and is_norwegian_number(digits)
    return f"NO{digits}MVA" if is_registered else ""


def _dutch_vat(bare: str) -> str:
    match = re.fullmatch(r"(?:NL)?([0-9]{9}B[0-9]{2})", bare)
    return f"NL{match[1]}" if match else ""


def _danish_vat(bare: str) -> str:
    match = re.fullmatch(r"(?:DK)?([0-9]{8})", bare)
    return f"DK{match[1]}" if match else ""


def _estonian_vat(bare: str) -> str:
    match = re.fullmatch(r"(?:EE)?([0-9]{9})", bare)
    return f"EE{match[1]}" if match else ""


NATIONAL_VAT: dict[str, Callable[[str], str]] = {
    "FI": _finnish_vat,
    "SE": _swedish_vat,
    "NO": _norwegian_vat,
    "NL": _dutch_vat,
    "DK": _danish_vat,
    "EE": _estonian_vat,
}

# === LEGAL IDS === #


def finnish_id(text: str) -> Identifier:
    """Return the business id inside a number, an OVT address or a VAT number."""
    digits = digits_of(text)
    if digits.startswith("0037") and len(digits) >= 12:
        digits = digits[4:12]
    if not is_business_id(digits):
        return Identifier()
    return Identifier(f"{digits[:7]}-{digits[7]}", "0212")


def swedish_id(text: str) -> Identifier:
    """Return the organisation number, also of 12 digits or of a VAT number."""
    digits = digits_of(text)
    candidates = [digits]
    if len(digits) == 12:  # with a century before it, or 01 of the VAT number behind
        candidates = [digits[:10], digits[2:]]
        if not digits.endswith("01"):
            candidates.reverse()
    found = next(filter(is_swedish_number, candidates), "")
    return Identifier(found, "0007") if found else Identifier()


def norwegian_id(text: str) -> Identifier:
    """Return the organisation number, also of a VAT number."""
    digits = digits_of(text)
    return Identifier(digits, "0192") if is_norwegian_number(digits) else Identifier()


def dutch_id(text: str) -> Identifier:
    """Return the number at the chamber of commerce (KVK, 8 digits) or the OIN (20)."""
    digits = digits_of(text)
    if re.search(r"[A-Za-z]", text) or len(digits) not in (8, 20):
        return Identifier()
    return Identifier(digits, "0106" if len(digits) == 8 else "0190")


def estonian_id(text: str) -> Identifier:
    """Return the registry code: 8 digits."""
    bare = text.strip()
    found = re.fullmatch(r"[0-9]{8}", bare)
    return Identifier(bare, "0191") if found else Identifier()


def danish_id(text: str) -> Identifier:
    """Return the CVR number: 8 digits, also of a VAT number."""
    digits = digits_of(text)
    return Identifier(digits, "0184") if len(digits) == 8 else Identifier()


def belgian_id(text: str) -> Identifier:
    """Return the enterprise number: 10 digits, modulo 97 (PEPPOL-COMMON-R043)."""
    digits = digits_of(text).zfill(10)
    holds = len(digits) == 10 and 97 - int(digits[:8]) % 97 == int(digits[8:])
    return Identifier(digits, "0208") if holds else Identifier()


NATIONAL_IDS: dict[str, Callable[[str], Identifier]] = {
    "FI": finnish_id,
    "SE": swedish_id,
    "NO": norwegian_id,
    "NL": dutch_id,
    "EE": estonian_id,
    "DK": danish_id,
    "BE": belgian_id,
}
# Schemes of electronic addresses that hold the legal id of a country
LEGAL_INSIDE = {
    "FI": {"0216", "0037", "0212", "0213"},
    "SE": {"0007", "9955"},
    "NO": {"0192"},
    "NL": {"0106", "0190"},
    "EE": {"0191"},
    "DK": {"0184", "0198"},
    "BE": {"0208", "9925"},
}
WITHOUT_LEGAL_IN_VAT = {"NL", "EE"}


def _organisation(party: KnownParty, text: str) -> Identifier:
    of_country = NATIONAL_IDS.get(party.rules_of)
    return of_country(text) if of_country else Identifier()


def _legal(
    party: KnownParty, vat: str, problems: list[tuple[IdentifierProblem, str]]
) -> Identifier:
    registry = party.registry.strip() if party.is_company or vat else ""
    if party.rules_of not in NATIONAL_IDS:
        return Identifier(registry)
    for text in (registry, *_number_in_vat(party), *_numbers_in_addresses(party)):
        if found := _organisation(party, text):
            return found
    if registry:
        problems.append((IdentifierProblem.REGISTRY_MALFORMED, registry))
    elif party.is_company and party.rules_of == "NL":
        problems.append((IdentifierProblem.REGISTRY_MISSING, ""))
    return Identifier()


def _numbers_in_addresses(party: KnownParty) -> Iterator[str]:
    inside = LEGAL_INSIDE[party.rules_of]
    if party.address.scheme in inside:
        yield party.address.address
    if party.peppol_scheme in inside:
        yield party.peppol_endpoint


def _number_in_vat(party: KnownParty) -> Iterator[str]:
    foreign = party.vat[:2].isalpha() and party.vat[:2].upper() != party.rules_of
    if party.rules_of not in WITHOUT_LEGAL_IN_VAT and not foreign:
        yield party.vat


# === ELECTRONIC ADDRESSES === #

# Odoo writes the VAT number there by itself; nobody has chosen it
DEFAULTS_OF_ODOO = {("FI", "0213"), ("SE", "9955"), ("EE", "9931")}


def _electronic(
    party: KnownParty,
    legal: Identifier,
    vat: str,
    problems: list[tuple[IdentifierProblem, str]],
) -> Identifier:
    for chosen in _chosen_addresses(party):
        is_current = chosen.scheme in ELECTRONIC_SCHEMES
        if found := normal_address(chosen) if is_current else _successor(chosen):
            return found
        problem = (
            IdentifierProblem.ADDRESS_MALFORMED
            if is_current
            else IdentifierProblem.SCHEME_WITHDRAWN
        )
        problems.append((problem, f"{chosen.scheme}:{chosen.value}"))
    return address_of_legal(legal) or _address_of_vat(vat)


def _chosen_addresses(party: KnownParty) -> Iterator[Identifier]:
    if party.address.scheme:
        yield Identifier(party.address.address, party.address.scheme)
    scheme, value = party.peppol_scheme.strip(), party.peppol_endpoint.strip()
    if scheme and value and (party.rules_of, scheme) not in DEFAULTS_OF_ODOO:
        yield Identifier(value, scheme)


def _successor(address: Identifier) -> Identifier:
    """Return what an address of a withdrawn scheme is today, or nothing."""
    if address.scheme in ("0037", "0212", "0213"):
        if is_ovt(bare := re.sub(r"[\s-]", "", address.value)):
            return Identifier(bare, "0216")
        return address_of_legal(finnish_id(address.value))
    if address.scheme == "9955":
        return swedish_id(address.value)
    return Identifier()


def address_of_legal(legal: Identifier) -> Identifier:
    """Return the electronic address that receivers with this legal id register."""
    if legal.scheme == "0212":
        return Identifier(f"0037{digits_of(legal.value)}", "0216")
    return legal if legal.scheme in ELECTRONIC_SCHEMES else Identifier()


def _address_of_vat(vat: str) -> Identifier:
    """Return the address of a VAT number, also of another country than the party's."""
    country = country_of_vat(vat)
    if scheme := VAT_SCHEMES.get(country):
        return Identifier(vat, scheme)
    of_country = NATIONAL_IDS.get(country)
    return address_of_legal(of_country(vat)) if of_country else Identifier()


def normal_address(address: Identifier) -> Identifier:
    """Return the address as its scheme spells it, or nothing if it cannot be one."""
    bare = re.sub(r"\s", "", address.value)
    of_scheme = SPELLINGS.get(address.scheme)
    value = of_scheme(bare) if of_scheme else bare
    return Identifier(value, address.scheme) if value else Identifier()


def _danish_address(bare: str) -> str:
    return bare.upper() if re.fullmatch(r"(?:DK)?[0-9]{8}", bare.upper()) else ""


SPELLINGS: dict[str, Callable[[str], str]] = {
    "0007": lambda bare: swedish_id(bare).value,
    "0088": lambda bare: bare if is_gln(bare) else "",
    "0106": lambda bare: bare if re.fullmatch(r"[0-9]{8}", bare) else "",
    "0184": _danish_address,
    "0190": lambda bare: bare if re.fullmatch(r"[0-9]{20}", bare) else "",
    "0191": lambda bare: estonian_id(bare).value,
    "0192": lambda bare: norwegian_id(bare).value,
    "0208": lambda bare: belgian_id(bare).value,
    # The State's addresses begin with TE0037: more than the check digit knows.
    "0216": lambda bare: bare if is_ovt(bare) or not bare.startswith("0037") else "",
    "9918": lambda bare: bare.upper() if is_iban(bare.upper()) else "",
    "9944": lambda bare: _dutch_vat(bare.upper()),
}
