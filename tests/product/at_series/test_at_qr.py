"""The text of the QR code, field by field, and the picture, read back."""

import datetime
import io
from dataclasses import replace
from decimal import Decimal

import pytest
import zxingcpp
from at_series import (
    AZORES,
    MADEIRA,
    MAINLAND,
    NO_SIGNATURE,
    QrDocument,
    QrError,
    TaxSpace,
    bare_tax_number,
    qr_image,
    qr_payload,
    signature_characters,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

INVOICE = QrDocument(
    issuer_nif="509987656",
    customer_nif="999999990",
    customer_country="PT",
    document_type="FS",
    status="N",
    date=datetime.date(2026, 3, 9),
    number="FS LOJA/7",
    atcud="BCDF2345-7",
    spaces=(TaxSpace(MAINLAND, normal=Decimal("10"), normal_vat=Decimal("2.3")),),
    total_taxes=Decimal("2.3"),
    gross_total=Decimal("12.3"),
    signature="aB+/",
    certificate_number="0009",
)
EVERYTHING = replace(
    INVOICE,
    document_type="FT",
    spaces=(
        TaxSpace(MAINLAND, *(Decimal(number) for number in range(1, 8))),
        TaxSpace(AZORES, reduced=Decimal("8"), reduced_vat=Decimal("0.32")),
        TaxSpace(MADEIRA, intermediate=Decimal(9), intermediate_vat=Decimal("1.08")),
    ),
    not_subject=Decimal("10"),
    stamp_duty=Decimal("0.4"),
    total_taxes=Decimal("16.8"),
    gross_total=Decimal("56.8"),
    withholding=Decimal("11.5"),
    other="TB;PT50000000000000000000000;12.30",
)


def priced(space, **changes):
    """A document with one tax space and the totals that follow from it."""
    exempt, *rates = (amount or 0 for amount in space.amounts())
    taxes = Decimal(sum(rates[1::2]) + (changes.get("stamp_duty") or 0))
    total = exempt + sum(rates[0::2]) + taxes + (changes.get("not_subject") or 0)
    totals = {"total_taxes": taxes, "gross_total": Decimal(total)}
    return replace(INVOICE, spaces=(space,), **(totals | changes))


def amounts(document):
    """The fields between number and signature."""
    return qr_payload(document).partition("-7*")[2].partition("*Q:")[0]


def test_a_simplified_invoice():
    assert qr_payload(INVOICE) == (
        "A:509987656*B:999999990*C:PT*D:FS*E:N*F:20260309*G:FS LOJA/7*H:BCDF2345-7"
        "*I1:PT*I7:10.00*I8:2.30*N:2.30*O:12.30*Q:aB+/*R:0009"
    )


def test_every_field_has_its_place():
    assert qr_payload(EVERYTHING).split("*")[8:] == [
        *("I1:PT", "I2:1.00", "I3:2.00", "I4:3.00", "I5:4.00", "I6:5.00"),
        *("I7:6.00", "I8:7.00", "J1:PT-AC", "J3:8.00", "J4:0.32"),
        *("K1:PT-MA", "K5:9.00", "K6:1.08", "L:10.00", "M:0.40", "N:16.80"),
        *("O:56.80", "P:11.50", "Q:aB+/", "R:0009"),
        "S:TB;PT50000000000000000000000;12.30",
    ]


@pytest.mark.parametrize("document_type", ["FT", "FS", "FR", "NC", "ND"])
def test_an_invoice_without_vat_names_its_tax_space(document_type):
    document = priced(
        TaxSpace(MADEIRA), document_type=document_type, not_subject=Decimal(80)
    )
    assert amounts(document) == "I1:PT-MA*L:80.00*N:0.00*O:80.00"
    with pytest.raises(QrError) as raised:
        qr_payload(replace(document, spaces=()))
    assert (raised.value.field, raised.value.reason) == ("I1", "missing")


@pytest.mark.parametrize("document_type", ["GT", "PF", "RG", "RC"])
def test_another_document_without_vat_has_no_tax_space(document_type):
    document = priced(TaxSpace(MAINLAND), document_type=document_type)
    document = replace(document, spaces=())
    assert amounts(document) == "I1:0*N:0.00*O:0.00"


def test_a_receipt_without_a_tax_space_shows_what_was_paid():
    receipt = replace(
        INVOICE,
        document_type="RG",
        spaces=(),
        total_taxes=Decimal(0),
        gross_total=Decimal(99),
        signature=NO_SIGNATURE,
    )
    assert amounts(receipt) == "I1:0*N:0.00*O:99.00"


def test_another_document_with_vat_has_its_tax_space():
    document = replace(INVOICE, document_type="PF")
    assert amounts(document) == "I1:PT*I7:10.00*I8:2.30*N:2.30*O:12.30"


def test_operations_under_stamp_duty_are_in_the_exempt_base():
    document = priced(TaxSpace(MAINLAND, exempt=Decimal(100)), stamp_duty=Decimal(4))
    assert amounts(document) == "I1:PT*I2:100.00*M:4.00*N:4.00*O:104.00"


def test_the_tax_of_another_country_has_a_tax_space():
    document = priced(TaxSpace("ES", normal=Decimal(100), normal_vat=Decimal(21)))
    assert amounts(document) == "I1:ES*I7:100.00*I8:21.00*N:21.00*O:121.00"


def test_a_debit_note_of_a_tax_alone_has_a_base_of_zero():
    document = priced(TaxSpace(MAINLAND, normal_vat=Decimal(23)), document_type="ND")
    assert amounts(document) == "I1:PT*I7:0.00*I8:23.00*N:23.00*O:23.00"


def test_what_is_taxed_by_its_margin_is_in_the_exempt_base():
    document = priced(TaxSpace(MAINLAND, exempt=Decimal(500)))
    assert amounts(document) == "I1:PT*I2:500.00*N:0.00*O:500.00"


def test_a_tax_of_less_than_half_a_cent_is_said():
    document = priced(TaxSpace(MAINLAND, reduced=Decimal("0.05")))
    assert amounts(document) == "I1:PT*I3:0.05*I4:0.00*N:0.00*O:0.05"


def test_amounts_that_say_nothing_are_left_out():
    zero = Decimal("0.00")
    document = priced(TaxSpace(MAINLAND, *(zero for _amount in range(7))))
    document = replace(
        document, not_subject=zero, stamp_duty=Decimal("-0.00"), withholding=zero
    )
    assert amounts(document) == "I1:PT*N:0.00*O:0.00"


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0.005", "0.01"), ("2.345", "2.35"), ("1E+3", "1000.00")],
)
def test_amounts_have_two_decimals_and_nothing_else(amount, text):
    document = priced(TaxSpace(MAINLAND, exempt=Decimal(amount)))
    assert f"*O:{text}*" in qr_payload(document)


@pytest.mark.parametrize("document_type", ["RC", "RG"])
def test_a_receipt_is_not_signed(document_type):
    receipt = replace(
        priced(TaxSpace(MAINLAND)), document_type=document_type, signature=NO_SIGNATURE
    )
    assert qr_payload(receipt).endswith("*Q:0*R:0009")


@pytest.mark.parametrize(("number", "text"), [(12, "12"), ("0012", "0012"), ("9", "9")])
def test_the_number_of_the_certificate_stays_as_assigned(number, text):
    payload = qr_payload(replace(INVOICE, certificate_number=number))
    assert payload.endswith(f"*R:{text}")


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"issuer_nif": ""}, "A", "missing"),
        ({"issuer_nif": "PT509987656"}, "A", "too_long"),
        ({"customer_nif": "x" * 31}, "B", "too_long"),
        ({"customer_nif": "1*2"}, "B", "character"),
        ({"customer_nif": "1\n2"}, "B", "character"),
        ({"customer_country": "Desconhecidos"}, "C", "too_long"),
        ({"document_type": "FTX"}, "D", "too_long"),
        ({"number": "FT " + "x" * 58}, "G", "too_long"),
        ({"atcud": ""}, "H", "missing"),
        ({"atcud": "x" * 71}, "H", "too_long"),
        ({"spaces": (TaxSpace("PT-ABC"),)}, "I1", "too_long"),
        ({"spaces": (TaxSpace(""),)}, "I1", "missing"),
        ({"spaces": (TaxSpace("PT"),) * 4}, "K", "spaces"),
        ({"spaces": (TaxSpace("PT", exempt=Decimal(-1)),)}, "I2", "negative"),
        ({"spaces": (TaxSpace("PT", reduced_vat=Decimal(-1)),)}, "I4", "negative"),
        ({"not_subject": Decimal("-0.01")}, "L", "negative"),
        ({"stamp_duty": Decimal("-0.01")}, "M", "negative"),
        ({"total_taxes": Decimal("-2.3")}, "N", "negative"),
        ({"total_taxes": Decimal("NaN")}, "N", "character"),
        ({"total_taxes": Decimal("2.31")}, "N", "sums"),
        ({"stamp_duty": Decimal("1")}, "N", "sums"),
        ({"gross_total": Decimal("-12.3")}, "O", "negative"),
        ({"gross_total": Decimal("1E14")}, "O", "too_long"),
        ({"gross_total": Decimal("1E400")}, "O", "too_long"),
        ({"gross_total": Decimal("Infinity")}, "O", "character"),
        ({"gross_total": Decimal("12.31")}, "O", "sums"),
        ({"not_subject": Decimal("1")}, "O", "sums"),
        ({"withholding": Decimal("-1")}, "P", "negative"),
        ({"signature": "abc"}, "Q", "missing"),
        ({"signature": "0"}, "Q", "missing"),
        ({"signature": "ab*c"}, "Q", "character"),
        ({"certificate_number": 0}, "R", "missing"),
        ({"certificate_number": ""}, "R", "missing"),
        ({"certificate_number": "0000"}, "R", "missing"),
        ({"certificate_number": 10000}, "R", "too_long"),
        ({"certificate_number": "12a"}, "R", "character"),
        ({"certificate_number": -12}, "R", "character"),
        ({"other": "x" * 66}, "S", "too_long"),
        ({"other": "NU;1*2"}, "S", "character"),
    ],
)
def test_what_the_specification_forbids_is_refused(changes, field, reason):
    with pytest.raises(QrError) as raised:
        qr_payload(replace(INVOICE, **changes))
    assert (raised.value.field, raised.value.reason) == (field, reason)


@pytest.mark.parametrize(
    ("number", "country", "bare"),
    [
        ("PT 509 987 656", "PT", "509987656"),
        ("pt509987656", "PT", "509987656"),
        ("509987656", "PT", "509987656"),
        ("PT509987656", "FR", "509987656"),
        ("PT509987656", None, "509987656"),
        ("ESB12345674", "ES", "B12345674"),
        ("B12345674", "ES", "B12345674"),
        ("EL094259216", "GR", "094259216"),
        ("GR094259216", "GR", "094259216"),
        ("ATU12345675", "AT", "U12345675"),
        ("FR40303265045", "FR", "40303265045"),
        ("XI123456782", "GB", "123456782"),
        ("CHE-123.456.788 MWST", "CH", "CHE-123.456.788MWST"),
        ("CHE123456788", "CH", "CHE123456788"),
        ("NO987654325MVA", "NO", "NO987654325MVA"),
        ("BR12345678000195", "BR", "BR12345678000195"),
        ("FR40303265045", "CH", "FR40303265045"),
        ("PT", "PT", "PT"),
        ("/", "PT", ""),
        ("", "PT", ""),
        (None, None, ""),
    ],
)
def test_only_prefixes_that_a_country_s_own_form_lacks_are_left_out(
    number, country, bare
):
    assert bare_tax_number(number, country) == bare


@given(
    cents=st.lists(st.integers(0, 10**9), min_size=7, max_size=7),
    others=st.lists(st.integers(0, 10**6), min_size=3, max_size=3),
)
@settings(max_examples=200, deadline=None)
def test_amounts_that_agree_are_read_back_as_they_were(cents, others):
    values = [Decimal(one).scaleb(-2) for one in cents]
    not_subject, stamp_duty, withholding = (Decimal(x).scaleb(-2) for x in others)
    document = priced(
        TaxSpace(AZORES, *values),
        not_subject=not_subject,
        stamp_duty=stamp_duty,
        withholding=withholding,
    )
    read = dict(part.split(":", 1) for part in qr_payload(document).split("*"))
    for place, value in enumerate(values, start=2):
        assert Decimal(read.get(f"I{place}", 0)) == value
    others = (not_subject, stamp_duty, withholding)
    assert [Decimal(read.get(code, 0)) for code in "LMP"] == list(others)
    bases = sum(Decimal(read.get(f"I{place}", 0)) for place in (2, 3, 5, 7))
    assert bases + Decimal(read.get("L", 0)) + Decimal(read["N"]) == Decimal(read["O"])


def test_the_four_characters_of_a_signature():
    signature = "".join(chr(ord("A") + number % 26) for number in range(172))
    assert signature_characters(signature) == "AKUE"
    with pytest.raises(QrError):
        signature_characters("A" * 30)


@pytest.mark.parametrize("document", [INVOICE, EVERYTHING])
def test_a_scanner_reads_the_picture(document):
    payload = qr_payload(document)
    image = qr_image(payload)
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(image.png)))
    assert (found.text, found.ec_level) == (payload, "M")
    assert image.version >= 9
    assert len(payload) > 150 or image.version == 9


def test_the_picture_is_wide_enough_and_has_its_margin():
    image = qr_image("A:509987656")
    with Image.open(io.BytesIO(image.png)) as picture:
        width, height = picture.size
        dark = picture.convert("L").point(lambda value: 255 - value).getbbox()
    assert width == height
    millimetres = image.millimetres / width
    left, top, right, bottom = (edge * millimetres for edge in dark)
    assert right - left >= 30
    assert min(left, top, image.millimetres - right, image.millimetres - bottom) >= 2.5
