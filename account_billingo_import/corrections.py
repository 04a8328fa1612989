"""Reads what a user corrected of a document: whatever is stored, no form is locked."""

from odoo import fields


def read_corrections(stored):
    """Return the accounting date, or ``None``, and the choices by line.

    :param stored: the JSON value; what has another type counts as missing
    :return: date, and position -> ``tax_id`` and ``account_id`` as far as chosen
    """
    values = _dict(stored)
    lines = {
        int(position): {
            name: chosen[name]
            for name in ("tax_id", "account_id")
            if isinstance(chosen.get(name), int)
        }
        for position, chosen in _dict(values.get("lines")).items()
        if position.isdecimal() and isinstance(chosen, dict)
    }
    return _date(values.get("date")), lines


def _date(value):
    try:
        return fields.Date.to_date(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _dict(value):
    return value if isinstance(value, dict) else {}
