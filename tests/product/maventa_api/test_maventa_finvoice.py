"""Finvoice 3.0: texts, numbers, references, order of the elements, package."""

import dataclasses
import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from lxml import etree
from maventa_api import InvoiceFormat, RejectedError
from maventa_api.finvoice import (
    Account,
    Document,
    Original,
    Party,
    Row,
    VatGroup,
    packed,
    payment_reference,
    texts,
    write,
)
from maventa_samples import PDF, upload

SELLER = Party(
    name="Lumi Oy",
    business_id="2345678-0",
    vat="FI23456780",
    ovt="003723456780",
    streets=("Lumikuja 1",),
    city="Helsinki",
    post_code="00100",
    country="FI",
    country_name="Suomi",
)
BUYER = Party(
    name="Jää & Kivi Oy",
    business_id="1234567-1",
    vat="FI12345671",
    ovt="003712345671",
    streets=("Jääkatu 2", "C/O Aino"),
    city="Tampere",
    post_code="33100",
    country="FI",
    email="osto@jaa.example",
)
ROW = Row(
    name="Lumityö",
    texts=("14.1.", "15.1."),
    article="LT-1",
    quantity=Decimal("8"),
    unit="h",
    unit_code="HUR",
    price=Decimal("62.5"),
    discount=Decimal("10"),
    discount_amount=Decimal("50.00"),
    net=Decimal("450.00"),
    vat_code="S",
    vat_rate=Decimal("25.5"),
)
INVOICE = Document(
    number="INV/2026/00001",
    date=date(2026, 3, 2),
    due_date=date(2026, 3, 16),
    currency="EUR",
    seller=SELLER,
    buyer=BUYER,
    account=Account("FI2112345600000785", "NDEAFIHH"),
    rows=(Row(name="Talvi"), ROW, Row(name="", texts=("Kiitos",))),
    vat_groups=(
        VatGroup("S", Decimal("25.5"), Decimal("450.00"), Decimal("114.75"), "no"),
    ),
    net=Decimal("450.00"),
    vat=Decimal("114.75"),
    total=Decimal("564.75"),
    reference="1234 5672",
    buyer_reference="Tilaus 7",
    terms="14 päivää netto",
    texts=("Kiitos tilauksesta", "", "Terveisin – Lumi"),
)


def tree(document):
    return etree.fromstring(write(document))


def values(node, path):
    return [found.text for found in node.findall(path)]


def test_the_file_is_what_its_prolog_says():
    data = write(INVOICE)
    assert data.startswith(b'<?xml version="1.0" encoding="ISO-8859-15"?>\n<?xml-style')
    assert "Jää &amp; Kivi Oy".encode("iso-8859-15") in data
    assert b"Terveisin - Lumi" in data
    lines = [line.strip() for line in data.decode("iso-8859-15").splitlines()]
    assert all(line.startswith("<") and line.endswith(">") for line in lines)


def test_what_has_no_value_is_left_out():
    empty = [
        node.tag
        for node in tree(INVOICE).iter(etree.Element)
        if not len(node) and not node.text
    ]
    assert sorted(set(empty)) == ["EpiCharge", "EpiReference"]


def test_the_sums_add_up():
    details = tree(INVOICE).find("InvoiceDetails")
    for name, amount in (
        ("RowsTotalVatExcludedAmount", "450,00"),
        ("InvoiceTotalVatExcludedAmount", "450,00"),
        ("InvoiceTotalVatAmount", "114,75"),
        ("InvoiceTotalVatIncludedAmount", "564,75"),
        ("VatSpecificationDetails/VatBaseAmount", "450,00"),
        ("VatSpecificationDetails/VatRatePercent", "25,5"),
    ):
        assert values(details, name) == [amount]
    assert not values(details, "VatSpecificationDetails/VatFreeText"), "never for S"
    payment = tree(INVOICE).find("EpiDetails/EpiPaymentInstructionDetails")
    assert values(payment, "EpiInstructedAmount") == ["564,75"]
    assert values(payment, "EpiDateOptionDate") == ["20260316"]
    assert values(payment, "EpiRemittanceInfoIdentifier") == ["12345672"]


def test_a_row_with_its_discount():
    heading, row, remark = tree(INVOICE).findall("InvoiceRow")
    assert [node.tag for node in heading] == ["ArticleName"]
    assert [(node.tag, node.text) for node in remark] == [("RowFreeText", "Kiitos")]
    assert values(row, "RowPositionIdentifier") == ["1"], "words have no position"
    assert values(row, "InvoicedQuantity") == ["8"]
    assert values(row, "UnitPriceAmount") == ["62,50"]
    assert values(row, "RowFreeText") == ["14.1.", "15.1."]
    assert values(row, "RowDiscountBaseAmount") == ["500,00"]
    assert values(row, "RowVatExcludedAmount") == ["450,00"]


def test_a_credit_note_is_negative_but_for_prices():
    row = dataclasses.replace(
        ROW,
        quantity=-ROW.quantity,
        net=-ROW.net,
        discount_amount=-ROW.discount_amount,
    )
    note = dataclasses.replace(
        INVOICE,
        rows=(row,),
        vat_groups=(
            VatGroup("S", Decimal("25.5"), Decimal("-450"), Decimal("-114.75")),
        ),
        net=Decimal("-450"),
        vat=Decimal("-114.75"),
        total=Decimal("-564.75"),
        original=Original("INV/2026/00001", date(2026, 3, 2)),
    )
    root = tree(note)
    assert values(root, "InvoiceDetails/InvoiceTypeCode") == ["INV02"]
    assert values(root, "InvoiceDetails/OriginCode") == ["Original"]
    assert values(root, "InvoiceDetails/OriginalInvoiceNumber") == ["INV/2026/00001"]
    assert values(root, "InvoiceRow/InvoicedQuantity") == ["-8"]
    assert values(root, "InvoiceRow/UnitPriceAmount") == ["62,50"]
    assert values(root, "InvoiceRow/RowDiscountAmount") == ["-50,00"]
    path = "EpiDetails/EpiPaymentInstructionDetails/EpiInstructedAmount"
    assert values(root, path) == ["-564,75"]


def test_advances_are_named_and_a_long_number_is_a_free_text():
    long = "INVOICE/2026/00001/ADVANCE"
    advances = (Original("INV/2026/00007", date(2026, 2, 2)), Original(long))
    details = tree(dataclasses.replace(INVOICE, advances=advances)).find(
        "InvoiceDetails"
    )
    [reference] = details.findall("OriginalInvoiceReference")
    assert [node.text for node in reference] == ["INV/2026/00007", "20260202"]
    assert long in [node.text for node in details.findall("InvoiceFreeText")]


def test_a_gtin_is_called_one():
    rows = (dataclasses.replace(ROW, gtin="7310865004703"),)
    code = tree(dataclasses.replace(INVOICE, rows=rows)).find("InvoiceRow/EanCode")
    assert (code.text, dict(code.attrib)) == ("7310865004703", {"SchemeID": "0160"})


def test_characters_that_xml_does_not_know_are_left_away():
    odd = "\ufffe\uffff\x07\ud800"
    rows = (dataclasses.replace(ROW, unit=f"h{odd}", unit_code=f"HUR{odd}"),)
    root = tree(
        dataclasses.replace(INVOICE, payment_instruction=f"12{odd}3", rows=rows)
    )
    assert root.findtext(".//EpiPaymentInstructionId") == "123"
    assert root.find(".//InvoicedQuantity").get("QuantityUnitCodeUN") == "HUR"


def test_rounding_and_what_is_paid_lead_to_what_is_payable():
    document = dataclasses.replace(
        INVOICE, round_off=Decimal("0.05"), paid=Decimal("100.00")
    )
    root = tree(document)
    assert values(root, "InvoiceDetails/InvoiceTotalVatIncludedAmount") == ["564,75"]
    assert values(root, "InvoiceDetails/InvoiceTotalRoundoffAmount") == ["0,05"]
    assert values(root, "InvoiceDetails/InvoicePaidAmount") == ["100,00"]
    path = "EpiDetails/EpiPaymentInstructionDetails/EpiInstructedAmount"
    assert values(root, path) == ["464,80"]


def test_a_reason_is_given_where_there_is_no_vat():
    group = VatGroup(
        "AE", Decimal(0), Decimal("450"), Decimal(0), "x" * 150, "VATEX-EU-AE"
    )
    node = tree(dataclasses.replace(INVOICE, vat_groups=(group,)))
    node = node.find("InvoiceDetails/VatSpecificationDetails")
    assert [len(text) for text in values(node, "VatFreeText")] == [70, 70, 10]
    assert values(node, "VatExemptionReasonCode") == ["VATEX-EU-AE"]
    assert values(node, "VatRateAmount") == ["0,00"]


def test_without_a_bic_the_account_is_in_the_payment_alone():
    root = tree(dataclasses.replace(INVOICE, account=Account("FI2112345600000785")))
    assert root.find("SellerInformationDetails") is None
    assert root.find("EpiDetails/EpiPartyDetails/EpiBfiPartyDetails") is not None
    path = "EpiDetails/EpiPartyDetails/EpiBeneficiaryPartyDetails/EpiAccountID"
    assert values(root, path) == ["FI2112345600000785"]


def test_the_identifier_of_a_consumers_bank_comes_first_in_the_payment():
    document = dataclasses.replace(INVOICE, payment_instruction="EPI-7")
    order = tree(document).find("EpiDetails/EpiPaymentInstructionDetails")
    assert (order[0].tag, order[0].text) == ("EpiPaymentInstructionId", "EPI-7")
    order = tree(INVOICE).find("EpiDetails/EpiPaymentInstructionDetails")
    assert order.find("EpiPaymentInstructionId") is None


def test_an_address_that_is_not_complete_is_left_out():
    buyer = dataclasses.replace(BUYER, post_code="")
    root = tree(dataclasses.replace(INVOICE, buyer=buyer))
    assert root.find("BuyerPartyDetails/BuyerPostalAddressDetails") is None


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("1234 5672", "12345672"),
        ("12345671", ""),
        ("INV/2026/00001", ""),
        ("2026", ""),
        ("rf18 5390 0754 7034", "RF18539007547034"),
        ("RF19539007547034", ""),
        ("", ""),
    ],
)
def test_only_bank_references_whose_check_digits_hold(text, reference):
    assert payment_reference(text) == reference


@pytest.mark.parametrize(
    ("function", "value", "text"),
    [
        (texts.amount, "-0.004", "0,00"),
        (texts.amount, "1234567.005", "1234567,01"),
        (texts.price, "62.5", "62,50"),
        (texts.price, "0.123456", "0,12346"),
        (texts.quantity, "3.0", "3"),
        (texts.quantity, "0.333333", "0,333333"),
        (texts.quantity, "100", "100"),
        (texts.percent, "25.50", "25,5"),
        (texts.percent, "0", "0"),
    ],
)
def test_numbers_have_a_comma_and_their_decimals(function, value, text):
    assert function(Decimal(value)) == text


def test_a_quantity_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="too long"):
        texts.quantity(Decimal("12345678.123456"))


def test_texts_are_plain_and_on_one_line():
    assert texts.clean("a\tb\nc\x07 “d” – e\u00a0f…") == 'a b c "d" - e f...'


def test_no_piece_is_shorter_than_it_may_be():
    pieces = texts.split("x" * 36, 35, least=2)
    assert [len(piece) for piece in pieces] == [34, 2]
    assert texts.split("x", 35, least=2) == []
    assert texts.split("x", 35) == ["x"]


def test_a_package_has_the_image_under_the_name_of_the_xml():
    files = [("Lasku.pdf", "application/pdf", PDF), ("a.pdf", "application/pdf", b"%")]
    name, data = packed("INV_1", b"<x/>", files)
    assert name == "INV_1.zip"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["INV_1.xml", "INV_1.pdf", "a.pdf"]
        assert archive.read("INV_1.pdf") == PDF
    assert packed("INV_1", b"<x/>", files)[1] == data
    assert packed("INV_1", b"<x/>", []) == ("INV_1.xml", b"<x/>")


def test_a_finvoice_is_taken_with_its_image(service):
    name, data = packed("INV_1", write(INVOICE), [("x.pdf", "application/pdf", PDF)])
    sent = upload(file=data, filename=name, format=InvoiceFormat.FINVOICE30)
    with service.client() as client:
        invoice = client.send_invoice(sent)
    assert (invoice.number, invoice.sum_tax) == ("INV/2026/00001", Decimal("564.75"))
    [held] = service.simulator.held_invoices()
    assert (held.file, held.pdfs) == (data, (PDF,))


def test_what_is_no_finvoice_is_refused(service):
    with service.client() as client:
        for file in (b"<Finvoice/>", b"<x/>", b"no xml"):
            sent = upload(file=file, format=InvoiceFormat.FINVOICE30)
            with pytest.raises(RejectedError):
                client.send_invoice(sent)


def test_finvoice_says_what_the_registration_of_the_seller_is_called():
    seller = dataclasses.replace(SELLER, tax_statement="Godkänd för F-skatt")
    root = tree(dataclasses.replace(INVOICE, seller=seller))
    found = root.find("SellerInformationDetails")
    assert [node.tag for node in found] == [
        "SellerTaxRegistrationText",
        "SellerAccountDetails",
    ]
    assert found[0].text == "Godkänd för F-skatt"
    account = dataclasses.replace(INVOICE.account, bic="")
    bare = dataclasses.replace(INVOICE, account=account)
    root = tree(bare)
    assert root.find("SellerInformationDetails") is None
