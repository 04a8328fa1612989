from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BillingoCommon

LOCKS = (
    "fiscalyear_lock_date",
    "tax_lock_date",
    "sale_lock_date",
    "hard_lock_date",
)


@tagged("post_install", "-at_install")
class TestPeriods(BillingoCommon):
    """An entry gets another date only by a policy or a user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.supplier | cls.own).state = "active"

    def _close(self, lock, day="2026-01-31"):
        self.company[lock] = fields.Date.to_date(day)

    def test_every_lock_date_stops_document(self):
        self._fetch()
        # A hard lock stays for ever, hence last.
        for number, lock in enumerate(LOCKS, start=1):
            self._close(lock)
            document = self._document(self.own, number)
            document.action_process()
            self.assertEqual((document.state, document.error_kind), ("error", "period"))
            self.assertIn("2026-01-", document.error)
            self.assertFalse(document.move_id)
            if lock != "hard_lock_date":
                self.company[lock] = False
                document.action_process()
                self.assertEqual(document.state, "processed")
                self.assertEqual(document.move_id.date, document.fulfillment_date)

    def test_sales_lock_does_not_stop_bills(self):
        self._fetch()
        self._close("sale_lock_date")
        bill = self._document(self.supplier, 1)
        bill.action_process()
        self.assertEqual(bill.state, "processed")
        self._close("purchase_lock_date", "2026-03-31")
        bill = self._document(self.supplier, 2)
        bill.action_process()
        self.assertEqual(bill.error_kind, "period")

    def test_first_open_day_is_after_every_lock(self):
        self.own.closed_policy = "first_open"
        self._close("sale_lock_date")
        self._close("tax_lock_date", "2026-02-28")
        self._fetch()
        document = self._document(self.own, 1)
        document.action_process()
        self.assertEqual(document.move_id.state, "posted")
        self.assertEqual(str(document.move_id.date), "2026-03-01")
        self.assertIn("2026-03-01", document.remark)

    def test_number_and_issue_date_stay_when_year_is_closed(self):
        self.own.closed_policy = "first_open"
        self._close("fiscalyear_lock_date", "2025-12-31")
        self._fetch()
        document = self._document(self.own, 1)
        self._alter(document, invoice_date="2025-12-29", fulfillment_date="2025-12-29")
        document.action_process()
        move = document.move_id
        self.assertEqual((move.state, move.name), ("posted", document.name))
        self.assertEqual(str(move.date), "2026-01-01")
        self.assertEqual(str(move.invoice_date), "2025-12-29")
        self.assertEqual(str(move.delivery_date), "2025-12-29")

    def test_posting_a_draft_keeps_its_date(self):
        self.own.is_auto_post = False
        self._fetch()
        document = self._document(self.own, 1)
        document.action_process()
        move, day = document.move_id, document.fulfillment_date
        self._close("sale_lock_date")
        with self.assertRaises(UserError) as caught:
            move.action_post()
        self.assertIn(str(day), str(caught.exception))
        self.assertEqual((move.state, move.date), ("draft", day))
        self.own.closed_policy = "first_open"
        move.action_post()
        self.assertEqual((move.state, move.name), ("posted", document.name))
        self.assertEqual(str(move.date), "2026-02-01")
        said = "".join(message.body for message in move.message_ids)
        self.assertIn("first open day", said)

    def test_date_chosen_by_user_is_kept(self):
        self.own.is_auto_post = False
        self._fetch()
        document = self._document(self.own, 1)
        document.action_process()
        self._close("sale_lock_date")
        document.move_id.date = "2026-02-11"
        document.move_id.action_post()
        self.assertEqual(str(document.move_id.date), "2026-02-11")
        self.assertEqual(document.move_id.name, document.name)
