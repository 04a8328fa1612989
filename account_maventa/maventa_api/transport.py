"""How requests leave: to one origin and no other, or into a simulator in this process.

The same text stands in the protocol package of each addon, because each addon
installs alone; a check on the repository keeps the copies equal.
"""

from __future__ import annotations

import io
import ipaddress
import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import RemoteDisconnected
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
import werkzeug.test
from requests.adapters import HTTPAdapter

CONNECT_SECONDS = 10
LONGEST_WAIT = 24 * 3600.0  # seconds that a Retry-After can make us wait


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
    simulator=None,
    loopback_only: bool = False,
    ssl_context=None,
    read_seconds: float = 30,
) -> requests.Session:
    """Return a session that can reach ``origin`` and nothing else.

    :param origin: scheme, host and port, without a path
    :param simulator: WSGI application that answers in this process instead
    :param loopback_only: refuse an origin that is not on this machine
    :param ssl_context: ``ssl.SSLContext`` with a client certificate or an own CA
    :param read_seconds: how long to wait for an answer
    :raise ValueError: the origin is remote although ``loopback_only``
    """
    if loopback_only and not is_loopback(origin):
        raise ValueError(f"{origin} is not on this machine")
    session = requests.Session()
    session.trust_env = not is_loopback(origin)  # proxies are for the way out
    session.adapters.clear()  # requests refuses what no adapter is mounted for
    adapter = (
        SimulatorAdapter(simulator)
        if simulator
        else NetworkAdapter(ssl_context, (CONNECT_SECONDS, read_seconds))
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
    """Always with a time-out, and with the given ``ssl.SSLContext``."""

    def __init__(self, ssl_context, timeout):
        self._tls = {"ssl_context": ssl_context} if ssl_context else {}
        self._timeout = timeout
        super().__init__()

    def init_poolmanager(self, *args, **kwargs):
        return super().init_poolmanager(*args, **kwargs, **self._tls)

    def proxy_manager_for(self, proxy, **kwargs):
        return super().proxy_manager_for(proxy, **kwargs, **self._tls)

    def send(self, request, stream=False, timeout=None, **kwargs):
        return super().send(request, stream=stream, timeout=self._timeout, **kwargs)


class SimulatorAdapter(HTTPAdapter):
    """Answer from a WSGI application, without a socket."""

    def __init__(self, application):
        super().__init__()
        self._client = werkzeug.test.Client(application, use_cookies=False)

    def send(self, request, **_options):
        try:
            answer = self._client.open(
                request.url,
                base_url=urljoin(request.url, "/"),
                method=request.method,
                headers=dict(request.headers),
                data=request.body,
            )
        except ConnectionError as error:  # the simulator hangs up
            cause = RemoteDisconnected("Remote end closed connection without response")
            raise requests.exceptions.ConnectionError(
                urllib3.exceptions.ProtocolError("Connection aborted.", cause),
                request=request,
            ) from error
        raw = urllib3.HTTPResponse(
            io.BytesIO(answer.data),
            headers=list(answer.headers),
            status=answer.status_code,
            reason=answer.status.partition(" ")[2],
            preload_content=False,
        )
        return self.build_response(request, raw)
