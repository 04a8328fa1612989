from odoo.tests import tagged

from .common import KEYS, BillingoCommon


@tagged("post_install", "-at_install")
class TestEntries(BillingoCommon):
    """Later changes of an imported entry, in Odoo and at Billingo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.supplier | cls.own).state = "active"
        plan = cls.env["account.analytic.plan"].create({"name": "Ships"})
        cls.ship = cls.env["account.analytic.account"].create(
            {"name": "Ship", "plan_id": plan.id}
        )

    def setUp(self):
        super().setUp()
        self._fetch()

    def _entry(self, connection, number):
        document = self._document(connection, number)
        document.action_process()
        self.assertEqual(document.state, "processed", document.error)
        return document.move_id

    def _amounts(self, move):
        return (
            move.amount_untaxed,
            move.amount_tax,
            move.amount_total,
            move.amount_untaxed_signed,
            move.amount_tax_signed,
            move.line_ids.mapped("balance"),
        )

    def test_amounts_survive_changes_of_account_analytics_and_label(self):
        other = self.company_data["default_account_revenue"].copy({"code": "911998"})
        for connection, number in (
            (self.supplier, 11),  # billed rounding trap
            (self.own, 14),  # in euro, cents rounded by line, forint whole
            (self.own, 33),  # rounded to five
        ):
            move = self._entry(connection, number)
            before = self._amounts(move)
            line = move.invoice_line_ids[0]
            line.analytic_distribution = {str(self.ship.id): 100}
            self.assertEqual(self._amounts(move), before)
            move.button_draft()
            for line in move.invoice_line_ids:
                line.write(
                    {
                        "name": "edited",
                        "account_id": other.id,
                        "analytic_distribution": {str(self.ship.id): 50},
                    }
                )
            move.action_post()
            self.assertEqual(sorted(self._amounts(move)[5]), sorted(before[5]))
            self.assertEqual(self._amounts(move)[:5], before[:5])
            self.assertNotIn("billingo_amounts", move.alerts or {})

    def test_changed_amounts_show_an_alert(self):
        move = self._entry(self.own, 1)
        move.button_draft()
        move.invoice_line_ids.price_unit += 1
        self.assertIn("158", move.alerts["billingo_amounts"]["message"])

    def test_cancelled_document_without_storno_shows_an_alert(self):
        move = self._entry(self.own, 23)
        document = move.billingo_document_id
        self.assertTrue(document.is_cancelled)
        self.assertIn("billingo_cancelled", move.alerts)
        self.assertIn("cancelled", document.alerts)
        self.assertEqual(move.payment_state, "not_paid")
        self._entry(self.own, 24)
        self.env.invalidate_all()
        self.assertNotIn("billingo_cancelled", move.alerts or {})
        self.assertEqual(move.payment_state, "reversed")

    def test_nav_payment_and_cancellation_status_are_followed(self):
        move = self._entry(self.own, 1)
        document = move.billingo_document_id
        before = self._amounts(move)
        raw = document._raw()
        later = {
            "payment_status": "expired",
            "online_szamla_status": "error",
            "cancelled": True,
            "notification_status": "opened",
        }
        self.simulator.accounts.change(
            KEYS["own_key"], raw | later, document.create_date
        )
        self._fetch()
        self.assertRecordValues(
            document,
            [
                {
                    "payment_status": "expired",
                    "nav_status": "error",
                    "is_cancelled": True,
                    "is_changed": False,
                }
            ],
        )
        self.assertFalse(document.activity_ids)
        self.assertEqual(self._amounts(move), before)

    def test_changed_content_is_reported_and_entry_unchanged(self):
        move = self._entry(self.own, 1)
        document = move.billingo_document_id
        before = self._amounts(move)
        raw = document._raw()
        self.simulator.accounts.change(
            KEYS["own_key"], raw | {"gross_total": 7}, document.create_date
        )
        self._fetch()
        self.assertTrue(document.is_changed)
        self.assertIn("gross total", document.activity_ids.note)
        self.assertIn("billingo_changed", move.alerts)
        self.assertEqual(self._amounts(move), before)
        self.assertEqual(move.state, "posted")

    def test_bank_account_and_payment_reference_come_from_billingo(self):
        bill = self._entry(self.supplier, 1)
        stated = bill.billingo_document_id._raw()["organization"]["bank_account"]
        self.assertEqual(bill.partner_bank_id.acc_number, stated["account_number"])
        self.assertFalse(bill.partner_bank_id.allow_out_payment)
        self.assertEqual(bill.payment_reference, bill.ref)
        invoice = self._entry(self.own, 1)
        self.assertEqual(invoice.payment_reference, invoice.name)
        raw = invoice.billingo_document_id._raw()
        self.assertEqual(str(invoice.delivery_date), raw["fulfillment_date"])
