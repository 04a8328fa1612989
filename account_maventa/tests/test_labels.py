from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common import MaventaCommon

RAW = ("EINVOICE", "EMAIL", "PRINT", "DELIVERED", "PEPPOLBIS30")


@tagged("post_install", "-at_install")
class TestLabels(MaventaCommon):
    """People read words of their language, and Maventa's own only in the details."""

    def _delivered(self):
        self.company.maventa_send_email = False
        self.simulator.polls_until_routed = 0
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "delivered")
        return move

    def test_users_see_no_codes_or_uuids(self):
        move = self._delivered()
        transfer = move.maventa_transfer_id
        told = " ".join(move.message_ids.mapped("body"))
        told = html2plaintext(told + str(move.maventa_timeline))
        self.assertIn("E-invoice", told)
        for word in (*RAW, transfer.uuid, transfer.uuid[:8]):
            self.assertNotIn(word, told)

    def test_log_has_labels_and_codes(self):
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

    def test_unknown_code_is_shown_in_quotes(self):
        transfer = self._delivered().maventa_transfer_id
        transfer.sudo().write({"destination": "FAX", "remote_status": "PROCESSING"})
        self.assertEqual(transfer.destination_label, '"FAX"')
        self.assertEqual(transfer.remote_status_label, '"PROCESSING"')
        transfer.sudo().write({"destination": False, "document_format": "OIOUBL"})
        self.assertEqual(transfer.destination_label, "")
        self.assertEqual(transfer.document_format_label, '"OIOUBL"')

    def test_attempt_is_named_by_its_number(self):
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

    def test_authentication_code_has_label(self):
        self.account.auth_state = "SIGNED"
        verified = self.env["res.config.settings"].create({})
        self.assertFalse(verified.maventa_auth_label)
        self.account.state = "unverified"
        for said, label in (
            ("SIGNED", "Signed, not yet confirmed by Maventa"),
            ("EXPIRED", '"EXPIRED"'),
            (False, ""),
        ):
            self.account.auth_state = said
            settings = self.env["res.config.settings"].create({})
            self.assertEqual(settings.maventa_auth_label, label)

    def test_late_failure_is_not_called_untransferred(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.simulator.polls_until_routed = 0
        with self._fault("delivery_fails"):
            self._run_cron("follow_up")
        told = html2plaintext(" ".join(move.message_ids.mapped("body")))
        self.assertIn("Maventa could not deliver it: No routing", told)
        self.assertNotIn("Not transferred", told)
