"""Receiving: the list, the files, and what goes wrong with them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from maventa_api import (
    FraudReason,
    NotFoundError,
    RejectedError,
    ReturnFormat,
    SetupError,
    TemporaryError,
)
from maventa_api.finvoice import read
from maventa_api.simulator.samples import samples
from test_maventa_odd_answers import LEAVES, SHAPES, UUID, answered, written

ALL = {sample.key: sample for sample in samples()}
START = datetime(2026, 1, 1, tzinfo=UTC)
FINVOICE, PEPPOL = ReturnFormat.FINVOICE30, ReturnFormat.PEPPOLBIS30


def arrive(service, *keys, at=None, **more):
    """Let samples arrive, a second after another."""
    company = service.account.company_uuid
    first = at or START.timestamp() + 3600
    return [
        service.simulator.receive(company, ALL[key], received_at=first + n, **more)
        for n, key in enumerate(keys)
    ]


def everything(client, start=START, size=100):
    found, number = [], 1
    while True:
        page = client.list_inbound(start, number=number, size=size)
        found += page.invoices
        if page.is_last:
            return found
        number += 1


@pytest.fixture
def receiver(service):
    with service.client(receives=True) as client:
        yield client


def test_what_arrived_is_listed_by_time_of_arrival(service, receiver):
    ids = arrive(service, "plain", "credit_negative", "peppol_sweden")
    found = everything(receiver)
    assert [invoice.id for invoice in found] == ids
    assert [invoice.number for invoice in found] == ["5001", "H-1", "SE-2026-1"]
    assert found[0].received_at == START + timedelta(hours=1)
    assert (found[0].sum, found[0].sum_tax) == (Decimal("65.0"), Decimal("79.18"))
    assert found[1].sum_tax < 0
    assert found[0].sender.bid == "2920579-8"


def test_nothing_new_is_one_request_for_the_list(service, receiver):
    assert receiver.list_inbound(START).is_last
    assert service.simulator.requests["list_invoices"] == 1


@pytest.mark.parametrize("count", [0, 1, 5, 9, 10, 11])
def test_pages_end_where_the_list_ends(service, receiver, count):
    ids = arrive(service, *["plain"] * count)
    assert [invoice.id for invoice in everything(receiver, size=5)] == ids


@pytest.mark.parametrize("fault", ["list_bare", "list_wrong_total"])
def test_paging_does_not_trust_headers(service, receiver, fault):
    ids = arrive(service, *["plain"] * 7)
    service.simulator.faults.add(fault, 5)
    assert [invoice.id for invoice in everything(receiver, size=3)] == ids


def test_an_invoice_on_two_pages_comes_twice_for_the_caller_to_know(service, receiver):
    ids = arrive(service, *["plain"] * 6)
    service.simulator.faults.add("list_repeats")
    found = [invoice.id for invoice in everything(receiver, size=3)]
    assert set(found) <= set(ids)
    assert found.count(ids[2]) == 2


def test_a_row_that_is_no_invoice_does_not_stop_the_others(service, receiver):
    ids = arrive(service, "plain")
    service.simulator.faults.add("list_odd_row")
    page = receiver.list_inbound(START)
    assert [invoice.id for invoice in page.invoices] == ids
    assert page.unreadable == 1


def test_an_id_that_turns_up_late_is_found_by_an_overlap(service, receiver):
    arrive(service, "plain")
    cursor = everything(receiver)[-1].received_at
    late = arrive(service, "clean", at=START.timestamp() + 60)
    assert not [one for one in everything(receiver, cursor) if one.id in late]
    overlapped = everything(receiver, cursor - timedelta(days=3))
    assert late[0] in [invoice.id for invoice in overlapped]


def test_the_list_is_bounded_by_an_end_and_by_ids(service, receiver):
    ids = arrive(service, "plain", "clean", "rent")
    end = START + timedelta(seconds=3601)
    assert [one.id for one in receiver.list_inbound(START, end).invoices] == ids[:2]
    assert [one.id for one in receiver.list_inbound(START, ids=ids[2:]).invoices] == [
        ids[2]
    ]


def test_the_count_comes_before_the_files(service, receiver):
    arrive(service, "plain", "clean")
    assert receiver.count_inbound(START) == 2
    assert service.simulator.requests["show_invoice"] == 0


def test_the_original_comes_byte_by_byte(service, receiver):
    for key in ("utf8_said_latin", "framed", "two_in_one", "peppol_germany"):
        [uuid] = arrive(service, key)
        invoice = receiver.find_inbound(uuid)
        wanted, _other = invoice.formats(FINVOICE)
        file = receiver.download(uuid, wanted)
        assert file.data == ALL[key].formats[invoice.source_format]
        assert file.mimetype == "application/xml"


def test_another_format_is_converted(service, receiver):
    [uuid] = arrive(service, "peppol_norway")
    converted = receiver.download(uuid, FINVOICE).data
    assert converted != receiver.download(uuid, PEPPOL).data
    assert read(converted)[0].number == "10042"


@pytest.mark.parametrize(
    ("source", "prefer", "formats"),
    [
        ("FINVOICE30", PEPPOL, (FINVOICE, PEPPOL)),
        ("FINVOICE20", PEPPOL, (FINVOICE, PEPPOL)),
        ("TEAPPS30", PEPPOL, (FINVOICE, PEPPOL)),
        ("PEPPOLBIS30", FINVOICE, (PEPPOL, FINVOICE)),
        ("SVEFAKTURA10", FINVOICE, (FINVOICE, PEPPOL)),
        ("SVEFAKTURA10", PEPPOL, (PEPPOL, FINVOICE)),
        ("", PEPPOL, (PEPPOL, FINVOICE)),
    ],
)
def test_the_original_is_preferred_to_what_the_user_prefers(source, prefer, formats):
    entity = {"id": UUID, "source_format": source}
    with receiving(entity) as client:
        invoice = client.find_inbound(UUID)
    assert invoice.formats(prefer) == formats


def receiving(shape):
    return answered(written(shape), receives=True)


def test_the_image_is_apart_from_the_attachments(service, receiver):
    [uuid] = arrive(service, "files")
    invoice = receiver.find_inbound(uuid)
    assert [file.filename for file in invoice.files] == ["erittely.csv", "Työ maa.pdf"]
    image = receiver.download(uuid, ReturnFormat.ORIGINAL_IMAGE)
    assert image.data.startswith(b"%PDF-")
    sheet = receiver.download_file(uuid, invoice.files[0].id)
    assert sheet.data.startswith(b"rivi;summa")
    assert sheet.mimetype == "text/csv"


def test_without_an_image_there_is_a_generated_one(service, receiver):
    [uuid] = arrive(service, "link")
    with pytest.raises(NotFoundError):
        receiver.download(uuid, ReturnFormat.ORIGINAL_IMAGE)
    generated = receiver.download(uuid, ReturnFormat.ORIGINAL_OR_GENERATED_IMAGE)
    assert b"Maventa" in generated.data


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("file_missing", NotFoundError),
        ("file_unavailable", TemporaryError),
        ("file_html", TemporaryError),
        ("file_json", TemporaryError),
        ("file_empty", TemporaryError),
        ("file_cut", TemporaryError),
        ("rate_limited", TemporaryError),
        ("bad_gateway", TemporaryError),
    ],
)
def test_what_is_no_file_is_an_error_and_comes_the_next_time(
    service, receiver, fault, error
):
    [uuid] = arrive(service, "plain")
    receiver.find_inbound(uuid)
    service.simulator.faults.add(fault)
    with pytest.raises(error):
        receiver.download(uuid, FINVOICE)
    assert receiver.download(uuid, FINVOICE).data == ALL["plain"].formats["FINVOICE30"]


def test_a_refused_format_leaves_the_other(service, receiver):
    [uuid] = arrive(service, "plain")
    service.simulator.faults.add("format_refused")
    with pytest.raises(RejectedError):
        receiver.download(uuid, PEPPOL)
    assert receiver.download(uuid, FINVOICE).data


def test_a_token_that_expires_during_a_run_is_renewed(service, receiver):
    arrive(service, "plain", "clean")
    service.simulator.faults.add("token_expires")
    assert len(everything(receiver)) == 2


@pytest.mark.parametrize("refuses", [False, True])
def test_without_the_right_to_receive_sending_goes_on(service, refuses):
    service.simulator.refuses_wide_scopes = refuses
    account = service.simulator.add_account(
        name="Luku Oy",
        bid="9876543-0",
        scopes="company:read company:write lookup invoice:send",
    )
    with service.client(account=account, receives=True) as client:
        assert client.authorization()
        assert not client.may_receive()
        with pytest.raises(SetupError) as caught:
            client.list_inbound(START)
    assert caught.value.code == "scope_missing"
    assert service.simulator.requests["list_invoices"] == 0


def test_a_client_that_only_sends_asks_for_no_more(service):
    with service.client() as client:
        assert client.authorization()
        assert not client.may_receive()


def test_a_grant_that_is_not_named_is_what_was_asked_for(service):
    service.simulator.names_scopes = False
    with service.client(receives=True) as client:
        assert client.may_receive()


def test_another_companys_invoice_is_not_there(service, receiver):
    other = service.simulator.add_account(name="Luku Oy", bid="9876543-0")
    uuid = service.simulator.receive(other.company_uuid, ALL["plain"])
    assert receiver.find_inbound(uuid) is None
    with pytest.raises(NotFoundError):
        receiver.download(uuid, FINVOICE)


def test_the_courtesy_mark_is_kept_or_refused(service, receiver):
    [uuid] = arrive(service, "plain")
    receiver.mark_handled(uuid)
    assert service.simulator.marks() == {uuid: "HANDLED"}
    service.simulator.faults.add("mark_refused")
    with pytest.raises(SetupError):
        receiver.mark_handled(uuid)


def test_a_fraud_is_reported_once(service, receiver):
    [uuid] = arrive(service, "plain")
    reasons = [FraudReason.UNKNOWN_COMPANY]
    assert receiver.report_fraud(uuid, reasons, "a@lumi.example", "Emme tunne")
    assert not receiver.report_fraud(uuid, reasons, "a@lumi.example")
    with pytest.raises(RejectedError):
        receiver.report_fraud(uuid, [], "a@lumi.example")


def test_the_results_of_detect_are_warnings_pending_or_fine(service, receiver):
    [uuid] = arrive(
        service,
        "account_changed",
        detects=[("BANK_ACCOUNT_CHANGED", "WARNING"), ("VAT", "PENDING"), ("X", "OK")],
    )
    results = receiver.detect_results(uuid)
    assert [(one.is_warning, one.is_pending) for one in results] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert results[0].check == "BANK_ACCOUNT_CHANGED"


def test_networks_are_shown_and_joined(service, receiver):
    assert receiver.networks() == ()
    receiver.join_network("VISMA")
    receiver.join_network("BANK")
    found = [(one.network, one.status) for one in receiver.networks()]
    assert found == [("VISMA", "active"), ("BANK", "pending")]
    with pytest.raises(RejectedError):
        receiver.join_network("VISMA")


def test_a_webhook_comes_and_goes(service, receiver):
    webhook = receiver.subscribe("https://lumi.example/maventa/bell/t")
    receiver.unsubscribe(webhook)
    receiver.unsubscribe(webhook)
    with pytest.raises(RejectedError):
        receiver.subscribe("http://lumi.example/")


@pytest.mark.parametrize("file_id", ["../1", "1?x", "", "a/b", "å b"])
def test_an_id_of_a_file_stays_inside_of_its_invoice(service, receiver, file_id):
    with pytest.raises(RejectedError):
        receiver.download_file(UUID, file_id)


def test_a_moment_without_its_zone_is_refused(receiver):
    with pytest.raises(ValueError, match="zone"):
        receiver.list_inbound(datetime(2026, 1, 1))


def test_an_answer_about_another_received_invoice_is_refused():
    entity = {"id": "99999999-2222-4333-8444-555555555555", "status": "DELIVERED"}
    with receiving(entity) as client, pytest.raises(TemporaryError) as caught:
        client.find_inbound(UUID)
    assert caught.value.code == "other_invoice"


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(value=LEAVES, shape=SHAPES)
def test_a_list_of_any_shape_has_the_promised_types(value, shape):
    names = "status number date sum received_at files actions sender origin".split()
    row = {"id": UUID, **dict.fromkeys(names, value)}
    row["files"] = [{"id": value, "filename": shape}, shape]
    with receiving([row, shape]) as client:
        page = client.list_inbound(START)
    for invoice in page.invoices:
        invoice.sender.name.encode()
        assert invoice.sum is None or isinstance(invoice.sum, Decimal)
        assert invoice.received_at is None or invoice.received_at.tzinfo
        for file in invoice.files:
            assert isinstance(file.id, str)
