from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestFailureDigest(MaventaCommon):
    """Some hear of failures by e-mail, once."""

    def setUp(self):
        super().setUp()
        self.company.maventa_notify_emails = "a@example.com; b@example.com"

    def _mails(self):
        return self.env["mail.mail"].search([("email_to", "like", "b@example.com")])

    def _fail(self, count=1):
        moves = self._to_transfer(*(self._invoice(price=n + 1) for n in range(count)))
        moves.partner_bank_id = self._wrong_account()
        self._run_cron()
        self.assertEqual(set(moves.mapped("maventa_state")), {"invalid"})
        return moves

    def test_failures_of_a_run_are_one_message(self):
        moves = self._fail(3)
        mail = self._mails()
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.email_to, "a@example.com, b@example.com")
        self.assertEqual(mail.state, "outgoing", "Odoo's queue sends it")
        for move in moves:
            self.assertIn(move.name, mail.body_html)
        self.assertIn("bank account", mail.body_html)
        self._run_cron()
        self.assertEqual(self._mails(), mail, "told once")

    def test_long_digest_is_shortened(self):
        place = "odoo.addons.account_maventa.services.failure_digest"
        with patch(f"{place}.LONGEST_LIST", 1):
            self._fail(3)
        mail = self._mails()
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.body_html.count("<li>"), 1)
        self.assertIn("And 2 more.", mail.body_html)

    def test_each_failure_is_reported_once(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.simulator.polls_until_routed = 0
        with self._fault("delivery_fails"):
            self._run_cron("follow_up")
        self._run_cron()
        self.assertIn("No routing found", self._mails().body_html)
        self._to_transfer(move)
        with self._fault("invoice_refused"):
            self._run_cron()
        self.assertEqual(len(self._mails()), 2)

    def test_corrected_failure_is_not_reported(self):
        move = self._to_transfer(self._invoice())
        bank = move.partner_bank_id
        move.partner_bank_id = self._wrong_account()
        move.with_user(self.accountant).action_maventa_transfer_now()
        self.assertEqual(move.maventa_state, "invalid")
        move.partner_bank_id = bank
        self._to_transfer(move)
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")
        self.assertFalse(self._mails())

    def test_digest_needs_addresses(self):
        self.company.maventa_notify_emails = False
        self._fail()
        self.assertFalse(self._mails())

    def test_remote_text_is_escaped_in_digest(self):
        move = self._to_transfer(self._invoice())
        transfer = move.sudo().maventa_transfer_id
        transfer._fail("rejected", "<script>alert(1)</script>")
        self._run_cron()
        self.assertNotIn("<script>", self._mails().body_html)
        self.assertIn("&lt;script&gt;", self._mails().body_html)

    def test_invalid_email_address_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "nobody"):
            self.company.maventa_notify_emails = "a@example.com, nobody"
