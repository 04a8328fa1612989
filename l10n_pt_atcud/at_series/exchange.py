"""What was sent and answered last, fit to be kept: without what is secret."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

MASK = "***"
LONGEST_KEPT = 100_000
# With AT's private key the nonce opens the other two, so all three go.
_SECRET = frozenset({"Password", "Nonce", "Created"})


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


def parse(content: bytes):
    """Return the root of an XML document, or ``None`` when it is not one.

    Nothing is fetched, no entity is opened, and a document type is refused.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return None if root.getroottree().docinfo.doctype else root


def masked(content: bytes) -> str:
    """Return ``content`` as text, the secret elements of its header masked."""
    root = parse(content)
    if root is None:
        return content[:LONGEST_KEPT].decode("utf-8", "replace")
    for element in root.iter(etree.Element):
        if etree.QName(element).localname in _SECRET:
            element.text = MASK
    return etree.tostring(root, encoding="unicode", pretty_print=True)[:LONGEST_KEPT]
