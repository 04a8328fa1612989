from odoo.tests import tagged

from .common import BillingoCommon


@tagged("post_install", "-at_install")
class TestLinks(BillingoCommon):
    """Stornos, corrections, advances and final invoices are linked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.supplier | cls.own).state = "active"

    def _book(self, connection, *numbers):
        documents = self.env["billingo.document"]
        for number in numbers:
            document = self._document(connection, number)
            document.action_process()
            self.assertEqual(document.state, "processed", document.error)
            documents |= document
        return documents.move_id

    def test_storno_settles_its_original(self):
        self._fetch()
        for connection, original, storno in (
            (self.supplier, 18, 19),
            (self.supplier, 20, 21),  # with positive amounts
            (self.own, 27, 28),  # in euro
        ):
            first, second = self._book(connection, original, storno).sorted("id")
            self.assertEqual(second.reversed_entry_id, first)
            self.assertEqual(first.payment_state, "reversed")
            self.assertEqual(first.amount_residual, 0)
            self.assertEqual(second.amount_residual, 0)
            self.assertEqual(first.billingo_related_move_ids, second)

    def test_storno_before_its_original(self):
        self._fetch()
        for original, storno in ((23, 24), (25, 26)):
            [alone] = self._book(self.own, storno)
            self.assertEqual(alone.move_type, "out_refund")
            self.assertEqual(
                (alone.state, alone.reversed_entry_id.id), ("draft", False)
            )
            [first] = self._book(self.own, original)
            self.assertEqual(alone.reversed_entry_id, first)
            self.assertEqual(alone.state, "posted")
            self.assertEqual(first.payment_state, "reversed")
            self.assertEqual(alone.amount_residual, 0)

    def test_sign_of_correction_decides_its_type(self):
        self._fetch()
        base, more, less = self._book(self.own, 29, 30, 31).sorted("id")
        self.assertEqual(more.move_type, "out_invoice")
        self.assertEqual(more.debit_origin_id, base)
        self.assertEqual(less.move_type, "out_refund")
        self.assertEqual(less.reversed_entry_id, base)
        self.assertEqual(base.amount_residual, base.amount_total - less.amount_total)

    def test_storno_of_negative_correction_is_a_bill(self):
        self._fetch()
        _base, less, undone = self._book(self.supplier, 24, 25, 26).sorted("id")
        self.assertEqual(less.move_type, "in_refund")
        self.assertEqual(undone.move_type, "in_invoice")
        self.assertEqual(undone.reversed_entry_id, less)

    def test_advance_account_is_settled_by_final_invoices(self):
        self._fetch()
        self._process()
        for connection in (self.supplier, self.own):
            lines = self.env["account.move.line"].search(
                [("account_id", "=", connection.advance_account_id.id)]
            )
            self.assertTrue(lines)
            self.assertEqual(sum(lines.mapped("balance")), 0)
        final = self._document(self.own, 18).move_id
        advances = self._document(self.own, 16) | self._document(self.own, 17)
        self.assertEqual(final.billingo_related_move_ids, advances.move_id)

    def test_originals_are_processed_before_amendments(self):
        self._fetch()
        documents = self.own.document_ids.sudo()
        documents.write({"invoice_date": "2026-03-01"})
        ordered = documents.sorted(lambda x: x._processing_order())
        first_follower = ordered.mapped("is_amendment").index(True)
        self.assertFalse(any(ordered[:first_follower].mapped("is_amendment")))
        self.assertTrue(all(ordered[first_follower:].mapped("is_amendment")))
