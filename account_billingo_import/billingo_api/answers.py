"""From an HTTP answer to JSON or to one of the four families (sheet 1.3)."""

from __future__ import annotations

import json

from .errors import RejectedError, SetupError, TemporaryError
from .transport import retry_after_seconds

SETUP_STATUS = frozenset({401, 402, 403})
REJECTED_STATUS = frozenset({400, 404, 405, 422})
WORDS = 500
UNFILLED = "%s"  # Billingo's message for 401 shows where the header's name belongs


def _json(response):
    try:
        return json.loads(response.content)
    except ValueError:
        return None


def _own_words(response) -> tuple[str, str | None]:
    """Billingo's message and trace id, in any of its shapes or in none."""
    body = _json(response)
    if not isinstance(body, dict):
        return "", None
    error = body.get("error")
    error = error if isinstance(error, dict) else body
    words = [str(error.get("message") or "")]
    for item in body.get("errors") or ():
        if isinstance(item, dict):
            words.append(f"{item.get('field')}: {item.get('message')}")
    trace = error.get("trace_id")
    said = "; ".join(filter(None, words)).replace(UNFILLED, "X-API-KEY")
    return said[:WORDS], trace and str(trace)


def check_status(response) -> None:
    """Let 2xx pass.

    :raise SetupError: 401, 402, 403
    :raise RejectedError: the request is wrong, or what it asks for is not there
    :raise TemporaryError: 429, 5xx, a redirection, anything unheard of
    """
    status = response.status_code
    if 200 <= status < 300:
        return
    words, trace_id = _own_words(response)
    said = {"code": str(status), "trace_id": trace_id}
    if status in SETUP_STATUS:
        raise SetupError(words, **said)
    if status in REJECTED_STATUS:
        raise RejectedError(words, **said)
    raise TemporaryError(words, retry_after=retry_after_seconds(response), **said)


def check_complete(response) -> None:
    """Refuse a body shorter than announced: not every urllib3 does.

    :raise TemporaryError: cut on the way
    """
    announced = response.headers.get("Content-Length", "")
    if response.headers.get("Content-Encoding") or not announced.isdigit():
        return
    if len(response.content) < int(announced):
        raise TemporaryError(code="cut")


def read_object(response) -> dict:
    """Return the JSON object of a good answer.

    :raise TemporaryError: HTML, empty, cut, or JSON of another shape
    """
    check_complete(response)
    body = _json(response)
    if not isinstance(body, dict):
        raise TemporaryError(code="not_json")
    return body


def read_list(response) -> list:
    """Return the JSON list of a good answer.

    :raise TemporaryError: HTML, empty, cut, or JSON of another shape
    """
    check_complete(response)
    body = _json(response)
    if not isinstance(body, list):
        raise TemporaryError(code="not_json")
    return body


def read_pdf(response) -> bytes | None:
    """Return the PDF, None while Billingo still makes it (202).

    :raise TemporaryError: something else came under status 200
    """
    if response.status_code == 202:
        return None
    check_complete(response)
    if not response.content.startswith(b"%PDF"):
        raise TemporaryError(code="not_pdf")
    return response.content
