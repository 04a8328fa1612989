from unittest.mock import patch

from odoo.tests import Form, new_test_user, tagged

from ..services import time_budget
from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestLookup(MaventaCommon):
    """The look-up tells what will happen, and leaves it on the customer."""

    def _look_up(self, partners):
        action = partners.with_user(self.accountant).action_maventa_lookup_all()
        return action["params"]["message"]

    def test_business_id_that_maventa_routes_is_an_einvoice(self):
        self.simulator.add_account(name="Jää Oy", bid="1234567-1", vat="FI12345671")
        self.partner_b.write({"vat": False, "peppol_endpoint": False})
        said = self._look_up(self.partner_a | self.partner_b)
        self.assertEqual(self.partner_a.maventa_lookup_result, "einvoice")
        self.assertTrue(self.partner_a.maventa_lookup_at)
        self.assertEqual(self.partner_b.maventa_lookup_result, "none", "print is off")
        self.assertIn("E-invoice", said)
        self.assertIn("Cannot be delivered", said)

    def test_customers_that_time_did_not_suffice_for_come_first_the_next_time(self):
        both = self.partner_a | self.partner_b
        both.maventa_lookup_at = False
        with patch(f"{time_budget.__name__}.BY_HAND", -1):
            self.assertIn("Not yet looked up: 1", self._look_up(both))
            first = both.filtered("maventa_lookup_at")
            self.assertEqual(len(first), 1)
            self._look_up(both)
        self.assertTrue((both - first).maventa_lookup_at)
        self.assertNotIn("Not yet looked up", self._look_up(both))

    def test_swedish_company_is_known_by_the_number_in_its_tax_number(self):
        self.partner_a.write(
            {"country_id": self.env.ref("base.se").id, "vat": "SE202100548901"}
        )
        self._look_up(self.partner_a)
        self.assertEqual(self.partner_a.maventa_lookup_result, "einvoice")

    def test_demo_delivers_by_the_channel_that_the_lookup_told(self):
        self.simulator.polls_until_routed = 0
        self.account.action_print_switch()
        nobody = {"vat": False, "company_registry": False, "peppol_endpoint": False}
        for told, values in (
            ("einvoice", {"vat": "FI12345671"}),
            ("email", {**nobody, "is_company": False}),
            ("print", {**nobody, "is_company": False, "email": False}),
            ("email", {**nobody, "country_id": self.env.ref("base.de").id}),
        ):
            with self.subTest(told):
                self.partner_a.write({"email": "jaa@example.com", **values})
                self._look_up(self.partner_a)
                move = self._to_transfer(self._invoice())
                self._run_cron()
                self._run_cron("follow_up")
                self.assertEqual(self.partner_a.maventa_lookup_result, told)
                way = move.maventa_transfer_id.destination
                self.assertEqual(way.lower(), told)

    def test_customer_without_route_gets_email_or_nothing(self):
        self.partner_a.write({"vat": False, "peppol_endpoint": False})
        self._look_up(self.partner_a)
        self.assertEqual(self.partner_a.maventa_lookup_result, "email")
        self.company.maventa_send_email = False
        self.account.action_print_refresh()
        self._look_up(self.partner_a)
        self.assertEqual(self.partner_a.maventa_lookup_result, "none")

    def test_accountant_sets_the_method_without_developer_mode(self):
        user = new_test_user(
            self.env,
            "clerk",
            groups="account.group_account_invoice,base.group_partner_manager",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        with Form(self.partner_a.with_user(user)) as form:
            form.invoice_sending_method = "maventa"
        self.assertEqual(self.partner_a.invoice_sending_method, "maventa")

    def test_own_pdf_is_hidden_where_maventa_always_prints_it(self):
        settings = self.env["res.config.settings"].create({})
        self.assertFalse(settings.maventa_always_own_pdf)
        self.company.country_id = self.env.ref("base.nl")
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.maventa_always_own_pdf)
