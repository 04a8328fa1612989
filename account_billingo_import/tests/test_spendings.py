from datetime import timedelta

from odoo.fields import Date, Datetime
from odoo.tests import tagged

from ..billingo_api.simulator import samples
from .common import KEYS, BillingoCommon


@tagged("post_install", "-at_install")
class TestSpendings(BillingoCommon):
    """Vendor bills from the spendings of our own account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.costs = cls._connect("spending", KEYS["own_key"])
        cls.costs.state = "active"
        cls.raws = samples.own_spendings()

    def _cost(self, number):
        return self.costs.document_ids.filtered(lambda x: x.name == number)

    def _set(self, number, **changes):
        raws = [
            raw | (changes if raw["invoice_number"] == number else {})
            for raw in self.raws
        ]
        self.simulator.accounts.set_spendings(KEYS["own_key"], raws)

    def test_bills_equal_billingo_with_their_lines(self):
        self.costs.action_fetch()
        self.assertEqual(len(self.costs.document_ids), len(self.raws))
        self._process()
        for raw in self.raws:
            document = self._cost(raw["invoice_number"])
            self.assertEqual(document.state, "processed", document.error)
            move = document.move_id
            self.assertEqual(move.state, "posted")
            self.assertEqual(move.ref, raw["invoice_number"])
            self.assertEqual(move.l10n_hu_payment_mode, "TRANSFER")
            sign = -1 if raw["total_gross"] < 0 else 1
            self.assertEqual(move.move_type, "in_refund" if sign < 0 else "in_invoice")
            self.assertEqual(move.amount_total, abs(raw["total_gross"]))
            self.assertEqual(move.amount_tax, abs(raw["total_vat_amount"]))
            local = raw["total_gross_local"] - raw["total_vat_amount_local"]
            self.assertAlmostEqual(-move.amount_untaxed_signed, local, 2)
            self.assertEqual(len(move.invoice_line_ids), len(raw["items"]))
            self.assertEqual(move.partner_id.vat, raw["partner"]["tax_code"])
            self.assertFalse(document.pdf_state, "Billingo keeps none of spendings")

    def test_key_of_another_company_is_refused(self):
        self.costs.api_key = KEYS["supplier_key"]
        self.costs.action_check()
        self.assertFalse(self.costs.checked_at)
        self.assertIn(samples.SUPPLIER.tax_number, self.costs.error)

    def test_spending_without_lines_is_one_line_of_one_rate(self):
        self.simulator.without_lines = True
        self.costs.action_fetch()
        self._process()
        plain = self._cost("VB-311")
        self.assertEqual(plain.move_id.invoice_line_ids.tax_ids.amount, 18)
        mixed = self._cost("PK 26/14")
        self.assertEqual(mixed.state, "error")
        self.assertIn("by hand", mixed.error)
        partner = self.env["res.partner"].create(
            {"name": "Pillango", "vat": mixed.partner_tax_number, "is_company": True}
        )
        bill = self._create_invoice_one_line(
            move_type="in_invoice", partner_id=partner, price_unit=1
        )
        self._enter(bill, mixed.name, mixed.invoice_date, mixed.gross_total)
        mixed.action_process()
        self.assertEqual((mixed.skip_reason, mixed.move_id), ("recorded", bill))

    def test_spending_without_vat_needs_a_mapped_tax(self):
        self.simulator.without_lines = True
        self._set(
            "VB-311",
            total_gross=1000,
            total_gross_local=1000,
            total_vat_amount=0,
            total_vat_amount_local=0,
        )
        self.costs.action_fetch()
        document = self._cost("VB-311")
        document.action_process()
        self.assertEqual((document.state, document.error_kind), ("error", "tax"))

    def test_second_fetch_stores_nothing_with_one_request(self):
        self.costs.action_fetch()
        before = sum(self.simulator.requests.values())
        self.costs.action_fetch()
        self.assertEqual(sum(self.simulator.requests.values()) - before, 1)
        self.assertEqual(len(self.costs.document_ids), len(self.raws))

    def test_later_payment_and_later_change_are_followed(self):
        today = Date.to_string(Date.today())
        self._set("VB-311", invoice_date=today)
        self.raws[2]["invoice_date"] = today
        self.costs.action_fetch()
        document = self._cost("VB-311")
        document.action_process()
        self._set("VB-311", paid_at=today)
        self.costs.action_fetch()
        self.assertEqual(
            (document.payment_status, document.is_changed), ("paid", False)
        )
        self._set("VB-311", total_gross=1, items=[])
        self.costs.action_fetch()
        self.assertTrue(document.is_changed)
        self.assertIn("gross total", document.activity_ids.note)
        self.assertEqual(document.move_id.state, "posted")

    def test_spending_added_late_is_found(self):
        self.costs.action_fetch()
        self.costs.fetched_until = Datetime.now() - timedelta(days=1)
        late = self.raws[0] | {
            "id": 5_600_000,
            "invoice_number": "TP-K/9",
            "invoice_date": Date.to_string(Date.today() - timedelta(days=40)),
        }
        self.simulator.accounts.set_spendings(KEYS["own_key"], [*self.raws, late])
        self.costs.action_fetch()
        self.assertTrue(self._cost("TP-K/9"))

    def test_bill_of_another_connection_is_not_booked_again(self):
        self.supplier.state = "active"
        self.supplier.action_fetch()
        bill = self._document(self.supplier, 1)
        bill.action_process()
        self._set("TP-K/1", invoice_number=bill.name)
        self.costs.action_fetch()
        document = self._cost(bill.name)
        document.sudo().write(
            {"gross_total": bill.gross_total, "invoice_date": bill.invoice_date}
        )
        document.action_process()
        self.assertEqual(
            (document.state, document.skip_reason, document.move_id),
            ("skipped", "recorded", bill.move_id),
        )
