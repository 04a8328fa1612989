"""Elements: one that has no value is left out, as the guidelines ask for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree

from ..xml_text import xml_text
from . import texts


def add(
    parent: etree._Element, name: str, text: str | None = None, **attributes: str
) -> Any:
    """Add an element: a group without ``text``, nothing at all if it is empty.

    Characters that XML 1.0 does not know are left away.
    """
    text = None if text is None else xml_text(text)
    if text == "":
        return None
    kept = {key: xml_text(value) for key, value in attributes.items()}
    node = etree.SubElement(
        parent, name, {key: value for key, value in kept.items() if value}
    )
    node.text = text
    return node


def add_texts(parent: etree._Element, name: str, pieces: Iterable[str]) -> None:
    for piece in pieces:
        add(parent, name, piece)


def add_date(parent: etree._Element, name: str, value: date | None) -> None:
    if value:
        add(parent, name, texts.day(value), Format="CCYYMMDD")


def add_amount(
    parent: etree._Element, name: str, value: Decimal, currency: str
) -> None:
    text = texts.amount(value)
    add(parent, name, text, AmountCurrencyIdentifier=currency)


def serialised(root: etree._Element, encoding: str, *, declared: bool = False) -> bytes:
    """Return the bytes of a tree, indented by spaces."""
    etree.indent(root, space="  ")
    data = etree.tostring(root, encoding=encoding, xml_declaration=declared)
    return data if isinstance(data, bytes) else data.encode(encoding)
