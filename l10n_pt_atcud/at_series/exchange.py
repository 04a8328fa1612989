"""The last request and its answer, fit to be kept: without what is secret."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lxml import etree

MASK = "***"
LONGEST_KEPT = 100_000
# With AT's private key the nonce opens the other two, so all three go.
_SECRET = frozenset({"Password", "Nonce", "Created"})
_SECRET_TEXT = re.compile(
    r"(<(?:\w+:)?(?:Password|Nonce|Created)\b[^>]*>)[^<]*", re.IGNORECASE
)
_DECLARES_ENCODING = re.compile(rb"\s*<\?xml\b[^>]*\bencoding\b")
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]+)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Exchange:
    """One request and its answer.

    ``answer`` and ``status`` are ``None`` when nothing came back; ``code`` is AT's
    result, or the code of the error that its answer, or its silence, was taken for.
    """

    operation: str
    address: str
    request: str
    answer: str | None
    status: int | None
    seconds: float
    code: str | None = None


def parse(content: bytes, content_type: str | None = None) -> etree._Element | None:
    """Return the root of an XML document, or ``None`` when it is not one.

    Blanks before the declaration are forgiven, and the character set of the header
    counts where the document itself names none. Nothing is fetched, no entity is
    opened, and a document type is refused.

    :param content_type: the value of the header
    """
    # A parser reads one document; lxml forbids depths over 256 and texts over 10 MB.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(_as_declared(content, content_type), parser)
    except (etree.LxmlError, ValueError, LookupError):
        return None
    if root is None:
        return None
    information: Any = root.getroottree().docinfo
    return None if information.doctype else root


def _as_declared(content: bytes, content_type: str | None) -> bytes:
    """Return the document without blanks before it, in UTF-8 if only a header says."""
    named = _CHARSET.search(content_type or "")
    if (
        named
        and not content.startswith(_BYTE_ORDER_MARKS)
        and not _DECLARES_ENCODING.match(content)
    ):
        # Where this fails the parser finds out by itself, or refuses.
        with suppress(LookupError, ValueError):
            content = content.decode(named[1]).encode()
    return content.lstrip()


def masked(content: bytes, content_type: str | None = None) -> str:
    """Return ``content`` as text, the secret elements of its header masked.

    The text can be stored: it has no NUL and no half of a character.
    """
    root = parse(content, content_type)
    if root is None:
        text = content[:LONGEST_KEPT].decode("utf-8", "replace")
        return _SECRET_TEXT.sub(rf"\1{MASK}", text.replace("\x00", "\ufffd"))
    for element in root.iter(etree.Element):
        if etree.QName(element).localname in _SECRET:
            for child in list(element):
                element.remove(child)
            element.text = MASK
    return etree.tostring(root, encoding="unicode", pretty_print=True)[:LONGEST_KEPT]
