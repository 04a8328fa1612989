"""Files inside a document."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from .tree import Element, UblError, add, dump, ensure, find_all, parse, text

# PEPPOL-EN16931-CL001
MIME_TYPES = frozenset(
    (
        "application/pdf",
        "image/png",
        "image/jpeg",
        "text/csv",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.spreadsheet",
    )
)


@dataclass(frozen=True)
class EmbeddedFile:
    name: str
    mimetype: str
    content: bytes


def embed(document: bytes | Element, files: tuple[EmbeddedFile, ...]) -> bytes:
    """Return the document with files inside; one of that name is not put in again.

    :raise UblError: Peppol does not take a file of this type
    """
    root = parse(document)
    present = {text(node, "cbc:ID") for node in find_all(root, _REFERENCE)}
    for file in files:
        if file.mimetype not in MIME_TYPES:
            raise UblError(f"{file.name}: {file.mimetype} is no type that Peppol takes")
        if file.name not in present:
            _add(root, file)
    return dump(root)


_REFERENCE = "cac:AdditionalDocumentReference"


def _add(root: Element, file: EmbeddedFile) -> None:
    reference = add(root, _REFERENCE)
    add(reference, "cbc:ID", file.name)
    add(
        ensure(reference, "cac:Attachment"),
        "cbc:EmbeddedDocumentBinaryObject",
        base64.b64encode(file.content).decode(),
        mimeCode=file.mimetype,
        filename=file.name,
    )
