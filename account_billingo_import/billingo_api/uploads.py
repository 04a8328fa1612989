"""Billingo documents and spendings as files that a person has."""

from __future__ import annotations

import json

DOCUMENT = frozenset({"id", "invoice_number", "type", "items", "organization"})
SPENDING = frozenset({"id", "invoice_number", "total_gross", "partner"})


def read_upload(name: str, content: bytes | None) -> dict | None:
    """Return the document or spending in a file, None for any other file."""
    if not content or not (name or "").lower().endswith(".json"):
        return None
    try:
        raw = json.loads(content)
    except ValueError:
        return None
    if not isinstance(raw, dict):
        return None
    return raw if raw.keys() >= DOCUMENT or is_spending(raw) else None


def is_spending(raw: dict) -> bool:
    """Tell spendings from documents."""
    return raw.keys() >= SPENDING and "gross_total" not in raw
