"""Finvoice's routing: message block, SOAP frame, EN 16931 mark, delivery."""

import dataclasses
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from lxml import etree
from maventa_api import InvoiceFormat, RejectedError
from maventa_api.finvoice import (
    Mailbox,
    Message,
    Party,
    Row,
    VatGroup,
    document_in,
    obstacles,
    write,
)
from maventa_samples import upload
from test_maventa_finvoice import INVOICE, ROW, values

MESSAGE = Message(
    identifier="0b8f2c3e-6d5a-4c1e-9a55-0f1e2d3c4b5a",
    timestamp=datetime(2026, 3, 2, 8, 30, tzinfo=UTC),
    sender=Mailbox("003723456780", "003721291126", "0216"),
    receiver=Mailbox("003712345671", "003723327487", "0216"),
)
CLEAN = dataclasses.replace(
    INVOICE,
    message=MESSAGE,
    vat_groups=(dataclasses.replace(INVOICE.vat_groups[0], reason=""),),
)


def changed(document=CLEAN, **changes):
    return dataclasses.replace(document, **changes)


def test_the_block_says_from_whom_to_whom():
    root = etree.fromstring(write(CLEAN))
    assert root[0].tag == "MessageTransmissionDetails"
    for path, value, scheme in (
        ("MessageSenderDetails/FromIdentifier", "003723456780", "0216"),
        ("MessageSenderDetails/FromIntermediator", "003721291126", None),
        ("MessageReceiverDetails/ToIdentifier", "003712345671", "0216"),
        ("MessageReceiverDetails/ToIntermediator", "003723327487", None),
        ("MessageDetails/MessageTimeStamp", "2026-03-02T08:30:00+00:00", None),
    ):
        node = root[0].find(path)
        assert (node.text, node.get("SchemeID")) == (value, scheme)
    assert root[0].find("MessageDetails/SpecificationIdentifier") is None


def test_the_frame_says_the_same_as_the_block():
    file = write(changed(message=dataclasses.replace(MESSAGE, has_envelope=True)))
    assert file.startswith(b"<SOAP-ENV:Envelope ")
    frame = etree.fromstring(file[: file.index(b"<?xml")])
    roles = [
        (node.tag.partition("}")[2], *(child.text for child in node))
        for node in frame.iterfind(".//{*}MessageHeader/*")
        if len(node) == 2
    ]
    assert roles == [
        ("From", "003723456780", "Sender"),
        ("From", "003721291126", "Intermediator"),
        ("To", "003712345671", "Receiver"),
        ("To", "003723327487", "Intermediator"),
    ]
    assert frame.findtext(".//{*}CPAId") == "yoursandmycpa"
    assert frame.findtext(".//{*}MessageId") == MESSAGE.identifier
    assert document_in(file) == write(CLEAN)


def test_a_frame_travels_and_one_that_differs_is_refused(service):
    file = write(changed(message=dataclasses.replace(MESSAGE, has_envelope=True)))
    good = upload(file=file, filename="INV.xml", format=InvoiceFormat.FINVOICE30)
    other = file.replace(b"<eb:PartyId>003712345671", b"<eb:PartyId>003712345672")
    with service.client() as client:
        assert client.send_invoice(good).number == INVOICE.number
        with pytest.raises(RejectedError) as caught:
            client.send_invoice(
                upload(file=other, filename="I.xml", format=InvoiceFormat.FINVOICE30)
            )
    assert "differ" in str(caught.value.details)


def test_a_marked_document_has_no_rows_of_words():
    message = dataclasses.replace(MESSAGE, is_en16931=True)
    root = etree.fromstring(write(changed(message=message)))
    path = "MessageTransmissionDetails/MessageDetails/SpecificationIdentifier"
    assert values(root, path) == ["EN16931"]
    [row] = root.findall("InvoiceRow")
    assert values(row, "RowFreeText") == ["Talvi", "14.1.", "15.1.", "Kiitos"]
    lonely = changed(message=message, rows=(ROW, Row(name="Kevät")))
    texts = values(etree.fromstring(write(lonely)), "InvoiceDetails/InvoiceFreeText")
    assert texts[0] == "Kevät"


def test_what_is_complete_has_no_obstacles():
    assert obstacles(CLEAN) == []


BUYER = INVOICE.buyer
ABROAD = Party(**dataclasses.asdict(BUYER) | {"vat": "DE123456788", "country": "DE"})


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("BR-63", {"message": None}),
        ("BR-10", {"buyer": dataclasses.replace(BUYER, post_code="")}),
        ("BR-10", {"buyer": dataclasses.replace(BUYER, country="")}),
        ("business", {"buyer": dataclasses.replace(BUYER, vat="", business_id="")}),
        ("BR-23", {"rows": (dataclasses.replace(ROW, unit_code=""),)}),
        ("BR-16", {"rows": ()}),
        ("BR-50", {"account": dataclasses.replace(INVOICE.account, bic="")}),
        ("BR-CO-17", {"vat_groups": (VatGroup("S", Decimal(25), *[Decimal(1)] * 2),)}),
        (
            "BR-AE-02",
            {
                "seller": dataclasses.replace(INVOICE.seller, vat=""),
                "vat_groups": (VatGroup("AE", *[Decimal(0)] * 3, "x"),),
            },
        ),
        ("BR-AE-10", {"vat_groups": (VatGroup("AE", *[Decimal(0)] * 3),)}),
        (
            "BR-IC-12",
            {"buyer": ABROAD, "vat_groups": (VatGroup("K", *[Decimal(0)] * 3),)},
        ),
        ("BR-O-02", {"vat_groups": (VatGroup("O", None, *[Decimal(0)] * 2, "x"),)}),
        ("BR-CL-18", {"vat_groups": (VatGroup("AB", *[Decimal(0)] * 3, "x"),)}),
    ],
)
def test_what_the_standard_misses_keeps_the_mark_away(rule, changes):
    assert rule in obstacles(changed(**changes))


def test_goods_to_another_country_of_the_union_can_be_marked():
    group = VatGroup(
        "K", Decimal(0), INVOICE.net, Decimal(0), reason_code="VATEX-EU-IC"
    )
    goods = changed(
        buyer=ABROAD,
        vat_groups=(group,),
        delivery=ABROAD,
        delivery_date=date(2026, 3, 1),
    )
    assert obstacles(goods) == []


def test_where_the_goods_go_has_short_names_and_needs_an_address():
    place = dataclasses.replace(BUYER, name="Jään ja kiven varasto ja pakkaamo Oy")
    root = etree.fromstring(write(changed(delivery=place)))
    details = root.find("DeliveryPartyDetails")
    names = values(details, "DeliveryOrganisationName")
    assert " ".join(names) == place.name
    assert max(map(len, names)) <= 35
    path = "DeliveryPostalAddressDetails/DeliveryStreetName"
    assert values(details, path) == ["Jääkatu 2", "C/O Aino"]
    nowhere = dataclasses.replace(place, city="")
    root = etree.fromstring(write(changed(delivery=nowhere)))
    assert root.find("DeliveryPartyDetails") is None


def test_what_is_paid_in_full_says_so():
    root = etree.fromstring(write(changed(paid=INVOICE.total)))
    assert values(root, "PaymentStatusDetails/PaymentStatusCode") == ["PAID"]
    root = etree.fromstring(write(changed(paid=Decimal(1))))
    assert root.find("PaymentStatusDetails") is None
