"""Files that go along with an invoice: types, sizes, names.

Sources: Maventa's pages on attachments (10 MB a file, 150 MB in all), its knowledge
base 77000468465 (names), and Peppol BIS Billing 3 (types of embedded files).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from .fields import LONGEST_NAME, safe_filename

MEGABYTE = 10**6
LARGEST_FILE = 10 * MEGABYTE
LARGEST_PACKAGE = 150 * MEGABYTE
PDF = "application/pdf"
OFFICE = "application/vnd.openxmlformats-officedocument"
# The first ending is the one that a name without any gets
EMBEDDED_TYPES = {
    PDF: ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "text/csv": ("csv",),
    f"{OFFICE}.spreadsheetml.sheet": ("xlsx",),
    "application/vnd.oasis.opendocument.spreadsheet": ("ods",),
}
# In a package; no XML, which could be taken for the invoice
PACKED_TYPES = {
    mimetype: endings
    for mimetype, endings in EMBEDDED_TYPES.items()
    if mimetype != "text/csv"
} | {
    "image/gif": ("gif",),
    "image/tiff": ("tif", "tiff"),
    "text/plain": ("txt",),
    "text/html": ("html", "htm"),
    "application/msword": ("doc",),
    f"{OFFICE}.wordprocessingml.document": ("docx",),
    "application/vnd.ms-excel": ("xls",),
}


class FileProblem(StrEnum):
    """Why a file cannot go along; the words are the caller's."""

    TYPE = "type"
    SIZE = "size"
    EMPTY = "empty"


def file_problem(mimetype: str, size: int, *, packed: bool) -> FileProblem | None:
    """Return why a file cannot go along, if it cannot.

    :param size: in bytes
    :param packed: beside the document in a ZIP, not inside of it
    """
    if mimetype not in (PACKED_TYPES if packed else EMBEDDED_TYPES):
        return FileProblem.TYPE
    if not size:
        return FileProblem.EMPTY
    return FileProblem.SIZE if size > LARGEST_FILE else None


def package_names(
    files: Iterable[tuple[str, str]], taken: Iterable[str] = ()
) -> list[str]:
    """Return names as Maventa takes them, each one once, with endings that fit.

    :param files: name and MIME type of each
    :param taken: names that are used already
    """
    used, names = {name.lower() for name in taken}, []
    for name, mimetype in files:
        safe = _with_ending(safe_filename(name), mimetype)
        stem, _dot, ending = safe.rpartition(".")
        number = 1
        while safe.lower() in used:
            number += 1
            room = LONGEST_NAME - len(ending) - len(str(number)) - 2
            safe = f"{stem[:room]}_{number}.{ending}"
        used.add(safe.lower())
        names.append(safe)
    return names


def _with_ending(name: str, mimetype: str) -> str:
    endings = (PACKED_TYPES | EMBEDDED_TYPES).get(mimetype, ())
    if not endings or name.rpartition(".")[2].lower() in endings and "." in name:
        return name
    return safe_filename(f"{name}.{endings[0]}")
