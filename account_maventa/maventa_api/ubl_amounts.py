"""A copy of a UBL document whose lines a decoder computes to the stated amounts.

Odoo's decoder multiplies quantity, price and discount, and a bill keeps each in its own
digits: 1.235 kg become 1.24 kg. What a line amounts to is stated (BT-131): where these
do not make that amount, the line gets a quantity and a price that do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from .finvoice.incoming import IncomingRow
from .finvoice.line_amounts import Digits, Exact, cut, line_of, round_alike
from .finvoice.node import Node, Notes

ZERO = Decimal(0)
FIXED_TAX = "AEO"  # the code of a charge that the decoder may make a tax of
PRICE_DIGITS = 14  # as many as a float has: a half cent of VAT stays one


@dataclass(frozen=True)
class _Line:
    """``net`` is without the charges, which the decoder makes lines of their own."""

    node: Node
    quantity: Decimal | None
    net: Decimal
    decoded: Decimal | None  # what the decoder's line amounts to, if that is known
    key: tuple[str, Decimal]

    def fits(self, digits: Digits) -> bool:
        return self.decoded is not None and cut(self.decoded, digits.amount) == self.net

    def exact(self, digits: Digits) -> Exact:
        """Return what it amounts to; what does not fit will be made to."""
        amount = self.decoded if self.fits(digits) else None
        return Exact(
            self.key, self.key[1], self.net if amount is None else amount, self.net
        )


def keep_amounts(root: etree._Element, digits: Digits, charge: str) -> None:
    """Change a document so that each of its lines is decoded to the stated amount.

    :param charge: what a charge is called that has no reason
    """
    document = Node(root, Notes())
    rest = document.all("AllowanceCharge")
    for node in rest:
        _remove(node, "BaseAmount", "MultiplierFactorNumeric")
    lines = list(_lines(document, digits))
    amounts = [line.exact(digits) for line in lines]
    is_alike = round_alike([*amounts, *map(_rest, rest)], digits.amount)
    for line in lines:
        if not line.fits(digits) or not is_alike and line.decoded != line.net:
            _rewrite(line, digits)
        for node in line.node.all("AllowanceCharge"):
            _name(node, charge)


def _lines(document: Node, digits: Digits) -> Iterator[_Line]:
    for name in ("InvoiceLine", "CreditNoteLine"):
        for node in document.all(name):
            net = node.number("LineExtensionAmount")
            if net is not None:
                yield _line(node, net, digits)


def _line(node: Node, net: Decimal, digits: Digits) -> _Line:
    quantity = node.number("InvoicedQuantity") or node.number("CreditedQuantity")
    net -= sum(
        (
            one.number("Amount") or ZERO
            for one in node.all("AllowanceCharge")
            if _is(one)
        ),
        ZERO,
    )
    return _Line(
        node=node,
        quantity=quantity,
        net=net,
        decoded=_decoded(quantity, _price(node), net, digits),
        key=_key(node, "Item/ClassifiedTaxCategory"),
    )


def _key(node: Node, path: str) -> tuple[str, Decimal]:
    """Return VAT category and rate."""
    return node.text(f"{path}/ID").upper(), node.number(f"{path}/Percent") or ZERO


def _rest(allowance: Node) -> Exact:
    """Return the amount of a discount or charge of the document."""
    amount = allowance.number("Amount") or ZERO
    key = _key(allowance, "TaxCategory")
    net = amount if _is(allowance) else -amount
    return Exact(key, key[1], net, net)


def _is(allowance: Node) -> bool:
    """Tell whether it is a charge."""
    return allowance.text("ChargeIndicator").lower() == "true"


def _price(node: Node) -> Decimal | None:
    """Return the price of one unit before any discount."""
    price = node.number("Price/PriceAmount")
    gross = node.number("Price/AllowanceCharge/BaseAmount")
    if gross is None and price is not None:
        gross = price + (node.number("Price/AllowanceCharge/Amount") or ZERO)
    base = node.number("Price/BaseQuantity") or Decimal(1)
    return None if gross is None else gross / base


def _decoded(
    quantity: Decimal | None, price: Decimal | None, net: Decimal, digits: Digits
) -> Decimal | None:
    """Return the amount of the line that the decoder makes."""
    if not quantity or not price:
        return None
    gross, discount = cut(quantity * price, digits.amount), ZERO
    if gross:
        discount = cut(100 * (1 - net / gross), digits.discount)
    return cut(quantity, digits.quantity) * price * (1 - discount / 100)


def _rewrite(line: _Line, digits: Digits) -> None:
    """Write quantity and price that make the amount; discounts are inside of them."""
    kept = digits._replace(price=PRICE_DIGITS)
    made = line_of(IncomingRow(quantity=line.quantity, net=line.net), kept)
    node = line.node
    for one in node.all("AllowanceCharge"):
        if not _is(one):
            node.element.remove(one.element)
    _remove(node, "Price/BaseQuantity", "Price/AllowanceCharge")
    for name, value in (
        ("InvoicedQuantity", made.quantity),
        ("CreditedQuantity", made.quantity),
        ("Price/PriceAmount", made.price),
    ):
        for one in node.all(name):
            one.element.text = f"{value.normalize():f}"


def _name(allowance: Node, charge: str) -> None:
    """Give a charge a reason, which is what its line is called."""
    if not _is(allowance) or allowance.text("AllowanceChargeReasonCode") == FIXED_TAX:
        return
    reason = allowance.first("AllowanceChargeReason")
    if reason is None:
        space = etree.QName(allowance.element[0]).namespace
        name = etree.QName(space, "AllowanceChargeReason")
        etree.SubElement(allowance.element, name).text = charge
    elif not any(map(str.isalnum, reason.value)):
        reason.element.text = charge


def _remove(node: Node, *paths: str) -> None:
    for path in paths:
        above, _slash, name = path.rpartition("/")
        for place in node.all(above) if above else [node]:
            for found in place.all(name):
                place.element.remove(found.element)
