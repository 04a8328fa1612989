from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestSendingMethods(MaventaCommon):
    """Posting and Odoo's send dialog set the transfer status as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner_a.invoice_sending_method = False

    def _wizard(self, move):
        wizards = self.env["account.move.send.wizard"].with_user(self.accountant)
        return wizards.create({"move_id": move.id})

    def test_posting_sets_no_status_by_default(self):
        self.assertFalse(self._invoice().maventa_status_id)

    def test_posting_queues_when_configured(self):
        self.company.maventa_on_posting = True
        invoice, note = self._invoice(), self._invoice(move_type="out_refund")
        for move in (invoice, note):
            self.assertEqual(move.maventa_status_id, self._status("to_transfer"))
            self.assertEqual(move.maventa_state, "queued")
        bill = self.init_invoice("in_invoice", post=True, amounts=[10])
        self.assertFalse(bill.maventa_status_id)

    def test_customer_with_other_method_is_not_queued(self):
        self.company.maventa_on_posting = True
        self.partner_a.invoice_sending_method = "manual"
        self.assertFalse(self._invoice().maventa_status_id)
        self.partner_a.invoice_sending_method = "maventa"
        self.assertEqual(self._invoice().maventa_state, "queued")

    def test_posting_sets_no_status_while_off(self):
        self.company.write({"maventa_on_posting": True, "maventa_enabled": False})
        self.assertFalse(self._invoice().maventa_status_id)

    def test_failed_invoice_posted_again_is_queued(self):
        move = self._to_transfer(self._invoice())
        with self._fault("invoice_refused"):
            self._run_cron()
        self.company.maventa_on_posting = True
        move.maventa_status_id = False
        move.button_draft()
        move.action_post()
        self.assertEqual(move.maventa_state, "queued")

    def test_send_dialog_sets_the_status(self):
        self.partner_a.invoice_sending_method = "maventa"
        move = self._invoice()
        wizard = self._wizard(move)
        self.assertEqual(wizard.sending_methods, ["maventa"])
        self.assertEqual(list(wizard.alerts), ["maventa_demo"])
        wizard.action_send_and_print()
        self.assertEqual(move.maventa_status_id, self._status("after_transfer"))
        self.assertEqual(move.maventa_transfer_id.create_uid, self.accountant)
        self.assertEqual(move.maventa_state, "accepted")
        self.assertEqual(self.simulator.requests["create_invoice"], 1)
        [pdf] = self._held()[move.name].pdfs
        self.assertEqual(pdf, move.sudo().invoice_pdf_report_id.raw, "made once")

    def test_batch_dialog_sets_status_as_its_user(self):
        self.partner_a.invoice_sending_method = "maventa"
        moves = self._invoice() | self._invoice()
        wizard = (
            self.env["account.move.send.batch.wizard"]
            .with_user(self.accountant)
            .create({"move_ids": [Command.set(moves.ids)]})
        )
        self.assertEqual(wizard.summary_data["maventa"]["count"], 2)
        wizard.action_send_and_print()
        self.assertFalse(moves.maventa_status_id)
        with self.enter_registry_test_mode():
            self.env.ref("account.ir_cron_account_move_send").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(set(moves.mapped("maventa_state")), {"queued"})
        self.assertEqual(moves.maventa_transfer_ids.create_uid, self.accountant)

    def test_batch_dialog_leaves_out_refused_invoices(self):
        self.partner_a.invoice_sending_method = "maventa"
        sent = self._to_transfer(self._invoice())
        self._run_cron()
        wizards = self.env["account.move.send.batch.wizard"]
        moves = sent | self._invoice()
        wizard = wizards.create({"move_ids": [Command.set(moves.ids)]})
        self.assertEqual(wizard.summary_data["maventa"]["count"], 1)

    def test_chatter_explains_missing_transfer(self):
        move = self._invoice()
        self.company.maventa_enabled = False
        self.env["account.move.send"]._generate_and_send_invoices(
            move, sending_methods={"maventa"}
        )
        self.assertFalse(move.maventa_status_id)
        self.assertIn("switched off", " ".join(move.message_ids.mapped("body")))

    def test_second_sending_method_is_refused(self):
        wizard = self._wizard(self._invoice())
        wizard.sending_method_checkboxes = {
            "email": {"checked": True},
            "maventa": {"checked": True},
        }
        self.assertEqual(wizard.alerts["maventa_one_method"]["level"], "danger")
        with self.assertRaisesRegex(UserError, "no other sending method"):
            wizard.action_send_and_print()

    def test_programmatic_sending_uses_maventa_only(self):
        move = self._invoice()
        self.env["account.move.send"]._generate_and_send_invoices(
            move, sending_methods={"email", "maventa"}
        )
        self.assertEqual(move.maventa_state, "queued")
        mails = move.message_ids.filtered(
            lambda message: message.message_type == "comment"
        )
        self.assertFalse(mails)

    def test_held_invoice_is_refused_with_reason(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        wizard = self._wizard(move)
        wizard.sending_method_checkboxes = {"maventa": {"checked": True}}
        self.assertIn("not sent twice", wizard.alerts["maventa_refused"]["message"])
        with self.assertRaisesRegex(UserError, "not sent twice"):
            wizard.action_send_and_print()
        self.env["account.move.send"]._generate_and_send_invoices(
            move, sending_methods={"maventa"}
        )
        self.assertIn("not sent twice", move.message_ids[0].body)
        self.assertEqual(len(move.maventa_transfer_ids), 1)

    def test_method_is_offered_only_while_enabled(self):
        self.assertIn(
            "maventa", self._wizard(self._invoice()).sending_method_checkboxes
        )
        self.company.maventa_enabled = False
        self.assertNotIn(
            "maventa", self._wizard(self._invoice()).sending_method_checkboxes
        )
