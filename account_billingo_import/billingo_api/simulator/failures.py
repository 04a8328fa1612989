"""How Billingo, or what stands before it, says that something is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from werkzeug.wrappers import Response

RETRY_SECONDS = 2
MESSAGES = {
    401: "Authorization information (Header: %s) is missing or invalid.",
    402: "You do not have subscription for this operation",
    403: "Insufficient permission for this operation",
    404: "Not found",
    429: "Too many requests",
}


def failure(fault: str | None) -> Response | None:
    """Return the answer of a fault that is the same for every request."""
    if fault in ("401", "402", "403", "429"):
        return error_answer(int(fault))
    if fault == "429_seconds":
        return error_answer(429, headers={"Retry-After": str(RETRY_SECONDS)})
    if fault == "429_date":
        moment = datetime.now(UTC) + timedelta(seconds=RETRY_SECONDS)
        header = format_datetime(moment, usegmt=True)
        return error_answer(429, headers={"Retry-After": header})
    if fault == "500":
        body = {"message": "Internal Server Error.", "trace_id": "5" * 32}
        return json_answer({"error": body}, 500)
    if fault == "html":
        return Response("<html><h1>Maintenance</h1></html>", mimetype="text/html")
    if fault == "empty":
        return Response(b"", mimetype="application/json")
    return None


def json_answer(
    body: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with JSON."""
    # Half of a pair of UTF-16 has no UTF-8: it stays an escape.
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Response(text, status, headers, mimetype="application/json")


def error_answer(
    status: int, message: str | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with an error in Billingo's shape."""
    body = {"error": {"message": message or MESSAGES.get(status, "Error")}}
    return json_answer(body, status, headers)


def spoil(answer: Response, fault: str | None) -> Response:
    """Return what a fault makes of a good answer."""
    if fault == "cut":
        return cut(answer)
    if fault not in ("uncounted", "other_id") or answer.status_code != 200:
        return answer
    body = json.loads(answer.get_data())
    if fault == "other_id":
        body["id"] += 1
    else:
        for name in ("total", "last_page", "next_page_url"):
            body.pop(name, None)
    return json_answer(body)


def cut(answer: Response) -> Response:
    """Half of the body under the length of the whole."""
    whole = answer.get_data()
    half = Response(
        whole[: len(whole) // 2], answer.status_code, mimetype=answer.mimetype
    )
    half.headers["Content-Length"] = str(len(whole))
    half.automatically_set_content_length = False
    return half
