"""The client against the simulator, in this process and over a socket."""

import json
from datetime import date, datetime, timedelta
from itertools import count

import pytest
import requests
from billingo_api import client as client_module
from billingo_api import transport
from billingo_api.client import RETRIES, SPACING, BillingoClient
from billingo_api.errors import RejectedError, SetupError, TemporaryError
from billingo_api.parsing import parse_document
from billingo_api.simulation import serve
from billingo_api.simulator import samples
from billingo_api.simulator.failures import json_answer


def test_organization_tells_tax_number_and_end(connect):
    found = connect().organization()
    assert found.tax_code == samples.COMPANY.tax_number
    assert found.subscription.expiration_date == date(2031, 12, 31)
    assert "subscription_standard" in found.subscription.features


def test_blocks(connect):
    blocks = connect(page_size=1).blocks()
    assert {block.type for block in blocks} == {"invoice", "receipt"}


@pytest.mark.parametrize("read", ["blocks", "all_documents"])
def test_a_list_with_something_new_on_each_page_ends(
    connect, simulator, monkeypatch, read
):
    monkeypatch.setattr(client_module, "MOST_PAGES", 5)
    pages = count(1)

    def endless(_request, _rows, _total, page, _size):
        number = next(pages)
        assert number <= 5, "the list is read on and on"
        row = {"id": number, "name": str(number)}
        body = {"data": [row], "current_page": page, "last_page": 10**9}
        return json_answer(body)

    monkeypatch.setattr(simulator, "_list", endless)
    with pytest.raises(TemporaryError) as caught:
        list(getattr(connect(), read)())
    assert caught.value.code == "long_list"


def test_pages_are_read_upwards_and_have_everything_once(connect, simulator):
    account = samples.own_account()
    found = [document.id for document in connect(page_size=7).all_documents()]
    assert found == [str(raw["id"]) for raw in reversed(account.documents)]
    assert simulator.requests["documents"] == -(-len(account.documents) // 7)


def test_start_date_counts_itself(connect):
    raws = samples.own_account().documents
    day = date.fromisoformat(raws[20]["invoice_date"])
    found = list(connect().all_documents(start_date=day))
    assert len(found) == len(raws) - 20
    assert min(document.invoice_date for document in found) == day


def test_a_period_ends_with_its_last_day(connect):
    raws = samples.own_account().documents
    day = date.fromisoformat(raws[20]["invoice_date"])
    found = list(connect().all_documents(start_date=day, end_date=day))
    assert {document.invoice_date for document in found} == {day}


def test_a_list_that_does_not_say_its_last_page(connect, simulator, monkeypatch):
    whole = simulator._list

    def nameless(*args):
        answer = whole(*args)
        body = json.loads(answer.get_data())
        del body["last_page"]
        answer.set_data(json.dumps(body))
        return answer

    monkeypatch.setattr(simulator, "_list", nameless)
    found = [document.id for document in connect(page_size=7).all_documents()]
    assert len(found) == len(samples.own_account().documents)


def test_a_page_without_documents_does_not_look_like_the_last(connect, simulator):
    simulator.on_page(2, "hole")
    with pytest.raises(TemporaryError) as caught:
        connect(page_size=10).documents(2)
    assert caught.value.code == "empty_page"


def test_what_no_database_keeps_is_left_out():
    raw = samples.own_account().documents[0]
    raw |= {"comment": "a\x00b\ud83d", "gross_total": 1e300}
    document = parse_document(raw)
    assert document.comment == "ab"
    assert document.gross_total is None


def test_member_of_a_vat_group_is_on_the_card_only():
    raw = samples.own_account().documents[0]
    group = raw["document_partner"]["taxcode"]
    raw["partner"] = {"taxcode": group, "group_member_tax_number": "1"}
    assert parse_document(raw).document_partner.group_member_tax_number == "1"
    raw["partner"]["taxcode"] = "somebody else by now"
    assert parse_document(raw).document_partner.group_member_tax_number == ""


def test_changes_since(connect, simulator):
    raw = samples.own_account().documents[5]
    changed = datetime(2026, 5, 4, 3, 2, 1)
    raw["payment_status"] = "paid"
    simulator.accounts.change("own", raw, changed)
    client = connect()
    [document] = client.all_documents(modified_since=changed)
    assert (document.id, document.payment_status) == (str(raw["id"]), "paid")
    later = changed + timedelta(seconds=1)
    assert not list(client.all_documents(modified_since=later))


def test_one_document(connect):
    raw = samples.own_account().documents[0]
    document = connect().document(str(raw["id"]))
    assert document.invoice_number == raw["invoice_number"]
    assert document.raw == raw
    with pytest.raises(RejectedError) as caught:
        connect().document("1")
    assert caught.value.code == "404"


def test_pdf_comes_when_it_is_made(connect):
    raw = samples.own_account().documents[0]
    client = connect()
    assert client.download(str(raw["id"])) is None
    pdf = client.download(str(raw["id"]))
    assert pdf.startswith(b"%PDF-1.4") and pdf.rstrip().endswith(b"%%EOF")
    assert raw["invoice_number"].encode() in pdf


@pytest.mark.parametrize("fault", ["pdf_json", "pdf_broken", "cut", "empty", "html"])
def test_what_is_no_pdf_is_not_taken_for_one(connect, simulator, fault):
    billingo_id = str(samples.own_account().documents[0]["id"])
    client = connect()
    client.download(billingo_id)
    simulator.faults.add(fault)
    with pytest.raises(TemporaryError):
        client.download(billingo_id)
    assert client.download(billingo_id)


@pytest.mark.parametrize("status", ["401", "402", "403"])
def test_what_an_administrator_must_settle(connect, simulator, status):
    simulator.accounts.refuse("own", int(status))
    with pytest.raises(SetupError) as caught:
        connect().organization()
    assert caught.value.code == status
    assert caught.value.words
    assert simulator.requests["organization"] == 1  # never repeated by a machine


def test_unknown_key(connect):
    with pytest.raises(SetupError) as caught:
        connect(key="nobody's").documents()
    assert caught.value.code == "401"
    assert "nobody's" not in str(caught.value)


@pytest.mark.parametrize("fault", ["500", "html", "empty", "cut", "drop"])
def test_what_passes_by_itself(connect, simulator, fault):
    client = connect()
    simulator.faults.add(fault)
    with pytest.raises(TemporaryError) as caught:
        client.documents()
    if fault == "500":
        assert caught.value.trace_id == "5" * 32
    assert client.documents().total == len(samples.own_account().documents)


@pytest.mark.parametrize("key", ["secret-ő", "sec\nret", "sec\x00ret"])
def test_a_key_that_no_header_takes_is_a_matter_of_setup(key):
    with pytest.raises(SetupError) as caught:
        BillingoClient(None, "https://localhost", key).documents()
    assert caught.value.code == "401"
    assert "sec" not in str(caught.value)


@pytest.mark.parametrize("fault", ["429", "429_seconds", "429_date"])
def test_a_short_429_is_waited_for_in_place(connect, simulator, clock, fault):
    client = connect(page_size=10)
    simulator.on_page(3, fault)
    found = [document.id for document in client.all_documents()]
    assert len(found) == len(set(found)) == len(samples.own_account().documents)
    # A date has no fractions, and the way takes time: not all of its wait may be left.
    waits = [seconds for seconds in clock.slept if seconds > 2 * SPACING]
    assert len(waits) == 1
    if fault == "429_seconds":
        assert waits == [2.0]


def test_a_long_429_is_for_the_scheduler(connect, simulator, clock):
    simulator.faults.add("429", 99)
    with pytest.raises(TemporaryError) as caught:
        connect().documents()
    assert caught.value.code == "429"
    assert simulator.requests["documents"] == RETRIES + 1
    assert sum(clock.slept) < 10


def test_at_most_four_requests_a_second(connect, simulator, clock):
    list(connect(page_size=1).all_documents())
    asked = simulator.requests["documents"]
    assert clock.now == pytest.approx((asked - 1) * SPACING)
    assert asked / clock.now < 4.2


def test_bad_parameters_are_rejected(connect):
    client = connect()
    with pytest.raises(RejectedError) as caught:
        client._get("/documents", {"per_page": 101})
    assert caught.value.code == "422"
    assert "per_page" in caught.value.words


def test_nulls_of_the_live_service(connect, simulator):
    simulator.live_nulls = True
    found = list(connect().all_documents())
    assert len(found) == len(samples.own_account().documents)
    assert {item.entitlement for document in found for item in document.items} >= {""}


def test_a_service_that_does_not_answer(simulator, clock):
    with serve(simulator) as origin:
        session = transport.open_session(origin, loopback_only=True, read_seconds=0.2)
        simulator.faults.add("stall")
        with BillingoClient(session, origin, "own", sleep=clock.sleep) as client:
            with pytest.raises(TemporaryError) as caught:
                client.organization()
            simulator.stall.set()
    assert caught.value.code == "ReadTimeout"


@pytest.mark.parametrize(
    "failure",
    [
        requests.ConnectionError("Name or service not known"),
        requests.exceptions.SSLError("certificate verify failed for key s3cret"),
        requests.exceptions.ChunkedEncodingError("cut"),
        requests.exceptions.ContentDecodingError("not gzip"),
        requests.exceptions.ProxyError("no way out"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_a_network_that_fails_passes_by_itself(failure, clock):
    class Broken:
        def get(self, *_args, **_options):
            raise failure

    client = BillingoClient(Broken(), "https://localhost", "s3cret", sleep=clock.sleep)
    with pytest.raises(TemporaryError) as caught:
        client.documents()
    assert caught.value.code == type(failure).__name__
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'{"data": null}', b'{"data": {}}', b"null", b'"x"', b"\xff"]
)
def test_a_list_without_documents_is_no_empty_list(body, clock):
    def service(_environ, start_response):
        start_response("200 OK", [("Content-Type", "application/json")])
        return [body]

    session = transport.open_session("https://localhost", simulator=service)
    client = BillingoClient(session, "https://localhost", "own", sleep=clock.sleep)
    with pytest.raises(TemporaryError):
        client.documents()


def test_the_words_for_401_name_the_header(connect):
    with pytest.raises(SetupError) as caught:
        connect(key="nobody's").organization()
    assert "(Header: X-API-KEY)" in caught.value.words


def test_the_key_shows_nowhere(connect, simulator):
    client = connect(key="s3cret")
    simulator.faults.add("drop")
    with pytest.raises(TemporaryError) as caught:
        client.organization()
    assert "s3cret" not in repr(caught.value) + str(caught.value)
    assert "s3cret" not in repr(client)
