"""From an HTTP answer to JSON or to one of the four families (sheet 1.3)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import requests

from .errors import RejectedError, SetupError, TemporaryError
from .parsing import is_flat, text
from .transport import retry_after_seconds

SETUP_STATUS = frozenset({401, 402, 403})
REJECTED_STATUS = frozenset({400, 404, 405, 422})
LONGEST_MESSAGE = 500
UNFILLED = "%s"  # Billingo's message for 401 shows where the header's name belongs
# What an error may be wrapped in; other keys are names of fields.
WRAPPERS = ("message", "error", "errors", "detail", "title", "description")
TITLE = re.compile(r"<title[^>]*>([^<]*)", re.IGNORECASE)


def _json(content: bytes) -> Any:
    """Return the value, None for anything that is not JSON of a sane depth."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return value if is_flat(value) else None


def _own_message(response: requests.Response) -> tuple[str, str | None]:
    """Billingo's message and trace id, in any shape or in none."""
    body = _json(response.content)
    if body is None and response.content.strip() != b"null":
        found = _plain(response.content)
    else:
        found = "; ".join(dict.fromkeys(islice(_messages(body), 20)))
    found = found.replace(UNFILLED, "X-API-KEY")
    return found[:LONGEST_MESSAGE], _trace_id(body)


def _plain(content: bytes) -> str:
    """The text of a body that is no JSON; of a page its title."""
    shown = content[: 8 * LONGEST_MESSAGE].decode("utf-8", "replace")
    if "<" not in shown:
        return text(shown)
    title = TITLE.search(shown)
    return text(title[1]) if title else ""


def _messages(value: Any, depth: int = 0) -> Iterator[str]:
    """Walk an error from its message down to the fields that are wrong."""
    if isinstance(value, str) and text(value):
        yield text(value)
    if depth > 5:
        return
    if isinstance(value, list):
        for one in value:
            yield from _messages(one, depth + 1)
    if isinstance(value, dict):
        field = text(value.get("field"))
        for key, one in _parts(value):
            prefix = field if key in WRAPPERS else key
            for found in _messages(one, depth + 1):
                yield f"{prefix}: {found}" if prefix else found


def _parts(value: dict) -> list[tuple[str, Any]]:
    """Messages first, then fields by their names, without what is no message."""
    first = [(key, value[key]) for key in WRAPPERS if key in value]
    if "field" in value:
        return first
    return first + [
        (text(key), one)
        for key, one in value.items()
        if key not in (*WRAPPERS, "trace_id", "code", "status", "type")
    ]


def _trace_id(body: Any) -> str | None:
    if not isinstance(body, dict):
        return None
    for place in (body.get("error"), body):
        if isinstance(place, dict) and text(place.get("trace_id")):
            return text(place["trace_id"])[:100]
    return None


def check_status(response: requests.Response) -> None:
    """Let 2xx pass.

    :raise SetupError: 401, 402, 403
    :raise RejectedError: the request is wrong, or what it asks for is not there
    :raise TemporaryError: 429, 5xx, a redirection, anything unheard of
    """
    status = response.status_code
    if 200 <= status < 300:
        return
    message, trace_id = _own_message(response)
    code = str(status)
    if status in SETUP_STATUS:
        raise SetupError(message, code=code, trace_id=trace_id)
    if status in REJECTED_STATUS:
        raise RejectedError(message, code=code, trace_id=trace_id)
    wait = retry_after_seconds(response)
    raise TemporaryError(message, retry_after=wait, code=code, trace_id=trace_id)


def announced_length(response: requests.Response) -> int | None:
    """Return what Content-Length says, None where it says no length."""
    header = response.headers.get("Content-Length", "").strip()
    if header.isascii() and header.isdigit() and len(header) < 16:
        return int(header)
    return None


def check_complete(response: requests.Response) -> None:
    """Refuse a body shorter than announced: not every urllib3 does.

    :raise TemporaryError: cut on the way
    """
    announced = announced_length(response)
    if announced is None:
        return
    received = len(response.content)
    if response.headers.get("Content-Encoding"):
        # The length is that of the compressed body.
        tell = getattr(response.raw, "tell", None)
        received = tell() if tell else announced
    if received < announced:
        raise TemporaryError(code="cut")


def read_object(response: requests.Response) -> dict:
    """Return the JSON object of a good answer.

    :raise TemporaryError: HTML, empty, cut, too deep, or JSON of another shape
    """
    check_complete(response)
    body = _json(response.content)
    if not isinstance(body, dict):
        raise TemporaryError(code="not_json")
    return body


def read_list(response: requests.Response) -> list:
    """Return the JSON list of a good answer.

    :raise TemporaryError: HTML, empty, cut, too deep, or JSON of another shape
    """
    check_complete(response)
    body = _json(response.content)
    if not isinstance(body, list):
        raise TemporaryError(code="not_json")
    return body


def read_pdf(response: requests.Response) -> bytes | None:
    """Return the PDF, None while Billingo still makes it (202).

    :raise TemporaryError: something else came under status 200, or half of it
    """
    if response.status_code == 202:
        return None
    check_complete(response)
    if not response.content.startswith(b"%PDF"):
        raise TemporaryError(code="not_pdf")
    is_measured = announced_length(response) is not None
    if not is_measured and b"%%EOF" not in response.content[-2048:]:
        raise TemporaryError(code="cut")
    return response.content
