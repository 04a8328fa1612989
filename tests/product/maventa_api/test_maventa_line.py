"""What happens on the line: cut, silent, broken, or not there at all."""

import socket

import pytest
import requests
from maventa_api import SetupError, TemporaryError, UnknownOutcomeError
from maventa_api.simulation import serve
from maventa_samples import upload
from werkzeug.wrappers import Response


def lost(service, fault, sent, **session):
    """Send under a fault and return the error that it ends in."""
    with service.client() as client:
        client.authorization()
    service.simulator.faults.add(fault)
    with service.client(**session) as client, pytest.raises(TemporaryError) as caught:
        client.send_invoice(sent)
    return caught.value


AFTER = ["drop_after_storing", "error_after_storing", "answer_cut"]
BEFORE = ["drop_before_storing", "bad_gateway"]


@pytest.mark.parametrize("fault", AFTER)
def test_stored_but_unanswered_is_found_by_its_uuid(service, fault):
    sent = upload()
    assert isinstance(lost(service, fault, sent), UnknownOutcomeError)
    with service.client() as client:
        assert client.find_invoice(sent.uuid).id == sent.uuid
    assert [held.posted for held in service.simulator.held_invoices()] == [1]


@pytest.mark.parametrize("fault", BEFORE)
def test_not_stored_and_unanswered_is_not_found_and_goes_again(service, fault):
    sent = upload()
    assert isinstance(lost(service, fault, sent), UnknownOutcomeError)
    with service.client() as client:
        assert client.find_invoice(sent.uuid) is None
        assert client.send_invoice(sent).id == sent.uuid
    assert len(service.simulator.held_invoices()) == 1


@pytest.mark.parametrize("moment", ["before_storing", "after_storing"])
def test_a_silence_ends_in_a_time_out_and_an_unknown_outcome(socket_service, moment):
    sent = upload()
    error = lost(socket_service, f"hang_{moment}", sent, read_seconds=0.3)
    assert isinstance(error, UnknownOutcomeError)
    held = socket_service.simulator.held_invoices()
    assert len(held) == (moment == "after_storing")


def test_reading_never_ends_in_an_unknown_outcome(service):
    with service.client() as client:
        client.authorization()
        service.simulator.faults.add("bad_gateway")
        with pytest.raises(TemporaryError) as caught:
            client.list_invoices(["0" * 8])
    assert not isinstance(caught.value, UnknownOutcomeError)
    assert caught.value.http_status == 502


def test_nobody_there_means_nothing_happened(socket_service):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with socket_service.client(at=closed) as client:
        with pytest.raises(TemporaryError) as caught:
            client.send_invoice(upload())
    assert caught.value.code == "no_connection"
    assert not isinstance(caught.value, UnknownOutcomeError)


def _answering(*answers):
    """A service that gives the same answers to whatever it is asked."""
    left = list(answers)
    return lambda environ, start: left.pop(0)(environ, start)


TOKEN = Response(
    '{"access_token": "t", "expires_in": 3600, "scope": "eui"}',
    content_type="application/json",
)


@pytest.mark.parametrize(
    ("answer", "family"),
    [
        (Response("", 200), UnknownOutcomeError),
        (Response("<html>ok</html>", 200), UnknownOutcomeError),
        (Response("{}", 201), UnknownOutcomeError),
        (Response("[]", 201), UnknownOutcomeError),
        (Response("", 302, {"Location": "https://example.com"}), UnknownOutcomeError),
        (Response('{"code": "x"}', 503), UnknownOutcomeError),
        (Response('{"code": "x"}', 403), SetupError),
        (Response('{"code": "x"}', 404), SetupError),
        (Response("", 408), UnknownOutcomeError),
        (Response("<html>no</html>", 418), UnknownOutcomeError),
    ],
)
def test_answers_that_do_not_say_what_happened(socket_service, answer, family):
    authorization = Response('{"company_state": "VERIFIED"}')
    with serve(_answering(TOKEN, answer, authorization)) as origin:
        with socket_service.client(at=origin) as client, pytest.raises(family):
            client.send_invoice(upload())


def test_a_page_of_a_proxy_is_not_a_missing_invoice(socket_service):
    with serve(_answering(TOKEN, Response("<html>no</html>", 404))) as origin:
        with socket_service.client(at=origin) as client:
            with pytest.raises(TemporaryError):
                client.find_invoice(upload().uuid)


@pytest.mark.parametrize(
    ("error", "family"),
    [
        (requests.exceptions.SSLError("bad certificate"), UnknownOutcomeError),
        (requests.exceptions.ReadTimeout("slow"), UnknownOutcomeError),
        (requests.exceptions.ConnectTimeout("far away"), TemporaryError),
        (requests.exceptions.ChunkedEncodingError("cut"), UnknownOutcomeError),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_breaks_on_the_line_is_unknown_unless_nothing_left(service, error, family):
    with service.client() as client:
        client.authorization()

        def request(*_arguments, **_options):
            raise error

        client._exchange._session.request = request
        with pytest.raises(TemporaryError) as caught:
            client.send_invoice(upload())
    assert type(caught.value) is family


def test_any_good_number_is_a_yes(service):
    sent = upload()
    with service.client() as client:
        original = client._exchange._session.request

        def request(*arguments, **options):
            answer = original(*arguments, **options)
            answer.status_code = 200
            return answer

        client._exchange._session.request = request
        assert client.send_invoice(sent).id == sent.uuid
