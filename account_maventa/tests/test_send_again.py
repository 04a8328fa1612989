from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestSendAgain(MaventaCommon):
    """What Maventa has is not sent again, unless somebody really wants that."""

    def _accepted(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")
        return move

    def test_sending_again_uses_new_uuid_and_bytes(self):
        move = self._accepted()
        first = move.maventa_transfer_id
        self.partner_a.street = "Uusikatu 7"
        move.with_user(self.accountant).action_maventa_send_again()
        self.assertEqual(move.maventa_state, "queued")
        self.assertEqual(move.maventa_status_id, self._status("to_transfer"))
        self._run_cron()
        second = move.maventa_transfer_id
        self.assertTrue(second.again)
        self.assertEqual(second.state, "accepted")
        self.assertNotEqual(second.uuid, first.uuid)
        held = {invoice.uuid: invoice for invoice in self.simulator.held_invoices()}
        self.assertEqual(held.keys(), {first.uuid, second.uuid})
        self.assertIn(b"Uusikatu 7", held[second.uuid].file)
        self.assertEqual(second.create_uid, self.accountant)
        said = " ".join(move.message_ids.mapped("body"))
        self.assertIn(f"Requested by {self.accountant.name}", said)

    def test_pdf_is_that_of_the_last_one(self):
        self.simulator.polls_until_routed = 9
        move = self._accepted()
        move.with_user(self.accountant).action_maventa_send_again()
        self._run_cron()
        first, second = move.maventa_transfer_ids.sorted("id")
        self._change_at_maventa(first, status="DELIVERED")
        self._run_cron("follow_up")
        self.assertEqual((first.state, second.state), ("delivered", "accepted"))
        self.assertEqual(move.invoice_pdf_report_id, second.pdf_attachment_id)

    def test_withdrawn_repetition_restores_the_state(self):
        move = self._accepted()
        move.with_user(self.accountant).action_maventa_send_again()
        move.with_user(self.accountant).maventa_status_id = self._status(
            "after_transfer"
        )
        self.assertEqual(move.maventa_state, "accepted")
        self._run_cron()
        self.assertEqual(len(self._held()), 1)

    def test_pressing_twice_sends_once_more(self):
        move = self._accepted()
        move.action_maventa_send_again()
        with self.assertRaisesRegex(UserError, "does not have it"):
            move.action_maventa_send_again()
        self.assertEqual(len(move.maventa_transfer_ids), 2)

    def test_unknown_transfer_cannot_be_sent_again(self):
        move = self._to_transfer(self._invoice())
        with self._fault("drop_after_storing"):
            self._run_cron()
        self.assertEqual(move.maventa_state, "unknown")
        with self.assertRaisesRegex(UserError, "does not have it"):
            move.action_maventa_send_again()

    def test_sending_again_requires_the_switch(self):
        move = self._accepted()
        self.company.maventa_enabled = False
        with self.assertRaisesRegex(UserError, "switched off"):
            move.action_maventa_send_again()

    def test_reader_has_no_access(self):
        reader = new_test_user(
            self.env, "reader", groups="account.group_account_readonly"
        )
        with self.assertRaises(AccessError):
            self._accepted().with_user(reader).action_maventa_send_again()

    def test_earlier_accepted_transfer_counts_as_carried(self):
        move = self._accepted()
        move.action_maventa_send_again()
        with self._fault("invoice_refused"):
            self._run_cron()
        self.assertEqual(move.maventa_state, "rejected")
        self.assertTrue(move._maventa_is_carried(), "the first one is on its way")
