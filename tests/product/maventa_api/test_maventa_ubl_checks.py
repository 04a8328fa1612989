"""The native checks find what the official rules would refuse."""

import pytest
from lxml import etree
from maventa_api.ubl import PLACES, Problem, Severity, problems_of, put_right
from test_maventa_ubl import document, errors, values_of
from ubl_samples import NS, build

SELLER = "cac:AccountingSupplierParty/cac:Party"
BUYER = "cac:AccountingCustomerParty/cac:Party"
LINE = "cac:InvoiceLine"
TAX = "cac:TaxTotal/cac:TaxSubtotal"
TOTAL = "cac:LegalMonetaryTotal"


def valid(seller="FI", buyer="FI", **values):
    made = document(seller, buyer, **values)
    return etree.fromstring(put_right(build(made), values_of(made)))


def found(root):
    return {(problem.code, problem.rule) for problem in errors(root)}


@pytest.mark.parametrize(
    ("path", "code", "rule"),
    [
        ("cbc:ID", "missing", "BR-02"),
        ("cbc:IssueDate", "missing", "BR-03"),
        ("cbc:ProfileID", "not_peppol", "PEPPOL-EN16931-R007"),
        ("cbc:CustomizationID", "not_peppol", "PEPPOL-EN16931-R004"),
        ("cac:OrderReference", "reference_missing", "PEPPOL-EN16931-R003"),
        (SELLER, "party_missing", "BR-06"),
        (f"{SELLER}/cac:PostalAddress", "address_missing", "BR-08"),
        (f"{BUYER}/cac:PostalAddress/cac:Country", "country_missing", "BR-11"),
        (
            f"{SELLER}/cbc:EndpointID",
            "electronic_address_missing",
            "PEPPOL-EN16931-R020",
        ),
        (
            f"{BUYER}/cbc:EndpointID",
            "electronic_address_missing",
            "PEPPOL-EN16931-R010",
        ),
        (f"{BUYER}/cac:PartyLegalEntity", "name_missing", "BR-07"),
        (f"{SELLER}/cac:PartyTaxScheme", "vat_number_missing", "BR-S-02"),
        (
            f"{SELLER}/cac:PartyTaxScheme/cbc:CompanyID",
            "vat_number_empty",
            "UBL-SR-53",
        ),
        ("cac:PaymentMeans/cac:PayeeFinancialAccount", "account_missing", "BR-61"),
        ("cac:PaymentMeans/cbc:PaymentMeansCode", "payment_code", "BR-49"),
        (LINE, "no_lines", "BR-16"),
        (f"{LINE}/cac:Item/cbc:Name", "item_name_missing", "BR-25"),
        (f"{LINE}/cbc:InvoicedQuantity", "quantity_missing", "BR-22"),
        (f"{LINE}/cac:Price", "price_missing", "BR-26"),
        (f"{LINE}/cac:Item/cac:ClassifiedTaxCategory", "tax_missing", "UBL-SR-48"),
        (TAX, "tax_groups", "BR-S-01"),
        (TOTAL, "missing", "BR-CO-15"),
    ],
)
def test_what_is_missing_is_found(path, code, rule):
    root = valid()
    for node in root.findall(path, NS):
        node.getparent().remove(node)
    assert (code, rule) in found(root)


def test_document_of_texts_alone_has_one_problem():
    root = valid()
    for path in (LINE, "cac:TaxTotal"):
        for node in root.findall(path, NS):
            node.getparent().remove(node)
    assert found(root) == {("no_lines", "BR-16")}


@pytest.mark.parametrize(
    ("path", "text", "code", "rule"),
    [
        ("cbc:IssueDate", "2.3.2026", "date_malformed", "PEPPOL-EN16931-F001"),
        ("cbc:InvoiceTypeCode", "384", "type_code", "PEPPOL-EN16931-P0112"),
        ("cbc:InvoiceTypeCode", "325", "type_code", "PEPPOL-EN16931-P0100"),
        (
            f"{BUYER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode",
            "UK",
            "country_unknown",
            "BR-CL-14",
        ),
        (
            f"{SELLER}/cac:PartyTaxScheme/cbc:CompanyID",
            "12345671",
            "vat_number_malformed",
            "BR-CO-09",
        ),
        ("cac:PaymentTerms/cbc:Note", " ", "empty_element", "PEPPOL-EN16931-R008"),
        (f"{LINE}/cac:Price/cbc:PriceAmount", "-1", "price_negative", "BR-27"),
        (
            f"{LINE}/cac:Price/cbc:PriceAmount",
            "49.98",
            "line_amount",
            "PEPPOL-EN16931-R120",
        ),
        (f"{LINE}/cbc:LineExtensionAmount", "100.005", "decimals", "BR-DEC-23"),
        (
            f"{LINE}/cac:Item/cac:ClassifiedTaxCategory/cbc:ID",
            "X",
            "tax_category",
            "BR-CL-18",
        ),
        (
            f"{LINE}/cac:Item/cac:ClassifiedTaxCategory/cbc:Percent",
            "0",
            "tax_rate",
            "BR-S-05",
        ),
        (f"{TAX}/cbc:TaxAmount", "30", "tax_amount", "BR-S-09"),
        (f"{TAX}/cbc:TaxableAmount", "101", "tax_base", "BR-S-08"),
        (f"{TOTAL}/cbc:LineExtensionAmount", "1", "sum", "BR-CO-10"),
        (f"{TOTAL}/cbc:TaxExclusiveAmount", "1", "sum", "BR-CO-13"),
        (f"{TOTAL}/cbc:TaxInclusiveAmount", "1", "sum", "BR-CO-15"),
        (f"{TOTAL}/cbc:PayableAmount", "1", "sum", "BR-CO-16"),
        ("cac:TaxTotal/cbc:TaxAmount", "1", "sum", "BR-CO-14"),
    ],
)
def test_what_is_wrong_is_found(path, text, code, rule):
    root = valid()
    root.find(path, NS).text = text
    assert (code, rule) in found(root)


@pytest.mark.parametrize(
    ("seller", "path", "text", "code", "rule"),
    [
        (
            "SE",
            "cac:PartyTaxScheme/cbc:CompanyID",
            "SE5560125790",
            "vat_number_malformed",
            "SE-R-001",
        ),
        (
            "SE",
            "cac:PartyLegalEntity/cbc:CompanyID",
            "5560125791",
            "organisation_number_malformed",
            "SE-R-013",
        ),
        (
            "SE",
            "cbc:EndpointID",
            "5560125791",
            "electronic_address_malformed",
            "PEPPOL-COMMON-R049",
        ),
        (
            "NO",
            "cac:PartyTaxScheme/cbc:CompanyID",
            "NO923609016",
            "vat_number_malformed",
            "NO-R-001",
        ),
        (
            "NO",
            "cac:PartyLegalEntity/cbc:CompanyID",
            "923609017",
            "organisation_number_malformed",
            "PEPPOL-COMMON-R041",
        ),
    ],
)
def test_the_rules_of_the_sellers_country_are_known(seller, path, text, code, rule):
    root = valid(seller, seller)
    root.find(f"{SELLER}/{path}", NS).text = text
    assert (code, rule) in found(root)


def test_dutch_address_without_post_code_is_found():
    root = valid("NL", "NL")
    for path in (SELLER, BUYER):
        node = root.find(f"{path}/cac:PostalAddress/cbc:PostalZone", NS)
        node.getparent().remove(node)
    rules = {("address_incomplete", "NL-R-002"), ("address_incomplete", "NL-R-004")}
    assert found(root) == rules


def test_the_tax_statement_of_sweden_has_one_text():
    root = valid("SE", "SE")
    root.findall(f"{SELLER}/cac:PartyTaxScheme/cbc:CompanyID", NS)[1].text = "F-skatt"
    assert found(root) == {("tax_statement", "SE-R-005")}


def test_a_withdrawn_scheme_is_found_with_the_address():
    root = valid()
    root.find(f"{BUYER}/cbc:EndpointID", NS).set("schemeID", "0037")
    [problem] = errors(root)
    assert problem.code == "electronic_address_scheme_withdrawn"
    assert (problem.place, problem.value) == ("buyer", "0037:003723456780")


def test_a_dutch_party_without_kvk_is_found():
    root = valid("NL", "NL")
    for path in (SELLER, BUYER):
        node = root.find(f"{path}/cac:PartyLegalEntity/cbc:CompanyID", NS)
        node.getparent().remove(node)
    missing = [p for p in problems_of(root) if p.code == "organisation_number_missing"]
    assert [(p.place, p.severity) for p in missing] == [
        ("seller", Severity.ERROR),
        ("buyer", Severity.WARNING),
    ]


@pytest.mark.parametrize(("seller", "severity"), [("NL", "error"), ("FI", "warning")])
def test_a_credit_note_without_original_is_refused_where_the_law_says_so(
    seller, severity
):
    root = valid(seller, root="CreditNote")
    root.remove(root.find("cac:BillingReference", NS))
    [problem] = [p for p in problems_of(root) if p.code == "original_missing"]
    assert (problem.severity, problem.rule) == (severity, "NL-R-001")


def test_our_own_number_as_order_number_is_a_warning():
    root = valid()
    root.find("cac:OrderReference/cbc:ID", NS).text = "INV/2026/00007"
    codes = [problem.code for problem in problems_of(root)]
    assert codes == ["own_number_as_order"]
    assert errors(root) == []


def test_a_debit_note_is_no_document_of_peppol():
    assert "debit_note" in {
        p.code for p in problems_of(build(document(root="DebitNote")))
    }


def test_a_problem_knows_its_line_and_is_told_once():
    root = valid()
    name = root.find(f"{LINE}/cac:Item/cbc:Name", NS)
    name.getparent().remove(name)
    [problem] = errors(root)
    assert problem == Problem("item_name_missing", "line 1", "", "BR-25")
    assert problem.line == "1"
    assert Problem("sum", "document").line == ""


def test_every_place_is_of_the_list():
    found_places = {p.place for p in problems_of(build(document("NL", "NL")))}
    assert {place.partition(" ")[0] for place in found_places} <= set(PLACES)
