"""What Maventa has may not be what the books have: after a failure, they may change."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PDF, MaventaCommon


@tagged("post_install", "-at_install")
class TestChangedMeanwhile(MaventaCommon):
    def _correct(self, move, price=7.0):
        move = move.with_user(self.accountant)
        move.button_draft()
        self._price(move, price)
        move.action_post()

    def _price(self, move, price):
        line = move.invoice_line_ids
        move.invoice_line_ids = [Command.update(line.id, {"price_unit": price})]

    def _refresh(self, move):
        move.with_user(self.accountant).action_maventa_refresh()

    def _reroute(self, move):
        dialogs = self.env["maventa.reroute.wizard"].with_user(self.accountant)
        dialogs.create({"move_id": move.id}).action_reroute()

    def _assert_told(self, move, *words):
        """Nothing says that the customer has what is in the books now."""
        self.assertTrue(move.maventa_transfer_ids.filtered("is_contradicted"))
        alert = move.alerts["maventa_contradicted"]
        self.assertEqual(alert["level"], "danger")
        [activity] = move.activity_ids
        said = " ".join(move.message_ids.mapped("body"))
        for word in words:
            self.assertIn(word, alert["message"].replace("\xa0", " "))
            self.assertIn(word, activity.note.replace("&nbsp;", " "))
            self.assertIn(word, said.replace("&nbsp;", " "))
        self.assertNotEqual(move.maventa_status_id, self._status("after_transfer"))
        self.assertFalse(move.is_move_sent)

    def _assert_settled(self, move):
        self.assertFalse(move.maventa_transfer_ids.filtered("is_contradicted"))
        self.assertNotIn("maventa_contradicted", move.alerts or {})
        self.assertFalse(move.activity_ids)
        self.assertEqual(move.maventa_status_id, self._status("after_transfer"))
        self.assertTrue(move.is_move_sent)
        self.assertEqual(move.invoice_pdf_report_id.raw, PDF)
        self.assertNotIn("detached", move.invoice_pdf_report_id.name)
        with self.assertRaisesRegex(UserError, "Maventa has it"):
            move.with_user(self.accountant).button_draft()

    # === RESENDING === #

    def test_corrected_invoice_is_not_resent_as_it_was(self):
        move = self._failed()
        self._correct(move)
        words = "changed since its transfer.*125.50.*8.79.*To transfer"
        with self.assertRaisesRegex(UserError, words):
            move.with_user(self.accountant).action_maventa_reroute()
        with self.assertRaisesRegex(UserError, words):
            self._reroute(move)
        self.assertFalse(self.simulator.requests["reroute"])
        banner = move.alerts["maventa_error"]["message"]
        self.assertNotIn("another channel", banner)
        self.assertIn("To transfer", banner)

    def test_header_decides_as_well(self):
        move = self._failed()
        move.with_user(self.accountant).payment_reference = "2345676"
        with self.assertRaisesRegex(UserError, "changed since"):
            self._reroute(move)

    def test_draft_and_cancelled_invoices_are_not_resent(self):
        for leave in ("button_draft", "button_cancel"):
            move = self._failed()
            getattr(move.with_user(self.accountant), leave)()
            with self.assertRaisesRegex(UserError, "is not posted"):
                move.with_user(self.accountant).action_maventa_reroute()
            with self.assertRaisesRegex(UserError, "is not posted"):
                self._reroute(move)
            self.assertFalse(self.simulator.requests["reroute"])
            banner = move.alerts["maventa_error"]["message"]
            self.assertNotIn("another channel", banner)

    def test_unchanged_invoice_is_resent(self):
        move = self._failed()
        move.with_user(self.accountant).button_draft()
        move.with_user(self.accountant).action_post()
        self.partner_a.street = "Uusikatu 7"  # the customer's data are not the invoice
        self._reroute(move)
        self.assertEqual(move.maventa_state, "accepted")
        self._assert_settled(move)

    def test_invoice_stays_while_a_resending_is_unclear(self):
        move = self._failed()
        with (
            self._fault("drop_after_rerouting"),
            self.assertRaisesRegex(UserError, "Refresh"),
        ):
            self._reroute(move)
        with self.assertRaisesRegex(UserError, "may have resent it.*Refresh"):
            move.with_user(self.accountant).button_draft()
        self._change_at_maventa(move.maventa_transfer_id, status="FAILED")
        self._refresh(move)
        move.with_user(self.accountant).button_draft()

    # === RESENT ON MAVENTA'S WEBSITE === #

    def test_correction_that_gave_way_is_told(self):
        move = self._failed()
        self._correct(move)
        self._to_transfer(move)
        first = move.maventa_transfer_ids.sorted("id")[0]
        self._change_at_maventa(first, status="PENDING")
        self.simulator.polls_until_routed = 9
        self._run_cron()
        self.assertEqual(self.simulator.requests["create_invoice"], 1)
        self.assertEqual(first.state, "accepted")
        self._assert_told(move, "125.50", "8.79", "not sent")
        self.assertEqual(move.maventa_status_id, self._status("after_error"))
        self._run_cron()
        self.assertEqual(self.simulator.requests["create_invoice"], 1)

    def test_draft_is_put_right(self):
        move = self._failed()
        move.with_user(self.accountant).button_draft()
        self._price(move, 7.0)
        self._change_at_maventa(move.maventa_transfer_id, status="DELIVERED")
        self._refresh(move)
        self.assertEqual(move.maventa_state, "delivered")
        self._assert_told(move, "125.50", "8.79", "Draft")
        with self.assertRaisesRegex(UserError, "Maventa has it"):
            move.message_ids[0].with_user(self.accountant).unlink()
        move.with_user(self.accountant).action_post()
        self._assert_told(move, "125.50")
        move.with_user(self.accountant).button_draft()
        self._price(move.with_user(self.accountant), 100.0)
        move.with_user(self.accountant).action_post()
        self._assert_settled(move)

    def test_cancelled_invoice_is_told(self):
        move = self._failed()
        move.with_user(self.accountant).button_cancel()
        self._change_at_maventa(move.maventa_transfer_id, status="PENDING")
        self.simulator.polls_until_routed = 1
        self._refresh(move)
        self._assert_told(move, "125.50", "Cancelled")
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "delivered")
        self._assert_told(move, "125.50", "Cancelled")

    def test_failure_of_a_draft_is_recorded(self):
        move = self._failed()
        move.with_user(self.accountant).button_draft()
        self._change_at_maventa(move.maventa_transfer_id, status="PENDING")
        self.simulator.polls_until_routed = 9
        self._refresh(move)
        self.assertEqual(move.maventa_state, "accepted")
        self._change_at_maventa(move.maventa_transfer_id, status="FAILED")
        self._refresh(move)
        self.assertEqual(move.maventa_state, "failed")
        self.assertNotIn("maventa_contradicted", move.alerts)

    def test_changed_field_is_put_right_without_a_draft(self):
        move = self._failed().with_user(self.accountant)
        right = move.payment_reference
        move.payment_reference = "2345676"
        self._change_at_maventa(move.maventa_transfer_id, status="DELIVERED")
        self._refresh(move)
        self._assert_told(move, "125.50")
        move.payment_reference = right
        self._assert_settled(move.with_user(self.env.user))

    def test_delivery_without_a_failure_asks_nothing(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.simulator.polls_until_routed = 0
        content = self.registry["maventa.sent.content"]
        with patch.object(content, "_is_same", side_effect=AssertionError):
            self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "delivered")
        self._assert_settled(move)
