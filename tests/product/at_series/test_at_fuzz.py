"""Answers of every shape: the client understands them, or raises its own errors."""

import contextlib
import gzip
import re
import socket
import threading

import pytest
from at_samples import new_series
from at_series import (
    Annulment,
    Credentials,
    Finalisation,
    Query,
    SeriesClient,
    SeriesError,
    SeriesInfo,
    TipoDoc,
    is_valid_code,
    open_session,
)
from at_series.simulator import envelope
from at_series.simulator.certificates import cipher_pair
from fuzzing import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NIF, CODE = "509987656", "BCDF2345"
SERIES = {
    "serie": "A2026",
    "tipoSerie": "N",
    "classeDoc": "SI",
    "tipoDoc": "FT",
    "numInicialSeq": 1,
    "dataInicioPrevUtiliz": "2026-07-01",
    "meioProcessamento": "PI",
    "numCertSWFatur": 0,
    "codValidacaoSerie": CODE,
    "dataRegisto": "2026-07-01",
    "estado": "A",
    "dataEstado": "2026-07-01T10:00:00Z",
    "nifComunicou": NIF,
}
CALLS = {
    "registarSerie": lambda client: client.registar_serie(new_series()),
    "finalizarSerie": lambda client: client.finalizar_serie(
        Finalisation("A2026", TipoDoc.FT, CODE, 9, "fim")
    ),
    "anularSerie": lambda client: client.anular_serie(
        Annulment("A2026", TipoDoc.FT, CODE, True)
    ),
    "consultarSeries": lambda client: client.consultar_series(Query(serie="A2026")),
    "find": lambda client: client.find(new_series()),
}
BODIES = {
    "registarSerie": envelope.answer("registarSerie", [SERIES], 2001, "registada"),
    "finalizarSerie": envelope.answer(
        "finalizarSerie", [{**SERIES, "estado": "F"}], 2004, "finalizada"
    ),
    "anularSerie": envelope.answer(
        "anularSerie", [{**SERIES, "estado": "N"}], 2003, "anulada"
    ),
    "consultarSeries": envelope.answer("consultarSeries", [SERIES] * 2, 2002, "feita"),
    "find": envelope.answer("consultarSeries", [SERIES], 2002, "feita"),
    "fault": envelope.authentication_fault(99, "Erro na senha", 2).body,
    "server fault": envelope.soap_fault("S:Server", "Erro"),
    "other fault": envelope.soap_12_fault(),
}
OPERATIONS = st.sampled_from(sorted(CALLS))
ODD_TEXTS = st.sampled_from(
    [
        *("", " ", "0", "-1", "٣", "9" * 400, "1.0", "NaN", "1e9", "true", "\ufffd"),
        *("2026-13-01", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"),
        *("<x/>", "<!-- x -->", "<?x y?>", "<![CDATA[x]]>", "&#0;", "&x;", "&#xD800;"),
        *("<a>" * 300, "<infoSerie/>", "</infoSerie>", "<serie/>", "A" * 100_000),
        "<codResultOper>2001</codResultOper>",
        "<infoSerie><serie>A2026</serie><tipoDoc>FT</tipoDoc></infoSerie>",
    ]
) | st.text(max_size=20)


@st.composite
def mutated(draw, body):
    """Return ``body`` with a few elements dropped, doubled, moved or filled anew."""
    text = body.decode()
    for _step in range(draw(st.integers(0, 4))):
        tags = [found.span() for found in re.finditer(r"<[^>]*>", text)]
        if not tags:
            break
        start, _end = draw(st.sampled_from(tags))
        _start, end = draw(st.sampled_from(tags))
        first, last = min(start, end), max(start, end)
        change = draw(st.sampled_from(("drop", "double", "move", "fill", "cut")))
        part, odd = text[first:last], draw(ODD_TEXTS)
        if change == "drop":
            text = text[:first] + text[last:]
        elif change == "double":
            text = text[:last] + part + text[last:]
        elif change == "move":
            text = text[:first] + text[last:] + part
        elif change == "fill":
            text = (
                text[:end]
                + odd
                + text[end:].partition("<")[1]
                + text[end:].partition("<")[2]
            )
        else:
            text = text[:last]
    return text.encode("utf-8", "surrogatepass")


HEADER_VALUES = st.sampled_from(
    ["", "-1", "0", "9" * 400, "nan", "inf", "x", "gzip", "identity", "chunked", "é"]
) | st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20)
HEADERS = st.dictionaries(
    st.sampled_from(
        ("Content-Encoding", "Location", "Retry-After", "Set-Cookie", "X-Any", "Date")
    ),
    HEADER_VALUES,
    max_size=3,
)
CONTENT_TYPES = st.sampled_from(
    ["text/xml", "text/xml; charset=utf-16", "text/html; charset=x", "", "é", "/;=,"]
)


def client_of(origin, **options):
    session = open_session(origin, loopback_only=True, **options)
    return SeriesClient(session, origin, Credentials(f"{NIF}/1", "x", cipher_pair()[1]))


def check_call(client, operation):
    """Call and check what may come of it: a value that can be trusted, or our error."""
    try:
        value = CALLS[operation](client)
    except SeriesError as error:
        check_text(error.message)
        check_text(error.code or "")
    else:
        check_value(operation, value)
    check_text(client.last_exchange.answer or "")
    check_text(client.last_exchange.code or "")


def check_text(text):
    """A database can hold it."""
    assert isinstance(text, str)
    assert "\x00" not in text
    text.encode()


def check_value(operation, value):
    if operation == "registarSerie":
        assert (value.serie, value.tipo_doc, value.estado) == ("A2026", "FT", "A")
        assert (value.num_inicial_seq, value.nif_comunicou) == (1, NIF)
        assert is_valid_code(value.cod_validacao_serie)
    elif operation == "consultarSeries":
        assert all(isinstance(info, SeriesInfo) for info in value)
    elif value is not None:
        assert (value.serie.casefold(), value.tipo_doc) == ("a2026", "FT")


@given(data=st.data(), operation=OPERATIONS, name=st.sampled_from(sorted(BODIES)))
@settings(max_examples=examples(250), deadline=None)
def test_any_body_is_understood_or_our_error(data, operation, name):
    body = data.draw(mutated(BODIES[data.draw(st.sampled_from((operation, name)))]))
    status = data.draw(st.sampled_from((200, 200, 200, 202, 204, 302, 404, 429, 500)))
    headers = [("Content-Type", data.draw(CONTENT_TYPES))]
    headers += data.draw(HEADERS).items()

    def application(_environ, start_response):
        start_response(f"{status} Razão", headers)
        return [body]

    check_call(client_of("https://localhost", simulator=application), operation)


@given(operation=OPERATIONS, body=st.binary(max_size=300))
@settings(max_examples=examples(50), deadline=None)
def test_any_bytes_are_our_error_or_understood(operation, body):
    def application(_environ, start_response):
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [body]

    check_call(client_of("https://localhost", simulator=application), operation)


@given(
    serie=st.text(max_size=40),
    reason=st.text(st.characters(), max_size=60),
    number=st.integers() | st.none() | st.just(10**400),
    code=st.text(max_size=25),
)
@settings(max_examples=examples(100), deadline=None)
def test_any_request_is_sent_whole_or_refused_by_us(serie, reason, number, code):
    received = []

    def application(environ, start_response):
        length = int(environ["CONTENT_LENGTH"])
        received.append(environ["wsgi.input"].read(length))
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [envelope.answer("finalizarSerie", [], 2004, "finalizada")]

    client = client_of("https://localhost", simulator=application)
    end = Finalisation(serie, TipoDoc.FT, code, number, reason)
    try:
        client.finalizar_serie(end)
    except SeriesError as error:
        assert error.code in ("missing_value", "bad_request")
        assert not received
    else:
        envelope.read(received[0])  # raises unless the schema allows it


class RawServer:
    """Send prepared bytes to every request, and hang up."""

    def __init__(self):
        self.answer = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.origin = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        self._listener.close()

    def _serve(self):
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(2)
                self._read(connection)
                connection.sendall(self.answer)

    def _read(self, connection):
        received = b""
        while b"</soap-env:Envelope>" not in received:
            part = connection.recv(65536)
            if not part:
                return
            received += part


@pytest.fixture(scope="module")
def raw_server():
    server = RawServer()
    yield server
    server.close()


GOOD = BODIES["registarSerie"]
LINES = st.sampled_from(
    [
        *(b"HTTP/1.1 200 OK", b"HTTP/1.1 202 ", b"HTTP/1.0 200 OK", b"HTTP/9.9 200 OK"),
        *(b"HTTP/1.1 100 Continue", b"HTTP/1.1 103 Early", b"HTTP/1.1 999 X"),
        *(b"HTTP/1.1 abc", b"HTTP/1.1 301 Moved", b"HTTP/1.1 204 No", b"", b"\x16\x03"),
        b"HTTP/1.1 200 " + b"x" * 70_000,
        b"HTTP/1.1 200 \xff\x00",
    ]
)
RAW_HEADERS = st.lists(
    st.sampled_from(
        [
            b"Content-Type: text/xml; charset=utf-8",
            b"Content-Length: %d" % len(GOOD),
            b"Content-Length: %d" % (len(GOOD) + 7),
            b"Content-Length: -5",
            b"Content-Length: " + b"9" * 400,
            b"Content-Length: 5, 6",
            b"Content-Length: x",
            b"Transfer-Encoding: chunked",
            b"Content-Encoding: gzip",
            b"Content-Encoding: deflate, br, x",
            b"Location: http://[",
            b"Location: \xff\xfe",
            b"Retry-After: 9" + b"9" * 400,
            b"Set-Cookie: a=\x01; expires=x",
            b"Connection: keep-alive",
            b"no colon",
            b": no name",
            b" folded",
            b"X: " + b"y" * 70_000,
            *(b"X-%d: y" % number for number in range(3)),
        ]
    ),
    max_size=5,
)
RAW_BODIES = st.sampled_from(
    [
        GOOD,
        GOOD[:-5],
        b"",
        gzip.compress(GOOD),
        gzip.compress(GOOD)[:-9],
        b"%x\r\n%b\r\n0\r\n\r\n" % (len(GOOD), GOOD),
        b"%x\r\n%b\r\n" % (len(GOOD), GOOD),
        b"%x\r\n%b" % (len(GOOD) + 9, GOOD),
        b"zz\r\n" + GOOD,
        b"-1\r\n" + GOOD,
        b"HTTP/1.1 200 OK\r\n\r\n" + GOOD,
    ]
)


@given(
    operation=OPERATIONS,
    line=LINES,
    headers=RAW_HEADERS,
    body=RAW_BODIES,
    end=st.sampled_from((b"\r\n", b"\n", b"")),
)
@settings(
    max_examples=examples(150),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_bytes_from_a_socket_are_understood_or_our_error(
    raw_server, operation, line, headers, body, end
):
    raw_server.answer = end.join([line, *headers, b"", body])
    with client_of(raw_server.origin, read_seconds=0.5) as client:
        check_call(client, operation)


def test_many_headers_are_our_error(raw_server):
    lines = [b"HTTP/1.1 200 OK", *(b"X-%d: y" % number for number in range(500))]
    raw_server.answer = b"\r\n".join([*lines, b"", GOOD])
    with client_of(raw_server.origin) as client, pytest.raises(SeriesError) as raised:
        client.registar_serie(new_series())
    assert raised.value.code == "no_answer"
