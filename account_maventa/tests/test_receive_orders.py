"""Received bills beside the purchase orders that they name."""

from dataclasses import replace
from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from ..maventa_api import documents_in
from ..maventa_api.simulator.samples import DraftRow
from .common_receive import MaventaReceiveCommon

PAPER = DraftRow("Paperi", Decimal("45.00"), quantity=Decimal(10), article="P-80")
CHAIR = DraftRow("Tuoli", Decimal("90.00"), article="C-1")


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveOrders(MaventaReceiveCommon):
    """Lines are linked with the orders; the document's lines stay.

    *Purchase* is no dependency of this addon: without it, such a bill is as any other.
    The databases of ``./dev test`` have it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.has_purchase = "purchase.order" in cls.env

    def setUp(self):
        super().setUp()
        self.supplier = self._supplier("plain")
        self.paper = self._product("P-80")
        self.chair = self._product("C-1")

    def _product(self, code):
        seller = {"partner_id": self.supplier.id, "product_code": code}
        return self.env["product.product"].create(
            {"name": code, "seller_ids": [Command.create(seller)]}
        )

    def _order(self, name, *rows, is_confirmed=True, **values):
        """Return a purchase order; nothing where there are none.

        :param rows: products with their prices
        """
        if not self.has_purchase:
            return None
        lines = [
            {"product_id": product.id, "price_unit": price, "product_qty": 10}
            for product, price in rows or ((self.paper, 4.5), (self.chair, 90))
        ]
        order = self.env["purchase.order"].sudo()
        order = order.with_company(self.company).create(
            {
                "name": name,
                "partner_id": self.supplier.id,
                "company_id": self.company.id,
                "order_line": [Command.create(line) for line in lines],
                **values,
            }
        )
        if is_confirmed:
            order.button_confirm()
        return order

    def _bill(self, number, *rows, **values):
        values = {"number": number, "rows": rows or (PAPER, CHAIR), **values}
        return self._receive(self._changed("plain", **values))

    def _assert_links(self, receipt, *expected):
        """Check the order's line of each line, and that the bill needs nobody."""
        self.assertEqual(receipt.state, "billed", receipt.points_text)
        if self.has_purchase:
            found = [x.purchase_line_id for x in receipt.move_id.invoice_line_ids]
            none = self.env["purchase.order.line"]
            self.assertEqual(found, [line or none for line in expected])

    def test_lines_are_linked_and_stay_those_of_the_document(self):
        rows = (self.paper, 10), (self.chair, 3.5)  # in all, as the document's
        for number, source in enumerate(("FINVOICE30", "PEPPOLBIS30")):
            with self.subTest(source):
                order = self._order(f"P0007{number}", *rows)
                receipt = self._bill(
                    f"70{number}", order=f"P0007{number}", source_format=source
                )
                self._assert_links(receipt, *(order.order_line if order else ()))
                lines = receipt.move_id.invoice_line_ids
                self.assertEqual(lines.product_id, self.paper + self.chair)
                self.assertEqual(
                    [(x.quantity, x.price_unit, x.price_subtotal) for x in lines],
                    [(10, 4.5, 45), (1, 90, 90)],
                )
                self.assertEqual(receipt.move_id.invoice_origin, f"P0007{number}")
                names = [name.split("\n")[0] for name in lines.mapped("name")]
                self.assertEqual(names, ["Paperi", "Tuoli"])

    def test_number_is_found_in_a_row_in_a_list_and_as_the_suppliers(self):
        paper = self._order("P00080", (self.paper, 4.5))
        chair = self._order("P00081", (self.chair, 90), partner_ref="T-81")
        lines = (paper + chair).order_line if paper else ()
        self._assert_links(self._bill("801", order="P00080, P00081"), *lines)
        self._assert_links(self._bill("802", order="P00080 T-81"), *lines)
        row = DraftRow(CHAIR.name, CHAIR.net, article="C-1", order="P00081")
        receipt = self._bill("803", PAPER, row, order="P00080")
        self._assert_links(receipt, *lines)
        self.assertEqual(receipt.move_id.invoice_origin, "P00080, P00081")

    def test_product_of_two_named_orders_is_not_guessed(self):
        self._order("P00082", (self.paper, 4.5))
        second = self._order("P00083")
        receipt = self._bill("804", order="P00082,P00083")
        self._assert_links(receipt, None, second and second.order_line[1])

    def test_order_of_another_or_not_confirmed_is_not_linked(self):
        self._order("P00084", partner_id=self.partner_a.id)
        self._order("P00085", is_confirmed=False)
        if cancelled := self._order("P00086"):
            cancelled.button_cancel()
        self._order("P00087")  # has the right total, but is not named
        for number in ("P00084", "P00085", "P00086", "P00099", ""):
            with self.subTest(number):
                receipt = self._bill(f"9{number}", order=number)
                self._assert_links(receipt, None, None)

    def test_locked_order_is_linked(self):
        if order := self._order("P00088"):
            order.button_lock()
        receipt = self._bill("805", order="P00088")
        self._assert_links(receipt, *(order.order_line if order else ()))

    def test_billed_quantity_counts_once_and_less_what_is_credited(self):
        order = self._order("P00089")
        receipt = self._bill("806", order="P00089")
        receipt.with_user(self.accountant).action_read_again()
        self._assert_links(receipt, *(order.order_line if order else ()))
        billed = order.order_line.mapped("qty_invoiced") if order else [10, 1]
        self.assertEqual(billed, [10, 1])
        kinds = {"kind": "INV02", "kind_un": "381"}
        self._bill("807", PAPER, order="P00089", **kinds)
        billed = order.order_line.mapped("qty_invoiced") if order else [0, 1]
        self.assertEqual(billed, [0, 1])

    def test_order_that_a_row_names_decides_between_two_with_its_product(self):
        for number, source in enumerate(("FINVOICE30", "PEPPOLBIS30")):
            with self.subTest(source):
                first = self._order(f"P0011{number}", (self.paper, 4.5))
                second = self._order(f"P0012{number}", (self.paper, 4.5))
                rows = [
                    replace(PAPER, order=f"P00{place}{number}") for place in (12, 11)
                ]
                receipt = self._bill(
                    f"81{number}", *rows, order=f"P0011{number}", source_format=source
                )
                lines = (second, first) if first else ()
                self._assert_links(receipt, *[order.order_line for order in lines])

    def test_position_decides_between_two_lines_of_an_order(self):
        for number, source in enumerate(("FINVOICE30", "PEPPOLBIS30")):
            with self.subTest(source):
                name = f"P0013{number}"
                order = self._order(name, (self.paper, 4.5), (self.paper, 4.4))
                row = replace(PAPER, order=name, order_position="2")
                receipt = self._bill(f"82{number}", row, source_format=source)
                self._assert_links(receipt, order and order.order_line[1])

    def test_rows_that_are_not_told_apart_are_not_linked(self):
        self._order("P00140", (self.paper, 4.5))
        self._order("P00141", (self.paper, 4.5))
        row = replace(PAPER, order="P00140")
        sample = self._changed("plain", number="831", rows=(row, row), order="P00141")
        receipt = self._receive(sample)
        move = receipt.move_id
        move.invoice_line_ids[1:].unlink()  # two rows of an amount, and one line
        document = documents_in(receipt.document_id.raw)[0]
        move.invoice_line_ids.purchase_line_id = False
        self.env["maventa.order.matcher"].sudo()._link(move, document)
        self.assertFalse(self.has_purchase and move.invoice_line_ids.purchase_line_id)
