"""Purchase orders that a received bill names: linked, never taken instead of it.

Works where the purchase addon is installed, which this addon does not need.
"""

from decimal import Decimal

from odoo import api, models

from ..guards import internal
from .purchase_taxes import ROUNDING_KEY


@internal
class MaventaOrderMatcher(models.AbstractModel):
    _name = "maventa.order.matcher"
    _description = "Orders of Received Invoices"

    # === PUBLIC === #

    @api.model
    def _link(self, move, document):
        """Link lines to those of the orders that the document names.

        A line is linked if exactly one line of the orders has its product; where
        several have it, the order that the row itself names decides. Neither price
        nor quantity of the bill changes.
        """
        if "purchase.order" not in self.env or not document.orders:
            return
        orders = self._orders(move, document)
        named = self._named(move, document)
        for line in move.invoice_line_ids.filtered("product_id"):
            fitting = orders.order_line.filtered(
                lambda row, product=line.product_id: row.product_id == product
            )
            fitting = self._of_row(fitting, orders, *named.get(line, ("", "")))
            if len(fitting) == 1:
                amounts = {name: line[name] for name in ("price_unit", "discount")}
                line.purchase_line_id = fitting
                line.write(amounts)

    # === HELPERS === #

    def _orders(self, move, document):
        """Return the supplier's open orders with the numbers of the document."""
        numbers = {part for number in document.orders for part in _parts(number)}
        return self.env["purchase.order"].search(
            [
                ("company_id", "=", move.company_id.id),
                ("partner_id", "child_of", move.commercial_partner_id.id),
                ("state", "=", "purchase"),
                *("|", ("name", "in", sorted(numbers))),
                ("partner_ref", "in", sorted(numbers)),
            ]
        )

    def _named(self, move, document):
        """Return order number and position by line, for lines that are one row each.

        Lines and rows of one amount stand in the same order; where their numbers
        differ, nothing is guessed.
        """
        lines, rows = {}, {}
        for line in move.invoice_line_ids.sorted("id"):
            if line.display_type == "product" and line.maventa_vat_key != ROUNDING_KEY:
                amount = Decimal(str(line.price_subtotal)).quantize(Decimal("0.01"))
                lines.setdefault(amount, []).append(line)
        for figure, named in zip(document.rows, document.row_orders, strict=True):
            rows.setdefault(figure[2].quantize(Decimal("0.01")), []).append(named)
        return {
            line: named
            for amount, mine in lines.items()
            if len(mine) == len(rows.get(amount, []))
            for line, named in zip(mine, rows[amount], strict=True)
        }

    def _of_row(self, fitting, orders, number, position):
        """Return those of the order and the position that the row itself names."""
        numbers = _parts(number)
        mine = orders.filtered(lambda x: {x.name, x.partner_ref} & numbers)
        if mine:
            fitting = fitting.filtered(lambda row: row.order_id in mine)
        if len(fitting) > 1 and len(mine) == 1 and position.isdecimal():
            # Odoo's electronic orders number their products from 1.
            lines = mine.order_line.filtered(lambda row: not row.display_type)
            place = int(position[:9])
            fitting = fitting & lines[max(place - 1, 0) : place]
        return fitting


def _parts(number):
    """Return an order number, and the numbers of a list of them."""
    return {number, *number.replace(",", " ").split()} - {""}
