"""A received bill that was set aside and comes back; bills that a value would post."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_receive import MaventaReceiveCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestAfterCancelling(MaventaReceiveCommon):
    def _asking(self):
        """Return the receipt of a bill that differs from its document."""
        self._supplier("clean")
        receipt = self._receive("clean")
        line = receipt.move_id.invoice_line_ids
        command = Command.update(line.id, {"price_unit": 1})
        receipt.move_id.write({"invoice_line_ids": [command]})
        self.assertIn("totals", self._codes(receipt))
        return receipt

    def test_bill_that_is_reset_to_draft_asks_again(self):
        receipt = self._asking()
        move = receipt.move_id.with_user(self.accountant)
        for reset in (move.button_draft, lambda: move.write({"state": "draft"})):
            move.button_cancel()
            self.assertEqual(receipt.state, "ignored")
            self.assertFalse(move.activity_ids)
            reset()
            self.assertEqual(receipt.state, "review")
            self.assertFalse(receipt.ignored_reason)
            self.assertTrue(move.activity_ids)
            self.assertTrue(move.alerts)
            with self.assertRaisesRegex(UserError, "cannot be posted yet"):
                move.action_post()
        receipt.action_confirm()
        move.action_post()
        self.assertEqual((receipt.state, move.state), ("billed", "posted"))
        self.assertIn("reset to draft by", str(receipt.timeline))

    def test_ignored_with_a_reason_is_compared_when_it_comes_back(self):
        receipt = self._asking()
        dialog = self.env["maventa.receipt.ignore"].with_user(self.accountant)
        dialog.create({"receipt_id": receipt.id, "reason": "Not ours"}).action_ignore()
        move = receipt.move_id.with_user(self.accountant)
        self.assertEqual((receipt.state, move.state), ("ignored", "cancel"))
        line = move.invoice_line_ids
        move.button_draft()
        move.write({"invoice_line_ids": [Command.update(line.id, {"price_unit": 30})]})
        self.assertEqual(receipt.state, "billed")
        move.action_post()

    def test_states_that_ask_nothing_come_back_as_they_were(self):
        broken = self._changed("clean", number="X-1")
        broken.formats["FINVOICE30"] = b"<Order/>"
        for key, state in ((broken, "unreadable"), ("clean", "same")):
            receipt = self._receive(key)
            receipt.state = state
            move = receipt.move_id
            move.button_cancel()
            self.assertEqual(receipt.state, "ignored")
            move.button_draft()
            self.assertEqual(receipt.state, state)

    # === POSTING === #

    def test_bill_is_posted_by_confirming_it_alone(self):
        move = self._asking().move_id.with_user(self.accountant)
        forged = move.with_context(account_maventa_posting=True)
        for records in move, forged:
            with self.assertRaisesRegex(UserError, "by a value"):
                records.write({"state": "posted"})
        self.assertEqual(move.state, "draft")

    def test_invoice_is_posted_by_confirming_it_alone(self):
        move = self._invoice()
        move.write({"state": "posted"})  # no change
        move.button_draft()
        with self.assertRaisesRegex(UserError, "by a value"):
            move.write({"state": "posted"})
        move.action_post()
        self.assertEqual(move.state, "posted")

    def test_entry_that_is_none_of_ours_is_left_to_odoo(self):
        entry = self.env["account.move"].create({"move_type": "entry"})
        entry.write({"state": "posted"})
        self.assertEqual(entry.state, "posted")
