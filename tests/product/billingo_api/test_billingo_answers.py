"""Odd answers: the client raises its own errors and nothing else."""

import gzip
import io
import json
import os
import socket
import threading
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
import requests
import urllib3
from billingo_api import BillingoClient, book, transport
from billingo_api.errors import (
    BillingoError,
    MismatchError,
    RejectedError,
    TemporaryError,
)
from billingo_api.parsing import amount, day, lines, parse_document, text
from billingo_api.regimes import Direction
from billingo_api.simulator import samples
from billingo_api.spendings import parse_spending
from billingo_api.tax_point import document_regime
from fuzzing import VARIABLE, examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ORIGIN = "https://localhost"
CALLS = {
    "organization": lambda client: client.organization(),
    "blocks": lambda client: client.blocks(),
    "documents": lambda client: client.documents(),
    "all": lambda client: list(client.all_documents()),
    "spendings": lambda client: client.spendings(),
    "document": lambda client: client.document("7"),
    "spending": lambda client: client.spending(parse_spending({"id": 7})),
    "payments": lambda client: client.payments("7"),
    "download": lambda client: client.download("7"),
}
QUICK = settings(
    max_examples=examples(100),
    deadline=None,
    derandomize=VARIABLE not in os.environ,
    suppress_health_check=list(HealthCheck),
)


class Canned(requests.adapters.HTTPAdapter):
    """Answer every request in one way, without a socket."""

    def __init__(self, status, headers, body):
        super().__init__()
        self.answer = status, headers, body

    def send(self, request, **_options):
        status, headers, body = self.answer
        raw = urllib3.HTTPResponse(
            io.BytesIO(body), headers=headers, status=status, preload_content=False
        )
        return self.build_response(request, raw)


def client_of(status=200, headers=(), body=b"", **options):
    session = requests.Session()
    session.mount("https://", Canned(status, list(headers), body))
    return BillingoClient(
        session, ORIGIN, "key", clock=lambda: 0.0, sleep=lambda _s: None, **options
    )


def ask_everything(status, headers, body):
    """Make every call; what is raised is of the four families."""
    for call in CALLS.values():
        try:
            call(client_of(status, headers, body))
        except BillingoError as error:
            assert "\x00" not in error.words
            error.words.encode()


leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**400), 0, 1e308, float("inf"), float("nan")])
    | st.floats()
    | st.text()
    | st.sampled_from(["\x00", "\ud800", "\u202eabc", "2026-02-30", "9" * 400, "1e999"])
)
names = st.sampled_from(
    "data total last_page current_page per_page id items summary error errors message "
    "trace_id field organization document_partner settings discount partner vat "
    "vat_rate_summary related_documents gross_total invoice_date currency "
    "conversion_rate net_amount vat_amount gross_amount quantity price date".split()
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(names | st.text(max_size=5), inner, max_size=8)
    ),
    max_leaves=30,
)
statuses = st.sampled_from([200, 201, 202, 204, 301, 400, 401, 404, 422, 429, 500, 999])
header_values = st.sampled_from(
    [
        "",
        "-1",
        "²",
        "9" * 5000,
        "10, 10",
        "nan",
        "inf",
        "http://[",
        "\xff\xfe",
        "//",
        "%",
    ]
) | st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=20)
headers = st.dictionaries(
    st.sampled_from(
        [
            "Location",
            "Retry-After",
            "Content-Length",
            "Content-Encoding",
            "Content-Type",
            "Set-Cookie",
        ]
    ),
    header_values,
    max_size=4,
)


@QUICK
@given(statuses, headers, values)
def test_json_of_any_shape_under_any_headers(status, header, value):
    body = json.dumps(value).encode()
    ask_everything(status, header.items(), body)


@QUICK
@given(statuses, headers, st.binary(max_size=200))
def test_any_bytes_under_any_headers(status, header, body):
    ask_everything(status, header.items(), body)


@QUICK
@given(values, names, leaves | values)
def test_a_document_with_any_part_of_any_shape(extra, name, value):
    raw = samples.own_account().documents[0]
    for broken in (
        {**raw, name: value, "related_documents": [extra]},
        {**raw, "items": [{**raw["items"][0], name: value}], "settings": extra},
        {**raw, "summary": {**raw["summary"], name: value}},
        extra,
    ):
        for document in (parse_document(broken), parse_spending(broken)):
            assert document.invoice_number == text(document.invoice_number)
            for direction in Direction:
                document_regime(document, direction)
            try:
                book(document)
            except MismatchError:
                pass


@pytest.mark.parametrize("depth", [50, 900, 100_000])
@pytest.mark.parametrize("call", CALLS)
def test_deep_json_is_refused(call, depth):
    for opening, closing in (("[", "]"), ('{"data":', "}")):
        body = (opening * depth + "1" + closing * depth).encode()
        with pytest.raises(TemporaryError):
            CALLS[call](client_of(body=body))
        with pytest.raises(BillingoError):
            CALLS[call](client_of(status=400, body=body))


@pytest.mark.parametrize("digits", [400, 5_000])
def test_a_number_of_hundreds_of_digits_is_no_amount(digits):
    long = "9" * digits
    body = f'{{"data": [{{"id": 7, "gross_total": {long}}}], "total": {long}}}'
    client = client_of(body=body.encode())
    if digits > 4_300:  # more than Python reads
        with pytest.raises(TemporaryError):
            client.documents()
        return
    page = client.documents()
    assert page.documents[0].gross_total is None
    assert page.total == 1


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": {"message": "No key"}}, "No key"),
        ({"error": "No key"}, "No key"),
        ({"error": ["No", "key"]}, "No; key"),
        ({"message": "No key"}, "No key"),
        ({"message": {"text": "No key"}}, "text: No key"),
        (["No key"], "No key"),
        ("No key", "No key"),
        ({"errors": {"city": ["is empty"]}}, "city: is empty"),
        (
            {"message": "Failed", "errors": [{"field": "city", "message": "is empty"}]},
            "Failed; city: is empty",
        ),
        ({"error": {"errors": [{"field": "a", "message": ["x", "y"]}]}}, "a: x; a: y"),
        ({"detail": "No\nkey\x00"}, "No key"),
        ({"reason": "No key", "status": "x"}, "reason: No key"),
        (None, ""),
        (7, ""),
        ({}, ""),
    ],
)
@pytest.mark.parametrize("status", [400, 401, 422, 500])
def test_billingos_message_is_kept_whatever_its_shape(status, body, message):
    with pytest.raises(BillingoError) as caught:
        client_of(status, body=json.dumps(body).encode()).organization()
    assert caught.value.words == message
    assert caught.value.code == str(status)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"Service is down", "Service is down"),
        (b"<html><title>502 Bad\nGateway</title><h1>x</h1>", "502 Bad Gateway"),
        (b"<html><h1>x</h1>", ""),
        (b"", ""),
    ],
)
def test_the_text_of_a_body_that_is_no_json(body, message):
    with pytest.raises(TemporaryError) as caught:
        client_of(502, body=body).organization()
    assert caught.value.words == message


@pytest.mark.parametrize("place", ["inside", "outside"])
def test_the_trace_id_is_found_inside_and_outside(place):
    error = {"message": "x"}
    body = {"error": error}
    (error if place == "inside" else body)["trace_id"] = "abc\x00"
    with pytest.raises(TemporaryError) as caught:
        client_of(500, body=json.dumps(body).encode()).organization()
    assert caught.value.trace_id == "abc"


@pytest.mark.parametrize("call", ["document", "spending"])
@pytest.mark.parametrize("body", [{"id": 8}, {}, {"id": None}, {"id": [7]}])
def test_an_answer_about_another_id_is_refused(call, body):
    with pytest.raises(TemporaryError) as caught:
        CALLS[call](client_of(body=json.dumps(body).encode()))
    assert caught.value.code == "other_id"


@pytest.mark.parametrize("call", ["blocks", "documents", "spendings"])
def test_an_answer_about_another_page_is_refused(call):
    body = json.dumps({"data": [], "current_page": 2}).encode()
    with pytest.raises(TemporaryError) as caught:
        CALLS[call](client_of(body=body))
    assert caught.value.code == "other_page"


@pytest.mark.parametrize("billingo_id", ["..", "../7", "7/x", "7?x", "", "ő", "7\n"])
def test_an_id_that_would_change_the_path_is_refused(billingo_id):
    client = client_of()
    for call in (client.document, client.payments, client.download):
        with pytest.raises(RejectedError) as caught:
            call(billingo_id)
        assert caught.value.code == "invalid_id"


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_a_cut_body_is_recognised(encoding):
    whole = json.dumps({"tax_code": "1" * 5_000}).encode()
    body = gzip.compress(whole) if encoding else whole
    given_headers = [("Content-Length", str(len(body)))]
    if encoding:
        given_headers.append(("Content-Encoding", encoding))
    assert client_of(headers=given_headers, body=body).organization().tax_code
    for length in (1, len(body) // 2, len(body) - 1):
        with pytest.raises(TemporaryError):
            client_of(headers=given_headers, body=body[:length]).organization()


def test_a_pdf_of_no_length_ends_as_a_pdf_does():
    pdf = b"%PDF-1.4\n" + b"x" * 9_000 + b"\n%%EOF\n"
    assert client_of(body=pdf).download("7") == pdf
    with pytest.raises(TemporaryError) as caught:
        client_of(body=pdf[:-7]).download("7")
    assert caught.value.code == "cut"


class Pages(requests.adapters.HTTPAdapter):
    """A list of ten documents that tells of itself what a test wants."""

    def __init__(self, size, **told):
        super().__init__()
        self.size, self.told, self.asked = size, told, 0

    def send(self, request, **_options):
        self.asked += 1
        query = request.url.partition("?")[2].split("&")
        page = int(dict(x.split("=") for x in query)["page"])
        data = [{"id": i} for i in range(1, 11)][(page - 1) * self.size :][: self.size]
        body = json.dumps({"data": data, **self.told}).encode()
        raw = urllib3.HTTPResponse(
            io.BytesIO(body), headers={}, status=200, preload_content=False
        )
        return self.build_response(request, raw)


def client_of_pages(size, **told):
    session = requests.Session()
    session.mount("https://", Pages(size, **told))
    return BillingoClient(session, ORIGIN, "key", page_size=5, spacing=0)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"total": 10},
        {"total": None, "last_page": None},
        {"total": "x", "last_page": -1},
        {"total": 10, "per_page": "size"},
    ],
)
@pytest.mark.parametrize("size", [2, 3, 5, 10])
def test_a_list_is_read_to_its_end_whatever_it_says_of_itself(told, size):
    told = told | ({"per_page": size} if "per_page" in told else {})
    client = client_of_pages(size, **told)
    assert len(list(client.all_documents())) == 10
    assert len(client_of_pages(size, **told).blocks()) == 10
    if size > 5:  # more than was asked for
        return
    totals = [client.documents(page).total for page in (1, 2, 3)]
    assert totals == sorted(totals)


def test_a_list_that_never_ends_is_not_read_for_ever():
    body = json.dumps({"data": [{"id": 7}]}).encode()
    for call in (CALLS["all"], CALLS["blocks"]):
        with pytest.raises(TemporaryError) as caught:
            call(client_of(body=body))
        assert caught.value.code == "endless_list"
    body = json.dumps({"data": [], "last_page": 10**8}).encode()
    with pytest.raises(TemporaryError) as caught:
        CALLS["all"](client_of(body=body))
    assert caught.value.code == "empty_page"


@pytest.mark.parametrize(
    ("given_text", "line", "kept"),
    [
        ("a\x00b\ud83d", "ab", "ab"),
        ("\u202eevil\u202c \u200fx\u2066y", "evil xy", "evil xy"),
        ("a\r\nb\rc\u2028d", "a b c d", "a\nb\nc\nd"),
        ("a\tb\x07", "a b", "a b"),
        ("  a  b ", "a b", "a  b"),
        ("ő\u00adű", "őű", "őű"),
        ("👩‍👧", "👩‍👧", "👩‍👧"),
        ([1], "", ""),
        (True, "", ""),
        (10**400, str(10**400), str(10**400)),
    ],
)
def test_labels_are_one_clean_line_and_comments_keep_their_breaks(
    given_text, line, kept
):
    assert text(given_text) == line
    assert lines(given_text) == kept
    document = parse_document({"invoice_number": given_text, "comment": given_text})
    assert (document.invoice_number, document.comment) == (line, kept)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("5,5", Decimal("5.5")),
        (" 7 ", Decimal(7)),
        (1e-9, Decimal("1e-9")),
        ("1e-999", Decimal(0)),
        (0.1 + 0.2, Decimal("0.300000000000")),
        ("1_000", None),
        ("１２", None),
        ("1e999999999", None),
        (float("nan"), None),
        (float("inf"), None),
        ("0x10", None),
        (10**15, None),
        ("", None),
    ],
)
def test_amounts(value, number):
    assert amount(value) == number


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2026-03-04", date(2026, 3, 4)),
        ("2026-03-04T10:00:00Z", date(2026, 3, 4)),
        ("2026-03-04 10:00", date(2026, 3, 4)),
        ("20260304", None),
        ("2026-W10-3", None),
        ("2026-02-30", None),
        ("2026-03-041", None),
        (20260304, None),
    ],
)
def test_days(value, found):
    assert day(value) == found


@contextmanager
def raw_service(answer: bytes):
    """A socket that sends these bytes to whoever comes, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)

        def serve():
            try:
                connection, _peer = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65_536)
                connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(10)


WIRE = {
    "nothing": b"",
    "no status": b"hello\r\n\r\n",
    "status of letters": b"HTTP/1.1 abc OK\r\n\r\n",
    "status of four digits": b"HTTP/1.1 9999 OK\r\n\r\n",
    "a header too long": b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000 + b"\r\n\r\n{}",
    "too many headers": b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 200 + b"\r\n{}",
    "a header without a colon": b"HTTP/1.1 200 OK\r\nabc\r\n\r\n{}",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
    b"Content-Length: 9\r\n\r\n{}",
    "a length of letters": b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}",
    "a length of superscripts": b"HTTP/1.1 200 OK\r\nContent-Length: \xb2\r\n\r\n{}",
    "a body cut": b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"a": 1',
    "a chunk cut": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n63\r\n{",
    "a chunk of no size": b"HTTP/1.1 200 OK\r\n"
    b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "not gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nhello",
    "gzip cut": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    + gzip.compress(b'{"a": "' + bytes(range(32, 90)) * 50)[:-20],
    "a Location that is no text": b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe\r\n\r\n",
    "a Location that is no address": b"HTTP/1.1 302 Found\r\nLocation: http://[\r\n\r\n",
    "a wait of letters": b"HTTP/1.1 503 No\r\nRetry-After: \xb2\xb3\r\n\r\n",
}


@pytest.mark.parametrize("name", WIRE)
@pytest.mark.parametrize("call", ["organization", "download"])
def test_what_only_a_socket_shows_is_passing_trouble(name, call):
    with raw_service(WIRE[name]) as origin:
        session = transport.open_session(origin, loopback_only=True, read_seconds=5)
        with BillingoClient(session, origin, "key", spacing=0) as client:
            try:
                CALLS[call](client)
            except TemporaryError:
                return
    # What can be read in spite of its headers may be taken.
    assert WIRE[name].endswith(b"{}") and call == "organization"
