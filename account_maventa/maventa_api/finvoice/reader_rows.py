"""The rows of a received Finvoice: what each one costs without VAT.

``RowVatExcludedAmount`` is the authority. Where a sender leaves it out, the amount
follows from what is there: with VAT, or quantity and price.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

from .incoming import IncomingAllowance, IncomingRow, NetSource, category
from .node import Node, number

CENT = Decimal("0.01")
ZERO = Decimal(0)
QUANTITIES = ("InvoicedQuantity", "DeliveredQuantity")
BASES = tuple(map(Decimal, (10, 100, 1000)))


class RowReader:
    """Reads one row or sub-row; ``prefix`` is what its names have in front."""

    def __init__(
        self, node: Node, *, is_sub_row: bool, rate: Decimal | None = None
    ) -> None:
        self.node = node
        self.is_sub_row = is_sub_row
        self.default_rate = rate
        self.article = "Sub" if is_sub_row else ""
        self.row = "SubRow" if is_sub_row else "Row"

    def as_row(self) -> IncomingRow:
        allowances = tuple(self._allowances())
        rate = self.node.number(f"{self.row}VatRatePercent")
        rate = self.default_rate if rate is None else rate
        gross = self.node.number(f"{self.row}Amount")
        vat_amount = self.node.number(f"{self.row}VatAmount")
        net, source = self._net(rate, gross, vat_amount, allowances)
        quantity_node, quantity, price, base = self._quantity_and_price(
            net, rate, allowances
        )
        return IncomingRow(
            **self._texts(),
            quantity=quantity,
            unit=quantity_node.attribute("QuantityUnitCode") if quantity_node else "",
            unit_code=(
                quantity_node.attribute("QuantityUnitCodeUN") if quantity_node else ""
            ),
            price=price,
            base_quantity=base,
            allowances=allowances,
            net=net,
            net_source=source,
            vat_code=category(self.node.text(f"{self.row}VatCode")),
            vat_rate=rate,
            vat_amount=vat_amount,
            gross=gross,
            start=self.node.day(f"{self.article}StartDate"),
            end=self.node.day(f"{self.article}EndDate"),
            delivered=self.node.days(f"{self.row}DeliveryDate"),
            is_sub_row=self.is_sub_row,
        )

    def _texts(self) -> dict:
        node, article, row = self.node, self.article, self.row
        text = node.text
        lines = (
            *node.texts(f"{article}ArticleDescription"),
            *node.texts(f"{row}FreeText"),
        )
        return {
            "position": text(f"{row}PositionIdentifier"),
            "name": text(f"{article}ArticleName"),
            "texts": tuple(dict.fromkeys(lines)),
            "article": text(f"{article}ArticleIdentifier"),
            "buyer_article": text(f"{article}BuyerArticleIdentifier"),
            "ean": text(f"{article}EanCode"),
            "order": text(f"{row}Identifier"),
            "order_position": text(f"{row}OrderPositionIdentifier"),
            "delivery_note": text(f"{row}DeliveryIdentifier"),
            "buyer_reference": text(f"{row}BuyerReferenceIdentifier"),
            "original_number": text(f"{article}OriginalInvoiceNumber"),
            "account_proposal": text(f"{row}NormalProposedAccountIdentifier"),
            "dimension": text(f"{row}AccountDimensionText"),
        }

    # === AMOUNTS === #

    def _net(
        self,
        rate: Decimal | None,
        gross: Decimal | None,
        vat_amount: Decimal | None,
        allowances: tuple[IncomingAllowance, ...],
    ) -> tuple[Decimal | None, NetSource]:
        """Return the net amount and where it comes from."""
        stated = self.node.number(f"{self.row}VatExcludedAmount")
        if stated is not None:
            return stated, NetSource.STATED
        if gross is not None and vat_amount is not None:
            return gross - vat_amount, NetSource.GROSS
        if gross is not None:
            return without_vat(gross, rate), NetSource.GROSS
        included = self.node.number(f"{self._unit_price()}VatIncludedAmount")
        price = self._price()
        quantity = self._first_quantity()
        count = Decimal(1) if quantity is None else quantity
        base = self._base()
        if price is not None:
            amount = rounded(count * price / base)
            amount += sum((one.signed for one in allowances), ZERO)
            return amount, NetSource.COMPUTED
        if included is None:
            return None, NetSource.NONE
        return without_vat(count * included / base, rate), NetSource.GROSS

    def _quantity_and_price(
        self,
        net: Decimal | None,
        rate: Decimal | None,
        allowances: tuple[IncomingAllowance, ...],
    ) -> tuple[Node | None, Decimal | None, Decimal | None, Decimal]:
        """Return the quantity's element, quantity, price and base that make up net.

        Senders write several quantities (pieces and kilograms), and prices per
        hundred without saying so: what gives the row's amount is taken.
        """
        if net is None:
            return None, None, None, Decimal(1)
        before = net - sum((one.signed for one in allowances), ZERO)
        prices, base = self._prices(rate), self._base()
        found: list[tuple[Node | None, Decimal]] = list(self._quantities())
        if not prices:
            node, quantity = found[0] if found else (None, Decimal(1))
            return node, quantity, None, Decimal(1)
        found = found or [(None, Decimal(1))]
        for wanted in (before, net):
            bases = (base, *BASES) if abs(net) >= 1 else (base,)  # cents prove nothing
            for divisor, price in product(bases, prices):
                for node, quantity in found:
                    if abs(quantity * price / divisor - wanted) <= CENT:
                        return node, quantity, price, divisor
        node, quantity = found[0]
        return node, quantity, prices[0], base

    def _prices(self, rate: Decimal | None) -> list[Decimal]:
        """Return the prices without VAT that a row may have been worked out from."""
        included = self.node.number(f"{self._unit_price()}VatIncludedAmount")
        if included is not None:
            included /= 1 + (rate or ZERO) / 100
        stated = [self._price(), self.node.number(f"{self._unit_price()}Amount")]
        return [price for price in (*stated, included) if price is not None]

    def _unit_price(self) -> str:
        return f"{self.article}UnitPrice"

    def _price(self) -> Decimal | None:
        """Return the price without VAT, after what is taken off the price itself."""
        net = self.node.number(f"{self._unit_price()}NetAmount")
        if net is not None:
            return net
        price = self.node.number(f"{self._unit_price()}Amount")
        off = self.node.number(f"{self._unit_price()}DiscountAmount")
        return price if price is None or off is None else price - off

    def _base(self) -> Decimal:
        base = self.node.number(f"{self._unit_price()}BaseQuantity")
        return base if base is not None and base > 0 else Decimal(1)

    def _quantities(self) -> Iterator[tuple[Node, Decimal]]:
        for name in QUANTITIES:
            for node in self.node.all(f"{self.article}{name}"):
                found = self._number_of(node)
                if found is not None:
                    yield node, found

    def _first_quantity(self) -> Decimal | None:
        return next((quantity for _node, quantity in self._quantities()), None)

    def _number_of(self, node: Node) -> Decimal | None:
        found = number(node.value)
        if found is None and node.value:
            self.node.notes.add("odd_number", element=node.name, text=node.value)
        return found

    def _allowances(self) -> Iterator[IncomingAllowance]:
        """Return the discounts and charges of the row that are amounts.

        A percentage alone is worked out from its base, or from quantity and price.
        """
        for node, prefix in (
            (self.node, f"{self.row}Discount"),
            *(
                (child, f"{self.row}Discount")
                for child in self.node.all(f"{self.row}ProgressiveDiscountDetails")
            ),
        ):
            if found := self._discount(node, prefix):
                yield found
        for node in self.node.all(f"{self.row}ChargeDetails"):
            amount, percent = node.number("Amount"), node.number("Percent")
            if amount is None and percent is not None:
                amount = self._share(percent, node.number("BaseAmount"))
            if amount:
                yield IncomingAllowance(
                    amount=amount,
                    is_charge=True,
                    percent=percent,
                    reason=node.text("ReasonText"),
                    reason_code=node.text("ReasonCode"),
                )

    def _discount(self, node: Node, prefix: str) -> IncomingAllowance | None:
        amount = node.number(f"{prefix}Amount")
        percent = node.number(f"{prefix}Percent")
        if amount is None and percent:
            amount = self._share(percent, node.number(f"{prefix}BaseAmount"))
        if not amount:
            return None
        return IncomingAllowance(
            amount=amount,
            percent=percent,
            reason=node.text(f"{prefix}TypeText"),
            reason_code=node.text(f"{prefix}TypeCode"),
        )

    def _share(self, percent: Decimal, base: Decimal | None) -> Decimal | None:
        if base is None:
            quantity, price = self._first_quantity(), self._price()
            if price is None:
                return None
            count = Decimal(1) if quantity is None else quantity
            base = count * price / self._base()
        return rounded(base * percent / 100)


def read_rows(
    root: Node, rate: Decimal | None
) -> tuple[list[IncomingRow], list[IncomingRow]]:
    """Return the rows, and the sub-rows that stand in them, each in their order.

    :param rate: that of rows which name none, if the document has one rate only
    """
    rows: list[IncomingRow] = []
    subs: list[IncomingRow] = []
    for node in root.all("InvoiceRow"):
        children = node.all("SubInvoiceRow")
        if not children or len(node.element) > len(children):
            row = RowReader(node, is_sub_row=False, rate=rate).as_row()
            if not row.is_text or row.name or row.texts:
                rows.append(row)
        for child in children:
            row = RowReader(child, is_sub_row=True, rate=rate).as_row()
            if not row.is_text or row.name or row.texts:
                subs.append(row)
    return rows, subs


def spread_rounding(
    rows: list[IncomingRow], bases: dict[Decimal, Decimal]
) -> list[IncomingRow]:
    """Return the rows with the rounding of amounts with VAT on the last of each rate.

    :param bases: the stated base per rate
    """
    found = list(rows)
    for rate, base in bases.items():
        mine = [i for i, row in enumerate(rows) if (row.vat_rate or ZERO) == rate]
        priced = [i for i in mine if rows[i].net is not None]
        gross = [i for i in priced if rows[i].net_source is NetSource.GROSS]
        missing = base - sum((rows[i].net or ZERO for i in priced), ZERO)
        if gross and missing and abs(missing) <= CENT * len(gross):
            last = found[gross[-1]]
            found[gross[-1]] = replace(last, net=(last.net or ZERO) + missing)
    return found


def without_vat(gross: Decimal, rate: Decimal | None) -> Decimal:
    return rounded(gross / (1 + (rate or ZERO) / 100))


def rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
