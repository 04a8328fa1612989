"""Sending an invoice and reading it back."""

from decimal import Decimal
from uuid import uuid4

import pytest
from maventa_api import (
    CompanyUnverifiedError,
    DocumentLanguage,
    Invoice,
    InvoiceStatus,
    MaventaError,
    RejectedError,
    Route,
    TemporaryError,
    UnknownOutcomeError,
)
from maventa_api.fields import array_field
from maventa_samples import PDF, ubl, upload


def test_an_invoice_arrives_with_our_uuid_and_our_bytes(service):
    sent = upload(recipient_email="buyer@example.com", recipient_eia="003712345671")
    with service.client() as client:
        invoice = client.send_invoice(sent)
    assert (invoice.id, invoice.status) == (sent.uuid, InvoiceStatus.PENDING)
    assert (invoice.sum, invoice.sum_tax) == (Decimal("100.0"), Decimal("125.5"))
    [held] = service.simulator.held_invoices()
    assert (held.uuid, held.file, held.pdfs) == (sent.uuid, sent.file, (PDF,))
    assert held.recipient_email == "buyer@example.com"
    assert held.recipient_eia == "003712345671"
    assert held.disabled_routes == ()


def test_language_and_comment_go_along(service):
    with service.client() as client:
        one = upload(file=ubl("INV/1"), lang="SE", sender_comment="Tack för köpet")
        client.send_invoice(one)
        client.send_invoice(upload(file=ubl("INV/2")))
    held = {row.number: row for row in service.simulator.held_invoices()}
    one, two = held["INV/1"], held["INV/2"]
    assert (one.lang, one.sender_comment) == ("SE", "Tack för köpet")
    assert (two.lang, two.sender_comment) == ("", "")


@pytest.mark.parametrize(
    ("locale", "code"),
    [("da_DK", "DK"), ("sv_SE", "SE"), ("nb", "NO"), ("de_DE", "EN"), ("", "EN")],
)
def test_a_document_has_the_language_of_the_customer(locale, code):
    assert DocumentLanguage.of(locale).value == code


def test_a_credit_note_is_taken_too(service):
    with service.client() as client:
        client.send_invoice(upload(file=ubl("RINV/1", root="CreditNote")))
    [held] = service.simulator.held_invoices()
    assert (held.document, held.number) == ("CreditNote", "RINV/1")


@pytest.mark.parametrize(
    "routes", [(), (Route.EMAIL,), (Route.EMAIL, Route.PRINT)], ids=len
)
def test_every_disabled_route_arrives(service, routes):
    """Assumption: arrays are sent as ``name[]``, which is how Rack reads them."""
    with service.client() as client:
        client.send_invoice(upload(disabled_routes=routes))
    [held] = service.simulator.held_invoices()
    assert held.disabled_routes == tuple(route.value for route in routes)


@pytest.mark.parametrize("identifier", ["", "EPI-7"])
def test_the_identifier_of_a_consumers_bank_arrives(service, identifier):
    with service.client() as client:
        client.send_invoice(upload(payment_instruction=identifier))
    [held] = service.simulator.held_invoices()
    assert held.payment_instruction == identifier


def test_arrays_are_written_in_one_way():
    assert array_field("x", ["a", "b"]) == [("x[]", "a"), ("x[]", "b")]


def test_repeated_bare_names_would_lose_a_route(service):
    """Why the brackets: the simulator reads bare names as Rack does."""
    assert service.simulator.reads_brackets
    service.simulator.reads_brackets = False  # a service of the other kind
    with service.client() as client:
        client.send_invoice(upload(disabled_routes=(Route.EMAIL,)))
    [held] = service.simulator.held_invoices()
    assert held.disabled_routes == ()


def test_a_later_look_finds_it_delivered(service):
    sent = upload()
    with service.client() as client:
        client.send_invoice(sent)
        assert client.find_invoice(sent.uuid).status is InvoiceStatus.PENDING
        invoice = client.find_invoice(sent.uuid)
    assert invoice.status is InvoiceStatus.DELIVERED
    assert invoice.destination == "EINVOICE"
    assert [action.type for action in invoice.actions] == ["CREATED", "SENT"]


def test_a_late_failure_comes_with_its_words(service):
    service.simulator.faults.add("delivery_fails")
    sent = upload()
    with service.client() as client:
        client.send_invoice(sent)
        client.find_invoice(sent.uuid)
        invoice = client.find_invoice(sent.uuid)
    assert invoice.status is InvoiceStatus.FAILED
    assert invoice.failure == "No routing found for recipient"


def test_without_any_route_it_fails(service):
    sent = upload(file=ubl(endpoint=""), disabled_routes=(Route.EMAIL,))
    service.simulator.polls_until_routed = 0
    with service.client() as client:
        client.send_invoice(sent)
        assert client.find_invoice(sent.uuid).status is InvoiceStatus.FAILED


def test_nothing_under_a_uuid_is_none_and_not_an_error(service):
    with service.client() as client:
        assert client.find_invoice(str(uuid4())) is None


def test_another_companys_invoice_is_not_found(service):
    sent = upload()
    other = service.simulator.add_account(name="Toinen Oy", bid="9876543-0")
    with service.client() as client:
        client.send_invoice(sent)
    with service.client(account=other) as client:
        assert client.find_invoice(sent.uuid) is None
        assert client.list_invoices([sent.uuid]) == {}


def test_many_are_asked_for_in_batches_of_a_hundred(service):
    uuids = []
    with service.client() as client:
        for number in range(103):
            sent = upload(file=ubl(f"INV/{number:03}"))
            uuids.append(client.send_invoice(sent).id)
        found = client.list_invoices([*uuids, str(uuid4())])
    assert found.keys() == set(uuids)
    assert service.simulator.requests["list_invoices"] == 2


def test_asking_for_none_asks_nothing(service):
    with service.client() as client:
        assert client.list_invoices([]) == {}
    assert not service.simulator.requests


@pytest.mark.parametrize(
    ("file", "word"),
    [
        (b"not xml", "XML"),
        (b"<Invoice/>", "unknown document"),
        (ubl(number=""), "invoice number"),
        (ubl(pdf=b"no pdf"), "not a PDF"),
    ],
)
def test_an_unfit_document_is_refused_with_reasons(service, file, word):
    with service.client() as client, pytest.raises(RejectedError) as caught:
        client.send_invoice(upload(file=file))
    assert caught.value.code == "invalid_parameters"
    assert word in " ".join(caught.value.details)
    assert service.simulator.held_invoices() == []


def test_a_document_that_pulls_in_files_is_not_followed(service, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret words")
    doctype = f'<!DOCTYPE Invoice [<!ENTITY x SYSTEM "file://{secret}">]>'
    head, _line, body = ubl(number="&x;").decode().partition("\n")
    with service.client() as client, pytest.raises(RejectedError) as caught:
        client.send_invoice(upload(file=f"{head}{doctype}{body}".encode()))
    assert "secret words" not in " ".join(caught.value.details)


@pytest.mark.parametrize("status", [400, 409, 422])
def test_a_uuid_that_is_there_is_a_success_whatever_the_code(service, status):
    """Assumption: the answer to a known UUID is some 4xx (undocumented)."""
    service.simulator.uuid_taken_status = status
    sent = upload()
    with service.client() as client:
        client.send_invoice(sent)
        assert client.send_invoice(sent).id == sent.uuid
    [held] = service.simulator.held_invoices()
    assert held.posted == 2


def test_a_refusal_that_cannot_be_cleared_up_is_unknown(service):
    sent = upload(file=b"not xml")
    with service.client() as client:
        client.authorization()
        service.simulator.faults.add("invoice_refused")
        original = client._exchange.call

        def call(method, path, **options):
            if method == "GET":
                service.simulator.faults.add("bad_gateway")
            return original(method, path, **options)

        client._exchange.call = call
        with pytest.raises(UnknownOutcomeError):
            client.send_invoice(sent)


def test_unverified_is_told_apart_from_a_wrong_key(service):
    service.simulator.faults.add("company_unverified")
    with service.client() as client, pytest.raises(CompanyUnverifiedError) as caught:
        client.send_invoice(upload())
    assert caught.value.http_status == 401
    assert service.simulator.requests["authorization"] == 1
    assert service.simulator.requests["create_invoice"] == 1
    assert service.simulator.held_invoices() == []


@pytest.mark.parametrize("word", ["PROCESSING", "ON_HOLD", ""])
def test_an_unknown_status_counts_as_still_pending(word):
    """Assumption: the documentation also shows ``PROCESSING``."""
    invoice = Invoice.from_json({"id": "x", "status": word})
    assert (invoice.status, invoice.status_text) == (InvoiceStatus.PENDING, word)


def test_rate_limit_tells_when_to_come_back(service):
    with service.client() as client:
        client.authorization()
        service.simulator.faults.add("rate_limited")
        with pytest.raises(TemporaryError) as caught:
            client.send_invoice(upload())
        assert not isinstance(caught.value, UnknownOutcomeError)
        assert (caught.value.retry_after, caught.value.http_status) == (120, 429)
        service.simulator.faults.add("rate_limited_bare")
        with pytest.raises(TemporaryError) as caught:
            client.find_invoice(str(uuid4()))
        assert caught.value.retry_after is None
    assert service.simulator.held_invoices() == []


def test_every_error_is_of_one_base():
    assert issubclass(UnknownOutcomeError, TemporaryError)
    assert issubclass(CompanyUnverifiedError, MaventaError)
