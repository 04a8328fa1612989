"""Readers of stored JSON values: whatever is stored, no form is locked by it."""


def read_refusal(stored):
    """Return ``code``, ``message`` and ``tries_left`` of AT's refusal of a connection.

    :param stored: the JSON value; what has another type counts as missing
    """
    known = {"code": str, "message": str, "tries_left": int}
    values = _dict(stored)
    return {
        name: values[name]
        for name, kind in known.items()
        if isinstance(values.get(name), kind)
    }


def read_mismatch(stored):
    """Return the differences of a series from AT's data, and AT's last used number.

    :param stored: the JSON value; what has another type counts as missing
    :return: ``differences`` (AT's element -> at AT, as requested) and ``used``
    """
    values = _dict(stored)
    differences = _dict(values.get("differences"))
    used = values.get("used")
    return {
        "differences": {
            name: pair
            for name, pair in differences.items()
            if isinstance(pair, list) and len(pair) == 2
        },
        "used": used if isinstance(used, int) else 0,
    }


def _dict(value):
    return value if isinstance(value, dict) else {}
