from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestStatus(MaventaCommon):
    def test_status_can_be_set_on_several_invoices(self):
        moves = self._to_transfer(self._invoice(), self._invoice(), self._invoice())
        self.assertEqual(set(moves.mapped("maventa_state")), {"queued"})
        self.assertEqual(len(moves.maventa_transfer_ids), 3)

    def test_list_action_reports_all_refusals_if_none_can_go(self):
        draft = self._invoice()
        draft.button_draft()
        bill = self.init_invoice("in_invoice", post=True, amounts=[10])
        with self.assertRaises(UserError) as caught:
            self._to_transfer(draft, bill)
        self.assertIn("only posted documents", str(caught.exception))
        self.assertIn("only customer invoices", str(caught.exception))

    def test_only_posted_customer_documents_have_status(self):
        status = self._status("after_error")
        draft = self._invoice()
        draft.button_draft()
        entry = self.init_invoice("in_invoice", post=True, amounts=[10])
        for move in (draft, entry):
            with self.assertRaises(ValidationError):
                move.maventa_status_id = status
        with self.assertRaises(ValidationError):
            self.env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partner_a.id,
                    "maventa_status_id": status.id,
                }
            )

    def test_cancelled_invoice_leaves_the_queue(self):
        move = self._to_transfer(self._invoice())
        move.button_cancel()
        self.assertEqual((move.state, move.maventa_state), ("cancel", False))
        with self.assertRaisesRegex(UserError, "only posted documents"):
            self._to_transfer(move)

    def test_paid_invoice_in_locked_period_is_sent(self):
        move = self._invoice()
        self._register_payment(move)
        self.company.fiscalyear_lock_date = "2026-12-31"
        self._to_transfer(move)
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")
        self._run_cron("follow_up")
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "delivered")

    def test_zero_total_is_sent(self):
        move = self._to_transfer(self._invoice(price=0))
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")

    def test_status_bar_queues(self):
        move = self._invoice().with_user(self.accountant)
        move.maventa_status_id = self._status("to_transfer")
        self.assertEqual(move.maventa_state, "queued")

    def test_cleared_status_removes_the_transfer(self):
        move = self._to_transfer(self._invoice())
        move.with_user(self.accountant).maventa_status_id = False
        self.assertFalse(move.maventa_transfer_ids)
        self.assertFalse(move.maventa_state)
        self._run_cron()
        self.assertFalse(self._held())

    def test_reset_to_draft_removes_the_transfer(self):
        move = self._to_transfer(self._invoice())
        move.with_user(self.accountant).button_draft()
        self.assertFalse(move.maventa_status_id)
        self.assertFalse(move.maventa_transfer_ids)

    def test_copy_has_no_status_or_transfer(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        copied = move.copy()
        self.assertFalse(copied.maventa_status_id)
        self.assertFalse(copied.maventa_transfer_ids)
        self.assertFalse(copied.maventa_state)

    def test_accepted_invoice_is_not_queued_again(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        with self.assertRaisesRegex(UserError, "not sent twice"):
            self._to_transfer(move)
        with self.assertRaisesRegex(UserError, "not sent twice"):
            move.maventa_status_id = self._status("to_transfer")

    def test_not_editable_status_prevents_draft_and_cancel(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.assertFalse(move.show_reset_to_draft_button)
        with self.assertRaisesRegex(UserError, "credit note"):
            move.button_draft()
        with self.assertRaisesRegex(UserError, "credit note"):
            move.button_cancel()
        move.maventa_status_id = False
        self.assertFalse(move.show_reset_to_draft_button, "Maventa has it")
        other = self._invoice()
        other.maventa_status_id = self._status("after_transfer")
        with self.assertRaisesRegex(UserError, "Transferred"):
            other.button_draft()
        other.maventa_status_id = False
        self.assertTrue(other.show_reset_to_draft_button)

    def test_not_editable_status_protects_printed_fields(self):
        move = self._invoice()
        move.ref = "Order 7"
        move.maventa_status_id = self._status("after_transfer")
        for name, value in (
            ("ref", "Order 8"),
            ("narration", "Thank you"),
            ("invoice_date_due", "2026-09-09"),
            ("partner_bank_id", False),
        ):
            with self.assertRaisesRegex(UserError, "Transferred"):
                move[name] = value
                self.env.flush_all()
        self.env.invalidate_all(flush=False)
        move.write({"ref": "Order 7", "checked": True})
        move.maventa_status_id = self._status("after_error")
        move.ref = "Order 8"

    def test_reset_to_draft_clears_the_status(self):
        self.company.maventa_enabled = False
        move = self._to_transfer(self._invoice())
        self.assertFalse(move.maventa_transfer_ids)
        move.button_draft()
        self.assertFalse(move.maventa_status_id)
        move.action_post()
        self.company.maventa_enabled = True
        self._run_cron()
        self.assertFalse(self._held())

    def test_in_flight_invoice_cannot_be_changed(self):
        move = self._to_transfer(self._invoice())
        with self._fault("drop_after_storing"):
            self._run_cron()
        move = move.with_user(self.accountant)
        self.assertEqual(move.maventa_state, "unknown")
        with self.assertRaisesRegex(UserError, "Wait for the answer"):
            move.maventa_status_id = False
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            move.button_draft()

    def test_status_of_another_company_is_refused(self):
        other = self.setup_other_company()["company"]
        status = self.env["maventa.invoice.status"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        move = self._invoice()
        with self.assertRaisesRegex(ValidationError, "another company"):
            move.maventa_status_id = status

    def test_sent_flag_counts_as_sent(self):
        move = self._invoice()
        self.assertFalse(move.is_move_sent)
        move.maventa_status_id = self._status("after_transfer")
        self.assertTrue(move.is_move_sent)

    def test_status_change_is_tracked(self):
        move = self._invoice()
        self.env.cr.precommit.run()  # what happened so far is not looked at
        move = move.with_context(tracking_disable=False, mail_notrack=False)
        move.action_maventa_to_transfer()
        self.env.flush_all()
        self.env.cr.precommit.run()
        changes = move.message_ids.tracking_value_ids
        self.assertIn("To transfer", changes.mapped("new_value_char"))
