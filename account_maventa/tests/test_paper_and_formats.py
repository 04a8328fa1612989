"""What paper says, both formats say, and the other way round."""

from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from .common_documents import DocumentsCommon


@tagged("post_install", "-at_install")
class TestPaperAndFormats(DocumentsCommon):
    def setUp(self):
        super().setUp()
        self._dress_buyer("FI", "FI")
        self.standard = self.taxes["FI"]["standard"]

    def _note(self, **values):
        return self._move("FI", [self.standard], move_type="out_refund", **values)

    def _nets(self, move):
        """Return what both formats say of each line."""
        name = "CreditNote" if move.move_type == "out_refund" else "Invoice"
        sign = -1 if move.move_type == "out_refund" else 1
        return [
            [Decimal(text.replace(",", ".")) * factor for text in texts]
            for texts, factor in (
                (
                    [
                        line.findtext("{*}LineExtensionAmount")
                        for line in self._ubl(move).iterfind(f"{{*}}{name}Line")
                    ],
                    1,
                ),
                (
                    [
                        node.text
                        for node in self._finvoice(move).iter("RowVatExcludedAmount")
                    ],
                    sign,
                ),
            )
        ]

    # === ORIGINALS === #

    def test_paper_names_the_original_that_was_typed(self):
        note = self._note(maventa_original_number="2025-0815")
        self.assertIn("Original invoice: 2025-0815", self._printed(note))

    def test_paper_names_the_original_once(self):
        invoice = self._move("FI", [self.standard])
        note = self._credit(invoice)
        self.assertIn(f"Reversal of: {invoice.name}", self._printed(note))
        self.assertNotIn("Original invoice", self._printed(note))
        note = self._note(ref="PO-4711", maventa_original_number="4711")
        self.assertNotIn("Original invoice", self._printed(note))
        note = self._note(ref="PO-4711", maventa_original_number="711")
        self.assertIn("Original invoice: 711", self._printed(note))

    # === ADVANCES === #

    def test_final_invoice_below_its_advances_names_them(self):
        for advances in ([80], [50, 40]):
            invoices, final = self._final_below(advances)
            names = [invoice.name for invoice in invoices]
            with self.subTest(advances):
                self._assert_passes(final)
                path = "{*}BillingReference/{*}InvoiceDocumentReference/{*}ID"
                named = [node.text for node in self._ubl(final).iterfind(path)]
                self.assertEqual(named, names)
                details = self._finvoice(final).find("InvoiceDetails")
                path = "OriginalInvoiceReference/InvoiceNumber"
                also = [node.text for node in details.iterfind(path)]
                also += [node.text for node in details.iter("OriginalInvoiceNumber")]
                self.assertEqual(also, names)
                printed = self._printed(final)
                self.assertIn(f"Original invoice: {', '.join(names)}", printed)

    def test_credit_note_of_an_advance_names_it_once(self):
        [advance], _final = self._final_below([80])
        note = self._credit(advance)
        path = "{*}BillingReference/{*}InvoiceDocumentReference/{*}ID"
        named = [node.text for node in self._ubl(note).iterfind(path)]
        self.assertEqual(named, [advance.name])

    def _final_below(self, advances):
        """Return invoices for advances, and the one of less than these.

        Without *Sales* nothing tells what they have to do with each other: a person
        names the original.
        """
        if "sale.order" not in self.env:
            invoice = self._move("FI", [self.standard])
            return [invoice], self._note(maventa_original_number=invoice.name)
        order = self._order([(2, 100, self.standard)])
        invoices = [
            self._invoiced(order, "percentage", amount=amount) for amount in advances
        ]
        order.order_line[:1].product_uom_qty = 1
        final = self._invoiced(order, "delivered")
        self.assertEqual(final.move_type, "out_refund")
        return invoices, final

    # === LINES === #

    def test_lines_are_those_of_the_paper_where_these_make_up_the_bases(self):
        lowest = self._tax("FI", 10)
        for move in self._with_odd_cents(lowest):
            lines = move.invoice_line_ids.filtered(
                lambda line: line.display_type == "product"
            ).sorted(lambda line: (line.sequence, line.id))
            shown = [Decimal(f"{line.price_subtotal:.2f}") for line in lines]
            self.assertEqual(sum(shown), Decimal(f"{move.amount_untaxed:.2f}"))
            self.assertEqual(self._nets(move), [shown, shown])

    def _with_odd_cents(self, lowest):
        """Return invoices whose lines are shown otherwise than they are taxed."""
        if "sale.order" not in self.env:
            return [self._move("FI", [self.standard, lowest])]
        lines = [(3, 333.33, self.standard), (7, 11.11, lowest)]
        order = self._order(lines)
        order.order_line[-1:].discount = 5
        first = self._invoiced(order, "percentage", amount=30)
        final = self._invoiced(order, "delivered")
        order = self._order(lines, is_confirmed=False)
        self.env["sale.order.discount"].create(
            {
                "sale_order_id": order.id,
                "discount_type": "so_discount",
                "discount_percentage": 0.1,
            }
        ).action_apply_discount()
        order.action_confirm()
        return [first, final, self._invoiced(order, "delivered")]

    def test_section_that_hides_lines_is_not_sent(self):
        for name in ("collapse_composition", "collapse_prices"):
            section = {"display_type": "line_section", "name": "Kitchen", name: True}
            line = {
                "name": "Oven",
                "price_unit": 100,
                "tax_ids": [Command.set(self.standard.ids)],
            }
            for rows, is_told in (([section, line], True), ([line, section], False)):
                move = self._sale(
                    "FI",
                    "standard",
                    invoice_line_ids=[
                        Command.create(row | {"sequence": place})
                        for place, row in enumerate(rows)
                    ],
                )
                with self.subTest(name, is_told=is_told):
                    if is_told:
                        self._assert_refused(move, 'section "Kitchen" hides')
                    else:
                        self._assert_passes(move)

    # === TEXTS === #

    def test_incoterm_goes_along(self):
        incoterm = self.env.ref("account.incoterm_EXW")
        for place, text in (("Turku harbour", "EXW Turku harbour"), (False, "EXW")):
            move = self._move(
                "FI",
                [self.standard],
                invoice_incoterm_id=incoterm.id,
                incoterm_location=place,
            )
            with self.subTest(text):
                text = f"Delivery terms: {text}"
                self.assertEqual(self._ubl(move).findtext("{*}Note"), text)
                self.assertIn(text, self._free_texts(move))

    # === ORDERS === #

    def _order(self, lines, is_confirmed=True):
        self.env.user.group_ids |= self.env.ref("sales_team.group_sale_manager")
        values = {"type": "service", "invoice_policy": "order", "taxes_id": False}
        product = self.env["product.product"].create({"name": "Work", **values})
        order = self.env["sale.order"].create(
            {
                "partner_id": self.buyer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.set(tax.ids)],
                        }
                    )
                    for quantity, price, tax in lines
                ],
            }
        )
        if is_confirmed:
            order.action_confirm()
        return order

    def _invoiced(self, order, method, **values):
        before = order.invoice_ids
        self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        ).create({"advance_payment_method": method, **values}).create_invoices()
        move = order.invoice_ids - before
        move.write({"invoice_date": "2026-03-02", "invoice_date_due": "2026-04-15"})
        move.action_post()
        return move
