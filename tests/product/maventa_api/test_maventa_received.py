"""One shape for what came in, whatever its format."""

import re
from datetime import date
from decimal import Decimal

import pytest
from maventa_api import FINVOICE, UBL, documents_in, safe_type, vat_groups
from maventa_api.finvoice import DocumentKind, UnreadableError
from maventa_api.simulator.samples import samples

ALL = {sample.key: sample for sample in samples()}
FORMATS = {FINVOICE: "FINVOICE30", UBL: "PEPPOLBIS30"}


def one(key, kind=FINVOICE, *pairs):
    data = ALL[key].formats[FORMATS[kind]]
    for old, new in pairs:
        assert old in data, old
        data = data.replace(old, new)
    return documents_in(data)[0]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("key", ALL)
def test_both_formats_say_the_same_sums_and_parties(key, kind):
    document, draft = one(key, kind), ALL[key].draft
    sign = -1 if draft.total < 0 else 1
    assert document.format == kind
    assert document.number == draft.number
    assert document.figures.total == draft.total * sign
    assert document.figures.net == draft.net * sign
    assert document.is_refund == (draft.is_credit or draft.total < 0)
    assert document.seller.name == draft.seller.name
    assert draft.iban in document.accounts
    assert document.currency == draft.currency


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("key", ALL)
def test_every_row_has_a_place_for_its_order(key, kind):
    document = one(key, kind)
    assert len(document.row_orders) == len(document.rows)


def test_two_documents_of_a_file_come_in_their_order():
    documents = documents_in(ALL["two_in_one"].formats["FINVOICE30"])
    assert [one.index for one in documents] == [0, 1]
    assert len({one.number for one in documents}) == 2


def test_document_that_is_neither_is_unreadable():
    with pytest.raises(UnreadableError):
        documents_in(b"<Order/>")


@pytest.mark.parametrize("code", [b"389", b"261", b"527"])
def test_self_billing_is_no_bill(code):
    old = b"InvoiceTypeCode>380<"
    document = one("peppol_sweden", UBL, (old, b"InvoiceTypeCode>" + code + b"<"))
    assert document.kind is DocumentKind.SELF_BILLING
    assert not document.kind.is_bill


def test_reference_of_a_finnish_sender_has_check_digits():
    document = one("odd_reference", UBL)
    assert document.reference == ""
    assert "odd_reference" in {problem.code for problem in document.problems}
    assert one("plain", UBL).reference == one("plain").reference != ""


def test_words_in_place_of_a_reference_are_kept_as_a_message():
    number = (b">50010011<", b">INV/2026/0010<")
    for form in (FINVOICE, UBL):
        document = one("plain", form, number)
        assert document.reference == "INV/2026/0010"
        assert not document.problems


def test_each_account_has_the_reference_of_its_own_payment():
    other = (
        b"</cac:PaymentMeans>",
        b"</cac:PaymentMeans><cac:PaymentMeans><cbc:PaymentID>RF18539007547034"
        b"</cbc:PaymentID><cac:PayeeFinancialAccount><cbc:ID>FI2112345600000785"
        b"</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>",
    )
    document = one("plain", UBL, other)
    assert document.reference == "50010011"
    assert document.reference_of("FI9254468826372892") == "50010011"
    assert document.reference_of("FI2112345600000785") == "RF18539007547034"
    assert document.reference_of("FI0000000000000000") == "50010011"
    none = one("plain", UBL, other, (b"<cbc:PaymentID>50010011</cbc:PaymentID>", b""))
    assert none.reference_of("FI9254468826372892") == ""


def without_vat_elements(total=None):
    """A Finvoice in which nothing names VAT, with this total."""
    data = ALL["plain"].formats["FINVOICE30"]
    for pattern in (
        rb"<VatSpecificationDetails>.*?</VatSpecificationDetails>",
        rb"<(RowVat(?:RatePercent|Code|Amount))[^>]*>[^<]*</\1>",
        rb"<InvoiceTotalVatAmount[^>]*>[^<]*</InvoiceTotalVatAmount>",
    ):
        data = re.sub(pattern, b"", data, flags=re.DOTALL)
    if total:
        data = re.sub(
            rb"(<InvoiceTotalVatIncludedAmount[^>]*>)[^<]*", rb"\g<1>" + total, data
        )
    return documents_in(data)[0]


def test_document_that_names_no_vat_at_all_is_without_it():
    document = without_vat_elements()
    assert not document.is_without_vat  # its total leaves some
    assert {document.vat_key(*row[:2]) for row in document.rows} == {("", None)}
    net = sum(amount for _code, _rate, amount in document.rows)
    document = without_vat_elements(f"{net:.2f}".replace(".", ",").encode())
    assert document.is_without_vat
    assert {document.vat_key(*row[:2]) for row in document.rows} == {("", 0)}


def test_zeros_before_a_finnish_reference_do_not_count():
    document = one("plain", UBL, (b">50010011<", b">00000050010011<"))
    assert document.reference == "50010011"


def test_files_inside_are_read_and_links_are_kept_as_text():
    document = one("peppol_sweden", UBL)
    assert [file.mimetype for file in document.files] == ["application/pdf"]
    assert one("link").links == (("Lasku", "https://laskut.example/5007"),)


def test_scan_has_no_lines_but_a_vat_table():
    document = one("scan")
    assert not document.has_lines
    assert [group.base for group in vat_groups(document)] == [Decimal("88.00")]


@pytest.mark.parametrize(
    ("mimetype", "data", "kept"),
    [
        ("application/pdf", b"%PDF-1.4", "application/pdf"),
        ("Application/PDF; x=1", b"%PDF-1.4", "application/pdf"),
        ("application/pdf", b"<html>", "application/x-download"),
        ("text/html", b"<html>", "application/x-download"),
        ("image/svg+xml", b"<svg/>", "application/x-download"),
        ("application/x-msdownload", b"MZ", "application/x-download"),
        ("", b"%PDF", "application/x-download"),
        ("text/csv", b"a;b", "text/csv"),
    ],
)
def test_only_harmless_types_are_shown(mimetype, data, kept):
    assert safe_type(mimetype, data) == kept


# === DAYS AND CATEGORIES === #


def edited(key, kind, *edits):
    """Return a sample's only document, with replacements in its bytes."""
    raw = ALL[key].formats[kind]
    for pattern, new in edits:
        raw, count = re.subn(pattern, new, raw, count=1)
        assert count, pattern
    [document] = documents_in(raw)
    return document


def test_days_of_delivery_and_of_the_original_are_read_from_finvoice():
    document = edited(
        "rent",
        "FINVOICE30",
        (
            rb"(<InvoiceDetails>)",
            rb"<DeliveryDetails><DeliveryDate Format='CCYYMMDD'>20260215"
            rb"</DeliveryDate></DeliveryDetails>\1",
        ),
        (
            rb"(<InvoiceNumber>)",
            rb"<OriginalInvoiceDate Format='CCYYMMDD'>20260101</OriginalInvoiceDate>"
            rb"<OriginalInvoiceReference><InvoiceDate Format='CCYYMMDD'>20260102"
            rb"</InvoiceDate></OriginalInvoiceReference>\1",
        ),
        (
            rb"(<RowVatRatePercent>)",
            rb"<RowDeliveryDate Format='CCYYMMDD'>20260216</RowDeliveryDate>\1",
        ),
    )
    assert document.supply_days == (
        date(2026, 2, 15),
        date(2026, 3, 1),
        date(2026, 3, 31),
        date(2026, 2, 16),
    )
    assert document.original_days == (date(2026, 1, 1), date(2026, 1, 2))


def test_days_of_delivery_and_of_the_original_are_read_from_ubl():
    document = edited(
        "peppol_finland",
        "PEPPOLBIS30",
        (
            rb"(<cbc:DocumentCurrencyCode>)",
            rb"<cbc:TaxPointDate>2026-02-14</cbc:TaxPointDate>\1",
        ),
        (
            rb"(<cac:AccountingSupplierParty>)",
            rb"<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>1</cbc:ID>"
            rb"<cbc:IssueDate>2026-01-01</cbc:IssueDate>"
            rb"</cac:InvoiceDocumentReference></cac:BillingReference>\1",
        ),
        (
            rb"(<cac:PaymentMeans>)",
            rb"<cac:Delivery><cbc:ActualDeliveryDate>2026-02-15"
            rb"</cbc:ActualDeliveryDate></cac:Delivery>\1",
        ),
        (
            rb"(<cac:Item>)",
            rb"<cac:InvoicePeriod><cbc:StartDate>2026-02-01</cbc:StartDate>"
            rb"<cbc:EndDate>2026-02-28</cbc:EndDate></cac:InvoicePeriod>\1",
        ),
    )
    assert document.supply_days == (
        date(2026, 2, 14),
        date(2026, 2, 15),
        date(2026, 2, 1),
        date(2026, 2, 28),
    )
    assert document.original_days == (date(2026, 1, 1),)


def test_day_that_cannot_be_read_says_nothing_and_is_no_problem():
    broken = (rb"(<cac:PaymentMeans>)", rb"<cac:Delivery><cbc:ActualDeliveryDate>soon")
    broken = (broken[0], broken[1] + rb"</cbc:ActualDeliveryDate></cac:Delivery>\1")
    document = edited("peppol_finland", "PEPPOLBIS30", broken)
    assert document.supply_days == ()
    assert not document.problems


@pytest.mark.parametrize(("old", "new"), [("ZEG", "K"), ("zes", "AE"), ("S", "S")])
def test_older_categories_of_finvoice_are_those_of_the_norm(old, new):
    old = old.encode()
    document = edited(
        "clean",
        "FINVOICE30",
        (rb"<VatCode>S<", b"<VatCode>%s<" % old),
        (rb"<RowVatCode>S<", b"<RowVatCode>%s<" % old),
    )
    assert {code for code, _rate, _net in document.rows} == {new}
    assert {group.code for group in document.figures.vat_groups} == {new}
