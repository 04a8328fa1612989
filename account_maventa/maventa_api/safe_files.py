"""Types of received files that a browser may show; all others are only downloaded."""

from __future__ import annotations

SHOWN = {
    "application/pdf": (b"%PDF",),
    "image/png": (b"\x89PNG",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "text/csv": (),
    "text/plain": (),
    "application/vnd.oasis.opendocument.spreadsheet": (b"PK",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (b"PK",),
}
OTHER = "application/x-download"


def safe_type(mimetype: str, data: bytes) -> str:
    """Return the type to keep a file under.

    What is not known, or does not begin as its type does, is no type that a browser
    opens: neither a page nor a script runs.
    """
    bare = mimetype.partition(";")[0].strip().lower()
    starts = SHOWN.get(bare)
    if starts is None or starts and not data.lstrip()[:16].startswith(starts):
        return OTHER
    return bare
