"""The European standard: what a document needs to be marked, and how it is put.

Source: the rules of EN 16931 (BR-…) by Finvoice's official data list.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from .document import Document, Row, VatGroup

CENT = Decimal("0.01")
KNOWN_CODES = {"S", "Z", "E", "AE", "K", "G", "O"}
NO_REASON = {"S", "Z"}


def obstacles(document: Document) -> list[str]:
    """Return the rules that keep the document from being marked; none is good."""
    message, seller, buyer = document.message, document.seller, document.buyer
    priced = [row for row in document.rows if row.quantity is not None]
    # Names of rules, for logs and tests: nobody is refused because of them.
    rules = {
        "BR-62": bool(message and message.sender.scheme),
        "BR-63": bool(message and message.receiver.scheme),
        "BR-08": seller.has_address and bool(seller.country),
        "BR-10": buyer.has_address and bool(buyer.country),
        "BR-CO-26": bool(seller.business_id or seller.vat),
        "business": bool(buyer.business_id or buyer.vat),
        "BR-16": bool(priced),
        "BR-23": all(row.unit_code for row in priced),
        "BR-25": all(row.name.strip() for row in priced),
        "BR-50": bool(document.account.bic),
        "BR-57": not document.delivery or bool(document.delivery.country),
    }
    found = [rule for rule, holds in rules.items() if not holds]
    for group in document.vat_groups:
        found += _group_obstacles(document, group)
    return found


def folded(document: Document) -> Document:
    """Return the document with headings and remarks as texts of priced rows.

    A marked document may have no row without quantity, price and amount. Headings
    go to the row that follows, remarks to the row before; what finds none becomes a
    text of the document.
    """
    rows: list[Row] = []
    waiting: tuple[str, ...] = ()
    for row in document.rows:
        if row.quantity is not None:
            rows.append(replace(row, texts=(*waiting, *row.texts)))
            waiting = ()
        elif row.name or not rows:
            waiting += (row.name, *row.texts)
        else:
            rows[-1] = replace(rows[-1], texts=(*rows[-1].texts, *row.texts))
    return replace(document, rows=tuple(rows), texts=(*waiting, *document.texts))


def _group_obstacles(document: Document, group: VatGroup) -> list[str]:
    seller, buyer, code = document.seller, document.buyer, group.code
    rate = group.rate or Decimal(0)
    vat = (group.base * rate / 100).quantize(CENT, ROUND_HALF_UP)
    rules = {
        "BR-CL-18": code in KNOWN_CODES,
        "BR-CO-17": vat == group.amount,
        "BR-S-05": code != "S" or rate > 0,
        f"BR-{code}-05": code == "S" or not rate,
        f"BR-{code}-10": code in NO_REASON or bool(group.reason or group.reason_code),
        f"BR-{code}-02": code == "O" or bool(seller.vat),
        "BR-AE-02": code != "AE"
        or bool(seller.vat and (buyer.vat or buyer.business_id)),
        "BR-IC-02": code != "K" or bool(buyer.vat),
        "BR-IC-11": code != "K" or bool(document.delivery_date),
        "BR-IC-12": code != "K" or bool(document.delivery),
        "BR-O-02": code != "O" or not (seller.vat or buyer.vat),
        "BR-O-11": code != "O" or len(document.vat_groups) == 1,
    }
    return [rule for rule, holds in rules.items() if not holds]
