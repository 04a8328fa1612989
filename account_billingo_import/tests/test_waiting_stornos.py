from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..billingo_api.simulator import samples
from ..billingo_api.simulator.samples.builder import line
from .books import BooksCommon


@tagged("post_install", "-at_install")
class TestWaitingStornos(BooksCommon):
    """A storno is not posted before what it takes back."""

    def setUp(self):
        super().setUp()
        self.vendor = self.env["res.partner"].create(
            {
                "name": samples.SUPPLIER.name,
                "vat": samples.SUPPLIER.tax_number,
                "is_company": True,
            }
        )

    def _issue_twice(self, ref=None, gross=12_700):
        """Have a bill like one that a person typed, and its storno."""
        bill = self.bills.issue(samples.COMPANY, line("Papír", 10_000))
        self.typed = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "company_id": self.company.id,
                "partner_id": self.vendor.id,
                "ref": ref or bill["invoice_number"],
                "invoice_date": bill["invoice_date"],
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Typed",
                            "price_unit": gross,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        self.typed.action_post()
        return self._book(bill, self.bills.storno(bill))

    def _suspected(self):
        """Have a bill that remains a draft, and its storno."""
        bill, storno = self._issue_twice("Another number")
        self.assertEqual(bill.duplicate_verdict, "suspected", bill.error)
        self.assertEqual(bill.move_id.state, "draft")
        self.assertEqual(storno.move_id.state, "draft")
        return bill, storno

    def test_storno_of_a_suspected_draft_waits_with_the_reason(self):
        bill, storno = self._suspected()
        self.assertTrue(storno.has_question)
        self.assertIn(f"{bill.name}: The document that it amends", storno.remark)
        with self.assertRaisesRegex(UserError, "takes back .* a draft"):
            storno.move_id.with_user(self.bookkeeper).action_post()

    def test_storno_is_posted_with_its_original(self):
        bill, storno = self._suspected()
        bill.move_id.with_user(self.bookkeeper).action_post()
        self.assertEqual(storno.move_id.state, "posted")
        self.assertEqual(bill.move_id.payment_state, "reversed")
        self.assertFalse(storno.has_question or storno.remark)

    def test_both_drafts_are_posted_together(self):
        bill, storno = self._suspected()
        self.supplier.is_auto_post = False
        (storno.move_id | bill.move_id).with_user(self.bookkeeper).action_post()
        self.assertEqual(bill.move_id.payment_state, "reversed")
        self.assertEqual(storno.move_id.amount_residual, 0)

    def test_storno_takes_back_the_entry_that_is_the_same_bill(self):
        bill, storno = self._suspected()
        bill.with_user(self.bookkeeper).action_is_recorded()
        self.assertEqual(storno.move_id.reversed_entry_id, self.typed)
        self.assertEqual(storno.move_id.state, "posted")
        self.assertEqual(self.typed.payment_state, "reversed")

    def test_storno_that_cannot_be_posted_says_why(self):
        bill, storno = self._suspected()
        storno.move_id.invoice_line_ids.price_unit += 1
        bill.move_id.with_user(self.bookkeeper).action_post()
        self.assertEqual(bill.move_id.state, "posted")
        self.assertEqual(storno.move_id.state, "draft")
        # The question has its answer; what prevents the posting is told.
        self.assertFalse(storno.has_question)
        self.assertIn("billingo_amounts", storno.move_id.alerts)
        self.assertIn("differs from Billingo", storno.move_id.message_ids[0].body)

    def test_storno_of_a_document_with_an_error_waits(self):
        bill, storno = self._issue_twice(gross=12_701)
        self.assertEqual((bill.state, bill.error_kind), ("error", "duplicate"))
        self.assertEqual(storno.move_id.state, "draft")
        self.assertTrue(storno.has_question)
        bill.with_user(self.bookkeeper).action_is_distinct()
        self.assertEqual(storno.move_id.state, "posted")
        self.assertEqual(bill.move_id.payment_state, "reversed")

    def test_storno_of_an_entry_outside_is_posted(self):
        bill = self.bills.issue(samples.COMPANY, line("Papír", 10_000))
        storno = self.bills.storno(bill)
        self.bills.documents.remove(bill)
        [storno] = self._book(storno)
        self.assertEqual(storno.move_id.state, "posted", storno.remark)

    def test_drafts_by_the_wish_of_the_connection_have_no_question(self):
        self.supplier.is_auto_post = False
        bill = self.bills.issue(samples.COMPANY, line("Papír", 10_000))
        bill, storno = self._book(bill, self.bills.storno(bill))
        self.assertEqual(storno.move_id.state, "draft")
        self.assertFalse(bill.has_question or storno.has_question)
        with self.assertRaisesRegex(UserError, "takes back"):
            storno.move_id.action_post()
        (bill | storno).move_id._post()
        self.assertEqual(bill.move_id.payment_state, "reversed")
