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
    QrDocument,
    QrError,
    TaxSpace,
    qr_image,
    qr_payload,
    signature_characters,
)
from PIL import Image

RECEIPT = QrDocument(
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
    certificate_number=9,
)
EVERYTHING = replace(
    RECEIPT,
    document_type="FT",
    spaces=(
        TaxSpace(MAINLAND, *(Decimal(number) for number in range(1, 8))),
        TaxSpace(AZORES, reduced=Decimal("8"), reduced_vat=Decimal("0.32")),
        TaxSpace(MADEIRA, intermediate=Decimal(9), intermediate_vat=Decimal("1.08")),
    ),
    not_subject=Decimal("10"),
    stamp_duty=Decimal("0.4"),
    withholding=Decimal("11.5"),
    other="TB;PT50000000000000000000000;12.30",
)


def test_a_receipt():
    assert qr_payload(RECEIPT) == (
        "A:509987656*B:999999990*C:PT*D:FS*E:N*F:20260309*G:FS LOJA/7*H:BCDF2345-7"
        "*I1:PT*I7:10.00*I8:2.30*N:2.30*O:12.30*Q:aB+/*R:9"
    )


def test_every_field_has_its_place():
    assert qr_payload(EVERYTHING).split("*")[8:] == [
        *("I1:PT", "I2:1.00", "I3:2.00", "I4:3.00", "I5:4.00", "I6:5.00"),
        *("I7:6.00", "I8:7.00", "J1:PT-AC", "J3:8.00", "J4:0.32"),
        *("K1:PT-MA", "K5:9.00", "K6:1.08", "L:10.00", "M:0.40", "N:2.30"),
        *("O:12.30", "P:11.50", "Q:aB+/", "R:9"),
        "S:TB;PT50000000000000000000000;12.30",
    ]


def test_a_document_without_vat():
    payload = qr_payload(replace(RECEIPT, spaces=(), total_taxes=Decimal(0)))
    assert "*I1:0*N:0.00*" in payload


def test_zero_is_said_when_it_is_on_the_document():
    spaces = (TaxSpace(MAINLAND, exempt=Decimal(0)),)
    assert "*I1:PT*I2:0.00*N:" in qr_payload(replace(RECEIPT, spaces=spaces))


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0.005", "0.01"), ("2.345", "2.35"), ("1E+3", "1000.00")],
)
def test_amounts_have_two_decimals_and_nothing_else(amount, text):
    payload = qr_payload(replace(RECEIPT, gross_total=Decimal(amount)))
    assert f"*O:{text}*" in payload


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
        ({"spaces": (TaxSpace("PT"),) * 4}, "K", "spaces"),
        ({"gross_total": Decimal("1E14")}, "O", "too_long"),
        ({"signature": "abc"}, "Q", "missing"),
        ({"signature": "ab*c"}, "Q", "character"),
        ({"certificate_number": 0}, "R", "missing"),
        ({"certificate_number": 10000}, "R", "too_long"),
        ({"other": "x" * 66}, "S", "too_long"),
        ({"other": "NU;1*2"}, "S", "character"),
    ],
)
def test_what_the_specification_forbids(changes, field, reason):
    with pytest.raises(QrError) as raised:
        qr_payload(replace(RECEIPT, **changes))
    assert (raised.value.field, raised.value.reason) == (field, reason)


def test_four_characters_stand_for_the_signature():
    signature = "".join(chr(ord("A") + number % 26) for number in range(172))
    assert signature_characters(signature) == "AKUE"
    with pytest.raises(QrError):
        signature_characters("A" * 30)


@pytest.mark.parametrize("document", [RECEIPT, EVERYTHING])
def test_the_picture_is_read_back(document):
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
