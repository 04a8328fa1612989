"""Answers of any shape: the client raises its own errors and nothing else."""

import contextlib
import io
import json
import socket
import threading
from datetime import datetime
from decimal import Decimal

import pytest
import requests
import urllib3
from fuzzing import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from maventa_api import (
    Credentials,
    Language,
    MaventaClient,
    MaventaError,
    Registrar,
    Registration,
    Reroute,
    Route,
    TemporaryError,
    UnknownOutcomeError,
    open_session,
)
from maventa_api import json_values as values
from maventa_api.token import TokenCache
from maventa_samples import upload
from werkzeug.wrappers import Response

UUID = "11111111-2222-4333-8444-555555555555"
OTHER = "99999999-2222-4333-8444-555555555555"
TOKEN = b'{"access_token": "t", "expires_in": 3600}'
KEYS = st.sampled_from(
    "id status actions happened_at type company company_state sum number scopes user "
    "access_token expires_in scope code message details network eia identifier "
    "send_invoice_print operator_id user_api_key files received_at sender".split()
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**400), 10**400)
    | st.text(st.characters(codec=None, categories=None), max_size=8)
    | st.sampled_from([UUID, "DELIVERED", "\0", "\ud800", "0001-01-01T00:00:00+14:00"])
    | st.sampled_from([Decimal("1e400"), Decimal("0.1")])
)
SHAPES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6)
    ),
    max_leaves=12,
)
HEADERS = st.dictionaries(
    st.sampled_from(["Location", "Retry-After", "Content-Length", "Content-Type"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=12)
    | st.sampled_from(["http://[", "9" * 400, "-1", "NaN", "\xff\xfe", "//", "5, 6"]),
    max_size=2,
)
CALLS = {
    "identity": lambda client: client.identity(),
    "authorization": lambda client: client.authorization(),
    "request": lambda client: client.request_authentication(
        "a@b.example", Language.FINNISH
    ),
    "vendor": lambda client: client.link_vendor(),
    "send": lambda client: client.send_invoice(upload(uuid=UUID)),
    "find": lambda client: client.find_invoice(UUID),
    "list": lambda client: client.list_invoices([UUID]),
    "reroute": lambda client: client.reroute(UUID, Reroute(Route.EMAIL, {})),
    "receivers": lambda client: client.find_receivers(bid="1", name="Lumi"),
    "operators": lambda client: client.operators(),
    "print": lambda client: client.print_settings(),
    "change": lambda client: client.change_print_settings(enabled=True),
}


def written(shape) -> bytes:
    """Return JSON of whatever shape, with numbers that no float holds."""

    def number(value):
        return f"@number@{value}@number@"  # no text by chance

    text = json.dumps(shape, default=number)
    text = text.replace('"@number@', "").replace('@number@"', "")
    return text.encode("utf-8", "surrogatepass")


class FakeAdapter(requests.adapters.BaseAdapter):
    """Answers the token with a good one, and anything else with ``body``."""

    def __init__(self, body, status=200, headers=(), token=TOKEN):
        super().__init__()
        self.answer, self.token = (body, status, dict(headers)), token

    def send(self, request, **_options):
        is_token = request.path_url == "/oauth2/token"
        body, status, headers = (self.token, 200, {}) if is_token else self.answer
        raw = urllib3.HTTPResponse(
            io.BytesIO(body),
            headers=headers,
            status=status,
            preload_content=False,
        )
        return requests.adapters.HTTPAdapter().build_response(request, raw)

    def close(self):
        pass


def answered(body, *, receives=False, **options):
    """A client that gets ``body`` for an answer."""
    session = requests.Session()
    session.mount("https://", FakeAdapter(body, **options))
    credentials = Credentials(UUID, "k", "v")
    return MaventaClient(
        session, "https://m", credentials, tokens=TokenCache(), receives=receives
    )


@settings(
    max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck)
)
@given(
    call=st.sampled_from(sorted(CALLS)),
    shape=SHAPES,
    status=st.sampled_from([200, 201, 204, 302, 400, 401, 404, 422, 429, 503]),
    headers=HEADERS,
)
def test_any_answer_ends_in_a_value_or_in_an_own_error(call, shape, status, headers):
    client = answered(written(shape), status=status, headers=headers)
    with contextlib.suppress(MaventaError):
        CALLS[call](client)


@settings(max_examples=examples(60), deadline=None)
@given(shape=SHAPES)
def test_any_token_answer_ends_in_a_token_or_in_an_own_error(shape):
    with contextlib.suppress(MaventaError):
        answered(b'{"company_state": "VERIFIED"}', token=written(shape)).authorization()


@settings(max_examples=examples(60), deadline=None)
@given(shape=SHAPES)
def test_any_answer_at_the_registration_ends_in_an_own_error(shape):
    session = requests.Session()
    session.mount("https://", FakeAdapter(written(shape)))
    company = Registration("L", "1", True, "s", "1", "c", "FI", "a@b.example")
    with Registrar(session, "https://m", "v") as registrar:
        for call in (
            lambda: registrar.create_user("a@b.example", "A", "B"),
            lambda: registrar.create_company("k", company),
            lambda: registrar.find_company("k", "1", "FI"),
        ):
            with contextlib.suppress(MaventaError):
                assert isinstance(call(), str)


@settings(max_examples=examples(100), deadline=None)
@given(shape=SHAPES)
def test_what_is_read_of_an_invoice_has_the_promised_types(shape):
    entity = {"id": UUID, "status": shape, "actions": [{"happened_at": shape}, shape]}
    entity |= {"number": shape, "sum": shape, "created_at": shape}
    invoice = answered(written(entity)).find_invoice(UUID)
    assert invoice.sum is None or invoice.sum.is_finite()
    texts = [invoice.number, invoice.status_text, invoice.created_at]
    for action in invoice.actions:
        texts += [action.type, action.channel, action.message, action.happened_at]
        if action.happened_at:
            datetime.fromisoformat(action.happened_at)
    for text in texts:
        assert "\0" not in text
        text.encode()  # no lone surrogate


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b'{"id": ' + b"9" * 5000 + b"}",
        b'{"id": 1e99999999999999999999999}',
        b"NaN",
        b"\xff\xfe{",
        b'"\\ud800"',
        b"",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_json_beyond_reason_is_an_answer_that_cannot_be_read(body):
    with pytest.raises(TemporaryError) as caught:
        answered(body).authorization()
    assert caught.value.code == "unreadable_answer"


@pytest.mark.parametrize("call", ["find", "list", "send"])
def test_an_answer_about_another_invoice_is_refused(call):
    entity = {"id": OTHER, "status": "DELIVERED"}
    body = written([entity] if call == "list" else entity)
    with pytest.raises(TemporaryError) as caught:
        CALLS[call](answered(body))
    assert caught.value.code == "other_invoice"
    assert isinstance(caught.value, UnknownOutcomeError) == (call == "send")


def test_a_row_of_a_list_that_cannot_be_read_is_told_apart():
    with pytest.raises(TemporaryError) as caught:
        CALLS["list"](answered(written([{"status": "DELIVERED"}])))
    assert caught.value.code == "unreadable_row"
    with pytest.raises(TemporaryError) as caught:
        CALLS["list"](answered(b"{}"))
    assert caught.value.code == "unreadable_answer"


def test_an_id_in_capital_letters_is_the_same_id():
    entity = {"id": UUID.upper(), "status": "DELIVERED"}
    assert answered(written(entity)).find_invoice(UUID)
    assert list(answered(written([entity])).list_invoices([UUID])) == [UUID]


def test_a_token_without_a_scope_allows_what_was_asked_for():
    assert answered(b'{"company_state": "VERIFIED"}').authorization()


@pytest.mark.parametrize("text", ["a\nb", "a b", "ä", "", "\0"])
def test_a_token_that_no_header_can_carry_is_no_token(text):
    token = written({"access_token": text, "expires_in": 60})
    with pytest.raises(TemporaryError) as caught:
        answered(b"{}", token=token).authorization()
    assert caught.value.code == "unreadable_answer"


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (12, "12"),
        ("12.5", "12.5"),
        (Decimal("0.10"), "0.10"),
        (10**400, None),
        (Decimal("1e400"), None),
        ("NaN", None),
        ("1,5", None),
        (True, None),
        ([], None),
    ],
)
def test_amounts_are_finite_and_of_reasonable_size(value, amount):
    assert values.amount(value) == (amount and Decimal(amount))


def raw_service(*answers: bytes):
    """Yield the origin of a socket that answers with bytes, whatever it is asked."""
    return _RawService(answers)


class _RawService:
    def __init__(self, answers):
        self.answers = list(answers)

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def __exit__(self, *_exc_info):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)  # wakes whoever waits for a call
        self.listener.close()
        self.thread.join(5)

    def _serve(self):
        for answer in self.answers:
            with contextlib.suppress(OSError):
                connection, _address = self.listener.accept()
                with connection:
                    connection.settimeout(5)
                    self._read_request(connection)
                    connection.sendall(answer)

    def _read_request(self, connection):
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(65536)
        head, _blank, body = head.partition(b"\r\n\r\n")
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                left = int(line.split(b":")[1]) - len(body)
                while left > 0:
                    left -= len(connection.recv(65536))


def http(body: bytes, *headers: str, status="200 OK", length=None) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Connection: close", *headers]
    if length != "":
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


ENTITY = written({"id": UUID, "status": "DELIVERED"})
ON_THE_WIRE = {
    "location of bytes": http(b"", "Location: \xff\xfe", status="302 Found"),
    "location without end": http(b"", "Location: http://[", status="302 Found"),
    "length too long": http(ENTITY[:20], length=400),
    "length of 400 digits": http(ENTITY, length="9" * 400),
    "length of 5000 digits": http(ENTITY[:9], length="9" * 5000),
    "two lengths": http(ENTITY[:9], "Content-Length: 1"),
    "negative length": http(ENTITY[:9], length="-5"),
    "cut chunk": http(b"ff\r\nabc", "Transfer-Encoding: chunked", length=""),
    "chunk of nothing": http(b"zz\r\nabc", "Transfer-Encoding: chunked", length=""),
    "broken gzip": http(b"abc", "Content-Encoding: gzip"),
    "no http": b"hello\r\n\r\n",
    "nothing": b"",
    "long line": http(ENTITY, "X-Long: " + "a" * 70_000),
    "many headers": http(ENTITY, *[f"X-{n}: 1" for n in range(200)]),
    "odd wait": http(b"{}", "Retry-After: " + "9" * 400, status="429 x"),
    "odd status": http(b"{}", status="999 \xff"),
}


@pytest.mark.parametrize("name", ON_THE_WIRE)
@pytest.mark.parametrize("call", ["find", "send"])
def test_what_only_a_socket_shows_ends_in_an_own_error(name, call):
    answers = [http(TOKEN), *[ON_THE_WIRE[name]] * 3]
    with raw_service(*answers) as origin:
        session = open_session(origin, read_seconds=5)
        credentials = Credentials(UUID, "k", "v")
        with MaventaClient(session, origin, credentials, tokens=TokenCache()) as client:
            with pytest.raises(TemporaryError) as caught:
                CALLS[call](client)
    is_unknown = isinstance(caught.value, UnknownOutcomeError)
    assert is_unknown == (call == "send" and name != "odd wait")


@pytest.mark.parametrize("call", ["find", "list", "send"])
def test_a_cut_body_is_recognised_even_if_what_came_is_json(call):
    whole = ENTITY if call != "list" else b"[]"
    answers = [http(TOKEN), http(whole, length=len(whole) + 1)]
    with raw_service(*answers) as origin:
        session = open_session(origin, read_seconds=5)
        credentials = Credentials(UUID, "k", "v")
        with MaventaClient(session, origin, credentials, tokens=TokenCache()) as client:
            with pytest.raises(TemporaryError):
                CALLS[call](client)


def test_a_redirect_is_no_answer_and_is_not_followed():
    answer = Response("", 302, {"Location": "https://example.com"})
    body = answer.get_data()
    with pytest.raises(TemporaryError):
        answered(body, status=302, headers=answer.headers).authorization()
