from odoo.tests import tagged

from .common import MaventaCommon

LONG = "<b>Refused</b> because " + "of this and that, " * 40 + "and the end."


@tagged("post_install", "-at_install")
class TestLongErrors(MaventaCommon):
    """Very long words of Maventa: short where people glance, whole in the log."""

    def setUp(self):
        super().setUp()
        self.company.maventa_notify_emails = "a@example.com"

    def _failed(self, text):
        move = self._to_transfer(self._invoice())
        move.sudo().maventa_transfer_id._fail("rejected", text)
        return move

    def test_long_error_is_shortened_outside_of_the_log(self):
        move = self._failed(LONG)
        self._run_cron()
        mail = self.env["mail.mail"].search([("email_to", "=", "a@example.com")])
        shown = {
            "banner": move.alerts["maventa_error"]["message"],
            "mail": mail.body_html,
            "activity": move.activity_ids.note,
        }
        for place, text in shown.items():
            with self.subTest(place):
                self.assertIn("this and that", text)
                self.assertIn("log of transfers", text)
                self.assertNotIn("and the end.", text)
        self.assertNotIn("<b>", shown["mail"] + shown["activity"])
        self.assertEqual(move.maventa_transfer_id.error, LONG)
        self.assertEqual(move.maventa_transfer_id.history[-1][2], LONG)
        self.assertIn("and the end.", " ".join(move.message_ids.mapped("body")))

    def test_long_delay_reason_is_shortened(self):
        move = self._to_transfer(self._invoice())
        move.sudo().maventa_transfer_id.error = LONG
        message = move.alerts["maventa_delay"]["message"]
        self.assertNotIn("and the end.", message)

    def test_short_error_is_not_changed(self):
        move = self._failed("Wrong.\nAnd more.")
        message = move.alerts["maventa_error"]["message"]
        self.assertTrue(message.startswith("Wrong.\nAnd more.\n"), message)
        self.assertIn("Wrong.<br>And more.", move.activity_ids.note)
