from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestFrozenDocuments(MaventaCommon):
    """What Maventa has stays as it was sent, by every door."""

    def setUp(self):
        super().setUp()
        self.move = self._to_transfer(self._invoice())
        self._run_cron()
        self.assertEqual(self.move.maventa_state, "accepted")
        # whatever status a user has given it
        self.move.maventa_status_id = self._status("after_error")

    def _assert_frozen(self, change):
        with self.assertRaisesRegex(UserError, "credit note"), self.env.cr.savepoint():
            change()
            self.env.flush_all()
        self.env.invalidate_all(flush=False)

    def test_accepted_document_is_not_reset_or_cancelled(self):
        for change in (
            self.move.button_draft,
            self.move.button_cancel,
            lambda: self.move.write({"state": "draft"}),
            lambda: self.move.write({"state": "cancel"}),
        ):
            self._assert_frozen(change)
        self.assertFalse(self.move.show_reset_to_draft_button)

    def test_lines_are_not_changed_added_or_removed(self):
        line = self.move.invoice_line_ids
        # Odoo itself refuses some of it without this context.
        move = self.move.with_context(skip_readonly_check=True)
        new = {"name": "More", "quantity": 1, "price_unit": 1}
        for change in (
            lambda: line.write({"price_unit": 99}),
            lambda: line.write({"name": "Rain"}),
            lambda: line.write({"tax_ids": [Command.clear()]}),
            lambda: move.write(
                {"invoice_line_ids": [Command.update(line.id, {"quantity": 2})]}
            ),
            lambda: move.write({"invoice_line_ids": [Command.create(new)]}),
            lambda: move.write({"invoice_line_ids": [Command.delete(line.id)]}),
        ):
            self._assert_frozen(change)
        line.write({"price_unit": line.price_unit, "name": line.name})

    def test_printed_fields_are_not_changed(self):
        for name, value in (
            ("partner_id", self.partner_b.id),
            ("invoice_date", "2026-03-03"),
            ("ref", "Order 8"),
            ("narration", "Thank you"),
            ("invoice_date_due", "2026-09-09"),
            ("taxable_supply_date", "2026-09-09"),
            ("delivery_date", "2026-09-09"),
            ("amount_total", 1.0),
            ("amount_tax", 1.0),
            ("amount_untaxed", 1.0),
            ("amount_total_signed", 1.0),
            ("amount_untaxed_in_currency_signed", 1.0),
            ("invoice_currency_rate", 7.0),
            ("move_type", "out_refund"),
            ("reversed_entry_id", self._invoice().id),
            ("posted_before", False),
            ("sequence_number", 77),
            ("sequence_prefix", "X/"),
        ):
            with self.subTest(name):
                self._assert_frozen(lambda n=name, v=value: self.move.write({n: v}))
        if "debit_origin_id" in self.move._fields:  # of account_debit_note
            other = self._invoice().id
            self._assert_frozen(lambda: self.move.write({"debit_origin_id": other}))
        self.move.checked = True

    def test_hash_is_given_by_odoo_alone(self):
        for move in self.move, self._invoice():
            theirs = move.with_user(self.accountant)
            with self.assertRaisesRegex(UserError, "secured"):
                theirs.write({"inalterable_hash": "$4$forged"})
            theirs.write({"inalterable_hash": False})
        self.move.button_hash()
        self.assertTrue(self.move.inalterable_hash)

    def test_payment_and_credit_note_are_possible(self):
        self._register_payment(self.move)
        self.assertIn(self.move.payment_state, ("paid", "in_payment"))
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=self.move.ids
        )
        action = wizard.create({"journal_id": self.move.journal_id.id}).refund_moves()
        note = self.env["account.move"].browse(action["res_id"])
        self.assertEqual(note.reversed_entry_id, self.move)

    def test_delivered_document_is_frozen_too(self):
        self.simulator.polls_until_routed = 0
        self._run_cron("follow_up")
        self.assertEqual(self.move.maventa_state, "delivered")
        self._assert_frozen(self.move.button_draft)

    def test_undelivered_document_can_be_corrected(self):
        self.simulator.polls_until_routed = 0
        with self._fault("delivery_fails"):
            self._run_cron("follow_up")
        self.assertEqual(self.move.maventa_state, "failed")
        self.move.maventa_status_id = False
        self.move.button_draft()
        self.move.invoice_line_ids.price_unit = 99
        self.move.action_post()
        self._to_transfer(self.move)
        self._run_cron()
        self.assertEqual(self.move.maventa_state, "accepted")

    def test_undelivered_document_can_be_sent_again_as_new(self):
        self.simulator.polls_until_routed = 0
        with self._fault("delivery_fails"):
            self._run_cron("follow_up")
        self.assertTrue(self.move.maventa_may_send_again)
        self.move.with_user(self.accountant).action_maventa_send_again()
        self._run_cron()
        self.assertEqual(len(self.simulator.held_invoices()), 2)

    # === STATUS BAR === #

    def test_click_that_skips_or_undoes_a_transfer_asks(self):
        fresh, queued = self._invoice(), self._to_transfer(self._invoice())
        after, error = self._status("after_transfer"), self._status("after_error")
        ask = "action_maventa_status_question"
        self.assertIn("not transferred", getattr(fresh, ask)(after.id))
        self.assertIn("taken out", getattr(queued, ask)(error.id))
        self.assertIn("Maventa has", getattr(self.move, ask)(after.id))
        to_transfer = self._status("to_transfer")
        self.assertFalse(getattr(fresh, ask)(to_transfer.id))
        self.assertFalse(getattr(fresh, ask)(error.id))

    def test_queued_document_that_is_taken_out_says_so(self):
        move = self._to_transfer(self._invoice()).with_user(self.accountant)
        move.action_maventa_set_status(self._status("after_error").id)
        self.assertFalse(move.maventa_state)
        self.assertIn("Taken out", move.message_ids[0].body)
        self._run_cron()
        self.assertNotIn(move.name, self._held())
