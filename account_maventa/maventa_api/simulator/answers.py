"""Answers in Maventa's form: JSON entities, errors, pages."""

from __future__ import annotations

import json
from collections.abc import Iterable, MutableMapping
from datetime import UTC, datetime
from typing import Any

from werkzeug.wrappers import Request, Response

State = MutableMapping[str, Any]  # of a store: values are replaced, never changed


class Refusal(Exception):
    """Ends a request with an error answer."""

    def __init__(
        self, status: int, code: str, message: str, details: Iterable[str] | None = None
    ) -> None:
        super().__init__(code)
        self.response = error(status, code, message, details)


def entity(data: Any, status: int = 200, headers: Any = None) -> Response:
    """Return ``data`` as the JSON body of an answer."""
    return Response(json.dumps(data), status, headers, content_type="application/json")


def error(
    status: int, code: str, message: str, details: Iterable[str] | None = None
) -> Response:
    """Return an error as Maventa words it; ``details`` is left out when empty."""
    body: dict[str, Any] = {"code": code, "message": message}
    if details:
        body["details"] = list(details)
    return entity(body, status)


def gateway_error(status: int = 502) -> Response:
    """Return what a proxy in front of the service says: HTML, and nothing useful."""
    page = f"<html><body><h1>{status} Bad Gateway</h1></body></html>"
    return Response(page, status, content_type="text/html")


def page(request: Request, rows: list) -> Response:
    """Return one page of ``rows`` with the paging headers."""
    number = max(request.args.get("page", 1, int), 1)
    size = min(max(request.args.get("per_page", 10, int), 1), 100)
    pages = -(-len(rows) // size)
    headers = {
        "X-Total": len(rows),
        "X-Total-Pages": pages,
        "X-Page": number,
        "X-Per-Page": size,
    }
    if number > 1:
        headers["X-Prev-Page"] = number - 1
    if number < pages:
        headers["X-Next-Page"] = number + 1
    part = rows[(number - 1) * size : number * size]
    return entity(part, headers={name: str(value) for name, value in headers.items()})


def timestamp(seconds: float) -> str:
    """Return a moment of the clock as Maventa writes it: UTC, ISO 8601."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
