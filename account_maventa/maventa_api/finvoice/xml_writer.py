"""From the values to the bytes, in the schema's order."""

from __future__ import annotations

from decimal import Decimal

from lxml import etree

from . import texts
from .document import Allowance, Document, Party, VatGroup
from .elements import add, add_amount, add_date, add_texts, serialised
from .en16931 import folded
from .envelope import ENCODING, envelope
from .message import add_message
from .overflow import LONGEST_NUMBER, check, overflow
from .rows import add_row

XSI = "http://www.w3.org/2001/XMLSchema-instance"
PROLOG = (
    b'<?xml version="1.0" encoding="ISO-8859-15"?>\n'
    b'<?xml-stylesheet type="text/xsl" href="Finvoice.xsl"?>\n'
)
SEPA, TRANSFER = "58", "30"  # UNTDID 4461
TYPES = {False: ("INV01", "380", "INVOICE"), True: ("INV02", "381", "CREDIT NOTE")}


def write(document: Document) -> bytes:
    """Return the document as Finvoice 3.0, in ISO-8859-15.

    Without a message (the receiver's operator is not known) routing is left to
    Maventa, who looks the receiver up.

    A text that is too long for its element is there in full as free text.

    :raise ValueError: a number or a quantity does not fit
    """
    check(document)
    message = document.message
    if message and message.is_en16931:
        document = folded(document)
    root = etree.Element(
        "Finvoice",
        {"Version": "3.0", f"{{{XSI}}}noNamespaceSchemaLocation": "Finvoice3.0.xsd"},
        nsmap={"xsi": XSI},
    )
    if message:
        add_message(root, message)
    _add_seller(root, document)
    _add_buyer(root, document.buyer)
    if document.delivery and document.delivery.has_address:
        _add_delivery(root, document.delivery)
    if document.delivery_date:
        details = add(root, "DeliveryDetails")
        add_date(details, "DeliveryDate", document.delivery_date)
    _add_details(root, document)
    if document.paid and not document.payable:
        add(add(root, "PaymentStatusDetails"), "PaymentStatusCode", "PAID")
    position = 0
    for row in document.rows:
        position += row.quantity is not None
        add_row(root, row, position, document.currency)
    _add_payment(root, document)
    body = serialised(root, ENCODING)
    frame = envelope(message) if message and message.has_envelope else b""
    return frame + PROLOG + body + b"\n"


def _add_seller(root: etree._Element, document: Document) -> None:
    seller = document.seller
    _add_party(root, "Seller", seller)
    add(root, "SellerOrganisationUnitNumber", seller.ovt)
    add(root, "SellerContactPersonName", texts.cut(seller.contact, 70))
    _add_communication(root, "Seller", seller)
    account = document.account
    if not (account.bic or seller.tax_statement):
        return
    information = add(root, "SellerInformationDetails")
    statement = texts.cut(seller.tax_statement, 35)
    add(information, "SellerTaxRegistrationText", statement)
    if account.bic:
        parent = add(information, "SellerAccountDetails")
        scheme = "IdentificationSchemeName"
        add(parent, "SellerAccountID", account.iban, **{scheme: "IBAN"})
        add(parent, "SellerBic", account.bic, **{scheme: "BIC"})


def _add_buyer(root: etree._Element, buyer: Party) -> None:
    _add_party(root, "Buyer", buyer)
    add(root, "BuyerOrganisationUnitNumber", buyer.ovt)
    add(root, "BuyerContactPersonName", texts.cut(buyer.contact, 70))
    _add_communication(root, "Buyer", buyer)


def _add_party(root: etree._Element, role: str, party: Party) -> None:
    node = add(root, f"{role}PartyDetails")
    add(node, f"{role}PartyIdentifier", party.business_id)
    add_texts(node, f"{role}OrganisationName", texts.split(party.name, 70, least=2))
    add(node, f"{role}OrganisationTaxCode", party.vat)
    if party.has_address:
        _add_address(node, role, party)


def _add_address(node: etree._Element, role: str, party: Party) -> None:
    streets = [
        piece for line in party.streets for piece in texts.split(line, 35, least=2)
    ]
    address = add(node, f"{role}PostalAddressDetails")
    add_texts(address, f"{role}StreetName", streets[:3])
    add(address, f"{role}TownName", texts.cut(party.city, 35))
    add(address, f"{role}PostCodeIdentifier", texts.cut(party.post_code, 35))
    add(address, "CountryCode", party.country)
    add(address, "CountryName", texts.cut(party.country_name, 35))


def _add_delivery(root: etree._Element, party: Party) -> None:
    """Add where the goods go: names have room for half as much as a buyer's."""
    node = add(root, "DeliveryPartyDetails")
    names = texts.split(party.name, 35, least=2) or texts.split(party.city, 35)
    add_texts(node, "DeliveryOrganisationName", names)
    _add_address(node, "Delivery", party)


def _add_communication(root: etree._Element, role: str, party: Party) -> None:
    if party.phone or party.email:
        node = add(root, f"{role}CommunicationDetails")
        add(node, f"{role}PhoneNumberIdentifier", texts.cut(party.phone, 35))
        add(node, f"{role}EmailaddressIdentifier", texts.cut(party.email, 70))


def _add_details(root: etree._Element, document: Document) -> None:
    node = add(root, "InvoiceDetails")
    code, code_un, text = TYPES[document.is_credit_note]
    add(node, "InvoiceTypeCode", code)
    add(node, "InvoiceTypeCodeUN", code_un)
    add(node, "InvoiceTypeText", texts.cut(document.type_text, 35) or text)
    add(node, "OriginCode", "Original")
    add(node, "InvoiceNumber", document.number)
    add_date(node, "InvoiceDate", document.date)
    if original := document.original:
        add(node, "OriginalInvoiceNumber", original.number)
        add_date(node, "OriginalInvoiceDate", original.date)
    for advance in document.advances:
        if texts.fits(advance.number, LONGEST_NUMBER):
            reference = add(node, "OriginalInvoiceReference")
            add(reference, "InvoiceNumber", texts.clean(advance.number))
            add_date(reference, "InvoiceDate", advance.date)
    for name, text in (
        ("SellerReferenceIdentifier", document.seller_reference),
        ("SellersBuyerIdentifier", document.customer_number),
        ("OrderIdentifier", document.order),
        ("AgreementIdentifier", document.agreement),
        ("BuyerReferenceIdentifier", document.buyer_reference),
        ("ProjectReferenceIdentifier", document.project),
    ):
        add(node, name, texts.cut(text, 70))
    _add_totals(node, document)
    for group in document.vat_groups:
        _add_vat_group(node, group, document.currency)
    for text in (*document.texts, *overflow(document)):
        add_texts(node, "InvoiceFreeText", texts.split(text, 512))
    _add_terms(node, document)
    for is_charge in (False, True):
        for allowance in document.allowances:
            if allowance.is_charge is is_charge:
                _add_allowance(node, allowance, document.currency)


def _add_terms(node: etree._Element, document: Document) -> None:
    terms = add(node, "PaymentTermsDetails")
    add_texts(terms, "PaymentTermsFreeText", texts.split(document.terms, 70, 2))
    add_date(terms, "InvoiceDueDate", document.due_date)
    if cash := document.cash_discount:
        currency = document.currency
        add_date(terms, "CashDiscountDate", cash.date)
        add_amount(terms, "CashDiscountBaseAmount", cash.base, currency)
        add(terms, "CashDiscountPercent", texts.percent(cash.percent))
        add_amount(terms, "CashDiscountAmount", cash.amount, currency)
        reduced = document.total + document.round_off - cash.amount
        add_amount(terms, "ReducedInvoiceVatIncludedAmount", reduced, currency)
    if document.overdue_text or document.overdue_percent is not None:
        fine = add(terms, "PaymentOverDueFineDetails")
        pieces = texts.split(document.overdue_text, 70, 3)
        add_texts(fine, "PaymentOverDueFineFreeText", pieces)
        if document.overdue_percent is not None:
            percent = texts.percent(document.overdue_percent)
            add(fine, "PaymentOverDueFinePercent", percent)


def _add_allowance(node: etree._Element, allowance: Allowance, currency: str) -> None:
    parent = add(node, "ChargeDetails" if allowance.is_charge else "DiscountDetails")
    name = "ReasonText" if allowance.is_charge else "FreeText"
    add(parent, name, texts.cut(allowance.reason, 70))
    add(parent, "ReasonCode", allowance.reason_code)
    add_amount(parent, "Amount", allowance.amount, currency)
    add(parent, "VatCategoryCode", allowance.vat_code)
    if allowance.vat_rate is not None:
        add(parent, "VatRatePercent", texts.percent(allowance.vat_rate))


def _add_totals(node: etree._Element, document: Document) -> None:
    currency = document.currency
    rows = sum((row.net for row in document.rows), Decimal(0))
    add_amount(node, "RowsTotalVatExcludedAmount", rows, currency)
    for name, is_charge in (("Discounts", False), ("Charges", True)):
        mine = [one for one in document.allowances if one.is_charge is is_charge]
        if mine:
            total = sum((one.amount for one in mine), Decimal(0))
            add_amount(node, f"{name}TotalVatExcludedAmount", total, currency)
    add_amount(node, "InvoiceTotalVatExcludedAmount", document.net, currency)
    add_amount(node, "InvoiceTotalVatAmount", document.vat, currency)
    if document.vat_in_euro is not None:
        name = "InvoiceTotalVatAccountingAmount"
        add_amount(node, name, document.vat_in_euro, "EUR")
    add_amount(node, "InvoiceTotalVatIncludedAmount", document.total, currency)
    if document.round_off:
        add_amount(node, "InvoiceTotalRoundoffAmount", document.round_off, currency)
    if document.paid:
        add_amount(node, "InvoicePaidAmount", document.paid, currency)


def _add_vat_group(node: etree._Element, group: VatGroup, currency: str) -> None:
    parent = add(node, "VatSpecificationDetails")
    add_amount(parent, "VatBaseAmount", group.base, currency)
    if group.rate is not None:
        add(parent, "VatRatePercent", texts.percent(group.rate))
    add(parent, "VatCode", group.code)
    add_amount(parent, "VatRateAmount", group.amount, currency)
    if group.code not in ("S", "Z"):  # there a reason must not be given
        add_texts(parent, "VatFreeText", texts.split(group.reason, 70, 3))
        add(parent, "VatExemptionReasonCode", group.reason_code[:20])


def _add_payment(root: etree._Element, document: Document) -> None:
    account, scheme = document.account, "IdentificationSchemeName"
    node = add(root, "EpiDetails")
    identification = add(node, "EpiIdentificationDetails")
    add_date(identification, "EpiDate", document.date)
    etree.SubElement(identification, "EpiReference")  # mandatory, not used in Finland
    parties = add(node, "EpiPartyDetails")
    bank = add(parties, "EpiBfiPartyDetails")
    add(bank, "EpiBfiIdentifier", account.bic, **{scheme: "BIC"})
    payee = add(parties, "EpiBeneficiaryPartyDetails")
    add(payee, "EpiNameAddressDetails", texts.cut(document.seller.name, 35))
    if 8 <= len(document.seller.business_id) <= 11:
        add(payee, "EpiBei", document.seller.business_id)
    add(payee, "EpiAccountID", account.iban, **{scheme: "IBAN"})
    order = add(node, "EpiPaymentInstructionDetails")
    add(order, "EpiPaymentInstructionId", document.payment_instruction)
    if reference := texts.payment_reference(document.reference):
        kind = "ISO" if reference.startswith("RF") else "SPY"
        add(order, "EpiRemittanceInfoIdentifier", reference, **{scheme: kind})
    add_amount(order, "EpiInstructedAmount", document.payable, document.currency)
    etree.SubElement(order, "EpiCharge", ChargeOption="SHA")
    add_date(order, "EpiDateOptionDate", document.due_date)
    means = SEPA if document.currency == "EUR" else TRANSFER
    add(order, "EpiPaymentMeansCode", means)
