from odoo.fields import Command
from odoo.tests import tagged

from ..billingo_api.simulator import samples
from ..billingo_api.simulator.samples.builder import line
from ..billingo_api.simulator.samples.parties import STRANGER, SUPPLIER
from .books import BooksCommon


@tagged("post_install", "-at_install")
class TestPurchaseOrders(BooksCommon):
    """Lines are linked with the purchase order that a bill names.

    *Purchase* is no dependency of this addon: without it, such a bill is posted as any
    other. The databases of ``./dev test`` have it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.has_purchase = "purchase.order" in cls.env
        cls.vendors = [
            cls.env["res.partner"].create(
                {"name": party.name, "vat": party.tax_number, "is_company": True}
            )
            for party in (SUPPLIER, STRANGER)
        ]
        products = cls.env["product.product"].sudo()
        cls.paper = products.create({"name": "Paper", "default_code": "PAP-80"})
        cls.chairs = products.create({"name": "Chairs"})

    def _order(self, name, vendor=0, is_confirmed=True):
        """Return the lines of a purchase order, by their price; nothing without it."""
        if not self.has_purchase:
            return {}
        rows = ((self.paper, 1_000), (self.chairs, 9_000))
        order = self.env["purchase.order"].sudo()
        order = order.create(
            {
                "name": name,
                "partner_id": self.vendors[vendor].id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "price_unit": price,
                            "product_qty": 1,
                        }
                    )
                    for product, price in rows
                ],
            }
        )
        if is_confirmed:
            order.button_confirm()
        return {x.price_unit: x for x in order.order_line}

    def _linked(self, order_number, *items):
        """Book a bill that names an order; return the order's line of each line."""
        raw = self.bills.issue(samples.COMPANY, *items, order_number=order_number)
        [document] = self._book(raw)
        self.assertEqual(document.move_id.state, "posted", document.error)
        if not self.has_purchase:
            return [None] * len(items)
        return [x.purchase_line_id for x in document.move_id.invoice_line_ids]

    def test_lines_are_linked_by_product_name_and_price(self):
        rows = self._order("P00077")
        found = self._linked(
            "P00077",
            line("Papír", 1_100, sku="PAP-80"),
            line("Chairs", 8_500),
        )
        self.assertEqual(found, [rows.get(1_000), rows.get(9_000)])
        rows = self._order("P00078")
        found = self._linked("P00078", line("Szék", 9_000), line("Szállítás", 500))
        self.assertEqual(found[0], rows.get(9_000))
        self.assertFalse(found[1])

    def test_billed_quantity_is_on_the_order(self):
        rows = self._order("P00079")
        found = self._linked("P00079", line("Paper", 1_000))
        self.assertEqual(found, [rows.get(1_000)])
        billed = [x.qty_invoiced for x in rows.values()]
        self.assertEqual(billed, [1, 0] if self.has_purchase else [])

    def test_orders_of_others_and_drafts_are_not_linked(self):
        self._order("P00080", vendor=1)
        self._order("P00081", is_confirmed=False)
        for number in ("P00080", "P00081", "P00099"):
            self.assertFalse(any(self._linked(number, line("Papír", 1_000))), number)
