"""Finished UBL documents are put right, whichever builder made them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from lxml import etree
from maventa_api.bank_accounts import Account
from maventa_api.party_identifiers import KnownParty, identifiers_of
from maventa_api.ubl import (
    BUSINESS_REGISTER,
    F_TAX,
    AccountingVat,
    AddressValues,
    DeliveryValues,
    DocumentValues,
    EarlierInvoice,
    EmbeddedFile,
    LineValues,
    PartyValues,
    PaymentValues,
    ReferenceValues,
    UblError,
    embed,
    problems_of,
    put_right,
)
from maventa_api.vat_categories import VatCategory
from maventa_api.xml_text import xml_values
from ubl_samples import BIS3, NS, Document, Line, Party, Tax, build

SELLERS = {
    "FI": Party("FI", "FI12345671", "", "FI12345671", "0213", "Lumi Oy"),
    "SE": Party("SE", "SE556012579001", "", "SE556012579001", "9955", "Snö AB"),
    "NO": Party("NO", "NO923609016MVA", name="Is AS"),
    "NL": Party("NL", "NL123456782B90", "12345678", name="Water BV"),
}
BUYERS = {
    "FI": Party("FI", "FI23456780", name="Kuura Oy"),
    "AX": Party("AX", "", "2345678-0", name="Holm Ab"),
    "SE": Party("SE", "SE202100548901", name="Verket"),
    "NO": Party("NO", "", "974 760 673", name="Fjell AS"),
    "NL": Party("NL", "NL123456782B90", "87654321", name="Dijk BV"),
    "EE": Party("EE", "EE123456780", "12345678", "EE123456780", "9931", "Mets OÜ"),
    "DK": Party("DK", "DK12345674", name="Bakke ApS"),
}
ACCOUNTS = {
    "FI": "FI2112345600000785",
    "SE": "5050-1055",
    "NO": "8601 11 17947",
    "NL": "NL91ABNA0417164300",
}
STATEMENTS = {"SE": F_TAX, "NO": BUSINESS_REGISTER}
RATES = {"FI": "25.5", "SE": "25", "NO": "25", "NL": "21"}
CURRENCIES = {"FI": "EUR", "SE": "SEK", "NO": "NOK", "NL": "EUR"}
EXEMPT = Tax("E", "0", "Exempt from tax")
LEGAL = "{*}PartyLegalEntity/{*}CompanyID"
MEANS = "{*}PaymentMeans"
GROUPS = "{*}TaxTotal/{*}TaxSubtotal"


def standard(seller="FI"):
    return Tax("S", RATES[seller])


def document(seller="FI", buyer="FI", **values):
    values.setdefault("lines", (Line(tax=standard(seller)),))
    values.setdefault("currency", CURRENCIES[seller])
    return Document(SELLERS[seller], BUYERS[buyer], **values)


def known(party):
    return KnownParty(
        party.country, party.vat, party.registry, party.scheme, party.endpoint
    )


def values_of(made, **changes):
    seller = made.seller.country
    original = "" if made.root == "Invoice" else "INV/2026/00001"
    account = Account.parse(ACCOUNTS[seller], country=seller)
    values = DocumentValues(
        seller=PartyValues(
            identifiers_of(known(made.seller)), STATEMENTS.get(seller, "")
        ),
        buyer=PartyValues(identifiers_of(known(made.buyer)), customer_number="1001"),
        references=ReferenceValues(order="PO-1", original=original),
        payment=PaymentValues((account,), "1234561", date(2026, 3, 16), "14 days"),
        delivery=DeliveryValues(date(2026, 3, 1)),
    )
    return replace(values, **changes)


def right(made, **changes):
    """Return the tree of a document that was put right, twice the same."""
    values = values_of(made, **changes)
    fixed = put_right(build(made), values)
    assert put_right(fixed, values) == fixed
    return etree.fromstring(fixed)


def errors(root):
    return [problem for problem in problems_of(root) if problem.severity == "error"]


def texts(root, path):
    return [node.text for node in root.findall(path)]


def party(root, role):
    return root.find(f"{{*}}Accounting{role}Party/{{*}}Party")


# === EVERY SHAPE === #


@pytest.mark.parametrize("builder", [{"is_old": True}, {}, {"is_new": True}], ids=str)
@pytest.mark.parametrize("kind", ["Invoice", "CreditNote", "DebitNote"])
@pytest.mark.parametrize("buyer", BUYERS)
@pytest.mark.parametrize("seller", SELLERS)
def test_every_seller_buyer_and_type_is_valid(seller, buyer, kind, builder):
    made = document(seller, buyer, root=kind, notes=("One", "Two"), **builder)
    assert errors(build(made)) != []
    assert errors(right(made)) == []


def test_a_document_that_is_right_stays_as_it_is():
    made = document("SE", "SE")
    fixed = put_right(build(made), values_of(made))
    assert put_right(fixed, DocumentValues(values_of(made).seller)) != b""
    untouched = replace(values_of(made), references=None, payment=None)
    assert put_right(fixed, untouched) == fixed


def test_the_document_of_the_caller_is_not_changed():
    root = etree.fromstring(build(document()))
    before = etree.tostring(root)
    put_right(root, values_of(document()))
    assert etree.tostring(root) == before


def test_comments_are_left_away():
    raw = build(document()).replace(
        b"<cac:PaymentTerms>", b"<!-- x --><cac:PaymentTerms>"
    )
    for given in (raw, etree.fromstring(raw)):
        fixed = put_right(given, values_of(document()))
        assert b"<!--" not in fixed
        assert errors(fixed) == []


@pytest.mark.parametrize(
    "text",
    [
        b"no XML",
        b"<Order xmlns='urn:x'/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><Invoice>&b;</Invoice>',
    ],
)
def test_what_is_no_invoice_is_refused(text):
    with pytest.raises(UblError):
        put_right(text, DocumentValues())


def test_values_for_lines_that_are_not_there_are_refused():
    lines = (LineValues(), LineValues())
    with pytest.raises(UblError):
        put_right(build(document()), values_of(document(), lines=lines))


def test_control_characters_do_not_reach_the_document():
    odd = "\x0b\x00\ud800\ufffe\uffff"
    file = EmbeddedFile(f"a{odd}.pdf", "application/pdf", b"%PDF-1.4")
    values = values_of(document(), note=f"First{odd} line")
    root = etree.fromstring(embed(put_right(build(document()), values), (file,)))
    assert texts(root, "{*}Note") == ["First line"]
    assert texts(root, "{*}AdditionalDocumentReference/{*}ID") == ["a.pdf"]


def test_builders_get_no_characters_that_xml_does_not_know():
    node = {"a": [{"_text": "A\ufffeB", "n": 1.5}, None], "b": {"c": "\uffffC"}}
    assert xml_values(node) == {"a": [{"_text": "AB", "n": 1.5}, None], "b": {"c": "C"}}


# === PARTIES === #


@pytest.mark.parametrize(
    ("seller", "address", "legal"),
    [
        ("FI", ("003712345671", "0216"), ("1234567-1", "0212")),
        ("SE", ("5560125790", "0007"), ("5560125790", "0007")),
        ("NO", ("923609016", "0192"), ("923609016", "0192")),
        ("NL", ("12345678", "0106"), ("12345678", "0106")),
    ],
)
def test_a_seller_is_named_by_the_lists_of_its_country(seller, address, legal):
    found = party(right(document(seller)), "Supplier")
    endpoint, company = found.find("{*}EndpointID"), found.find(LEGAL)
    assert (endpoint.text, endpoint.get("schemeID")) == address
    assert (company.text, company.get("schemeID")) == legal


def test_without_a_vat_number_there_is_no_tax_scheme():
    found = party(right(document(buyer="AX")), "Customer")
    assert found.findall("{*}PartyTaxScheme") == []
    assert found.findtext(LEGAL) == "2345678-0"


@pytest.mark.parametrize(
    ("seller", "numbers"),
    [
        ("FI", [("FI12345671", "VAT")]),
        ("SE", [("SE556012579001", "VAT"), (F_TAX, "TAX")]),
        ("NO", [("NO923609016MVA", "VAT"), (BUSINESS_REGISTER, "TAX")]),
    ],
)
def test_the_tax_statement_stands_behind_the_vat_number(seller, numbers):
    schemes = party(right(document(seller)), "Supplier").findall("{*}PartyTaxScheme")
    found = [
        (node.findtext("{*}CompanyID"), node.findtext("{*}TaxScheme/{*}ID"))
        for node in schemes
    ]
    assert found == numbers


def test_a_buyer_has_one_number_which_is_the_customer_number():
    buyer = party(right(document("NL", "NL")), "Customer")
    assert texts(buyer, "{*}PartyIdentification/{*}ID") == ["1001"]


def test_danish_parties_have_no_number_without_a_list():
    made = replace(document("NL", "DK"), seller=replace(BUYERS["DK"], name="Å ApS"))
    values = replace(values_of(document("NL", "DK")), references=None, payment=None)
    danish = identifiers_of(known(made.seller))
    values = replace(values, seller=PartyValues(danish), buyer=values.buyer)
    root = etree.fromstring(put_right(build(made), values))
    for role in ("Supplier", "Customer"):
        assert not texts(party(root, role), "{*}PartyIdentification/{*}ID")
    assert texts(party(root, "Customer"), LEGAL) == ["12345674"]


def test_a_current_address_of_the_builder_stays_where_none_is_known():
    made = document()
    made = replace(made, buyer=replace(made.buyer, endpoint="123", scheme="9930"))
    root = right(made, buyer=PartyValues())
    assert party(root, "Customer").findtext("{*}EndpointID") == "123"
    made = replace(made, buyer=replace(made.buyer, scheme="EM"))
    root = right(made, buyer=PartyValues())
    assert party(root, "Customer").find("{*}EndpointID") is None


def test_the_email_address_goes_where_maventa_may_not_use_it():
    made = document()
    buyer = replace(values_of(made).buyer, is_email_allowed=False)
    root = right(made, buyer=buyer)
    assert party(root, "Customer").find(".//{*}ElectronicMail") is None
    assert party(root, "Supplier").find(".//{*}ElectronicMail") is not None


def test_no_element_is_empty():
    root = right(document(is_old=True))
    assert [n.tag for n in root.iter("*") if not len(n) and not n.text.strip()] == []


# === PAYMENT === #


@pytest.mark.parametrize(
    ("seller", "account", "branch"),
    [
        ("FI", "FI2112345600000785", "NDEAFIHH"),
        ("SE", "50501055", "SE:BANKGIRO"),
        ("NO", "86011117947", None),
        ("NL", "NL91ABNA0417164300", None),
    ],
)
def test_accounts_are_written_as_the_country_wants_them(seller, account, branch):
    means = right(document(seller)).find(MEANS)
    assert means.findtext("{*}PaymentMeansCode") == "30"
    assert means.findtext("{*}PayeeFinancialAccount/{*}ID") == account
    path = "{*}PayeeFinancialAccount/{*}FinancialInstitutionBranch/{*}ID"
    assert means.findtext(path) == branch
    assert means.find(".//{*}ID[@schemeID]") is None


def test_plusgiro_and_bankgiro_stand_side_by_side():
    made = document("SE", "SE")
    accounts = tuple(
        Account.parse(text, country="SE") for text in ("5050-1055", "28 65 43-4")
    )
    root = right(made, payment=PaymentValues(accounts, "1234 5674"))
    path = f"{MEANS}/{{*}}PayeeFinancialAccount/{{*}}FinancialInstitutionBranch/{{*}}ID"
    assert texts(root, path) == ["SE:BANKGIRO", "SE:PLUSGIRO"]
    assert texts(root, f"{MEANS}/{{*}}PaymentID") == ["12345674"] * 2
    assert errors(root) == []


def test_a_credit_note_names_no_account():
    root = right(document(root="CreditNote", account="FI5542345670000081"))
    assert root.find(f"{MEANS}/{{*}}PayeeFinancialAccount") is None


@pytest.mark.parametrize("seller", SELLERS)
def test_a_credit_note_has_its_due_date(seller):
    """Dutch parties among themselves have no code for a payment that nobody knows."""
    root = right(document(seller, seller, root="CreditNote"))
    means = [[node.text for node in found] for found in root.findall(MEANS)]
    assert means == ([["1", "2026-03-16"]] if seller != "NL" else [])
    assert root.find("{*}DueDate") is None
    assert errors(root) == []


def test_a_credit_note_without_a_due_date_has_no_means():
    root = right(document(root="CreditNote"), payment=PaymentValues())
    assert root.find(MEANS) is None


def test_the_builders_account_stays_where_no_payment_is_given():
    root = right(document(bic="NDEAFIHH", is_old=True), payment=None)
    branch = root.find(f"{MEANS}//{{*}}FinancialInstitutionBranch/{{*}}ID")
    assert (branch.text, dict(branch.attrib)) == ("NDEAFIHH", {})
    assert errors(root) == []


def test_a_dutch_invoice_without_account_is_refused():
    root = right(document("NL", "NL"), payment=PaymentValues(reference="7"))
    assert [(p.code, p.rule) for p in errors(root)] == [("account_missing", "NL-R-007")]


# === HEAD === #


def test_a_debit_note_is_an_invoice():
    root = right(document(root="DebitNote"))
    assert etree.QName(root).localname == "Invoice"
    assert texts(root, "{*}InvoiceTypeCode") == ["380"]
    assert len(root.findall("{*}InvoiceLine/{*}InvoicedQuantity")) == 1
    root = right(document(root="DebitNote"), type_code="383")
    assert texts(root, "{*}InvoiceTypeCode") == ["383"]


def test_a_type_that_only_germany_knows_is_380():
    assert texts(right(document(), type_code="384"), "{*}InvoiceTypeCode") == ["380"]


@pytest.mark.parametrize("seller", SELLERS)
def test_a_credit_note_names_the_number_of_the_original_alone(seller):
    said = "Reversal of: INV/2026/00001, too dear"
    made = document(seller, root="CreditNote", order=said, billing_reference=said)
    root = right(made)
    path = "{*}BillingReference/{*}InvoiceDocumentReference/*"
    assert texts(root, path) == ["INV/2026/00001"]
    assert texts(root, "{*}OrderReference/{*}ID") == ["PO-1"]
    assert "Reversal" not in etree.tostring(root, encoding="unicode")


@pytest.mark.parametrize(
    ("references", "order", "buyer"),
    [
        (ReferenceValues("PO-1", "Anna"), ["PO-1"], ["Anna"]),
        (ReferenceValues(buyer="Anna"), [], ["Anna"]),
        (ReferenceValues(buyer="Anna", sales_order="S7"), ["NA", "S7"], ["Anna"]),
        (ReferenceValues(), ["NA"], []),
    ],
)
def test_our_own_number_is_never_the_buyers_order(references, order, buyer):
    root = right(document(), references=references)
    assert texts(root, "{*}OrderReference/*") == order
    assert texts(root, "{*}BuyerReference") == buyer
    assert errors(root) == []


def test_advances_that_are_deducted_are_named_beside_the_original():
    advances = (EarlierInvoice("INV/1", date(2026, 1, 2)), EarlierInvoice("INV/2"))
    for original in ("", "INV/0"):
        references = ReferenceValues("PO-1", original=original, advances=advances)
        root = right(document(), references=references)
        path = "{*}BillingReference/{*}InvoiceDocumentReference"
        found = [
            (node.findtext("{*}ID"), node.findtext("{*}IssueDate"))
            for node in root.findall(path)
        ]
        first = [(original, None)] if original else []
        assert found == [*first, ("INV/1", "2026-01-02"), ("INV/2", None)]
        assert errors(root) == []


def test_there_is_one_note():
    root = right(document(notes=("One", "Two")))
    assert texts(root, "{*}Note") == ["One\nTwo"]
    root = right(document(notes=("One", "Two")), note="Three")
    assert texts(root, "{*}Note") == ["Three"]


def test_the_profile_is_that_of_peppol():
    raw = build(document()).replace(BIS3[0].encode(), b"urn:cen.eu:en16931:2017")
    root = etree.fromstring(put_right(raw, values_of(document())))
    assert root.findtext("{*}CustomizationID") == BIS3[0]


# === LINES === #


@pytest.mark.parametrize(
    ("line", "price", "base"),
    [
        (Line("3", "11.11", "33.34"), "11.11", None),
        (Line("7.25", "99.99", "724.95"), "99.993103", None),
        (Line("1000000", "0.000001", "1.23"), "0.000123", "100"),
        (Line("123456.7", "0.00", "0.37"), "0.000003", None),
        (Line("1", "-20", "-20.00"), "20.00", None),
        (Line("0", "5", "0.00"), "5.00", None),
    ],
)
def test_price_times_quantity_is_the_amount(line, price, base):
    made = document(lines=(Line(tax=standard()), replace(line, tax=standard())))
    root = right(made)
    found = root.findall("{*}InvoiceLine")[1]
    assert found.findtext("{*}Price/{*}PriceAmount") == price
    assert found.findtext("{*}Price/{*}BaseQuantity") == base
    assert found.findtext("{*}LineExtensionAmount") == line.total
    assert errors(root) == []


def test_a_blank_label_takes_the_name_that_the_caller_knows():
    made = document(lines=(Line(tax=standard(), name=" "),))
    assert [p.code for p in errors(right(made))] == ["item_name_missing"]
    assert errors(right(made))[0].line == "1"
    root = right(made, lines=(LineValues(name="Hours\nin May"),))
    assert root.findtext("{*}InvoiceLine/{*}Item/{*}Name") == "Hours in May"


def test_text_lines_are_the_note_of_a_line():
    root = right(document(), lines=(LineValues(note="As agreed"),))
    assert texts(root, "{*}InvoiceLine/{*}Note") == ["As agreed"]


def test_a_document_of_texts_alone_is_refused():
    root = right(document(lines=(), notes=("Text",)))
    assert "no_lines" in [problem.code for problem in errors(root)]


def test_a_fixed_tax_is_a_charge_of_the_line():
    line = Line("2", "50", "103.00", standard(), allowances=(("true", "AEO", "3.00"),))
    root = right(document(lines=(line,)))
    charge = root.find("{*}InvoiceLine/{*}AllowanceCharge")
    assert charge.findtext("{*}AllowanceChargeReasonCode") == "ZZZ"
    assert errors(root) == []


def test_a_discount_below_zero_is_a_charge():
    line = Line("2", "50", "110.00", standard(), allowances=(("false", "95", "-10"),))
    charge = right(document(lines=(line,))).find("{*}InvoiceLine/{*}AllowanceCharge")
    assert charge.findtext("{*}ChargeIndicator") == "true"
    assert charge.findtext("{*}Amount") == "10.00"


# === VAT === #


@pytest.mark.parametrize(
    ("code", "reason_code"),
    [
        ("AE", "VATEX-EU-AE"),
        ("K", "VATEX-EU-IC"),
        ("G", "VATEX-EU-G"),
        ("O", "VATEX-EU-O"),
        ("Z", None),
    ],
)
def test_a_category_brings_its_reason(code, reason_code):
    made = document(buyer="SE", lines=(Line(tax=EXEMPT),))
    root = right(made, lines=(LineValues(VatCategory(code)),))
    [group] = root.findall(GROUPS)
    assert group.findtext("{*}TaxCategory/{*}ID") == code
    assert group.findtext("{*}TaxCategory/{*}TaxExemptionReasonCode") == reason_code
    line = root.find("{*}InvoiceLine/{*}Item/{*}ClassifiedTaxCategory")
    assert line.findtext("{*}ID") == code
    assert line.find("{*}TaxExemptionReason") is None
    assert errors(root) == []


def test_outside_the_scope_no_vat_number_is_named():
    made = document("SE", "SE", lines=(Line(tax=EXEMPT),))
    root = right(made, lines=(LineValues(VatCategory("O")),))
    numbers = texts(root, ".//{*}PartyTaxScheme/{*}CompanyID")
    assert numbers == [F_TAX]
    assert root.find(".//{*}ClassifiedTaxCategory/{*}Percent") is None


def test_outside_the_scope_beside_others_is_refused():
    made = document(lines=(Line(tax=standard()), Line(tax=EXEMPT)))
    root = right(made, lines=(LineValues(), LineValues(VatCategory("O"))))
    assert "outside_scope_mixed" in [problem.code for problem in errors(root)]


def test_exempt_lines_of_several_reasons_are_one_group():
    lines = (Line(tax=EXEMPT), Line(tax=Tax("E", "0", "Another")))
    healthcare = VatCategory("E", reason="Healthcare", reason_code="VATEX-EU-132")
    root = right(document(lines=lines), lines=(LineValues(), LineValues(healthcare)))
    [group] = root.findall(GROUPS)
    assert group.findtext("{*}TaxableAmount") == "200.00"
    assert group.findtext("{*}TaxCategory/{*}TaxExemptionReason") == "Healthcare"
    assert errors(root) == []


@pytest.mark.parametrize("kind", ["Invoice", "CreditNote"])
@pytest.mark.parametrize("code", ["E", "AE", "Z"])
def test_an_early_payment_discount_beside_a_line_without_vat(code, kind):
    made = document(
        lines=(Line(tax=standard()), Line(tax=EXEMPT)),
        allowances=(("false", "2.00", standard()), ("true", "2.00", EXEMPT)),
        root=kind,
    )
    root = right(made, lines=(LineValues(), LineValues(VatCategory(code))))
    assert errors(root) == []
    total = root.find("{*}LegalMonetaryTotal")
    assert total.findtext("{*}AllowanceTotalAmount") == "2.00"
    assert total.findtext("{*}TaxExclusiveAmount") == "200.00"


def test_vat_that_was_booked_stays():
    root = right(document(tax_surplus="0.35"))
    assert root.findtext(f"{GROUPS}/{{*}}TaxAmount") == "25.85"
    assert errors(root) == []


def test_the_rate_of_another_country_is_refused_in_sweden():
    root = right(document("SE", "SE", lines=(Line(tax=Tax("S", "19")),)))
    assert [problem.rule for problem in errors(root)] == ["SE-R-006"]


def test_a_charge_that_no_line_goes_with_has_the_words_of_its_category():
    made = document(
        allowances=(("false", "2.00", standard()), ("true", "2.00", EXEMPT))
    )
    root = right(made, discount_reason="Cash discount")
    reasons = root.xpath("//*[local-name()='TaxExemptionReason']/text()")
    assert reasons == ["Exempt from VAT"]
    paths = ("{*}AllowanceChargeReasonCode", "{*}AllowanceChargeReason")
    found = [
        tuple(node.findtext(path) for path in paths)
        for node in root.findall("{*}AllowanceCharge")
    ]
    assert found == [("95", "Cash discount"), ("ZZZ", "Cash discount")]
    assert errors(root) == []


# === AMOUNTS === #


def test_the_rounding_of_a_line_is_no_discount():
    made = build(document(lines=(Line("1", "3.33", "3.32", standard()),)))
    root = etree.fromstring(made)
    _discount(root, "0.0", "0.01", "3.33")
    fixed = etree.fromstring(put_right(root, values_of(document())))
    [line] = fixed.findall("{*}InvoiceLine")
    assert line.find("{*}AllowanceCharge") is None
    assert line.findtext("{*}LineExtensionAmount") == "3.32"
    assert errors(fixed) == []


def test_the_booked_amount_of_a_line_changes_its_discount():
    made = build(document(lines=(Line("1", "4.94", "4.88", standard()),)))
    root = etree.fromstring(made)
    _discount(root, "1.0", "0.06", "4.94")
    lines = (LineValues(net=Decimal("4.89")),)
    values = values_of(document(), lines=lines)
    fixed = put_right(root, values)
    assert put_right(fixed, values) == fixed
    [line] = etree.fromstring(fixed).findall("{*}InvoiceLine")
    assert line.findtext("{*}LineExtensionAmount") == "4.89"
    assert line.findtext("{*}AllowanceCharge/{*}Amount") == "0.05"
    assert errors(etree.fromstring(fixed)) == []


def _discount(root, factor, amount, base):
    """Add a discount to the only line, as Odoo's builder writes it."""
    [line] = root.findall("{*}InvoiceLine")
    texts = (
        ("ChargeIndicator", "false"),
        ("AllowanceChargeReasonCode", "95"),
        ("MultiplierFactorNumeric", factor),
        ("Amount", amount),
        ("BaseAmount", base),
    )
    node = etree.SubElement(line, f"{{{NS['cac']}}}AllowanceCharge")
    for name, text in texts:
        etree.SubElement(node, f"{{{NS['cbc']}}}{name}").text = text


@pytest.mark.parametrize(
    ("number", "is_said"), [("7310865004703", True), ("7310865004704", False)]
)
def test_only_a_gtin_is_called_one(number, is_said):
    root = etree.fromstring(build(document()))
    item = root.find("{*}InvoiceLine/{*}Item")
    node = etree.SubElement(item, f"{{{NS['cac']}}}StandardItemIdentification")
    etree.SubElement(node, f"{{{NS['cbc']}}}ID", schemeID="0160").text = number
    fixed = etree.fromstring(put_right(root, values_of(document())))
    found = fixed.findtext(".//{*}StandardItemIdentification/{*}ID")
    assert found == (number if is_said else None)


@pytest.mark.parametrize("rounding", ["-0.35", "0.50", "0"])
def test_the_rounding_of_cash_is_said(rounding):
    root = right(document(rounding=rounding))
    found = root.findtext("{*}LegalMonetaryTotal/{*}PayableRoundingAmount")
    assert found == (rounding if Decimal(rounding) else None)
    assert errors(root) == []


def test_a_sum_that_is_off_by_more_is_refused():
    root = right(document(rounding="7"))
    [problem] = errors(root)
    assert (problem.code, problem.value, problem.rule) == ("sum", "7.00", "BR-CO-16")


def test_what_is_paid_already_stays():
    root = right(document(prepaid="125.50"))
    total = root.find("{*}LegalMonetaryTotal")
    assert total.findtext("{*}PrepaidAmount") == "125.50"
    assert total.findtext("{*}PayableAmount") == "0.00"
    assert errors(root) == []


@pytest.mark.parametrize("accounting", [None, ("EUR", "2.20")])
def test_the_vat_in_the_currency_of_the_books_is_said(accounting):
    made = document(currency="SEK", accounting=accounting)
    root = right(made, accounting_vat=AccountingVat("EUR", Decimal("2.31")))
    assert root.findtext("{*}TaxCurrencyCode") == "EUR"
    assert texts(root, "{*}TaxTotal/{*}TaxAmount") == ["25.50", "2.31"]
    assert errors(root) == []


def test_one_currency_is_not_said_twice():
    root = right(document(accounting=("EUR", "25.50")))
    assert root.find("{*}TaxCurrencyCode") is None
    assert len(root.findall("{*}TaxTotal")) == 1


# === DELIVERY AND FILES === #


def test_goods_to_the_union_say_when_and_where_to():
    made = document(buyer="SE", lines=(Line(tax=EXEMPT),))
    vat = (LineValues(VatCategory("K")),)
    root = right(made, lines=vat, delivery=DeliveryValues())
    assert root.find("{*}Delivery/{*}ActualDeliveryDate") is None, "nobody said it"
    delivery = DeliveryValues(date(2026, 2, 27), "DK")
    root = right(made, lines=vat, delivery=delivery)
    assert root.findtext("{*}Delivery/{*}ActualDeliveryDate") == "2026-02-27"
    assert root.findtext("{*}Delivery//{*}IdentificationCode") == "DK"


def test_files_are_embedded_once():
    file = EmbeddedFile("invoice.pdf", "application/pdf", b"%PDF-1.4")
    once = embed(build(document()), (file,))
    assert embed(once, (file,)) == once
    [reference] = etree.fromstring(once).findall("{*}AdditionalDocumentReference")
    inside = reference.find("{*}Attachment/{*}EmbeddedDocumentBinaryObject")
    assert inside.attrib == {"mimeCode": "application/pdf", "filename": "invoice.pdf"}


def test_a_file_that_peppol_does_not_take_is_refused():
    with pytest.raises(UblError):
        embed(build(document()), (EmbeddedFile("a.exe", "application/x", b""),))


def test_children_stand_in_the_order_of_the_schema():
    root = right(document(root="CreditNote", allowances=(("true", "1", EXEMPT),)))
    names = [etree.QName(node).localname for node in root]
    wanted = ["PaymentTerms", "AllowanceCharge", "TaxTotal", "LegalMonetaryTotal"]
    assert [name for name in names if name in wanted] == wanted
    assert set(NS.values()) <= set(root.nsmap.values())


def test_an_address_of_a_list_of_vat_numbers_is_no_number_of_a_party():
    """Rule BR-CL-10; builders after 19.0's first write it."""
    root = right(document("SE", is_new=True))
    path = "{*}PartyIdentification/{*}ID"
    assert not [node.get("schemeID") for node in party(root, "Supplier").findall(path)]


def test_what_a_credit_note_is_set_off_against_is_not_paid():
    made = document(root="CreditNote", prepaid="125.50")
    totals = right(made).find("{*}LegalMonetaryTotal")
    assert totals.find("{*}PrepaidAmount") is None
    assert totals.findtext("{*}PayableAmount") == "125.50"
    made = document(prepaid="25.50")
    totals = right(made).find("{*}LegalMonetaryTotal")
    assert totals.findtext("{*}PrepaidAmount") == "25.50"
    assert totals.findtext("{*}PayableAmount") == "100.00"


@pytest.mark.parametrize(
    ("given", "paid", "due"),
    [(None, "75.50", "50.00"), ("0", None, "125.50"), ("25.50", "25.50", "100.00")],
)
def test_what_was_paid_is_said_by_who_knows_it(given, paid, due):
    """Builders take all that the books have settled for paid."""
    payment = PaymentValues(prepaid=given and Decimal(given))
    root = right(document(prepaid="75.50", rounding="0.25"), payment=payment)
    totals = root.find("{*}LegalMonetaryTotal")
    assert totals.findtext("{*}PrepaidAmount") == paid
    assert Decimal(totals.findtext("{*}PayableAmount")) == Decimal(due) + Decimal(
        "0.25"
    )
    assert totals.findtext("{*}PayableRoundingAmount") == "0.25"
    assert errors(root) == []
    again = put_right(etree.tostring(root), DocumentValues(payment=payment))
    assert etree.fromstring(again).findtext(".//{*}PrepaidAmount") == paid


def test_a_branch_gives_way_to_the_company_that_sells():
    address = AddressValues(("Head 1", "Floor 2"), "Capital", "00100", "FI")
    seller = PartyValues(name="Head Oy", address=address)
    found = party(right(document(), seller=seller), "Supplier")
    assert found.findtext("{*}PartyName/{*}Name") == "Head Oy"
    assert found.findtext("{*}PartyLegalEntity/{*}RegistrationName") == "Head Oy"
    lines = [node.text for node in found.find("{*}PostalAddress").iter() if node.text]
    assert [text.strip() for text in lines if text.strip()] == [
        "Head 1",
        "Floor 2",
        "Capital",
        "00100",
        "FI",
    ]
