"""Reading rows and moments that are stored as JSON: no odd value locks a form."""

from datetime import UTC, datetime


def read_rows(stored, width):
    """Return the rows of a JSON value, each as ``width`` texts; forgive any shape.

    A text by language (a dict) stays one.
    """
    rows = stored if isinstance(stored, list) else []
    return [
        [
            value if isinstance(value, dict) else str(value or "")
            for value in [*row, *[""] * width][:width]
        ]
        for row in rows
        if isinstance(row, list)
    ]


def read_moment(text, default):
    """Return a stored moment in UTC, without time zone; ``default`` if unreadable."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (OverflowError, TypeError, ValueError):
        return default
    return moment
