from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestPrint(MaventaCommon):
    """Maventa's print service: Maventa keeps the settings, we show them."""

    def setUp(self):
        super().setUp()
        self.simulator.change_company(self.account.company_uuid, print=None)

    def test_own_pdf_is_switched_at_maventa_and_shown(self):
        company = self.company
        company.action_maventa_print_refresh()
        self.assertFalse(company.maventa_print_own_pdf)
        self.assertTrue(company.maventa_print_asked_at)
        company.action_maventa_own_pdf_switch()
        self.assertTrue(company.maventa_print_own_pdf)
        self.assertFalse(company.maventa_print_enabled, "the other one stays")
        company.action_maventa_print_switch()
        self.assertTrue(company.maventa_print_enabled)
        company.action_maventa_own_pdf_switch()
        self.assertFalse(company.maventa_print_own_pdf)
        self.assertTrue(company.maventa_print_enabled)

    def test_what_somebody_changed_in_maventas_pages_is_seen(self):
        self.simulator.change_company(
            self.account.company_uuid, print={"enabled": True, "use_own_pdf": True}
        )
        self.company.action_maventa_print_refresh()
        self.assertTrue(self.company.maventa_print_own_pdf)

    def test_other_keys_forget_it(self):
        self.company.action_maventa_own_pdf_switch()
        self.company.maventa_enabled = False
        self.company.maventa_user_api_key = "another"
        self.assertFalse(self.company.maventa_print_own_pdf)
        with self.assertRaisesRegex(UserError, "Check account"):
            self.company.action_maventa_print_refresh()

    def test_an_outage_is_told_and_changes_nothing(self):
        with self._fault("bad_gateway"), self.assertRaises(UserError):
            self.company.action_maventa_own_pdf_switch()
        self.assertFalse(self.company.maventa_print_own_pdf)

    def _warning(self, **values):
        return self.env["res.config.settings"].new(values).maventa_print_warning

    def test_print_that_is_wanted_but_off_is_warned_of(self):
        wanted = {"maventa_send_email": False}
        self.assertFalse(self._warning(**wanted), "nobody has asked Maventa")
        self.company.action_maventa_print_refresh()
        self.assertFalse(self._warning(), "e-mail takes its place")
        self.assertIn("print service is off", self._warning(**wanted))
        self.company.action_maventa_print_switch()
        self.assertFalse(self._warning(**wanted))

    def test_an_accountant_may_not(self):
        with self.assertRaises(AccessError):
            self.company.with_user(self.accountant).action_maventa_own_pdf_switch()

    def test_email_off_forbids_it_although_the_document_has_the_address(self):
        self.company.maventa_send_email = False
        nowhere = {"vat": False, "company_registry": False, "peppol_endpoint": False}
        self.partner_a.write(nowhere)
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.assertIn(b"jaa@example.com", move.maventa_transfer_id.attachment_id.raw)
        held = self._held()[move.name]
        self.assertEqual(held.disabled_routes, ("email",))
        self.assertEqual(held.recipient_email, "")
        self.simulator.polls_until_routed = 0
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_transfer_id.destination, "PRINT")
