"""Readers of stored JSON: whatever is stored, no form is locked by it."""

import json


def read_object(text):
    """Return the JSON object that a text is, or ``{}`` if it is none."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def read_remedy(stored):
    """Return the values that lead to where an error is resolved.

    :param stored: the JSON value; what has another type counts as missing
    """
    values = stored if isinstance(stored, dict) else {}
    return {name: value for name, value in values.items() if _is_sound(name, value)}


def _is_sound(name, value):
    """Return whether a value is an id, ids, or plain, as its name says."""
    if name.endswith("_ids"):
        return isinstance(value, list) and all(isinstance(x, int) for x in value)
    return isinstance(value, int if name.endswith("_id") else str | int | None)
