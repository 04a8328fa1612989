"""How values are written into forms, queries and file names for Maventa."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST_NAME = 50


def array_field(name: str, values: Iterable[str]) -> list[tuple[str, str]]:
    """Return the form or query fields of an array.

    Assumption, not proved on Maventa's stage: the service is written in Ruby, and
    Rack keeps only the last of repeated bare names, so the brackets are needed for
    more than one value. This is the only place that knows.
    """
    return [(f"{name}[]", str(value)) for value in values]


def safe_filename(name: str) -> str:
    """Return ``name`` as Maventa takes it: letters, digits, dot, underscore.

    At most 50 characters; the extension stays. "Lasku INV/2026/1.pdf" becomes
    "Lasku_INV_2026_1.pdf" (knowledge base 77000468465).
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem, dot, extension = plain.rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,10}", extension):
        stem, extension = plain, ""
    stem = re.sub(r"[^A-Za-z0-9.]+", "_", stem).strip("_.") or "file"
    ending = f".{extension}" if extension else ""
    return stem[: LONGEST_NAME - len(ending)] + ending
