"""How requests leave: to one origin and no other, or into a simulator in this process.

The same text stands in the protocol package of each addon, because each addon
installs alone; a check on the repository keeps the copies equal.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import math
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
import werkzeug.test
from requests.adapters import HTTPAdapter

CONNECT_SECONDS = 10
LONGEST_WAIT = 24 * 3600.0  # seconds that a Retry-After can make us wait
CHUNK = 16 * 1024  # bytes that are decompressed at once
# Of a chunk, these make a thousand times as much at most. Left alone, ``requests`` asks
# for others as well where their libraries are installed.
COMPRESSIONS = "gzip, deflate"
BOUNDLESS = frozenset({"br", "zstd"})  # of these, a chunk makes gigabytes


@dataclass(frozen=True)
class Limits:
    """What one answer may cost; whatever exceeds it is given up.

    :ivar seconds: the whole answer from its first to its last byte: a service
        that sends a byte now and then must not hold a worker for ever
    :ivar size: bytes of the whole answer as it arrives (status, headers, chunks and
        body), and bytes of the body when it is decompressed
    """

    seconds: float = 180
    size: int = 64 * 1024**2


LIMITS = Limits()


class AnswerLimitError(requests.RequestException):
    """An answer took longer, or was larger, than :class:`Limits` allows.

    The request has been sent: what came of it is unknown.
    """


class _LimitExceeded(OSError):
    """Raised inside the HTTP library, which wraps it in its own errors."""


def is_loopback(origin: str) -> bool:
    """Tell whether ``origin`` (``https://host:port``) is on this machine."""
    host = urlsplit(origin).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def open_session(
    origin: str,
    *,
    simulator: Callable[..., Any] | None = None,
    loopback_only: bool = False,
    ssl_context: ssl.SSLContext | None = None,
    read_seconds: float = 30,
    limits: Limits = LIMITS,
) -> requests.Session:
    """Return a session that can reach ``origin`` and nothing else.

    :param origin: scheme, host and port, without a path
    :param simulator: WSGI application that answers in this process instead
    :param loopback_only: refuse an origin that is not on this machine
    :param ssl_context: ``ssl.SSLContext`` with a client certificate or an own CA
    :param read_seconds: the longest silence before and within an answer
    :param limits: what one answer may cost
    :raise ValueError: the origin is remote although ``loopback_only``
    """
    if loopback_only and not is_loopback(origin):
        raise ValueError(f"{origin} is not on this machine")
    session = requests.Session()
    session.headers["Accept-Encoding"] = COMPRESSIONS
    session.trust_env = not is_loopback(origin)  # proxies are for the way out
    session.adapters.clear()  # requests refuses what no adapter is mounted for
    adapter = (
        SimulatorAdapter(simulator)
        if simulator
        else NetworkAdapter(ssl_context, (CONNECT_SECONDS, read_seconds), limits)
    )
    session.mount(origin.rstrip("/") + "/", adapter)
    return session


def retry_after_seconds(
    response: requests.Response, now: datetime | None = None
) -> float | None:
    """Return how long the other side asks to wait (``Retry-After``, RFC 9110 10.2.3).

    Digits and decimals are seconds, anything else is read as an HTTP date; a date
    that has passed and a negative number are 0, and a day is the longest wait.

    :param now: aware; the moment from which a date is counted, by default the present
    :return: seconds from 0 to :data:`LONGEST_WAIT`, or ``None`` without a usable value
    """
    text = (response.headers.get("Retry-After") or "").strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, OverflowError):
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = (moment - (now or datetime.now(UTC))).total_seconds()
    if math.isnan(seconds):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT)


class NetworkAdapter(HTTPAdapter):
    """Always within limits, and with the given ``ssl.SSLContext``.

    The whole answer is read here, so that nobody waits for it later on.

    :raise AnswerLimitError: the answer exceeds a limit (from ``send``)
    """

    def __init__(
        self,
        ssl_context: ssl.SSLContext | None,
        timeout: tuple[float, float],
        limits: Limits = LIMITS,
    ) -> None:
        self._tls: dict[str, Any] = {"ssl_context": ssl_context} if ssl_context else {}
        self._timeout = timeout
        self._limits = limits
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs | self._tls)
        self._bound(self.poolmanager)

    def proxy_manager_for(self, proxy: str | bytes, **kwargs: Any) -> Any:
        return self._bound(super().proxy_manager_for(proxy, **kwargs, **self._tls))

    def send(
        self, request: requests.PreparedRequest, *_args: Any, **kwargs: Any
    ) -> requests.Response:
        kwargs |= {"stream": True, "timeout": self._timeout}
        try:
            response = super().send(request, **kwargs)
            with response:
                content = b"".join(self._chunks(response))
        except requests.RequestException as error:
            for cause in causes_of(error):
                if isinstance(cause, _LimitExceeded):
                    raise AnswerLimitError(str(cause), request=request) from error
            raise
        # What ``requests`` itself keeps when it reads the answer.
        vars(response).update(_content=content, _content_consumed=True)
        return response

    def _chunks(self, response: requests.Response) -> Iterator[bytes]:
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if "," in encoding or encoding in BOUNDLESS:
            raise AnswerLimitError(
                "the answer is compressed in a way that was not asked for",
                request=response.request,
            )
        size = 0
        for chunk in response.iter_content(CHUNK):
            size += len(chunk)
            if size > self._limits.size:
                raise AnswerLimitError(
                    _too_large(self._limits), request=response.request
                )
            yield chunk

    def _bound(self, manager: Any) -> Any:
        """Let the connections of a pool manager read answers within the limits."""
        limited = partial(_LimitedAnswer, silence=self._timeout[1], limits=self._limits)
        manager.pool_classes_by_scheme = {
            "http": _pool_class(urllib3.HTTPConnectionPool, limited),
            "https": _pool_class(urllib3.HTTPSConnectionPool, limited),
        }
        return manager


def _pool_class(pool: Any, response_class: Callable[..., Any]) -> type:
    """Return a class of pools whose connections read answers by ``response_class``."""
    connection = type(
        "LimitedConnection",
        (pool.ConnectionCls,),
        {"response_class": staticmethod(response_class)},
    )
    return type("LimitedPool", (pool,), {"ConnectionCls": connection})


class _LimitedAnswer(http.client.HTTPResponse):
    """An answer that is read within limits from its first byte on."""

    def __init__(
        self,
        sock: socket.socket,
        *args: Any,
        silence: float,
        limits: Limits,
        **kwargs: Any,
    ) -> None:
        super().__init__(sock, *args, **kwargs)
        raw = _LimitedReader(self.fp.detach(), sock, silence, limits)
        self.fp = io.BufferedReader(raw)


class _LimitedReader(io.RawIOBase):
    """Read from a socket; raise :class:`_LimitExceeded` beyond a limit."""

    def __init__(
        self, raw: io.RawIOBase, sock: socket.socket, silence: float, limits: Limits
    ) -> None:
        self._raw = raw
        self._sock = sock
        self._silence = silence
        self._limits = limits
        self._end = time.monotonic() + limits.seconds
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._end - time.monotonic()
        if left > 0:
            self._sock.settimeout(min(self._silence, left))
            try:
                size = self._raw.readinto(buffer)
            except TimeoutError:
                if time.monotonic() < self._end:
                    raise
            else:
                self._size += size or 0
                if self._size > self._limits.size:
                    raise _LimitExceeded(_too_large(self._limits))
                return size
        raise _LimitExceeded(
            f"the answer was not complete after {self._limits.seconds:g} seconds"
        )

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


def _too_large(limits: Limits) -> str:
    return f"the answer is larger than {limits.size} bytes"


def causes_of(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and everything that it came of.

    The HTTP library keeps a cause as an argument or as ``reason`` as well.
    """
    seen: set[int] = set()
    waiting: list[Any] = [error]
    while waiting:
        found = waiting.pop(0)
        if isinstance(found, BaseException) and id(found) not in seen:
            seen.add(id(found))
            yield found
            waiting += [found.__cause__, found.__context__, *found.args]
            waiting.append(getattr(found, "reason", None))


class SimulatorAdapter(HTTPAdapter):
    """Answer from a WSGI application, without a socket."""

    def __init__(self, application: Callable[..., Any]) -> None:
        super().__init__()
        self._client = werkzeug.test.Client(application, use_cookies=False)

    def send(
        self, request: requests.PreparedRequest, *_args: Any, **_kwargs: Any
    ) -> requests.Response:
        try:
            answer = self._client.open(
                request.url,
                base_url=urljoin(str(request.url), "/"),
                method=request.method,
                headers=dict(request.headers),
                data=request.body,
            )
        except ConnectionError as error:  # the simulator hangs up
            cause = http.client.RemoteDisconnected(
                "Remote end closed connection without response"
            )
            raise requests.exceptions.ConnectionError(
                urllib3.exceptions.ProtocolError("Connection aborted.", cause),
                request=request,
            ) from error
        headers: Any = list(answer.headers)  # a name may come twice
        raw = urllib3.HTTPResponse(
            io.BytesIO(answer.data),
            headers=headers,
            status=answer.status_code,
            reason=answer.status.partition(" ")[2],
            preload_content=False,
        )
        return self.build_response(request, raw)
