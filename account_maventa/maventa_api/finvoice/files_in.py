"""Files that come in an attachment message behind the invoice, in the same file.

Source: Finance Finland's attachment message: base64 text, its SHA-1 beside it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

from .incoming import IncomingFile
from .node import Node, Notes
from .source import tree

MOST_FILES = 50
LARGEST_TOTAL = 30 * 10**6  # bytes


def attached_files(data: bytes) -> list[tuple[str, IncomingFile]]:
    """Return the files with the identifier of their message.

    What is no base64, or has another hash than it says, is left out: the invoice
    then misses its attachments, and says so.

    :raise UnreadableError: it is no XML
    """
    element, _odd = tree(data)
    root = Node(element, Notes())
    message = root.text("MessageTransmissionDetails/MessageDetails/MessageIdentifier")
    found, size = [], 0
    for node in root.all("AttachmentDetails")[:MOST_FILES]:
        text = "".join(node.text("AttachmentContent").split())
        stated = node.text("AttachmentSecureHash").lower()
        if (
            stated
            and hashlib.sha1(text.encode("ascii", "replace")).hexdigest() != stated
        ):
            continue
        try:
            content = base64.b64decode(text, validate=True)
        except binascii.Error:
            continue
        size += len(content)
        if not content or size > LARGEST_TOTAL:
            continue
        file = IncomingFile(
            node.text("AttachmentName"), node.text("AttachmentMimeType"), content
        )
        found.append((message, file))
    return found
