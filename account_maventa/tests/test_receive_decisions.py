"""What people see and decide about a received bill: one line per cause, told once."""

from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_receive import MaventaReceiveCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveDecisions(MaventaReceiveCommon):
    def _typed(self, supplier, number="5001", **values):
        """Return a posted bill that was typed by hand."""
        bill = self.init_invoice(
            "in_invoice", supplier, invoice_date="2026-03-19", amounts=[5]
        )
        bill.write({"ref": number, **values})
        bill.action_post()
        return bill

    def _suspected(self):
        """Return a receipt whose draft may be the same as a typed bill, and that."""
        typed = self._typed(self._supplier("plain"))
        return self._receive("plain"), typed

    def _review(self, receipt):
        dialogs = self.env["maventa.duplicate.review"].with_user(self.accountant)
        return dialogs.create({"receipt_id": receipt.id})

    def _lines(self, move):
        """Return the banner's lines about a received document, but for Demo's."""
        alerts = dict(move.with_user(self.accountant).alerts or {})
        alerts.pop("maventa_receipt_demo", None)
        return [x for key, x in alerts.items() if key.startswith("maventa_receipt_")]

    # === THE SAME OR ANOTHER === #

    def test_banner_offers_both_decisions_about_a_possible_duplicate(self):
        receipt, typed = self._suspected()
        [alert] = [
            x for x in self._lines(receipt.move_id) if typed.name in x["message"]
        ]
        self.assertEqual(alert["action"]["res_model"], "maventa.duplicate.review")
        dialog = self._review(receipt)
        self.assertEqual(dialog.other_id, typed)
        self.assertIn("5001", dialog.this_bill)
        self.assertIn(typed.name, dialog.other_bill)

    def test_same_invoice_is_kept_with_the_other_bill_and_its_draft_is_cancelled(self):
        receipt, typed = self._suspected()
        draft, total = receipt.move_id, typed.amount_total
        self._review(receipt).action_same()
        self.assertEqual((receipt.state, receipt.move_id), ("same", typed))
        self.assertEqual((draft.state, typed.state), ("cancel", "posted"))
        self.assertEqual(typed.amount_total, total)
        self.assertFalse(receipt._stops())
        self.assertFalse(draft.activity_ids)
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", typed.id)]
        )
        self.assertIn(receipt.image_id.checksum, files.mapped("checksum"))
        self.assertIn(f"the same invoice as {typed.name}", receipt.timeline)
        self.assertIn(receipt, typed.maventa_receipt_ids)
        self._fetch()
        self.assertEqual(len(self._receipts()), 1)

    def test_same_invoice_that_is_read_again_leaves_the_other_bill_alone(self):
        receipt, typed = self._suspected()
        self._review(receipt).action_same()
        typed.button_draft()
        before = typed.invoice_line_ids
        receipt.with_user(self.accountant).action_read_again()
        self.assertNotEqual(receipt.move_id, typed)
        self.assertEqual(typed.invoice_line_ids, before)
        self.assertEqual(receipt.state, "duplicate")

    def test_same_invoice_that_is_ignored_leaves_the_other_bill_alone(self):
        receipt, typed = self._suspected()
        self._review(receipt).action_same()
        typed.button_draft()
        dialog = self.env["maventa.receipt.ignore"].with_user(self.accountant)
        dialog.create({"receipt_id": receipt.id, "reason": "x"}).action_ignore()
        self.assertEqual((typed.state, receipt.state), ("draft", "ignored"))

    def test_only_a_bill_that_looks_like_it_can_be_the_same(self):
        receipt, typed = self._suspected()
        dialog = self._review(receipt)
        dialog.other_id = self._typed(
            typed.partner_id, "other", invoice_date="2026-01-09"
        )
        with self.assertRaises(UserError):
            dialog.action_same()
        dialog.other_id = False
        with self.assertRaises(UserError):
            dialog.action_same()
        self.assertEqual(receipt.move_id.state, "draft")

    def test_another_invoice_is_told_as_that_in_the_history(self):
        receipt, typed = self._suspected()
        self._review(receipt).action_another()
        self.assertIn("It is another invoice", receipt.timeline)
        self.assertIn(typed.name, receipt.timeline)
        self.assertNotIn("duplicate", self._codes(receipt))
        self.assertEqual(receipt.decided, [f"duplicate:{typed.id}"])

    def test_decision_about_one_bill_is_none_about_the_next(self):
        receipt, typed = self._suspected()
        self._review(receipt).action_another()
        second = self._typed(typed.partner_id, "5001 ", invoice_date="2026-03-01")
        self.env["maventa.bill.booking"].sudo()._check_again(receipt)
        self.assertEqual(receipt.state, "duplicate")
        self.assertIn(second.name, receipt.points_text)

    def test_suspicion_ends_with_the_bill_that_it_was_about(self):
        for end in ("button_cancel", "unlink"):
            with self.subTest(end):
                first = self._receive("plain")
                second = self._receive("same_number")
                self.assertEqual(second.state, "duplicate")
                getattr(first.move_id, end)()
                self.assertNotIn("duplicate", self._codes(second))
                second.move_id.unlink()

    def test_odoos_own_banner_is_shown_where_it_says_more(self):
        receipt, typed = self._suspected()
        move = receipt.move_id
        self.assertTrue(move.duplicated_ref_ids)
        self.assertTrue(move.maventa_tells_duplicates)
        same_sum = self._typed(typed.partner_id, "9", invoice_date=move.invoice_date)
        same_sum.button_draft()
        line = same_sum.invoice_line_ids[:1]
        same_sum.invoice_line_ids = [
            Command.update(
                line.id,
                {"price_unit": move.amount_total, "tax_ids": [Command.clear()]},
            )
        ]
        self.assertEqual(same_sum.amount_total, move.amount_total)
        move.invalidate_recordset()
        self.assertIn(same_sum, move.duplicated_ref_ids)
        self.assertFalse(move.maventa_tells_duplicates)

    def test_decided_duplicate_is_not_asked_again_after_posting(self):
        taxes = self.env["maventa.chart.purchases"].sudo()
        [food] = [row for row in self._sample("plain").draft.rows if row.rate == 13.5]
        taxes._create_for(self.company, food.rate)
        receipt, _typed = self._suspected()
        move = receipt.move_id
        self._review(receipt).action_another()
        receipt.action_confirm()
        move.action_post()
        self.assertTrue(move.duplicated_ref_ids)
        self.assertTrue(move.maventa_tells_duplicates)

    # === ONE LINE PER CAUSE === #

    def test_one_wrong_price_is_one_line_and_one_activity(self):
        self._supplier("clean")
        receipt = self._receive("clean")
        self.assertFalse(self._lines(receipt.move_id))
        line = receipt.move_id.invoice_line_ids
        values = {"price_unit": 1}
        receipt.move_id.write({"invoice_line_ids": [Command.update(line.id, values)]})
        self.assertGreater(len(receipt._stops()), 4)
        [alert] = self._lines(receipt.move_id)
        for text in ("Untaxed amount", "VAT (S 25.5)", "Total", "Amount to pay"):
            self.assertIn(text, alert["message"])
        self.assertEqual(len(receipt.points_text.splitlines()), 1)
        self.assertEqual(len(receipt.move_id.activity_ids), 1)

    def test_missing_tax_and_the_sums_that_follow_are_one_line(self):
        self._supplier("plain")
        receipt = self._receive("plain")
        self.assertLessEqual({"tax_missing", "totals"}, self._codes(receipt))
        [alert] = self._lines(receipt.move_id)
        self.assertIn("13.5", alert["message"])
        self.assertIn("Total", alert["message"])
        self.assertEqual(len(receipt.move_id.activity_ids), 1)

    def test_wrong_price_beside_a_missing_tax_is_a_line_of_its_own(self):
        self._supplier("plain")
        receipt = self._receive("plain")
        line = receipt.move_id.invoice_line_ids[:1]
        values = {"price_unit": 1}
        receipt.move_id.write({"invoice_line_ids": [Command.update(line.id, values)]})
        self.assertEqual(len(self._lines(receipt.move_id)), 2)

    def test_checked_settles_what_its_line_shows_and_no_more(self):
        self._supplier("clean")
        receipt = self._receive(self._changed("clean", origin="SCAN"))
        [alert] = self._lines(receipt.move_id)
        model, method, choice = alert["action_call"]
        self.assertEqual(
            (method, choice), ("action_confirm_points", [receipt.id, ["scan"]])
        )
        self.env[model].with_user(self.accountant).action_confirm_points(choice)
        self.assertEqual(receipt.decided, ["scan"])
        self.assertEqual(receipt.state, "billed")
        self.assertIn("Checked (A scan", receipt.timeline)
        receipt.detects = [{"check": "VAT", "text": "x", "is_warning": True}]
        self.env["maventa.bill.booking"].sudo()._check_again(receipt)
        self.assertEqual(self._codes(receipt), {"detect"})

    def test_odd_stored_points_lock_no_form(self):
        receipt = self._receive("clean")
        receipt.points = [{"code": "totals", "level": "stop"}, "x", {"values": {}}]
        receipt.invalidate_recordset()
        self.assertFalse(receipt.points_text)
        self.assertFalse(self._lines(receipt.move_id))

    # === DEMO, IGNORED, DATES === #

    def test_mark_of_demo_stays_on_a_posted_bill_for_ever(self):
        for environment, is_demo in (("demo", True), ("production", False)):
            with self.subTest(environment):
                receipt = self._receive(self._changed("clean", number=environment))
                receipt.environment = environment
                move = receipt.move_id
                move.action_post()
                move.invalidate_recordset()
                self.assertEqual(move.maventa_is_demo, is_demo)
                self.assertEqual("maventa_receipt_demo" in (move.alerts or {}), is_demo)

    def test_real_bill_that_a_demo_document_equals_is_no_demo(self):
        receipt, typed = self._suspected()
        receipt.environment = "demo"
        self._review(receipt).action_same()
        self.assertFalse(typed.maventa_is_demo)
        self.assertNotIn("maventa_receipt_demo", typed.alerts or {})

    def test_reason_of_ignoring_goes_when_it_is_read_again(self):
        receipt = self._receive("clean")
        dialog = self.env["maventa.receipt.ignore"].with_user(self.accountant)
        dialog.create({"receipt_id": receipt.id, "reason": "Not ours"}).action_ignore()
        with self.assertRaises(UserError) as caught:
            receipt.with_user(self.accountant).action_read_again()
        self.assertIn(receipt.display_name, str(caught.exception))
        self.assertNotIn("  ", str(caught.exception))
        receipt.move_id.button_draft()
        receipt.with_user(self.accountant).action_read_again()
        self.assertFalse(receipt.ignored_reason)
        self.assertIn("Not ours", receipt.timeline)

    def test_days_are_shown_as_the_reader_writes_them(self):
        receipt = self._receive("clean")
        self.assertEqual(receipt.date, receipt.move_id.invoice_date)
        old = self._changed("clean", number="O-1", date=date(2021, 2, 3))
        self.assertIn("02/03/2021", self._receive(old).points_text)

    # === UNREADABLE === #

    def test_unreadable_document_is_a_draft_with_its_original_or_only_listed(self):
        for number, is_draft in enumerate((True, False)):
            with self.subTest(is_draft):
                self.account.drafts_unreadable = is_draft
                sample = self._changed("clean", number=f"U-{number}")
                sample.formats["FINVOICE30"] = b"<Order/>"
                receipt = self._receive(sample)
                self.assertEqual(receipt.state, "unreadable")
                self.assertEqual(bool(receipt.move_id), is_draft)
                record = receipt.move_id or self.journal
                self.assertTrue(record.activity_ids)
                shown = self.env["ir.attachment"].search(
                    [
                        ("res_model", "=", "account.move"),
                        ("res_id", "=", receipt.move_id.id),
                    ]
                )
                found = receipt.document_id.checksum in shown.mapped("checksum")
                self.assertEqual(found, is_draft)

    def test_document_that_becomes_readable_is_a_bill(self):
        self.account.drafts_unreadable = False
        sample = self._changed("clean", number="U-9")
        good = sample.formats["FINVOICE30"]
        sample.formats["FINVOICE30"] = b"<Order/>"
        receipt = self._receive(sample)
        with self.simulator.store as state:
            for key in [key for key in state if key.startswith("inbound")]:
                del state[key]
        sample.formats["FINVOICE30"] = good
        self._arrive(sample, uuid=receipt.remote_id)
        receipt.with_user(self.accountant).action_read_again()
        self.assertEqual(receipt.move_id.amount_untaxed, 240)
