from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common import MaventaCommon

RAW = ("EINVOICE", "EMAIL", "PRINT", "DELIVERED", "PEPPOLBIS30")


@tagged("post_install", "-at_install")
class TestWords(MaventaCommon):
    """People read words of their language, and Maventa's own only in the details."""

    def _delivered(self):
        self.company.maventa_send_email = False
        self.simulator.polls_until_routed = 0
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "delivered")
        return move

    def test_nobody_meets_words_of_the_interface_or_uuids(self):
        move = self._delivered()
        transfer = move.maventa_transfer_id
        told = " ".join(move.message_ids.mapped("body"))
        told = html2plaintext(told + str(move.maventa_timeline))
        self.assertIn("E-invoice", told)
        for word in (*RAW, transfer.uuid, transfer.uuid[:8]):
            self.assertNotIn(word, told)

    def test_the_log_says_it_in_words_and_keeps_maventas_own(self):
        transfer = self._delivered().maventa_transfer_id
        self.assertEqual(
            (
                transfer.destination_label,
                transfer.remote_status_label,
                transfer.document_format_label,
                transfer.disabled_routes_label,
            ),
            ("E-invoice", "Delivered", "Peppol BIS Billing 3", "E-mail"),
        )
        self.assertEqual(
            (transfer.destination, transfer.remote_status, transfer.document_format),
            ("EINVOICE", "DELIVERED", "PEPPOLBIS30"),
        )

    def test_an_unknown_word_is_shown_as_it_is(self):
        transfer = self._delivered().maventa_transfer_id
        transfer.sudo().write({"destination": "FAX", "remote_status": "PROCESSING"})
        self.assertEqual(transfer.destination_label, '"FAX"')
        self.assertEqual(transfer.remote_status_label, '"PROCESSING"')
        transfer.sudo().write({"destination": False, "document_format": "OIOUBL"})
        self.assertEqual(transfer.destination_label, "")
        self.assertEqual(transfer.document_format_label, '"OIOUBL"')

    def test_an_attempt_is_named_by_its_number(self):
        move = self._to_transfer(self._invoice())
        with self._fault("invoice_refused"):
            self._run_cron()
        self._to_transfer(move)
        first, second = move.maventa_transfer_ids.sorted("id")
        self.assertEqual(first.display_name, f"{move.name} / 1")
        self.assertEqual(second.display_name, f"{move.name} / 2")
        told = str(move.maventa_timeline)
        self.assertIn("Attempt 2", told)
        first_told = told[told.index("Attempt 1") :]
        self.assertLess(first_told.index("Requested"), first_told.index("refused"))

    def test_the_authentication_is_told_in_words(self):
        self.company.maventa_auth_state = "SIGNED"
        verified = self.env["res.config.settings"].create({})
        self.assertFalse(verified.maventa_auth_label)
        self.company.maventa_account_state = "unverified"
        for said, label in (
            ("SIGNED", "Signed, not confirmed by Maventa yet"),
            ("EXPIRED", '"EXPIRED"'),
            (False, ""),
        ):
            self.company.maventa_auth_state = said
            settings = self.env["res.config.settings"].create({})
            self.assertEqual(settings.maventa_auth_label, label)

    def test_what_failed_on_its_way_was_transferred(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.simulator.polls_until_routed = 0
        with self._fault("delivery_fails"):
            self._run_cron("follow_up")
        told = html2plaintext(" ".join(move.message_ids.mapped("body")))
        self.assertIn("Maventa could not deliver it: No routing", told)
        self.assertNotIn("Not transferred", told)
