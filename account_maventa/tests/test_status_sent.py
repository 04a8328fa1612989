from odoo.tests import tagged

from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestStatusSent(MaventaCommon):
    """Sent is what was handed over; what came back is not sent."""

    def _transferred(self, move=None):
        move = self._to_transfer(move or self._invoice())
        self.assertFalse(move.is_move_sent, "not before Maventa has it")
        self._run_cron()
        self.assertTrue(move.is_move_sent)
        return move

    def _fail(self, move):
        self.simulator.polls_until_routed = 0
        with self._fault("delivery_fails"):
            self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "failed")

    def test_failed_delivery_does_not_count_as_sent(self):
        move = self._transferred()
        self._fail(move)
        self.assertFalse(move.is_move_sent)
        self.assertEqual(move.status_in_payment, "posted")

    def test_rerouted_invoice_counts_as_sent(self):
        move = self._transferred()
        self._fail(move)
        dialog = self.env["maventa.reroute.wizard"].create({"move_id": move.id})
        dialog.action_reroute()
        self.assertTrue(move.is_move_sent)
        self._fail(move)
        self.assertFalse(move.is_move_sent)

    def test_invoice_sent_by_other_method_stays_sent(self):
        move = self._invoice()
        move.is_move_sent = True  # by Odoo's own e-mail, say
        move.with_user(self.accountant).action_maventa_confirm()
        self._run_cron()
        self._fail(move)
        self.assertTrue(move.is_move_sent)

    def test_carried_invoice_stays_sent_in_any_status(self):
        move = self._transferred()
        move.maventa_status_id = self._status("after_error")
        self.assertTrue(move.is_move_sent)
        move.with_user(self.accountant).action_maventa_send_again()
        self.assertTrue(move.is_move_sent)

    def test_send_dialog_alone_does_not_mark_sent(self):
        move = self._invoice()
        self.env["account.move.send"]._generate_and_send_invoices(
            move, sending_methods={"maventa"}
        )
        self.assertTrue(move.invoice_pdf_report_id)
        self.assertEqual(move.maventa_state, "queued")
        self.assertFalse(move.is_move_sent)
        self._run_cron()
        self.assertTrue(move.is_move_sent)

    def test_other_method_marks_sent(self):
        move = self._invoice()
        self.env["account.move.send"]._generate_and_send_invoices(
            move, sending_methods={"email"}
        )
        self.assertTrue(move.is_move_sent)
