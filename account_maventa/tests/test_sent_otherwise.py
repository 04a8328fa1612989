from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestSentOtherwise(MaventaCommon):
    """An invoice that went another way asks before it goes to Maventa."""

    def _mailed(self):
        move = self._invoice()
        self.env["account.move.send"]._generate_and_send_invoices(
            move, sending_methods={"email"}
        )
        self.assertTrue(move.is_move_sent)
        return move.with_user(self.accountant)

    def test_mailed_invoice_is_not_queued_unasked(self):
        move = self._mailed()
        action = move.action_maventa_to_transfer()
        self.assertEqual(action["res_model"], "maventa.transfer.result")
        self.assertFalse(move.maventa_state)
        with self.assertRaisesRegex(ValidationError, "another way"):
            move.maventa_status_id = self._status("to_transfer")

    def test_confirmed_invoice_is_transferred(self):
        move = self._mailed()
        action = move.action_maventa_to_transfer()
        result = self.env["maventa.transfer.result"].with_user(self.accountant)
        result.browse(action["res_id"]).action_transfer_anyway()
        self.assertEqual(move.maventa_state, "queued")
        self.assertIn("Confirmed by", " ".join(move.message_ids.mapped("body")))
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")

    def test_status_bar_asks_and_confirms(self):
        move, status = self._mailed(), self._status("to_transfer")
        self.assertIn("twice", move.action_maventa_status_question(status.id))
        move.action_maventa_set_status(status.id)
        self.assertEqual(move.maventa_state, "queued")

    def test_send_dialog_warns_and_sending_confirms(self):
        move = self._mailed()
        wizard = self.env["account.move.send.wizard"].with_user(self.accountant)
        wizard = wizard.create({"move_id": move.id})
        wizard.sending_method_checkboxes = {"maventa": {"checked": True}}
        self.assertIn("twice", wizard.alerts["maventa_twice"]["message"])
        self.assertNotIn("maventa_refused", wizard.alerts)
        wizard.action_send_and_print()
        self.assertEqual(move.maventa_state, "accepted")

    def test_batch_sending_leaves_it_out(self):
        move = self._mailed()
        self.env["account.move.send"]._generate_and_send_invoices(
            move, sending_methods={"maventa"}
        )
        self.assertFalse(move.maventa_state)
        self.assertIn("another way", move.message_ids[0].body)

    # === PEPPOL === #

    def test_invoice_that_peppol_carried_asks(self):
        move = self._invoice()
        if "peppol_move_state" not in move._fields:
            self.skipTest("account_peppol is not installed")
        move.peppol_move_state = "done"
        action = move.action_maventa_to_transfer()
        self.assertEqual(action["res_model"], "maventa.transfer.result")
        move.action_maventa_confirm()
        self.assertEqual(move.maventa_state, "queued")

    def test_invoice_that_waits_for_peppol_is_refused(self):
        move = self._invoice()
        if "peppol_move_state" not in move._fields:
            self.skipTest("account_peppol is not installed")
        move.peppol_move_state = "to_send"
        with self.assertRaisesRegex(UserError, "own Peppol"):
            move.action_maventa_confirm()

    def test_peppol_does_not_carry_what_maventa_has(self):
        kind = self.registry["account.move.send"]
        original = kind._is_applicable_to_move

        def applicable(send, method, move, **data):
            return method == "peppol" or original(send, method, move, **data)

        move = self._to_transfer(self._invoice())
        with patch.object(kind, "_is_applicable_to_move", applicable):
            for model in ("account.move.send.wizard", "account.move.send.batch.wizard"):
                methods = self.env[model]._get_default_sending_methods(move)
                self.assertNotIn("peppol", methods, model)
            settings = self.env["account.move.send"]._get_default_sending_settings(move)
            self.assertNotIn("peppol", settings["sending_methods"])
            fresh = self._invoice()
            wizard = self.env["account.move.send.wizard"]
            self.assertNotIn("peppol", wizard._get_default_sending_methods(fresh))
