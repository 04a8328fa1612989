"""The sums and keys of received UBL documents."""

import base64
import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from maventa_api.document_kinds import DocumentKind
from maventa_api.finvoice import UnreadableError
from maventa_api.inbound_ubl import read_ubl
from maventa_api.simulator.samples import samples

ALL = {sample.key: sample for sample in samples()}


def one(key, *pairs):
    data = ALL[key].formats["PEPPOLBIS30"]
    for old, new in pairs:
        assert old in data, old
        data = data.replace(old, new)
    return read_ubl(data)


@pytest.mark.parametrize("key", ALL)
def test_sums_are_those_of_the_document_and_fit_together(key):
    summary, draft = one(key), ALL[key].draft
    sign = -1 if draft.total < 0 else 1
    figures = summary.figures
    assert (figures.net, figures.vat, figures.total, figures.payable) == (
        draft.net * sign,
        draft.vat * sign,
        draft.total * sign,
        draft.payable * sign,
    )
    assert summary.is_refund == (draft.is_credit or draft.total < 0)
    assert bool(summary.contradictions()) == (key == "wrong_vat")


def test_an_indicator_of_digits_is_that_of_words():
    words = one("document_discount")
    pairs = [(b"Indicator>true", b"Indicator>1"), (b"Indicator>false", b"Indicator>0")]
    digits = one("document_discount", *pairs)
    assert digits.rows == words.rows
    assert digits.contradictions() == ()


def test_supplier_account_reference_and_order_are_keys():
    summary = one("plain")
    assert summary.seller.vat == "FI29205798"
    assert (summary.seller.address, summary.seller.scheme) == ("003729205798", "0216")
    assert summary.accounts == ("FI9254468826372892",)
    assert summary.references == (ALL["plain"].draft.reference,)
    assert summary.orders == ("PO-100",)


def test_a_credit_note_names_its_original():
    summary = one("peppol_denmark")
    assert (summary.root, summary.original_numbers) == ("CreditNote", ("F-6",))


def test_the_image_is_inside_of_what_came_by_peppol():
    [image] = one("peppol_sweden").files
    assert base64.b64decode(image.content) == ALL["peppol_sweden"].image
    assert image.mimetype == "application/pdf"


def test_vat_in_another_currency_is_no_second_vat():
    tax = (
        b'<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">9</cbc:TaxAmount>'
        b"</cac:TaxTotal><cac:LegalMonetaryTotal>"
    )
    summary = one("peppol_sweden", (b"<cac:LegalMonetaryTotal>", tax))
    assert summary.figures.vat == Decimal(0)


def test_vat_in_another_currency_is_kept_for_the_books():
    tax = (
        b'<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">9.10</cbc:TaxAmount>'
        b"</cac:TaxTotal><cac:LegalMonetaryTotal>"
    )
    summary = one("peppol_sweden", (b"<cac:LegalMonetaryTotal>", tax))
    assert summary.accounting_vat == (Decimal("9.10"), "EUR")
    assert one("peppol_sweden").accounting_vat is None


def test_the_same_vat_stated_a_second_time_counts_once():
    tax = (
        b'<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">9.18</cbc:TaxAmount>'
        b"</cac:TaxTotal><cac:LegalMonetaryTotal>"
    )
    summary = one("plain", (b"<cac:LegalMonetaryTotal>", tax))
    assert summary.figures.vat == one("plain").figures.vat
    assert not summary.contradictions()


def test_the_rate_of_a_line_may_be_in_its_own_total():
    data = ALL["clean"].formats["PEPPOLBIS30"].decode()
    data = re.sub(
        r"<cac:ClassifiedTaxCategory>(.*?)</cac:ClassifiedTaxCategory>",
        "",
        data,
        flags=re.DOTALL,
    )
    tax = (
        "<cac:TaxTotal><cac:TaxSubtotal><cac:TaxCategory><cbc:ID>S</cbc:ID>"
        "<cbc:Percent>25.5</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal>"
        "</cac:TaxTotal><cac:Item>"
    )
    assert read_ubl(data.encode()).rows[0][0] == ""
    summary = read_ubl(data.replace("<cac:Item>", tax).encode())
    assert summary.rows == one("clean").rows
    assert not summary.contradictions()


@pytest.mark.parametrize(
    ("key", "rates"),
    [("clean", {Decimal("25.5")}), ("food_rates", {None}), ("builder_reverse", {0})],
)
def test_a_rate_that_is_not_written_is_that_of_the_only_group_or_unknown(key, rates):
    data = ALL[key].formats["PEPPOLBIS30"].decode()
    head, line, tail = data.partition("<cac:InvoiceLine>")
    tail = re.sub(r"<cac:ClassifiedTaxCategory>.*?Category>", "", tail, flags=re.DOTALL)
    summary = read_ubl((head + line + tail).encode())
    assert {row[1] for row in summary.rows} == rates
    assert not summary.contradictions()


TYPE = b"<cbc:InvoiceTypeCode>380<"
NUMBERS = (b'currencyID="EUR">', b'currencyID="EUR">-')


@pytest.mark.parametrize(
    ("code", "pairs", "is_refund"),
    [
        (b"381", (), True),
        (b"396", (), True),
        (b"381", (NUMBERS,), True),
        (b"380", (), False),
        (b"380", (NUMBERS,), True),
    ],
)
def test_an_invoice_with_the_type_of_a_credit_note_is_one(code, pairs, is_refund):
    new = b"<cbc:InvoiceTypeCode>" + code + b"<"
    summary = one("plain", (TYPE, new), *pairs)
    assert summary.is_refund == is_refund
    kind = DocumentKind.CREDIT_NOTE if is_refund else DocumentKind.INVOICE
    assert summary.kind is kind
    assert summary.figures.total == one("plain").figures.total


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (r"<cbc:IssueDate>.*?>", "", "missing_date"),
        (r"(<cbc:IssueDate>)20\d\d", r"\g<1>1900", "odd_date"),
        (r"<cbc:ID>5001</cbc:ID>", "", "missing_number"),
        (r"<cbc:TaxInclusiveAmount.*?</cbc:TaxInclusiveAmount>", "", "missing_total"),
        (r"(<cbc:PayableAmount currencyID=\")EUR", r"\1SEK", "several_currencies"),
        (r"<cac:InvoiceLine>.*</cac:InvoiceLine>", "", "no_rows"),
    ],
)
def test_what_is_missing_or_odd_is_named(old, new, code):
    data = ALL["plain"].formats["PEPPOLBIS30"].decode()
    data, count = re.subn(old, new, data, flags=re.DOTALL)
    assert count == 1
    found = {problem.code for problem in read_ubl(data.encode()).problems}
    assert code in found


def test_without_any_currency_euro_is_assumed_and_named():
    data = ALL["plain"].formats["PEPPOLBIS30"]
    data = data.replace(b' currencyID="EUR"', b"")
    assert read_ubl(data).figures.currency == "EUR"
    assert not read_ubl(data).problems
    data = re.sub(rb"<cbc:DocumentCurrencyCode>.*?Code>", b"", data)
    [problem] = read_ubl(data).problems
    assert problem.code == "currency_assumed"


@pytest.mark.parametrize(
    ("code", "is_collected"),
    [(b"30", False), (b"58", False), (b"48", True), (b"49", True), (b"59", True)],
)
def test_what_the_seller_collects_itself_is_flagged(code, is_collected):
    old = b"<cbc:PaymentMeansCode>30<"
    summary = one("plain", (old, b"<cbc:PaymentMeansCode>" + code + b"<"))
    assert summary.is_collected == is_collected


def test_a_line_names_its_order_and_position():
    order = (
        b"<cac:OrderLineReference><cbc:LineID>2</cbc:LineID><cac:OrderReference>"
        b"<cbc:ID>PO-9</cbc:ID></cac:OrderReference></cac:OrderLineReference><cac:Item>"
    )
    summary = one("plain", (b"<cac:Item>", order))
    assert set(summary.row_orders) == {("PO-9", "2")}
    assert summary.orders == ("PO-100", "PO-9")
    assert len(summary.row_orders) == len(summary.rows)


def test_a_registration_that_is_no_vat_number_is_none():
    other = (
        b"<cac:PartyTaxScheme><cbc:CompanyID>GODKAND</cbc:CompanyID><cac:TaxScheme>"
        b"<cbc:ID>TAX</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme><cac:PartyTaxScheme>"
    )
    summary = one("peppol_sweden", (b"<cac:PartyTaxScheme>", other))
    assert summary.seller.vat == "SE559983830601"


def test_a_payment_that_covers_all_is_paid():
    assert one("paid").is_paid
    assert not one("prepaid").is_paid


@pytest.mark.parametrize(
    "data", [b"<x/>", b"", b"{}", b"<Invoice>", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>']
)
def test_what_is_no_invoice_is_unreadable(data):
    with pytest.raises(UnreadableError):
        read_ubl(data)


@settings(max_examples=100, deadline=None)
@given(
    key=st.sampled_from(["plain", "peppol_denmark"]),
    cuts=st.lists(st.tuples(st.integers(0, 9999), st.binary(max_size=6)), max_size=4),
)
def test_a_file_with_any_bytes_in_it_is_read_or_unreadable(key, cuts):
    data = bytearray(ALL[key].formats["PEPPOLBIS30"])
    for place, piece in cuts:
        place %= len(data)
        data[place : place + len(piece)] = piece
    try:
        summary = read_ubl(bytes(data))
    except UnreadableError:
        return
    summary.contradictions()
