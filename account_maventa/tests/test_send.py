from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestSend(MaventaCommon):
    """What Maventa carries goes no other way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner_a.invoice_sending_method = "email"

    def _mails(self, move):
        return move.message_ids.filtered(
            lambda message: message.message_type == "comment"
        )

    def _wizard(self, move):
        return self.env["account.move.send.wizard"].create({"move_id": move.id})

    def test_untransferred_invoice_can_be_mailed(self):
        move = self._invoice()
        self.assertIn("email", self._wizard(move).sending_methods)

    def test_carried_invoice_is_not_proposed_for_mail(self):
        move = self._to_transfer(self._invoice())
        self.assertFalse(self._wizard(move).sending_methods)
        self._run_cron()
        self.assertFalse(self._wizard(move).sending_methods)

    def test_mailing_a_carried_invoice_is_refused(self):
        move = self._to_transfer(self._invoice())
        wizard = self._wizard(move)
        wizard.sending_method_checkboxes = {"email": {"checked": True}}
        self.assertEqual(wizard.alerts["maventa_carried"]["level"], "danger")
        with self.assertRaisesRegex(UserError, "Maventa sends"):
            wizard.action_send_and_print()

    def test_programmatic_mailing_of_carried_invoice_makes_documents_only(self):
        move = self._to_transfer(self._invoice())
        self.env["account.move.send"]._generate_and_send_invoices(
            move, sending_methods={"email"}
        )
        self.assertFalse(self._mails(move))
        self.assertTrue(move.invoice_pdf_report_id)

    def test_carried_invoice_has_no_other_method(self):
        roads = {"email", "peppol", "snailmail"}
        send = self.env["account.move.send"]
        move = self._invoice()

        def settings():
            return send._get_default_sending_settings(move, sending_methods=set(roads))[
                "sending_methods"
            ]

        self.assertEqual(settings(), roads)
        self._to_transfer(move)
        self.assertEqual(settings(), set())
        with self._fault("drop_after_storing"):
            self._run_cron()
        self.assertEqual(move.maventa_state, "unknown")
        self.assertEqual(settings(), set(), "perhaps Maventa has it")
        self._run_cron()
        self.assertEqual(settings(), set())

    def test_peppol_is_not_proposed_while_enabled(self):
        move, send = self._invoice(), self.env["account.move.send"]
        partner = self.registry["account.move.send"]
        original = partner._get_default_sending_methods
        base = "odoo.addons.account.models.account_move_send.AccountMoveSend"
        with patch(f"{base}._get_default_sending_methods", lambda _s, _m: {"peppol"}):
            self.assertEqual(original(send, move), set())
            self.company.maventa_enabled = False
            self.assertEqual(original(send, move), {"peppol"})

    def test_scheduled_mail_of_carried_invoice_is_dropped(self):
        moves = self._invoice() | self._invoice()
        wizard = (
            self.env["account.move.send.batch.wizard"]
            .with_user(self.accountant)
            .create({"move_ids": [Command.set(moves.ids)]})
        )
        self.assertEqual(wizard.summary_data["email"]["count"], 2)
        wizard.action_send_and_print()
        self.assertTrue(all(moves.mapped("sending_data")))
        carried, other = moves
        self._to_transfer(carried)
        with self.enter_registry_test_mode():
            self.env.ref("account.ir_cron_account_move_send").method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(self._mails(carried))
        self.assertTrue(self._mails(other))
        self.assertFalse(any(moves.mapped("sending_data")))

    def test_batch_leaves_out_carried_invoices(self):
        carried, other = self._invoice(), self._invoice()
        self._to_transfer(carried)
        wizard = self.env["account.move.send.batch.wizard"].create(
            {"move_ids": [Command.set((carried | other).ids)]}
        )
        self.assertEqual(wizard.summary_data["email"]["count"], 1)

    def test_rejected_invoice_can_be_mailed(self):
        move = self._to_transfer(self._invoice())
        with self._fault("invoice_refused"):
            self._run_cron()
        self.assertIn("email", self._wizard(move).sending_methods)

    def test_earlier_pdf_is_not_uploaded(self):
        move = self._invoice()
        self.env["account.move.send"]._generate_and_send_invoices(
            move, sending_methods=set()
        )
        earlier = move.invoice_pdf_report_id
        self.assertTrue(earlier)
        earlier.raw = b"%PDF-1.4 an earlier print %%EOF"
        move.with_user(self.accountant).action_maventa_confirm()
        self._run_cron()
        [held] = self.simulator.held_invoices()
        self.assertNotIn(b"earlier print", held.pdfs[0])

    def test_earlier_pdf_is_not_uploaded_from_the_dialog(self):
        move = self._invoice()
        self.env["account.move.send"]._generate_and_send_invoices(
            move, sending_methods=set()
        )
        move.invoice_pdf_report_id.raw = b"%PDF-1.4 an earlier print %%EOF"
        wizard = self._wizard(move)
        wizard.sending_methods = ["maventa"]
        wizard.action_send_and_print()
        [held] = self.simulator.held_invoices()
        self.assertNotIn(b"earlier print", held.pdfs[0])
