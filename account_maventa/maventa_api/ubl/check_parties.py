"""Native checks of seller, buyer and delivery."""

from __future__ import annotations

from collections.abc import Iterator

from ..check_digits import is_norwegian_number, is_swedish_number
from ..country_codes import COUNTRIES
from ..party_identifiers import ELECTRONIC_SCHEMES, Identifier, normal_address
from .check_rules import Problem, Severity
from .parties import BUYER, SELLER
from .tree import Element, find, find_all, text

CODE = "cac:Country/cbc:IdentificationCode"
LEGAL = "cac:PartyLegalEntity/cbc:CompanyID"


def party_problems(root: Element) -> Iterator[Problem]:
    """Return what is missing or wrong of the parties and the place of delivery."""
    seller = _country(root, SELLER)
    for place, path in (("seller", SELLER), ("buyer", BUYER)):
        party = find(root, path)
        if party is None:
            yield Problem("party_missing", place, rule="BR-06")
            continue
        yield from _address_problems(party, place, seller, _country(root, BUYER))
        yield from _electronic_problems(party, place)
        yield from _name_problems(party, place)
        yield from _tax_problems(party, place)
        yield from _legal_problems(party, place, seller)
    yield from _delivery_problems(root)


def _address_problems(
    party: Element, place: str, seller: str, buyer: str
) -> Iterator[Problem]:
    address = find(party, "cac:PostalAddress")
    rules = {"seller": ("BR-08", "BR-09"), "buyer": ("BR-10", "BR-11")}[place]
    if address is None:
        yield Problem("address_missing", place, rule=rules[0])
        return
    country = text(address, CODE)
    if not country:
        yield Problem("country_missing", place, rule=rules[1])
    elif country not in COUNTRIES:
        yield Problem("country_unknown", place, country, "BR-CL-14")
    dutch = seller == "NL" and (place == "seller" or buyer == "NL")
    if dutch:
        rule = "NL-R-002" if place == "seller" else "NL-R-004"
        for name in ("StreetName", "CityName", "PostalZone"):
            if not text(address, f"cbc:{name}"):
                yield Problem("address_incomplete", place, name, rule)


def _electronic_problems(party: Element, place: str) -> Iterator[Problem]:
    node = find(party, "cbc:EndpointID")
    if not text(node):
        rule = {"seller": "R020", "buyer": "R010"}[place]
        yield Problem(
            "electronic_address_missing", place, rule=f"PEPPOL-EN16931-{rule}"
        )
        return
    scheme = (node.get("schemeID") or "") if node is not None else ""
    shown = f"{scheme}:{text(node)}"
    if scheme not in ELECTRONIC_SCHEMES:
        rule = "PEPPOL-EN16931-CL008"
        yield Problem("electronic_address_scheme_withdrawn", place, shown, rule)
    elif normal_address(Identifier(text(node), scheme)).value != text(node):
        rule = RULES_OF_SCHEMES.get(scheme, "")
        severity = Severity.ERROR if rule else Severity.WARNING
        yield Problem("electronic_address_malformed", place, shown, rule, severity)


RULES_OF_SCHEMES = {
    "0007": "PEPPOL-COMMON-R049",
    "0088": "PEPPOL-COMMON-R040",
    "0184": "PEPPOL-COMMON-R042",
    "0192": "PEPPOL-COMMON-R041",
    "0208": "PEPPOL-COMMON-R043",
}


def _name_problems(party: Element, place: str) -> Iterator[Problem]:
    if not text(party, "cac:PartyLegalEntity/cbc:RegistrationName"):
        rule = {"seller": "BR-06", "buyer": "BR-07"}[place]
        yield Problem("name_missing", place, rule=rule)
    if place == "buyer" and len(find_all(party, "cac:PartyIdentification/cbc:ID")) > 1:
        yield Problem("several_numbers", place, rule="UBL-SR-16")


def _tax_problems(party: Element, place: str) -> Iterator[Problem]:
    country = text(party, f"cac:PostalAddress/{CODE}")
    for scheme in find_all(party, "cac:PartyTaxScheme"):
        kind = text(scheme, "cac:TaxScheme/cbc:ID").upper()
        number = text(scheme, "cbc:CompanyID")
        if not number or not kind:
            yield Problem("vat_number_empty", place, rule="UBL-SR-53")
        elif kind == "VAT":
            if number[:2] not in COUNTRIES | {"EL"}:
                yield Problem("vat_number_malformed", place, number, "BR-CO-09")
            elif place == "seller":
                yield from _national_vat_problems(country, number)
        elif place == "seller" and country == "SE" and number.upper() != F_TAX:
            yield Problem("tax_statement", place, number, "SE-R-005")


F_TAX = "GODKÄND FÖR F-SKATT"


def _national_vat_problems(country: str, number: str) -> Iterator[Problem]:
    body = number[2:]
    if country == "SE" and number.startswith("SE"):
        if len(number) != 14 or not body.isdigit():
            yield Problem("vat_number_malformed", "seller", number, "SE-R-001")
    if country == "NO" and number.startswith("NO"):
        if not (body.endswith("MVA") and is_norwegian_number(body[:-3])):
            yield Problem("vat_number_malformed", "seller", number, "NO-R-001")


def _legal_problems(party: Element, place: str, seller: str) -> Iterator[Problem]:
    node = find(party, LEGAL)
    number = text(node)
    scheme = (node.get("schemeID") or "") if node is not None else ""
    country = text(party, f"cac:PostalAddress/{CODE}")
    if country == "SE" and number and not is_swedish_number(number):
        yield Problem("organisation_number_malformed", place, number, "SE-R-013")
    if scheme == "0192" and not is_norwegian_number(number):
        rule = "PEPPOL-COMMON-R041"
        yield Problem("organisation_number_malformed", place, number, rule)
    if country == "NL" and seller == "NL":
        yield from _dutch_problems(place, number, scheme)
    if place == "seller" and not number and not _has_number(party):
        yield Problem("organisation_number_missing", place, rule="BR-CO-26")


def _dutch_problems(place: str, number: str, scheme: str) -> Iterator[Problem]:
    rule = {"seller": "NL-R-003", "buyer": "NL-R-005"}[place]
    if number and scheme not in ("0106", "0190"):
        yield Problem("organisation_number_malformed", place, number, rule)
    if not number:  # the rule looks at numbers only; a Dutch seller has to have one
        severity = Severity.ERROR if place == "seller" else Severity.WARNING
        yield Problem("organisation_number_missing", place, "", rule, severity)


def _has_number(party: Element) -> bool:
    paths = ("cac:PartyIdentification/cbc:ID", "cac:PartyTaxScheme/cbc:CompanyID")
    return any(text(party, path) for path in paths)


def _delivery_problems(root: Element) -> Iterator[Problem]:
    address = find(root, "cac:Delivery/cac:DeliveryLocation/cac:Address")
    if address is None:
        return
    country = text(address, CODE)
    if not country:
        yield Problem("country_missing", "delivery", rule="BR-57")
    elif country not in COUNTRIES:
        yield Problem("country_unknown", "delivery", country, "BR-CL-14")


def _country(root: Element, party: str) -> str:
    return text(root, f"{party}/cac:PostalAddress/{CODE}").upper()
