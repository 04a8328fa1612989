from odoo.tests import tagged

from .common import KEYS, BillingoCommon

NOBODY = {"name": "", "taxcode": "", "tax_type": "", "emails": []}


@tagged("post_install", "-at_install")
class TestReceipts(BillingoCommon):
    """Receipts are booked as sales receipts, also without a customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own.write({"state": "active", "has_receipts": True})

    def setUp(self):
        super().setUp()
        _total, documents = self.simulator.accounts.documents(KEYS["own_key"])
        [self.raw] = [x for x in documents if x["type"] == "receipt"]

    def _receipt(self, billingo_id, *, of=None, **changes):
        raw = self.raw | {
            "id": billingo_id,
            "invoice_number": f"NY-{billingo_id}",
            "document_partner": self.raw["document_partner"] | NOBODY,
            "partner": {},
            **changes,
        }
        if of:
            raw["type"] = "receipt_cancellation"
            raw["related_documents"] = [
                {"id": of["id"], "invoice_number": of["invoice_number"]}
            ]
        self.simulator.accounts.add(KEYS["own_key"], raw)
        return raw

    def _by_id(self, raw):
        return self.own.document_ids.filtered(
            lambda document: document.billingo_id == str(raw["id"])
        )

    def test_receipt_becomes_sales_receipt(self):
        self._fetch()
        document = self._by_id(self.raw)
        document.action_process()
        move = document.move_id
        self.assertEqual((move.move_type, move.state), ("out_receipt", "posted"))
        self.assertEqual(move.amount_total, self.raw["gross_total"])
        self.assertEqual(move.amount_tax, self.raw["summary"]["vat_amount"])
        self.assertEqual(move.name, document.name)

    def test_receipt_without_customer_is_settled_by_its_storno(self):
        first = self._receipt(72_999_301)
        storno = self._receipt(72_999_302, of=first)
        self._fetch()
        receipt, back = self._by_id(first), self._by_id(storno)
        receipt.action_process()
        self.assertEqual(receipt.state, "processed", receipt.error)
        self.assertFalse(receipt.move_id.partner_id)
        back.action_process()
        self.assertEqual((back.state, back.error_kind), ("error", "other"))
        self.assertIn("partner for receipts", back.error)
        self.own.receipt_partner_id = self.partner_a
        back.action_process()
        move = back.move_id
        self.assertEqual((move.move_type, move.state), ("out_refund", "posted"))
        self.assertEqual(move.reversed_entry_id, receipt.move_id)
        self.assertEqual(receipt.move_id.payment_state, "reversed")
        self.assertEqual(move.amount_residual, 0)

    def test_receipts_are_stored_only_if_selected(self):
        self.own.has_receipts = False
        self._fetch()
        self.assertFalse(self._by_id(self.raw))
        self.own.has_receipts = True
        self.assertFalse(self.own.fetched_until, "read again from the start")
        self._fetch()
        self.assertTrue(self._by_id(self.raw))

    def test_receipts_alone_can_be_selected(self):
        self.own.write({"has_invoices": False, "has_advances": False})
        self.assertEqual(self.own._wanted_kinds(), {"receipt", "receipt_cancellation"})
