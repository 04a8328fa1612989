"""From an HTTP answer to a value, or to the error family it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import requests

from . import json_values as values
from .errors import (
    MaventaError,
    NotFoundError,
    RejectedError,
    SetupError,
    TemporaryError,
    UnknownOutcomeError,
)
from .transport import retry_after_seconds


def read_json(response: requests.Response, *, creates: bool = False) -> Any:
    """Return the JSON of a good answer.

    :param creates: the request creates something, so that an unclear answer means
        that it may have been created
    :raise MaventaError: of the family that the answer belongs to
    """
    if not 200 <= response.status_code < 300:
        raise failure(response, creates=creates)
    data = _json(response)
    if data is None:
        raise unclear(
            "The answer cannot be read.",
            creates=creates,
            code="unreadable_answer",
            http_status=response.status_code,
        )
    return data


def failure(response: requests.Response, *, creates: bool = False) -> MaventaError:
    """Return the error that an answer of 300 and above stands for.

    Maventa's answers are ``{"code", "message", "details"}``; gateways in front of
    it answer with pages of HTML, which say nothing about the invoice.
    """
    said = values.part(_json(response))
    status = response.status_code
    words: dict[str, Any] = {
        "code": values.text(said.get("code")) or f"http_{status}",
        "details": values.texts(said.get("details")),
        "http_status": status,
    }
    reason = values.text(f"HTTP {status} {response.reason or ''}")
    message = values.text(said.get("message")) or reason
    if status == 429:
        return TemporaryError(
            message, retry_after=retry_after_seconds(response), **words
        )
    if status in (401, 402, 403):
        return SetupError(message, **words)
    if status == 404:
        return _not_found(message, words, genuine=bool(said), creates=creates)
    if 400 <= status < 500 and status != 408 and said:
        return RejectedError(message, **words)
    if status == 413:  # the size is refused at the gate, in the gate's own words
        return RejectedError(message, **words)
    return unclear(
        message, creates=creates, retry_after=retry_after_seconds(response), **words
    )


def value_of(build: Callable[[Any], Any], data: Any, *, creates: bool = False) -> Any:
    """Return ``build(data)``; what it cannot read is an answer that says nothing.

    :raise TemporaryError: or :exc:`UnknownOutcomeError`, if the request creates
    """
    try:
        return build(data)
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise unclear(
            "The answer lacks a part.", creates=creates, code="unreadable_answer"
        ) from error


def unclear(message: str, *, creates: bool, **words: Any) -> TemporaryError:
    """Return the error for "no idea what happened"."""
    family = UnknownOutcomeError if creates else TemporaryError
    return family(message, **words)


def _not_found(
    message: str, words: dict[str, Any], *, genuine: bool, creates: bool
) -> MaventaError:
    # Maventa says 404 for "missing" and for "no rights" alike; whoever creates
    # something asked for nothing that could be missing.
    if creates:
        return SetupError(message, **words)
    return NotFoundError(message, **words) if genuine else TemporaryError(message)


def _json(response: requests.Response) -> Any:
    try:
        return values.parse(response.content)
    except ValueError:  # also UnicodeDecodeError
        return None
