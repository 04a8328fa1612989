"""Seller, buyer and the place of delivery."""

from __future__ import annotations

from ..party_identifiers import ELECTRONIC_SCHEMES
from .tree import Element, add, drop, ensure, find, find_all, put, remove, text
from .values import AddressValues, DeliveryValues, PartyValues

SELLER = "cac:AccountingSupplierParty/cac:Party"
BUYER = "cac:AccountingCustomerParty/cac:Party"


def put_party(
    root: Element, path: str, values: PartyValues, *, is_outside_scope: bool
) -> None:
    """Write how a party is named.

    :param path: SELLER or BUYER
    :param is_outside_scope: VAT numbers have no place where no VAT has one (BR-O-02)
    """
    party = ensure(root, path)
    named = values.identifiers
    _put_electronic(party, values)
    _put_identification(party, values, is_buyer=path == BUYER)
    if _is_danish(root):
        _drop_numbers_of_no_list(party)
    _put_name(party, values)
    remove(party, "cac:PartyTaxScheme")
    if named.vat and not is_outside_scope:
        _add_tax_scheme(party, named.vat, "VAT")
    if values.tax_statement and path == SELLER:
        _add_tax_scheme(party, values.tax_statement, "TAX")
    scheme = {"schemeID": named.legal.scheme} if named.legal.scheme else {}
    put(party, "cac:PartyLegalEntity/cbc:CompanyID", named.legal.value, **scheme)
    _put_contact(party, values)


def _put_electronic(party: Element, values: PartyValues) -> None:
    """Write the electronic address (R010, R020); its scheme is current (CL008)."""
    address = values.identifiers.electronic
    if address:
        put(party, "cbc:EndpointID", address.value, schemeID=address.scheme)
        return
    found = find(party, "cbc:EndpointID")
    if found is not None and found.get("schemeID") not in ELECTRONIC_SCHEMES:
        drop(found)


def _put_identification(party: Element, values: PartyValues, *, is_buyer: bool) -> None:
    """Leave one number of the buyer (UBL-SR-16) and no address among the numbers.

    Lists of VAT numbers (99..) hold addresses, and no numbers of parties (BR-CL-10).
    """
    address = text(party, "cbc:EndpointID")
    for node in find_all(party, "cac:PartyIdentification"):
        number = find(node, "cbc:ID")
        if number is None:
            continue
        scheme = number.get("schemeID") or ""
        if scheme.startswith("99") or (text(number) == address and not scheme):
            drop(node)
    if not is_buyer:
        return
    if values.customer_number is not None:
        remove(party, "cac:PartyIdentification")
        put(party, "cac:PartyIdentification/cbc:ID", values.customer_number.strip())
    for node in find_all(party, "cac:PartyIdentification")[1:]:
        drop(node)


def _is_danish(root: Element) -> bool:
    """Tell whether seller and buyer are in Denmark, whose rules are for both."""
    code = "cac:PostalAddress/cac:Country/cbc:IdentificationCode"
    return {text(root, f"{path}/{code}") for path in (SELLER, BUYER)} == {"DK"}


def _drop_numbers_of_no_list(party: Element) -> None:
    """Leave numbers out that do not say which list they are of (DK-R-013)."""
    for node in find_all(party, "cac:PartyIdentification"):
        number = find(node, "cbc:ID")
        if number is None or not number.get("schemeID"):
            drop(node)


def _put_name(party: Element, values: PartyValues) -> None:
    """See to a registered name (BR-06, BR-07) and to one trading name."""
    registered = "cac:PartyLegalEntity/cbc:RegistrationName"
    if values.address:
        put(party, registered, values.name)
        put(party, "cac:PartyName/cbc:Name", values.name)
        _put_address(party, values.address)
    elif not text(party, registered):
        put(party, registered, values.name or text(party, "cac:PartyName/cbc:Name"))
    remove(party, "cac:PartyLegalEntity/cac:RegistrationAddress")
    address = ensure(party, "cac:PostalAddress")
    remove(address, "cbc:CountrySubentityCode")
    remove(address, "cac:Country/cbc:Name")


def _put_address(party: Element, values: AddressValues) -> None:
    remove(party, "cac:PostalAddress")
    streets = (*values.streets, "", "")
    for name, said in (
        ("cbc:StreetName", streets[0]),
        ("cbc:AdditionalStreetName", streets[1]),
        ("cbc:CityName", values.city),
        ("cbc:PostalZone", values.post_code),
        ("cac:Country/cbc:IdentificationCode", values.country),
    ):
        put(party, f"cac:PostalAddress/{name}", said)


def _add_tax_scheme(party: Element, number: str, scheme: str) -> None:
    """Write a tax registration; without a number there is none (UBL-SR-53)."""
    node = add(party, "cac:PartyTaxScheme")
    put(node, "cbc:CompanyID", number)
    put(node, "cac:TaxScheme/cbc:ID", scheme)


def _put_contact(party: Element, values: PartyValues) -> None:
    remove(party, "cac:Contact/cbc:ID")  # a number of the sender's database
    if not values.is_email_allowed:
        remove(party, "cac:Contact/cbc:ElectronicMail")


def put_delivery(root: Element, values: DeliveryValues, categories: set[str]) -> None:
    """Write when and where to; goods to the Union want both (BR-IC-11, BR-IC-12).

    A day that nobody has entered is none: builders write the day of issue.
    """
    for node in find_all(root, "cac:Delivery")[1:]:
        drop(node)
    day = values.day.isoformat() if values.day else ""
    if not day:
        remove(root, "cac:Delivery/cbc:ActualDeliveryDate")
    country = values.country
    if "K" in categories:
        country = country or _country_of_delivery(root)
    if day:
        put(root, "cac:Delivery/cbc:ActualDeliveryDate", day)
    address = "cac:Delivery/cac:DeliveryLocation/cac:Address"
    if country:
        put(root, f"{address}/cac:Country/cbc:IdentificationCode", country)
    for path in ("cbc:CountrySubentityCode", "cac:Country/cbc:Name"):
        remove(root, f"{address}/{path}")


def _country_of_delivery(root: Element) -> str:
    code = "cac:Country/cbc:IdentificationCode"
    there = text(root, f"cac:Delivery/cac:DeliveryLocation/cac:Address/{code}")
    return there or text(root, f"{BUYER}/cac:PostalAddress/{code}")
