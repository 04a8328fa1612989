from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestPrint(MaventaCommon):
    """Maventa's print service: Maventa keeps the settings, we show them."""

    def setUp(self):
        super().setUp()
        self.simulator.change_company(self.remote.company_uuid, print=None)
        self.account.print_checked_at = False  # as if Maventa had not been asked

    def test_print_settings_are_switched_and_shown(self):
        company = self.company
        company.maventa_account_id.action_print_refresh()
        self.assertFalse(company.maventa_account_id.print_own_pdf)
        self.assertTrue(company.maventa_account_id.print_checked_at)
        company.maventa_account_id.action_own_pdf_switch()
        self.assertTrue(company.maventa_account_id.print_own_pdf)
        self.assertFalse(
            company.maventa_account_id.print_enabled, "the other one stays"
        )
        company.maventa_account_id.action_print_switch()
        self.assertTrue(company.maventa_account_id.print_enabled)
        company.maventa_account_id.action_own_pdf_switch()
        self.assertFalse(company.maventa_account_id.print_own_pdf)
        self.assertTrue(company.maventa_account_id.print_enabled)

    def test_remote_change_of_print_settings_is_shown(self):
        self.simulator.change_company(
            self.remote.company_uuid, print={"enabled": True, "use_own_pdf": True}
        )
        self.account.action_print_refresh()
        self.assertTrue(self.account.print_own_pdf)

    def test_changed_key_resets_print_settings(self):
        self.account.action_own_pdf_switch()
        self.company.maventa_enabled = False
        self.account.user_api_key = "another"
        self.assertFalse(self.account.print_own_pdf)
        with self.assertRaisesRegex(UserError, "Check account"):
            self.account.action_print_refresh()

    def test_outage_changes_no_print_setting(self):
        with self._fault("bad_gateway"), self.assertRaises(UserError):
            self.account.action_own_pdf_switch()
        self.assertFalse(self.account.print_own_pdf)

    def _warning(self, **values):
        return self.env["res.config.settings"].new(values).maventa_print_warning

    def test_settings_warn_about_missing_print_service(self):
        wanted = {"maventa_send_email": False}
        self.assertFalse(self._warning(**wanted), "nobody has asked Maventa")
        self.account.action_print_refresh()
        self.assertFalse(self._warning(), "e-mail takes its place")
        self.assertIn("print service is off", self._warning(**wanted))
        self.account.action_print_switch()
        self.assertFalse(self._warning(**wanted))

    def test_accountant_cannot_change_print_settings(self):
        with self.assertRaises(AccessError):
            self.account.with_user(self.accountant).action_own_pdf_switch()

    def test_email_off_disables_route_and_hides_the_address(self):
        self.company.maventa_send_email = False
        nowhere = {"vat": False, "company_registry": False, "peppol_endpoint": False}
        self.partner_a.write(nowhere)
        move = self._to_transfer(self._invoice())
        self._run_cron()
        sent = move.maventa_transfer_id.attachment_id.raw
        self.assertNotIn(b"jaa@example.com", sent, "Maventa would use it")
        held = self._held()[move.name]
        self.assertEqual(held.disabled_routes, ("email",))
        self.assertEqual(held.recipient_email, "")
        self.simulator.polls_until_routed = 0
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_transfer_id.destination, "PRINT")
