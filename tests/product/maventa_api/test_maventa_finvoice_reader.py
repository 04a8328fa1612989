"""The reader of Finvoice: versions, encodings, rows, signs, references, hostility."""

import base64
import hashlib
import re
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from maventa_api.finvoice import (
    DocumentKind,
    NetSource,
    UnreadableError,
    contradictions,
    is_finvoice,
    line_of,
    read,
    source,
    write,
)
from maventa_api.finvoice.node import PROBLEMS, day, number
from maventa_api.simulator.samples import (
    Allowed,
    Draft,
    DraftRow,
    Style,
    parties,
    sample_of,
    samples,
)
from maventa_api.simulator.samples.as_finvoice import as_finvoice
from test_maventa_finvoice import INVOICE

ALL = {sample.key: sample for sample in samples()}
D = Decimal


def file(key):
    sample = ALL[key]
    kind = sample.draft.source_format
    return sample.formats[kind if kind.startswith("FINVOICE") else "FINVOICE30"]


def one(key):
    [document] = read(file(key))
    return document


def codes(document):
    return [problem.code for problem in document.problems]


def changed(key, *pairs):
    """The document of a sample after replacements in its text."""
    text = file(key).decode("iso-8859-15")
    for old, new in pairs:
        assert re.search(old, text, re.DOTALL), old
        text = re.sub(old, new, text, flags=re.DOTALL)
    [document] = read(text.encode("iso-8859-15"))
    return document


# === FILES === #


def test_what_the_writer_writes_reads_back_equal():
    [document] = read(write(INVOICE))
    assert (document.number, document.date) == (INVOICE.number, INVOICE.date)
    assert document.due_date == INVOICE.due_date
    assert document.totals.net == INVOICE.net
    assert document.totals.total == document.totals.payable == INVOICE.total
    assert document.seller.vat == INVOICE.seller.vat
    assert document.reference.text == "12345672"
    assert [row.net for row in document.priced_rows] == [D("450.00")]
    assert not document.problems and not contradictions(document)


@pytest.mark.parametrize(
    ("key", "problems"),
    [
        ("utf8_said_latin", ["declared_encoding"]),
        ("utf8_with_mark", []),
        ("latin_undeclared", []),
        ("framed", []),
        ("version_1", ["currency_assumed"]),
        ("version_2", []),
        ("lower_case", []),
    ],
)
def test_letters_survive_whatever_the_file_says_of_itself(key, problems):
    document = one(key)
    assert document.seller.name == "Siivous Žižek Oy"
    assert "€" in document.rows[0].name and "ä" in document.rows[0].name
    assert codes(document) == problems


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("iso-8859-1", "ISO-8859-1"),
        ("iso-8859-15", "iso-8859-15"),
        ("cp1252", "ISO-8859-1"),
        ("cp1252", "windows-1252"),
        ("utf-8", "utf-8"),
        ("utf-8", ""),
        ("utf-8", "ISO-8859-1"),
        ("iso-8859-15", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", ""),
    ],
)
def test_every_encoding_that_senders_use(encoding, declared):
    draft = replace(ALL["utf8_said_latin"].draft, rows=(DraftRow("Työ ja äyri", D(9)),))
    data = as_finvoice(draft, Style(encoding=encoding, declared=declared))
    assert read(data)[0].rows[0].name == "Työ ja äyri"


def test_quotes_of_windows_in_a_latin_file_are_quotes():
    draft = replace(ALL["plain"].draft, rows=(DraftRow("“a” 5 €", D(9)),))
    data = as_finvoice(draft, Style(encoding="cp1252", declared="ISO-8859-15"))
    assert read(data)[0].rows[0].name == "“a” 5 €"


@pytest.mark.parametrize("version", ["1.3", "2.0", "2.01", "3.0"])
def test_all_versions_are_read_by_name(version):
    draft = ALL["food_rates"].draft
    [document] = read(as_finvoice(draft, Style(version=version)))
    assert document.version == version
    assert document.totals.total == draft.total
    assert not contradictions(document)


def test_several_documents_of_one_file_are_several_and_keep_their_bytes():
    found = read(file("two_in_one"))
    assert [document.number for document in found] == ["A-5", "A-5-2"]
    assert [document.index for document in found] == [0, 1]
    for document in found:
        assert document.data.rstrip().endswith(b"</Finvoice>")
        assert b"Envelope" not in document.data
        assert read(document.data)[0].number == document.number


@pytest.mark.parametrize("head", ["", '<?xml version="1.0" encoding="ISO-8859-15"?>\n'])
def test_an_element_around_several_documents_takes_none_along(head):
    body = file("plain").decode("iso-8859-15").partition("?>")[2].encode("iso-8859-15")
    found = read(head.encode() + b"<Finvoices>\n" + body * 2 + b"</Finvoices>")
    assert [document.index for document in found] == [0, 1]
    assert found[0].number == found[1].number == one("plain").number
    assert codes(found[0]) == codes(one("plain"))


def test_a_document_that_cannot_be_read_does_not_take_the_others_along():
    good = file("plain")
    broken = good.replace(b"</InvoiceDetails>", b"")
    found = read(good + broken + good)
    assert [document.index for document in found] == [0, 2]
    assert codes(found[0]) == ["unreadable_document"]


def test_the_frame_says_from_whom_to_whom_where_the_document_does_not():
    document = one("framed")
    assert document.from_address == parties.CLEANING.address
    assert document.from_operator == "003721291126"
    assert document.message_id == "A-4"


def test_a_broken_frame_is_a_remark():
    data = file("framed").replace(b"</SOAP-ENV:Body>", b"").replace(b"<eb:To>", b"")
    assert "odd_frame" in codes(read(data)[0])


def test_elements_that_nobody_knows_and_empty_ones_do_no_harm():
    document = changed(
        "plain",
        ("<InvoiceDetails>", "<InvoiceDetails><Uusi><A>1</A></Uusi><OrderDate/>"),
        ("<ArticleName>Kirja</ArticleName>", "<ArticleName/>"),
        ("<InvoiceRow>", "<InvoiceRow><RowFreeText/>"),
    )
    assert document.totals.total == D("79.18")


def test_a_prefix_of_a_name_space_is_no_part_of_a_name():
    text = file("plain").decode("iso-8859-15")
    text = re.sub(r"<(/?)([A-Z])", r"<\1f:\2", text)
    text = text.replace("<f:Finvoice ", '<f:Finvoice xmlns:f="urn:x" ')
    assert read(text.encode("iso-8859-15"))[0].number == "5001"


# === HOSTILE === #

BOMB = b"""<?xml version="1.0"?><!DOCTYPE Finvoice [<!ENTITY a "%s">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><Finvoice Version="3.0"><InvoiceDetails>
<InvoiceNumber>&b;</InvoiceNumber></InvoiceDetails></Finvoice>""" % (b"x" * 1000)
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE Finvoice SYSTEM "file:///etc/hostname"
[<!ENTITY x SYSTEM "file:///etc/hostname">]><Finvoice><InvoiceDetails>&x;
</InvoiceDetails></Finvoice>"""


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"PK\x03\x04zip", "archive"),
        (b"<html><body/></html>", "not_finvoice"),
        (b"<FinvoiceAck/>", "not_finvoice"),
        (b'{"code": "x"}', "not_finvoice"),
        (b"\x00\x01\x02", "not_finvoice"),
        (BOMB, "entities"),
        (OUTSIDE, "entities"),
        (b"<Finvoice>", "xml"),
        (b"<Finvoice></Finvoice>", "xml"),
        (b"<Finvoice>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</Finvoice>", "too_large"),
        (b"<Finvoice></Finvoice>" * 5000, "too_many"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_cannot_be_read_raises_one_error_that_says_why(data, kind):
    with pytest.raises(UnreadableError) as caught:
        read(data)
    assert caught.value.kind == kind


def test_a_file_beyond_the_limit_is_not_even_looked_at(monkeypatch):
    monkeypatch.setattr(source, "LARGEST_FILE", 100)
    with pytest.raises(UnreadableError) as caught:
        read(file("plain"))
    assert caught.value.kind == "too_large"


def test_a_truncated_file_is_unreadable_at_every_length():
    data = file("plain")
    for length in range(1, len(data.rstrip()) - 1, 97):
        with pytest.raises(UnreadableError):
            read(data[:length])


def test_an_undefined_entity_is_unreadable_and_never_fetched():
    with pytest.raises(UnreadableError):
        read(file("plain").replace(b"Kirja", b"&what;"))


def test_controls_and_references_to_them_are_taken_out():
    document = changed("plain", ("Kirja", "Ki\x01rja&#8;&#xFFFE;&#228;"))
    assert document.rows[1].name == "Ki rja ä"
    assert "control_characters" in codes(document)


def test_a_large_text_is_read():
    [document] = read(file("plain").replace(b"Kirja", b"x" * 11_000_000))
    assert len(document.rows[1].name) == 11_000_000


def test_many_rows_are_read_in_linear_time():
    rows = tuple(DraftRow(f"Rivi {n}", D("1.00")) for n in range(2_000))
    data = as_finvoice(replace(ALL["plain"].draft, rows=rows))
    start = time.perf_counter()
    assert len(read(data)[0].rows) == 2_000
    assert time.perf_counter() - start < 20


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    key=st.sampled_from(["plain", "framed", "two_in_one", "version_1", "food_rates"]),
    cuts=st.lists(st.tuples(st.integers(0, 9999), st.binary(max_size=6)), max_size=4),
)
def test_a_file_with_any_bytes_in_it_is_read_or_unreadable(key, cuts):
    data = bytearray(file(key))
    for place, piece in cuts:
        place %= len(data)
        data[place : place + len(piece)] = piece
    try:
        found = read(bytes(data))
    except UnreadableError:
        return
    for document in found:
        assert document.totals.total is None or document.totals.total.is_finite()
        for problem in document.problems:
            assert {name for name, _value in problem.values} == set(
                PROBLEMS[problem.code]
            )
        contradictions(document)
        for row in document.priced_rows:
            line_of(row)


# === NUMBERS, DATES, REFERENCES === #


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,50", "12.50"),
        ("-12,50", "-12.50"),
        ("12,50-", "-12.50"),
        ("\N{MINUS SIGN}3", "-3"),
        ("+7", "7"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567", "1234567"),
        ("1'234,5", "1234.5"),
        ("0,00", "0.00"),
        (",5", "0.5"),
        ("5,", "5"),
        ("", None),
        ("-", None),
        (",", None),
        ("abc", None),
        ("1e5", None),
        ("1.2.3", None),
        ("9" * 400, None),
        ("NaN", None),
        ("١٢", None),
    ],
)
def test_numbers_as_people_and_programs_write_them(text, value):
    assert number(text) == (value and D(value))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20260302", date(2026, 3, 2)),
        ("2026-03-02", date(2026, 3, 2)),
        ("2026-03-02T10:00:00", date(2026, 3, 2)),
        ("2.3.2026", date(2026, 3, 2)),
        ("260302", date(2026, 3, 2)),
        ("20261399", None),
        ("99991231", None),
        ("00010101", None),
        ("", None),
        ("tänään", None),
    ],
)
def test_dates_of_plausible_years(text, value):
    assert day(text) == value


@pytest.mark.parametrize(
    ("text", "reference", "kind", "problems"),
    [
        ("1234 5672", "12345672", "fi", []),
        ("0000012345672", "12345672", "fi", []),
        ("RF18 5390 0754 7034", "RF18539007547034", "rf", []),
        ("12345671", "12345671", "", ["odd_reference"]),
        ("RF18 5390 0754 7035", "RF18 5390 0754 7035", "", ["odd_reference"]),
        ("Lasku 5001", "Lasku 5001", "", []),
    ],
)
def test_a_reference_counts_if_its_check_digits_hold(text, reference, kind, problems):
    document = changed(
        "plain", ("(<EpiRemittanceInfoIdentifier[^>]*>)[^<]*", rf"\g<1>{text}")
    )
    assert (document.reference.text, document.reference.kind) == (reference, kind)
    assert bool(document.reference) == bool(kind)
    assert codes(document) == problems


def test_the_other_element_counts_only_where_the_proper_one_is_empty():
    into = "<EpiReference>12345672</EpiReference>"
    document = changed(
        "plain",
        ("<EpiReference/>", into),
        ("<EpiRemittanceInfoIdentifier .*?</EpiRemittanceInfoIdentifier>", ""),
    )
    assert document.reference.text == "12345672"


def test_the_date_of_the_payment_wins():
    document = changed(
        "plain", ('(<EpiDateOptionDate Format="CCYYMMDD">)[0-9]+', r"\g<1>20270101")
    )
    assert document.due_date == date(2027, 1, 1)
    assert codes(document) == ["due_dates_differ"]


def test_accounts_come_with_that_of_the_payment_first_and_each_once():
    block = (
        "<SellerInformationDetails><SellerAccountDetails><SellerAccountID>FI21 1234 "
        "5600 0007 85</SellerAccountID><SellerBic>NDEAFIHH</SellerBic>"
        "</SellerAccountDetails><SellerAccountDetails><SellerAccountID>"
        f"{parties.OFFICE.iban}</SellerAccountID><SellerBic>OKOYFIHH</SellerBic>"
        "</SellerAccountDetails></SellerInformationDetails><InvoiceDetails>"
    )
    document = changed("plain", ("<InvoiceDetails>", block))
    assert [account.number for account in document.accounts] == [
        parties.OFFICE.iban,
        "FI2112345600000785",
    ]
    assert all(account.is_iban for account in document.accounts)


def test_an_account_whose_check_digits_fail_is_named():
    document = changed("plain", (parties.OFFICE.iban, "FI0054468826372892"))
    assert codes(document) == ["odd_account"]
    assert not document.accounts[0].is_iban


# === ROWS === #


def test_sub_rows_that_repeat_a_row_are_no_amounts():
    document = one("telecom_sub_rows")
    assert [row.net for row in document.rows] == [D("29.70"), D("39.90")]
    assert len(document.sub_rows) == 3


def test_sub_rows_count_where_the_rows_alone_do_not_make_up_the_total():
    document = one("pension_sub_rows")
    assert [row.net for row in document.priced_rows] == [D("812.44"), D("-12.44")]
    assert document.rows[0].is_text and not document.sub_rows
    assert codes(document) == ["sub_rows_count"]


@pytest.mark.parametrize("key", ["freight_per_hundred", "freight_hidden_hundred"])
def test_a_price_per_hundred_is_found_even_if_it_does_not_say_so(key):
    row = one(key).rows[0]
    assert (row.quantity, row.price, row.base_quantity) == (1240, D("12.50"), 100)
    line = line_of(row)
    assert (line.quantity, line.price, line.net) == (1240, D("0.125"), D("155.00"))


def test_prices_with_vat_become_amounts_without_it_to_the_cent():
    document = one("energy_with_vat")
    assert {row.net_source for row in document.rows} == {NetSource.GROSS}
    assert sum(row.net for row in document.rows) == document.totals.net
    assert [row.vat_rate for row in document.rows] == [D("25.5")] * 3


def test_the_amount_of_a_row_wins_over_quantity_and_price():
    document = changed("plain", ("<UnitPrice(Net)?Amount [^/]*/UnitPrice[^>]*>", ""))
    assert [row.net for row in document.rows] == [D("45.00"), D("20.00")]


def test_a_row_whose_price_does_not_fit_is_one_piece_of_its_amount():
    document = changed("plain", (">4,50<", ">4,7712<"))
    line = line_of(document.rows[0])
    assert line.quantity * line.price == line.net == D("45.00")


def test_the_quantity_that_fits_the_price_is_taken():
    more = (
        '<InvoicedQuantity QuantityUnitCode="kg">3,2</InvoicedQuantity>'
        '<InvoicedQuantity QuantityUnitCode="kpl"'
    )
    document = changed("plain", ('<InvoicedQuantity QuantityUnitCode="kpl"', more))
    assert (document.rows[0].quantity, document.rows[0].unit) == (10, "kpl")


def test_no_price_per_hundred_is_seen_in_a_row_that_costs_nothing():
    draft = ALL["plain"].draft
    free = DraftRow("Näyte", D("0.00"), price=D("0.05"))
    [document] = read(as_finvoice(replace(draft, rows=(free,))))
    assert document.rows[0].base_quantity == 1
    assert line_of(document.rows[0]).price == 0


def test_what_was_ordered_is_no_quantity():
    document = changed(
        "plain", ("<(/?)InvoicedQuantity", r"<\1OrderedQuantity"), (">4,50<", ">45<")
    )
    assert (document.rows[0].quantity, document.rows[0].net) == (1, D("45.00"))


def test_discounts_of_a_row_are_percentages_or_amounts():
    first, second = one("row_discount").rows
    assert line_of(first).discount == 10
    assert (line_of(second).price, line_of(second).discount) == (80, D("6.25"))


def test_progressive_discounts_and_charges_are_all_there():
    many = (
        "<RowProgressiveDiscountDetails><RowDiscountAmount>5,00</RowDiscountAmount>"
        "</RowProgressiveDiscountDetails><RowProgressiveDiscountDetails>"
        "<RowDiscountPercent>5</RowDiscountPercent></RowProgressiveDiscountDetails>"
        "<RowChargeDetails><ReasonText>Rahti</ReasonText><Amount>7,25</Amount>"
        "</RowChargeDetails><RowVatRatePercent>25,5"
    )
    document = changed("plain", ("<RowVatRatePercent>25,5", many))
    row = document.rows[0]
    assert [one.signed for one in row.allowances] == [D("-5.00"), D("-2.25"), D("7.25")]
    assert row.net == D("45.00")


def test_discounts_and_charges_of_the_document_have_their_own_rate():
    found = one("document_discount").allowances
    assert [(each.signed, each.vat_rate) for each in found] == [
        (D("-20.00"), D("25.5")),
        (D("8.00"), D("25.5")),
    ]


def test_rows_of_text_alone_stay_text():
    document = one("long_texts")
    assert [row.is_text for row in document.rows] == [True, False, True]
    assert document.rows[1].texts == ("Väri: musta", "Takuu 2 v")


def test_a_scan_has_sums_and_no_rows():
    document = one("scan")
    assert codes(document) == ["no_rows"]
    assert document.totals.net == D("88.00")
    assert document.vat_groups[0].base == D("88.00")


def test_row_texts_orders_and_periods_are_there():
    assert one("clean").orders == ("PO-101",)
    assert one("plain").orders == ("PO-100",)
    row = one("rent").rows[0]
    assert (row.start, row.end) == (date(2026, 3, 1), date(2026, 3, 31))
    assert one("food_rates").rows[0].ean == "6400000000011"


# === SIGNS AND KINDS === #


@pytest.mark.parametrize(
    "key", ["credit_negative", "credit_positive", "credit_as_invoice", "peppol_denmark"]
)
def test_a_credit_note_of_either_sign_becomes_a_refund_that_is_positive(key):
    document = one(key)
    assert document.is_refund
    assert document.totals.total > 0
    assert sum(row.net for row in document.priced_rows) == document.totals.net
    assert not contradictions(document)


def test_rows_with_the_opposite_sign_of_their_head_are_turned():
    document = changed(
        "credit_negative",
        ("<InvoicedQuantity([^>]*)>-", r"<InvoicedQuantity\1>"),
        ("<RowVatExcludedAmount([^>]*)>-", r"<RowVatExcludedAmount\1>"),
    )
    assert "rows_turned" in codes(document)
    assert document.rows[0].net == document.totals.net == D("9.00")
    assert document.rows[0].quantity == 2


def test_a_negative_price_becomes_a_negative_quantity():
    document = changed(
        "credit_negative",
        ("<InvoicedQuantity([^>]*)>-", r"<InvoicedQuantity\1>"),
        ("<UnitPrice(Net)?Amount([^>]*)>", r"<UnitPrice\1Amount\2>-"),
    )
    row = document.rows[0]
    assert (row.quantity, row.price, row.net) == (2, D("4.50"), D("9.00"))


def test_a_total_of_zero_keeps_its_signs():
    document = one("zero")
    assert not document.is_refund
    assert [row.net for row in document.rows] == [D("10.00"), D("-10.00")]


def test_a_credit_note_with_nothing_to_pay_does_not_contradict_itself():
    document = changed(
        "credit_negative", ("(<EpiInstructedAmount[^>]*>)[^<]*", r"\g<1>0,00")
    )
    assert document.totals.payable is None
    assert not contradictions(document)


@pytest.mark.parametrize(
    ("key", "kind", "is_bill"),
    [
        ("plain", DocumentKind.INVOICE, True),
        ("credit_negative", DocumentKind.CREDIT_NOTE, True),
        ("reminder", DocumentKind.REMINDER, False),
        ("interest_note", DocumentKind.INTEREST_NOTE, False),
        ("direct_payment", DocumentKind.DIRECT_PAYMENT, True),
    ],
)
def test_kinds(key, kind, is_bill):
    document = one(key)
    assert (document.kind, document.kind.is_bill) == (kind, is_bill)


def test_an_order_is_no_bill():
    document = changed("plain", ("INV01", "ORD01"))
    assert not document.kind.is_bill
    assert codes(document) == ["unknown_type"]


@pytest.mark.parametrize(
    ("finnish", "un", "is_odd"),
    [
        ("INV01", "380", False),
        ("INV02", "381", False),
        ("INV01", "386", False),
        ("INV01", "381", True),
        ("INV02", "380", True),
        ("INV08", "380", False),
    ],
)
def test_two_type_codes_that_contradict_each_other_are_named(finnish, un, is_odd):
    document = changed(
        "plain",
        ("TypeCode>INV01", f"TypeCode>{finnish}"),
        ("TypeCodeUN>380", f"TypeCodeUN>{un}"),
    )
    assert ("odd_type" in codes(document)) == is_odd


def test_a_correction_and_what_the_seller_collects_are_flagged():
    plain = one("plain")
    assert not (plain.is_correction or plain.is_collected)
    assert changed("plain", ("TypeCodeUN>380", "TypeCodeUN>384")).is_correction
    end = "</EpiRemittanceInfoIdentifier>"
    code = f"{end}<EpiPaymentMeansCode>59</EpiPaymentMeansCode>"
    assert changed("plain", (end, code)).is_collected


def test_copies_and_withdrawals_are_named():
    assert one("copy").origin == "copy"
    assert one("cancellation").origin == "cancel"
    assert one("cancellation").original_numbers == ("5001",)


def test_prepayments_and_factoring_are_flagged():
    assert one("prepayment").is_prepayment
    document = one("factoring")
    assert document.is_factored
    assert document.payee.business_id == parties.FACTOR.bid
    assert document.accounts[0].number == parties.FACTOR.iban


def test_what_is_paid_already_says_so():
    assert one("paid").is_paid
    assert one("direct_payment").is_paid
    assert not one("prepaid").is_paid
    assert one("prepaid").totals.paid == D("500.00")


def test_rounding_is_apart_from_the_total():
    totals = one("rounding").totals
    assert totals.total + totals.round_off == totals.payable


def test_a_wrong_sum_is_found():
    [difference] = contradictions(one("wrong_vat"))
    assert (difference.expected, difference.found) == (D("20.40"), D("21.40"))


def test_what_is_missing_is_named():
    document = changed(
        "plain",
        ("<InvoiceNumber>.*?</InvoiceNumber>", ""),
        ('<InvoiceDate Format="CCYYMMDD">[^<]*', "<InvoiceDate>x"),
        ("<SellerPartyDetails>.*?</SellerPartyDetails>", ""),
        ("<SellerOrganisationUnitNumber>.*?</SellerOrganisationUnitNumber>", ""),
        ("<InvoiceTotalVat[A-Za-z]*Amount .*?</InvoiceTotalVat[A-Za-z]*Amount>", ""),
    )
    assert set(codes(document)) == {
        "missing_number",
        "missing_date",
        "missing_seller",
        "missing_total",
        "odd_date",
    }


def test_links_are_pairs_to_show():
    assert one("link").links == (("Lasku", "https://laskut.example/5007"),)


def test_files_of_an_attachment_message_belong_to_their_invoice():
    text = base64.b64encode(b"%PDF-1.4").decode()
    digest = hashlib.sha1(text.encode()).hexdigest()

    def message(secure_hash):
        return (
            '<?xml version="1.0"?><FinvoiceAttachments Version="1.0">'
            "<MessageTransmissionDetails><MessageDetails><MessageIdentifier>M::"
            "attachments</MessageIdentifier></MessageDetails>"
            "</MessageTransmissionDetails><AttachmentDetails><AttachmentContent>"
            f"{text}</AttachmentContent><AttachmentName>a.pdf</AttachmentName>"
            "<AttachmentMimeType>application/pdf</AttachmentMimeType>"
            f"<AttachmentSecureHash>{secure_hash}</AttachmentSecureHash>"
            "</AttachmentDetails></FinvoiceAttachments>"
        ).encode()

    named = file("plain").replace(
        b"</Finvoice>",
        b"<AttachmentMessageDetails><AttachmentMessageIdentifier>M::attachments"
        b"</AttachmentMessageIdentifier></AttachmentMessageDetails></Finvoice>",
    )
    [document] = read(named + message(digest))
    assert [(one.name, one.data) for one in document.attachments] == [
        ("a.pdf", b"%PDF-1.4")
    ]
    [document] = read(named + message("0" * 40))
    assert codes(document) == ["attachments_missing"]
    assert is_finvoice(named) and not is_finvoice(b"<x/>")


# === ANY DOCUMENT === #

CENTS = st.integers(-500_000, 500_000).map(lambda value: D(value) / 100)
RATES = st.sampled_from([D("25.5"), D("13.5"), D(10), D(24), D(0)])
ROWS = st.builds(
    DraftRow,
    name=st.sampled_from(["Työ", "Tavara", "€"]),
    net=CENTS,
    rate=RATES,
    quantity=st.sampled_from([D(1), D(3), D("0.5"), D("1.25"), D(100), D(-2)]),
    base=st.sampled_from([D(1), D(100)]),
    discount=st.sampled_from([D(0), D("1.00"), D("0.37")]),
    charge=st.sampled_from([D(0), D("2.50")]),
)
DRAFTS = st.builds(
    Draft,
    key=st.just("any"),
    title=st.just("any"),
    number=st.just("1"),
    seller=st.just(parties.OFFICE),
    rows=st.lists(ROWS, min_size=1, max_size=12).map(tuple),
    kind=st.sampled_from(["INV01", "INV02"]),
    allowed=st.lists(
        st.builds(Allowed, amount=CENTS, is_charge=st.booleans(), rate=RATES),
        max_size=2,
    ).map(tuple),
    round_off=st.sampled_from([D(0), D("0.02")]),
    paid=st.sampled_from([D(0), D("10.00")]),
    style=st.builds(
        Style,
        version=st.sampled_from(["1.3", "2.01", "3.0"]),
        prices_with_vat=st.booleans(),
        positive_credit=st.booleans(),
        has_frame=st.booleans(),
    ),
)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(draft=DRAFTS)
def test_any_document_is_read_equal_to_the_cent_or_names_the_difference(draft):
    [document] = read(sample_of(draft).formats["FINVOICE30"])
    assert abs(document.totals.total) == abs(draft.total)
    assert document.totals.total >= 0
    made = sum((row.net for row in document.priced_rows), D(0))
    made += sum((each.signed for each in document.allowances), D(0))
    for row in document.priced_rows:
        line = line_of(row)
        assert abs(line.quantity * line.price * (1 - line.discount / 100) - row.net) < (
            D("0.0051")
        )
    if made != document.totals.net:
        slack = D("0.005") * (len(draft.rows) + len(draft.allowed))
        assert contradictions(document) or abs(made - document.totals.net) <= slack
