"""Each rule of the native checks: a change of a valid document that breaks it.

The ids are those of EN 16931 and of OpenPEPPOL, which find the same ones.
"""

from copy import deepcopy

import pytest
from lxml import etree
from maventa_api.ubl import put_right
from test_maventa_ubl import EXEMPT, document, errors, standard, values_of
from ubl_samples import CAC, CBC, NS, Line, Tax, build

SELLER = "cac:AccountingSupplierParty/cac:Party"
BUYER = "cac:AccountingCustomerParty/cac:Party"
LINE = "cac:InvoiceLine"
GROUP = "cac:TaxTotal/cac:TaxSubtotal"
COUNTRY = "cac:PostalAddress/cac:Country/cbc:IdentificationCode"
LEGAL = "cac:PartyLegalEntity/cbc:CompanyID"
ALLOWANCE = f"{LINE}/cac:AllowanceCharge"
GOODS = Tax("K", "0", "Intra-Community supply", "VATEX-EU-IC")
DISCOUNTED = (Line(total="90.00", tax=standard(), allowances=(("false", "95", "10"),)),)
CHARGED = (Line(total="110.00", tax=standard(), allowances=(("true", "ZZZ", "10"),)),)
RATE = "cac:ClassifiedTaxCategory/cbc:Percent"


def valid(seller="FI", buyer="FI", **values):
    made = document(seller, buyer, **values)
    return etree.fromstring(put_right(build(made), values_of(made)))


def with_lines(*taxes, seller="FI", buyer="FI"):
    return valid(seller, buyer, lines=tuple(Line(tax=tax) for tax in taxes))


def element(text):
    return etree.fromstring(
        text.replace(">", f' xmlns:cac="{CAC}" xmlns:cbc="{CBC}">', 1)
    )


def drop(*paths):
    def change(root):
        for path in paths:
            for node in root.findall(path, NS):
                node.getparent().remove(node)

    return change


def say(path, text, **attributes):
    def change(root):
        node = root.find(path, NS)
        node.text = text
        for name, value in attributes.items():
            node.set(name, value)

    return change


def repeat(path, text=""):
    """Put a copy of an element behind it, with another text."""

    def change(root):
        node = root.find(path, NS)
        copy = deepcopy(node)
        copy.text = text or copy.text
        node.addnext(copy)

    return change


def behind(path, *texts):
    def change(root):
        for text in texts:
            root.find(path, NS).addnext(element(text))

    return change


def swap_rate(root):
    """A rate that no Swedish seller may charge, everywhere."""
    for path in (f"{LINE}/cac:Item/{RATE}", f"{GROUP}/cac:TaxCategory/cbc:Percent"):
        root.find(path, NS).text = "24"
    for path in (f"{GROUP}/cbc:TaxAmount", "cac:TaxTotal/cbc:TaxAmount"):
        root.find(path, NS).text = "24.00"


def second_payment(code, reference):
    def change(root):
        means = root.find("cac:PaymentMeans", NS)
        copy = deepcopy(means)
        copy.find("cbc:PaymentMeansCode", NS).text = code
        copy.find("cbc:PaymentID", NS).text = reference
        means.addnext(copy)

    return change


NOTE = "<cbc:Note>Brr</cbc:Note>"
DELIVERY = (
    "<cac:Delivery><cac:DeliveryLocation><cac:Address><cbc:CityName>Oulu"
    "</cbc:CityName></cac:Address></cac:DeliveryLocation></cac:Delivery>"
)
CHARGE = (
    "<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator>"
    '<cbc:Amount currencyID="EUR">5.00</cbc:Amount></cac:AllowanceCharge>'
)
DISCOUNT = (
    "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
    "<cbc:AllowanceChargeReason>Rebate</cbc:AllowanceChargeReason>"
    '<cbc:Amount currencyID="EUR">5.00</cbc:Amount></cac:AllowanceCharge>'
)
REASON = "<cbc:AllowanceChargeReason>Rebate</cbc:AllowanceChargeReason>"
REASONS = (
    f"{ALLOWANCE}/cbc:AllowanceChargeReason",
    f"{ALLOWANCE}/cbc:AllowanceChargeReasonCode",
)
ODD = (
    "<cac:TaxCategory><cbc:ID>X</cbc:ID><cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
    "</cac:TaxScheme></cac:TaxCategory>"
)
VAT_IN_BOOKS = (
    '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">25.50</cbc:TaxAmount></cac:TaxTotal>'
)
TERMS = "cac:PaymentTerms"
CODE = "cac:TaxCategory/cbc:TaxExemptionReasonCode"
CASES = (
    ("BR-05", valid, drop("cbc:DocumentCurrencyCode")),
    ("BR-09", valid, drop(f"{SELLER}/cac:PostalAddress/cac:Country")),
    ("BR-10", valid, drop(f"{BUYER}/cac:PostalAddress")),
    ("BR-21", valid, drop(f"{LINE}/cbc:ID")),
    ("BR-32", valid, behind(TERMS, DISCOUNT)),
    ("BR-45", valid, drop(f"{GROUP}/cbc:TaxableAmount")),
    ("BR-47", valid, drop(f"{GROUP}/cac:TaxCategory/cac:TaxScheme")),
    ("BR-48", valid, drop(f"{GROUP}/cac:TaxCategory/cbc:Percent")),
    ("BR-57", valid, behind("cac:AccountingCustomerParty", DELIVERY)),
    (
        "BR-CL-22",
        lambda: with_lines(EXEMPT),
        behind(
            f"{GROUP}/cac:TaxCategory/cbc:Percent",
            "<cbc:TaxExemptionReasonCode>VATEX-EU-1</cbc:TaxExemptionReasonCode>",
        ),
    ),
    (
        "BR-CO-04",
        valid,
        drop(f"{LINE}/cac:Item/cac:ClassifiedTaxCategory/cac:TaxScheme"),
    ),
    ("BR-CO-11", valid, behind(TERMS, DISCOUNT)),
    ("BR-CO-12", valid, behind(TERMS, CHARGE)),
    ("BR-CO-21", valid, behind(TERMS, DISCOUNT.replace(REASON, ""))),
    ("BR-CO-22", valid, behind(TERMS, CHARGE)),
    ("BR-CO-23", lambda: valid(lines=DISCOUNTED), drop(*REASONS)),
    ("BR-CO-24", lambda: valid(lines=CHARGED), drop(*REASONS)),
    ("BR-CL-17", valid, behind(TERMS, DISCOUNT.replace("</cac:A", ODD + "</cac:A"))),
    ("BR-E-05", lambda: with_lines(EXEMPT), say(f"{LINE}/cac:Item/{RATE}", "5")),
    (
        "BR-CO-26",
        lambda: with_lines(EXEMPT),
        drop(
            f"{SELLER}/cac:PartyTaxScheme",
            f"{SELLER}/cac:PartyIdentification",
            f"{SELLER}/{LEGAL}",
        ),
    ),
    (
        "BR-IC-02",
        lambda: with_lines(GOODS, buyer="EE"),
        drop(f"{BUYER}/cac:PartyTaxScheme"),
    ),
    (
        "BR-IC-11",
        lambda: with_lines(GOODS, buyer="EE"),
        drop("cac:Delivery/cbc:ActualDeliveryDate"),
    ),
    (
        "BR-IC-12",
        lambda: with_lines(GOODS, buyer="EE"),
        drop("cac:Delivery/cac:DeliveryLocation"),
    ),
    (
        "BR-E-10",
        lambda: with_lines(EXEMPT),
        drop(f"{GROUP}/cac:TaxCategory/cbc:TaxExemptionReason", f"{GROUP}/{CODE}"),
    ),
    ("BR-O-11", lambda: with_lines(Tax("O", "0", "Outside"), standard()), drop()),
    (
        "NL-R-001",
        lambda: valid("NL", "NL", root="CreditNote"),
        drop("cac:BillingReference"),
    ),
    (
        "NL-R-003",
        lambda: valid("NL", "NL"),
        say(f"{SELLER}/{LEGAL}", "12345678", schemeID="0088"),
    ),
    (
        "NL-R-005",
        lambda: valid("NL", "NL"),
        say(f"{BUYER}/{LEGAL}", "12345678", schemeID="0088"),
    ),
    ("NL-R-007", lambda: valid("NL", "NL"), drop("cac:PaymentMeans")),
    (
        "NL-R-008",
        lambda: valid("NL", "NL"),
        say("cac:PaymentMeans/cbc:PaymentMeansCode", "42"),
    ),
    (
        "PEPPOL-COMMON-R040",
        valid,
        say(f"{BUYER}/cbc:EndpointID", "7300010000002", schemeID="0088"),
    ),
    (
        "PEPPOL-COMMON-R042",
        valid,
        say(f"{BUYER}/cbc:EndpointID", "1234567", schemeID="0184"),
    ),
    (
        "PEPPOL-COMMON-R043",
        valid,
        say(f"{BUYER}/cbc:EndpointID", "0123456789", schemeID="0208"),
    ),
    (
        "PEPPOL-EN16931-CL002",
        lambda: valid(lines=DISCOUNTED),
        say(f"{ALLOWANCE}/cbc:AllowanceChargeReasonCode", "XX"),
    ),
    (
        "PEPPOL-EN16931-CL008",
        valid,
        say(f"{BUYER}/cbc:EndpointID", "12345671", schemeID="EM"),
    ),
    (
        "PEPPOL-EN16931-P0104",
        lambda: with_lines(GOODS, buyer="EE"),
        say(f"{GROUP}/{CODE}", "VATEX-EU-G"),
    ),
    ("PEPPOL-EN16931-R002", valid, behind("cbc:InvoiceTypeCode", NOTE, NOTE)),
    (
        "PEPPOL-EN16931-R005",
        valid,
        behind(
            "cbc:DocumentCurrencyCode", "<cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>"
        ),
    ),
    ("PEPPOL-EN16931-R054", valid, behind("cac:TaxTotal", VAT_IN_BOOKS)),
    ("SE-R-006", lambda: valid("SE", "SE"), swap_rate),
    (
        "UBL-SR-07",
        lambda: valid(root="CreditNote"),
        drop("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"),
    ),
    ("UBL-SR-16", valid, repeat(f"{BUYER}/cac:PartyIdentification")),
    ("UBL-SR-34", valid, behind(f"{LINE}/cbc:ID", NOTE, NOTE)),
    ("UBL-SR-44", valid, second_payment("30", "999")),
    ("UBL-SR-47", valid, second_payment("58", "1234561")),
)


@pytest.mark.parametrize(("rule", "make", "change"), CASES, ids=[c[0] for c in CASES])
def test_broken_rule_is_found_by_its_id(rule, make, change):
    root = make()
    if rule != "BR-O-11":
        assert not errors(root)
    change(root)
    assert rule in {problem.rule for problem in errors(root)}
