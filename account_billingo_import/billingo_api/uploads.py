"""Billingo documents and spendings as files that a person has."""

from __future__ import annotations

import json

from .parsing import is_flat

DOCUMENT = frozenset({"id", "invoice_number", "type", "items", "organization"})
SPENDING = frozenset({"id", "invoice_number", "total_gross", "partner"})


def read_upload(name: str, content: bytes | None) -> dict | None:
    """Return the document or spending in a file, None for any other file."""
    if not is_json_name(name):
        return None
    raw, _fault, _where = _read(content)
    return raw


def why_not(content: bytes | None) -> tuple[str, str]:
    """Say what keeps a file from being one of Billingo's.

    :return: ``empty``; ``broken`` and where, as ``line:column`` or empty for bytes
        that are no text; ``list``; ``lacks`` and the names of the parts that a
        document has; two empty texts when the file will do
    """
    _raw, fault, where = _read(content)
    return fault, where


def is_json_name(name: str | None) -> bool:
    """Return whether a file has the name of a JSON file."""
    return (name or "").lower().endswith(".json")


def is_spending(raw: dict) -> bool:
    """Return whether this is a spending and no document."""
    return raw.keys() >= SPENDING and "gross_total" not in raw


def _read(content: bytes | None) -> tuple[dict | None, str, str]:
    if not content or not content.strip():
        return None, "empty", ""
    try:
        raw = json.loads(content)
    except json.JSONDecodeError as error:
        return None, "broken", f"{error.lineno}:{error.colno}"
    except (ValueError, RecursionError):
        return None, "broken", ""
    if not is_flat(raw):
        return None, "broken", ""
    if not isinstance(raw, dict):
        return None, "list" if isinstance(raw, list) else "broken", ""
    if raw.keys() >= DOCUMENT or is_spending(raw):
        return raw, "", ""
    return None, "lacks", ", ".join(sorted(DOCUMENT - raw.keys()))
