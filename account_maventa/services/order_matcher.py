"""Purchase orders that a received bill names: linked, never taken instead of it.

Works where the purchase addon is installed, which this addon does not need.
"""

from odoo import api, models

from ..guards import internal


@internal
class MaventaOrderMatcher(models.AbstractModel):
    _name = "maventa.order.matcher"
    _description = "Orders of Received Invoices"

    # === PUBLIC === #

    @api.model
    def _link(self, move, document):
        """Link lines to those of the orders that the document names.

        A line is linked if exactly one line of the orders has its product. Neither
        price nor quantity of the bill changes.
        """
        if "purchase.order" not in self.env or not document.orders:
            return
        orders = self._orders(move, document)
        for line in move.invoice_line_ids.filtered("product_id"):
            fitting = orders.order_line.filtered(
                lambda row, product=line.product_id: row.product_id == product
            )
            if len(fitting) == 1:
                amounts = {name: line[name] for name in ("price_unit", "discount")}
                line.purchase_line_id = fitting
                line.write(amounts)

    # === HELPERS === #

    def _orders(self, move, document):
        """Return the supplier's open orders with the numbers of the document."""
        numbers = {
            part
            for number in document.orders
            for part in (number, *number.replace(",", " ").split())
        }
        return self.env["purchase.order"].search(
            [
                ("company_id", "=", move.company_id.id),
                ("partner_id", "child_of", move.commercial_partner_id.id),
                ("state", "=", "purchase"),
                *("|", ("name", "in", sorted(numbers))),
                ("partner_ref", "in", sorted(numbers)),
            ]
        )
