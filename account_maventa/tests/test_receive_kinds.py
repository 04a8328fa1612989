"""Kinds of documents: what is a bill, what is none, and what withdraws one."""

from datetime import timedelta
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..maventa_api.simulator.samples import DraftRow
from .common_receive import MaventaReceiveCommon

CANCEL = {"origin_code": "Cancel"}


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveKinds(MaventaReceiveCommon):
    def setUp(self):
        super().setUp()
        self.supplier = self._supplier("clean")

    def _document(self, number, **values):
        return self._receive(self._changed("clean", number=number, **values))

    # === NO INVOICES === #

    def test_request_or_notification_is_a_question_once_for_the_supplier(self):
        for code in ("71", "102", "218", "751", "817", "999"):
            with self.subTest(code):
                values = {"kind_un": code, "source_format": "PEPPOLBIS30"}
                receipt = self._document(f"R-{code}", **values)
                self.assertEqual(self._codes(receipt), {"type_doubtful"})
                self.assertIn(f"({code})", receipt.points_text)
                with self.assertRaisesRegex(UserError, "no invoice"):
                    receipt.move_id.action_post()
                receipt.with_user(self.accountant).action_confirm()
                receipt.move_id.action_post()
                again = self._document(f"R-{code}-2", **values)
                self.assertFalse(self._codes(again))

    def test_invoice_by_another_name_is_no_question(self):
        for code in ("380", "82", "383", "388", "394", "877"):
            with self.subTest(code):
                values = {"kind_un": code, "source_format": "PEPPOLBIS30"}
                self.assertFalse(self._codes(self._document(f"I-{code}", **values)))

    def test_type_of_a_request_in_a_finvoice_is_a_question(self):
        receipt = self._document("F-1", kind_un="71")
        self.assertEqual(self._codes(receipt), {"type_doubtful"})

    def test_rule_does_not_post_a_request(self):
        self._rule()
        values = {"source_format": "PEPPOLBIS30"}
        receipt = self._document("A-2", kind_un="71", **values)
        self.assertEqual(receipt.move_id.state, "draft")
        values["date"] = self._sample("clean").draft.date + timedelta(days=1)
        receipt = self._document("A-3", **values)
        self.assertEqual(receipt.move_id.state, "posted")

    def _rule(self):
        """Let bills of the supplier post by themselves: it has one of another day."""
        day = self._sample("clean").draft.date - timedelta(days=30)
        self._document("A-1", date=day).move_id.action_post()
        self.company.maventa_autopost = True
        self.supplier.autopost_bills = "always"

    # === CLAIMS === #

    def test_claim_is_told_in_words_and_booked_as_a_person_wants(self):
        for kind, words in (
            ("INV03", "interest note"),
            ("INV05", "collection notice"),
            ("INV08", "reminder"),
        ):
            with self.subTest(kind):
                receipt = self._document(f"C-{kind}", kind=kind)
                self.assertEqual(receipt.state, "not_a_bill")
                self.assertIn(f"Not a bill: {words} ({kind})", receipt.points_text)
                self.assertTrue(receipt.is_claim)
                self.assertTrue(self.journal.activity_ids)
                receipt.with_user(self.accountant).action_book_claim()
                move = receipt.move_id
                self.assertAlmostEqual(move.amount_total, 301.20)
                self.assertFalse(receipt.is_claim)
                self.assertIn("type_doubtful", self._codes(receipt))
                self.assertFalse(self.journal.activity_ids)

    def test_claim_without_vat_is_booked_without_another_question(self):
        rows = (DraftRow("Korko", Decimal("12.50"), Decimal(0), "E"),)
        receipt = self._document("V-1", kind="INV03", rows=rows)
        receipt.action_book_claim()
        self.assertNotIn("type_doubtful", self._codes(receipt))

    def test_reminder_that_is_booked_is_compared_with_what_it_reminds_of(self):
        first = self._document("M-1")
        receipt = self._document("M-1", kind="INV08")
        receipt.action_book_claim()
        self.assertIn(first.move_id.id, receipt._duplicate_ids("stop"))

    def test_booked_claim_is_not_posted_by_the_rule(self):
        self._rule()
        rows = (DraftRow("Korko", Decimal("12.50"), Decimal(0), "Z"),)
        receipt = self._document("P-2", kind="INV03", rows=rows)
        receipt.action_book_claim()
        self.assertFalse(receipt._points())
        self.assertEqual(receipt.move_id.state, "draft")
        receipt.is_booked_claim = False
        booking = self.env["maventa.bill.booking"].sudo()
        self.assertTrue(booking._may_autopost(receipt))

    def test_what_claims_nothing_is_not_booked(self):
        for kind, words in (("INV06", "pro forma"), ("INV07", "invoice of the buyer")):
            receipt = self._document(f"N-{kind}", kind=kind)
            self.assertEqual(receipt.state, "not_a_bill")
            self.assertIn(words, receipt.points_text)
            self.assertFalse(receipt.is_claim)
            with self.assertRaises(UserError):
                receipt.action_book_claim()
        bill = self._document("N-1")
        with self.assertRaises(UserError):
            bill.action_book_claim()

    # === COPIES === #

    def test_copy_without_another_bill_is_asked_and_named_as_such(self):
        receipt = self._document("K-1", origin_code="Copy")
        self.assertEqual(self._codes(receipt), {"copy"})
        self.assertIn("no other bill", receipt.points_text)
        self.assertEqual(receipt.state, "review")
        receipt.action_confirm()
        self.assertFalse(self._codes(receipt))

    def test_copy_beside_its_original_is_a_suspicion(self):
        first = self._document("K-2")
        receipt = self._document("K-2", origin_code="Copy")
        self.assertEqual(receipt._duplicate_ids("stop"), {first.move_id.id})
        self.assertNotIn("copy", self._codes(receipt))

    # === WITHDRAWN === #

    def _banner(self, move):
        alerts = move.with_user(self.accountant).alerts or {}
        return [x for key, x in alerts.items() if "receipt_demo" not in key]

    def test_withdrawal_makes_no_bill(self):
        receipt = self._document("W-1", **CANCEL)
        self.assertEqual(receipt.state, "not_a_bill")
        self.assertFalse(receipt.move_id)
        self.assertIn("no bill", receipt.points_text)
        self.assertTrue(self.journal.activity_ids)

    def test_draft_of_a_withdrawn_invoice_is_held_and_cancelled_by_a_button(self):
        bill = self._document("W-1")
        withdrawal = self._document("W-1", **CANCEL)
        self.assertEqual(withdrawal.move_id, bill.move_id)
        with self.assertRaisesRegex(UserError, "has withdrawn"):
            bill.move_id.action_post()
        alert = self._banner(bill.move_id)[0]
        self.assertEqual(alert["action_call"][1], "action_cancel_withdrawn")
        withdrawal.with_user(self.accountant).action_cancel_withdrawn()
        self.assertEqual(bill.move_id.state, "cancel")
        self.assertEqual(bill.state, "ignored")
        self.assertFalse(withdrawal._stops())
        self.assertFalse(bill.move_id.activity_ids)
        with self.assertRaises(UserError):
            withdrawal.action_cancel_withdrawn()

    def test_withdrawal_that_was_a_mistake_lets_the_bill_be_posted(self):
        bill = self._document("W-1")
        withdrawal = self._document("W-9", original="W-1", **CANCEL)
        second = self._banner(bill.move_id)[1]
        self.assertEqual(second["action_call"][1], "action_confirm_points")
        receipts = self.env["maventa.receipt"].with_user(self.accountant)
        receipts.action_confirm_points(second["action_call"][2])
        self.assertFalse(withdrawal._stops())
        bill.move_id.action_post()
        self.assertEqual(self._dialog(bill.move_id).amount, 301.20)
        self.assertFalse(self._banner(bill.move_id))

    def _dialog(self, move):
        dialogs = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        return dialogs.create({})

    def test_posted_bill_of_a_withdrawn_invoice_is_not_paid(self):
        move = self._document("W-1").move_id
        move.action_post()
        withdrawal = self._document("W-1", **CANCEL)
        alert = self._banner(move)[0]
        self.assertEqual(alert["level"], "danger")
        self.assertEqual(alert["action"]["res_model"], "account.move.reversal")
        self.assertEqual(alert["action"]["context"]["active_ids"], move.ids)
        self.assertTrue(move.activity_ids)
        dialog = self._dialog(move)
        self.assertEqual(dialog.amount, 0)
        self.assertIn("withdrawn", dialog.actionable_errors["maventa_paid"]["message"])
        with self.assertRaisesRegex(UserError, "withdrawn"):
            dialog._create_payments()
        withdrawal.action_confirm()
        self.assertFalse(move.activity_ids)
        self._dialog(move)._create_payments()
        self.assertAlmostEqual(move.amount_residual, 0)

    def test_credited_bill_of_a_withdrawn_invoice_is_done_with(self):
        move = self._document("W-1").move_id
        move.action_post()
        self._document("W-1", **CANCEL)
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"journal_id": move.journal_id.id})
        )
        wizard.modify_moves()
        self.assertEqual(move.payment_state, "reversed")
        self.assertFalse(self._banner(move))

    def test_paid_bill_of_a_withdrawn_invoice_is_told(self):
        move = self._document("W-1").move_id
        move.action_post()
        self._dialog(move)._create_payments()
        self._document("W-1", **CANCEL)
        self.assertIn("has withdrawn", self._banner(move)[0]["message"])
        self.assertTrue(move.activity_ids)

    def test_bill_that_comes_after_its_withdrawal_is_held(self):
        self._rule()
        withdrawal = self._document("W-1", **CANCEL)
        bill = self._document("W-1")
        self.assertEqual(withdrawal.move_id, bill.move_id)
        self.assertEqual(bill.move_id.state, "draft")
        self.assertFalse(self.journal.activity_ids)

    def test_bill_that_is_typed_after_its_withdrawal_is_held(self):
        withdrawal = self._document("W 1", **CANCEL)
        typed = self.init_invoice(
            "in_invoice", self.supplier, "2026-03-02", amounts=[240]
        )
        typed.ref = "w1"
        self.assertEqual(withdrawal.move_id, typed)
        with self.assertRaisesRegex(UserError, "has withdrawn"):
            typed.action_post()
        other = self.init_invoice(
            "in_invoice", self.partner_a, "2026-03-02", amounts=[240]
        )
        other.ref = "w1"
        other.action_post()
        self.assertEqual(withdrawal.move_id, typed)

    def test_withdrawal_that_is_read_again_or_ignored_touches_no_bill(self):
        move = self._document("W-1").move_id
        move.action_post()
        withdrawal = self._document("W-1", **CANCEL)
        withdrawal.action_read_again()
        self.assertEqual(withdrawal.move_id, move)
        self.env["maventa.bill.booking"].sudo()._ignore(withdrawal, "mistake")
        self.assertEqual(withdrawal.state, "ignored")
        self.assertEqual(move.state, "posted")
        self.assertFalse(self._banner(move))

    def test_credit_note_that_voids_its_invoice_is_booked(self):
        move = self._document("W-1").move_id
        move.action_post()
        values = {"kind": "INV02", "kind_un": "381", "original": "W-1"}
        receipt = self._document("H-1", **values, **CANCEL)
        self.assertEqual(receipt.move_id.move_type, "in_refund")
        self.assertEqual(receipt.move_id.reversed_entry_id, move)
        self.assertFalse(self._codes(receipt))
        self.assertIn("voids its invoice", receipt.points_text)
        receipt = self._document("H-2", **values | {"original": "77"}, **CANCEL)
        self.assertEqual(self._codes(receipt), {"cancelled"})
