"""An answer is given up when it takes too long or grows too large, in all three."""

import gzip
import http.server
import importlib
import socket
import threading
import time
from contextlib import contextmanager

import pytest
from repository_layout import PACKAGES

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
SECONDS = 0.4  # the whole answer
SIZE = 100_000


@pytest.fixture(params=PACKAGES.values(), ids=PACKAGES)
def transport(request):
    return importlib.import_module(f"{request.param.name}.transport")


@contextmanager
def server(parts, pause=0.0):
    """Answer one request with ``parts``, with a pause in seconds before each."""
    gone = threading.Event()

    def answer():
        connection, _address = listener.accept()
        with connection:
            connection.recv(65536)
            for part in parts:
                if pause and gone.wait(pause):
                    break
                try:
                    connection.sendall(part)
                except OSError:
                    break

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        gone.set()
        thread.join(10)
    assert not thread.is_alive()


def get(transport, origin, **options):
    limits = transport.Limits(seconds=SECONDS, size=SIZE)
    session = transport.open_session(
        origin, loopback_only=True, limits=limits, **options
    )
    with session:
        return session.get(origin + "/", allow_redirects=False)


def head(*lines):
    return b"\r\n".join((b"HTTP/1.1 200 OK", *lines, b"", b""))


def bomb():
    body = gzip.compress(bytes(SIZE * 50))
    assert len(body) < SIZE
    length = b"Content-Length: %d" % len(body)
    return [head(b"Content-Encoding: gzip", length), body]


def endless(part, first=()):
    while True:
        yield from first
        first = ()
        yield part


DRIPPING = {
    "body": lambda: [head(b"Content-Length: 5000"), *([b"x"] * 5000)],
    "header": lambda: [b"HTTP/1.1 200 OK\r\nX-Slow: ", *([b"x"] * 5000)],
    "status": lambda: [b"HTTP/1.1 200 ", *([b"x"] * 5000)],
    "continue": lambda: endless(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "chunk": lambda: endless(
        b"1\r\nx\r\n", first=[head(b"Transfer-Encoding: chunked")]
    ),
}
LARGE = {
    "body": lambda: endless(b"x" * 65536, first=[head(b"Connection: close")]),
    "length": lambda: [head(b"Content-Length: 900000"), *([b"x" * 65536] * 14)],
    "chunks": lambda: endless(
        b"8000\r\n" + b"x" * 0x8000 + b"\r\n",
        first=[head(b"Transfer-Encoding: chunked")],
    ),
    "continue": lambda: endless(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "compressed": bomb,
    "compressed twice": lambda: [head(b"Content-Encoding: gzip, gzip"), b"x"],
    "compressed by br": lambda: [head(b"Content-Encoding: br"), b"x"],
    "compressed by zstd": lambda: [head(b"Content-Encoding: ZSTD"), b"x"],
}


@pytest.mark.parametrize("kind", DRIPPING)
def test_dripping_answer_ends_at_the_deadline(transport, kind):
    with server(DRIPPING[kind](), pause=0.01) as origin:
        started = time.monotonic()
        with pytest.raises(transport.AnswerLimitError, match="not complete after 0.4"):
            get(transport, origin)
        assert time.monotonic() - started < 10 * SECONDS


@pytest.mark.parametrize("kind", LARGE)
def test_large_answer_ends_at_the_limit(transport, kind):
    with server(LARGE[kind]()) as origin:
        with pytest.raises(transport.AnswerLimitError, match="larger|not asked for"):
            get(transport, origin)


def test_only_bounded_compressions_are_asked_for(transport, monkeypatch):
    everything = "gzip, deflate, br, zstd"
    monkeypatch.setattr(transport.requests.utils, "DEFAULT_ACCEPT_ENCODING", everything)
    session = transport.open_session("https://service.example")
    assert session.headers["Accept-Encoding"] == "gzip, deflate"


def ask(package, session, origin):
    """Send a reading request by the package's client."""
    if package == "at_series":
        module = importlib.import_module("at_series")
        pair = importlib.import_module("at_series.simulator.certificates").cipher_pair
        credentials = module.Credentials("509987656/1", "x", pair()[1])
        module.SeriesClient(session, origin, credentials).consultar_series()
    elif package == "maventa_api":
        module = importlib.import_module("maventa_api")
        credentials = module.Credentials("uuid", "user", "vendor")
        module.MaventaClient(session, origin, credentials).authorization()
    else:
        module = importlib.import_module("billingo_api")
        module.BillingoClient(session, origin, "key").organization()


def test_error_of_the_client_names_the_limit(transport):
    package = transport.__package__
    errors = importlib.import_module(f"{package}.errors")
    limits = transport.Limits(seconds=SECONDS, size=SIZE)
    with server(LARGE["body"]()) as origin:
        session = transport.open_session(origin, loopback_only=True, limits=limits)
        with session, pytest.raises(errors.TemporaryError) as caught:
            ask(package, session, origin)
    assert not isinstance(caught.value, errors.UnknownOutcomeError)
    assert caught.value.code == "answer_limit"
    assert f"larger than {SIZE} bytes" in str(caught.value)


def test_silence_is_a_read_timeout(transport):
    with server([GOOD], pause=60) as origin:
        with pytest.raises(transport.requests.Timeout):
            get(transport, origin, read_seconds=0.1)


def test_answer_within_the_limits_is_whole(transport):
    body = gzip.compress(b"x" * 90_000)
    length = b"Content-Length: %d" % len(body)
    parts = [head(b"Content-Encoding: gzip", length), body[:20], body[20:]]
    with server(parts) as origin:
        response = get(transport, origin)
    assert response.content == b"x" * 90_000


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.ports.append(self.client_address[1])
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_args):
        pass


def test_connection_is_used_again(transport):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as service:
        service.ports, service.daemon_threads = [], True
        threading.Thread(target=service.serve_forever, args=[0.02]).start()
        origin = f"http://127.0.0.1:{service.server_port}"
        with transport.open_session(origin, loopback_only=True) as session:
            for _request in range(2):
                assert session.get(origin + "/").json() == {}
        service.shutdown()
    first, second = service.ports
    assert first == second
