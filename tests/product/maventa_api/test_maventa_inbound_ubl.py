"""The sums and keys of received UBL documents."""

import base64
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
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
