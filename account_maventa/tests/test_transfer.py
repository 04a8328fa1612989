import hashlib
from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PDF, MaventaCommon


@tagged("post_install", "-at_install")
class TestTransfer(MaventaCommon):
    def test_invoices_and_credit_note_are_uploaded(self):
        invoices = [self._invoice(price=price) for price in (100, 200, 300)]
        note = self._invoice(move_type="out_refund", price=50)
        moves = self._to_transfer(*invoices, note)
        self.assertEqual(moves.maventa_status_id, self._status("to_transfer"))
        self.assertEqual(set(moves.mapped("maventa_state")), {"queued"})
        self._run_cron()
        self.assertEqual(moves.maventa_status_id, self._status("after_transfer"))
        self.assertEqual(set(moves.mapped("maventa_state")), {"accepted"})
        held = self._held()
        self.assertEqual(held.keys(), set(moves.mapped("name")))
        for move in moves:
            invoice = held[move.name]
            self.assertEqual(invoice.uuid, move.maventa_transfer_id.uuid)
            self.assertEqual(invoice.pdfs, (PDF,))
            self.assertEqual(invoice.sum, Decimal(str(move.amount_untaxed)))
            self.assertEqual(invoice.sum_tax, Decimal(str(move.amount_total)))
        self.assertEqual(held[note.name].document, "CreditNote")
        self.assertEqual(self.simulator.requests["create_invoice"], 4)
        self.assertEqual(self.simulator.requests["token"], 0, "one token for all")

    def test_sent_bytes_are_kept(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        transfer, [held] = move.maventa_transfer_id, self.simulator.held_invoices()
        self.assertEqual(transfer.attachment_id.raw, held.file)
        self.assertEqual(transfer.sha256, hashlib.sha256(held.file).hexdigest())
        self.assertEqual(transfer.create_uid, self.accountant)
        self.assertEqual(transfer.attempts, 1)
        self.assertEqual(transfer.actions[0][1], "CREATED")
        self.assertIn("CREATED", transfer.actions_text)
        self.assertTrue(move.is_move_sent, "the status after transfer counts as sent")

    def test_second_run_uploads_nothing(self):
        self._to_transfer(self._invoice())
        self._run_cron()
        self._run_cron()
        self.assertEqual(self.simulator.requests["create_invoice"], 1)
        self.assertEqual(len(self._held()), 1)

    def test_accountant_transfers_now_and_refreshes(self):
        self.simulator.polls_until_routed = 0
        move = self._to_transfer(self._invoice())
        move = move.with_user(self.accountant)
        toast = move.action_maventa_transfer_now()
        self.assertEqual(move.maventa_state, "accepted")
        self.assertEqual(toast["params"]["type"], "success")
        move.action_maventa_refresh()
        self.assertEqual(move.maventa_state, "delivered")
        self.assertEqual(move.maventa_transfer_id.destination, "EINVOICE")
        self.assertTrue(move.maventa_transfer_id.finished_at)

    def test_accountant_cannot_write_transfers(self):
        move = self._to_transfer(self._invoice())
        transfer = move.maventa_transfer_id.with_user(self.accountant)
        self.assertEqual(transfer.state, "queued")
        with self.assertRaises(UserError):
            transfer.state = "delivered"
        with self.assertRaises(AccessError):
            transfer.check_access("write")
        with self.assertRaises(AccessError):
            transfer.unlink()
        with self.assertRaises(UserError):
            transfer.create({"move_id": move.id})
        with self.assertRaises(AccessError):
            transfer.check_access("create")

    def test_sent_bytes_are_read_only(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        transfer = move.maventa_transfer_id.with_user(self.accountant)
        url = transfer.action_open_document()["url"]
        self.assertIn(str(transfer.attachment_id.id), url)
        self.assertTrue(transfer.attachment_id.raw)
        with self.assertRaises(AccessError):
            transfer.attachment_id.raw = b"other"

    def test_attempted_transfer_cannot_be_deleted(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            move.sudo().maventa_transfer_id.unlink()

    def test_switching_on_sends_waiting_invoices(self):
        self.company.maventa_enabled = False
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.assertFalse(move.maventa_state)
        self.assertFalse(self._held())
        self.company.maventa_enabled = True
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")

    def test_switched_off_sends_nothing(self):
        move = self._to_transfer(self._invoice())
        self.company.maventa_enabled = False
        self._run_cron()
        self.assertEqual(move.maventa_state, "queued")
        self.assertFalse(self._held())
        with self.assertRaisesRegex(UserError, "switched off"):
            move.action_maventa_transfer_now()

    def test_email_off_disables_the_route(self):
        self.company.maventa_send_email = False
        self._to_transfer(self._invoice())
        self._run_cron()
        [held] = self.simulator.held_invoices()
        self.assertEqual(held.disabled_routes, ("email",))
        self.assertFalse(held.recipient_email)
        self.assertNotIn(b"jaa@example.com", held.file, "Maventa would use it")

    def test_email_on_uploads_the_address(self):
        self._to_transfer(self._invoice())
        self._run_cron()
        [held] = self.simulator.held_invoices()
        self.assertEqual(held.disabled_routes, ())
        self.assertEqual(held.recipient_email, "jaa@example.com")

    def test_pdf_off_sends_data_only(self):
        self.company.maventa_send_pdf = False
        self._to_transfer(self._invoice())
        self._run_cron()
        [held] = self.simulator.held_invoices()
        self.assertEqual(held.pdfs, ())
        self.assertNotIn(b"EmbeddedDocumentBinaryObject", held.file)
