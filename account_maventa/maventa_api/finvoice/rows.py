"""The rows of a document."""

from __future__ import annotations

from decimal import Decimal

from lxml import etree

from . import texts
from .document import Row
from .elements import add, add_amount, add_texts
from .overflow import row_overflow

DISCOUNT = "95"  # UNTDID 5189
GTIN = "0160"  # ISO 6523


def add_row(root: etree._Element, row: Row, position: int, currency: str) -> None:
    """Add one row; ``position`` counts those that are priced."""
    node = add(root, "InvoiceRow")
    if row.quantity is None:
        _add_words(node, row)
        return
    units = {
        "QuantityUnitCode": texts.cut(row.unit, 14),
        "QuantityUnitCodeUN": row.unit_code,
    }
    add(node, "ArticleIdentifier", texts.cut(row.article, 70))
    name, rest = _name_and_rest(row)
    add(node, "ArticleName", name)
    add(node, "EanCode", row.gtin, SchemeID=GTIN)
    count = texts.quantity(row.quantity)
    add(node, "DeliveredQuantity", count, **units)
    add(node, "InvoicedQuantity", count, **units)
    money = {
        "AmountCurrencyIdentifier": currency,
        "UnitPriceUnitCode": units["QuantityUnitCode"],
        "QuantityUnitCodeUN": row.unit_code,
    }
    for element in ("UnitPriceAmount", "UnitPriceNetAmount"):
        add(node, element, texts.price(row.price), **money)
    if row.base_quantity != 1:
        base = texts.quantity(row.base_quantity)
        add(node, "UnitPriceBaseQuantity", base, QuantityUnitCodeUN=row.unit_code)
    add(node, "RowPositionIdentifier", str(position))
    for text in (*rest, *row_overflow(row)):
        add_texts(node, "RowFreeText", texts.split(text, 512))
    _add_discount(node, row, currency)
    if row.vat_rate is not None:
        add(node, "RowVatRatePercent", texts.percent(row.vat_rate))
    add(node, "RowVatCode", row.vat_code)
    add_amount(node, "RowVatExcludedAmount", row.net, currency)


def _add_words(node: etree._Element, row: Row) -> None:
    """Add a heading or a remark: text alone."""
    if row.name:
        name, rest = _name_and_rest(row)
        add(node, "ArticleName", name)
    else:
        rest = row.texts
    for text in rest:
        add_texts(node, "RowFreeText", texts.split(text, 512))


def _name_and_rest(row: Row) -> tuple[str, tuple[str, ...]]:
    """Return the name, which has room for 100 characters, and what is beyond it."""
    pieces = texts.split(row.name, 100)
    if not pieces:
        return texts.cut(row.name, 100), row.texts
    return pieces[0], (" ".join(pieces[1:]), *row.texts)


def _add_discount(node: etree._Element, row: Row, currency: str) -> None:
    if not row.discount_amount:
        return
    if Decimal(0) < row.discount <= Decimal(100):
        add(node, "RowDiscountPercent", texts.percent(row.discount))
    base = row.net + row.discount_amount
    add_amount(node, "RowDiscountAmount", row.discount_amount, currency)
    add_amount(node, "RowDiscountBaseAmount", base, currency)
    add(node, "RowDiscountTypeCode", DISCOUNT)
