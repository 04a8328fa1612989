"""Parties and accounts of a received Finvoice."""

from __future__ import annotations

import re
from dataclasses import replace

from ..addresses import is_iban
from ..bank_accounts import stated_account
from ..check_digits import fails_as_reference
from .incoming import IncomingAccount, IncomingParty, IncomingReference
from .node import Node
from .texts import payment_reference

ACCOUNTS = "SellerInformationDetails/SellerAccountDetails"
EPI_PARTIES = "EpiDetails/EpiPartyDetails"
PAYMENT = "EpiDetails/EpiPaymentInstructionDetails"


def party(root: Node, role: str) -> IncomingParty:
    """Return the party of a role: ``Seller``, ``Buyer``, ``InvoiceRecipient`` …"""
    details = f"{role}PartyDetails"
    postal = f"{details}/{role}PostalAddressDetails"
    box = f"{postal}/{role}PostOfficeBoxIdentifier"
    contact = f"{role}CommunicationDetails/{role}"
    return IncomingParty(
        name=" ".join(root.texts(f"{details}/{role}OrganisationName")),
        business_id=root.text(f"{details}/{role}PartyIdentifier"),
        vat=root.text(f"{details}/{role}OrganisationTaxCode"),
        address=root.text(f"{role}OrganisationUnitNumber"),
        streets=root.texts(f"{postal}/{role}StreetName") or root.texts(box),
        city=root.text(f"{postal}/{role}TownName"),
        post_code=root.text(f"{postal}/{role}PostCodeIdentifier"),
        country=root.text(f"{postal}/CountryCode").upper(),
        contact=root.text(f"{role}ContactPersonName"),
        phone=root.text(f"{contact}PhoneNumberIdentifier"),
        email=root.text(f"{contact}EmailaddressIdentifier"),
        codes=root.texts(f"{details}/{role}Code"),
    )


def payee(root: Node) -> IncomingParty:
    """Return to whom the money goes, as far as the document says so."""
    for node in root.all("AnyPartyDetails"):
        title = node.first("AnyPartyText")
        if title and title.attribute("AnyPartyCode").lower() == "paymentreceiver":
            return IncomingParty(
                name=" ".join(node.texts("AnyPartyOrganisationName")),
                business_id=node.text("AnyPartyIdentifier"),
                vat=node.text("AnyPartyOrganisationTaxCode"),
                address=node.text("AnyPartyOrganisationUnitNumber"),
            )
    beneficiary = f"{EPI_PARTIES}/EpiBeneficiaryPartyDetails"
    return IncomingParty(
        name=root.text(f"{beneficiary}/EpiNameAddressDetails"),
        business_id=root.text(f"{beneficiary}/EpiBei"),
    )


def accounts(root: Node) -> tuple[IncomingAccount, ...]:
    """Return the accounts, that of the payment first, each one once."""
    asked = _account(
        root.text(f"{EPI_PARTIES}/EpiBeneficiaryPartyDetails/EpiAccountID"),
        root.text(f"{EPI_PARTIES}/EpiBfiPartyDetails/EpiBfiIdentifier"),
    )
    found = [replace(asked, is_asked=True)]
    for node in root.all(ACCOUNTS):
        found.append(
            _account(
                node.text("SellerAccountID"),
                node.text("SellerBic"),
                node.text("SellerAccountName"),
            )
        )
    unique: dict[str, IncomingAccount] = {}
    for account in found:
        if account.number:
            unique.setdefault(account.number, account)
    for account in unique.values():
        if not account.is_iban and re.match(r"[A-Z]{2}[0-9]{2}", account.number):
            root.notes.add("odd_account", text=account.number)
    return tuple(unique.values())


def reference(root: Node) -> IncomingReference:
    """Return the bank reference; one whose check digits fail is a problem.

    Words in its place are a message.
    ``EpiReference`` counts only where the proper element is empty, and only if it
    is a reference.
    """
    stated = root.text(f"{PAYMENT}/EpiRemittanceInfoIdentifier")
    if not stated:
        other = root.text("EpiDetails/EpiIdentificationDetails/EpiReference")
        return _reference(other) or IncomingReference()
    found = _reference(stated)
    if not found and fails_as_reference(stated):
        root.notes.add("odd_reference", text=stated)
    return found


def _reference(text: str) -> IncomingReference:
    """Return a reference as it is paid; leading zeros of a Finnish one are none."""
    bare = "".join(text.split()).upper()
    stripped = bare.lstrip("0")
    for candidate in (stripped, bare):
        if valid := payment_reference(candidate):
            return IncomingReference(valid, "rf" if valid.startswith("RF") else "fi")
    return IncomingReference(text)


def _account(number: str, bic: str, name: str = "") -> IncomingAccount:
    bare = stated_account(number, bic)
    return IncomingAccount(bare, "".join(bic.split()).upper(), name, is_iban(bare))
