from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from .common import ACCOUNTANT, MaventaCommon


@tagged("post_install", "-at_install")
class TestAccountChange(MaventaCommon):
    """Another environment, company UUID or tax number make another account."""

    def test_company_without_account_is_not_configured(self):
        company = self.setup_other_company(name="Uusi Oy")["company"]
        self.assertFalse(company.maventa_account_id)
        with self.assertRaisesRegex(UserError, "not configured"):
            company._maventa_account_in_use()
        settings = self.env["res.config.settings"].with_company(company).create({})
        self.assertFalse(settings.maventa_environment)
        self.assertFalse(settings.maventa_account_state)

    def test_other_company_uuid_makes_another_account(self):
        first = self.account
        self._connect(self.company)
        self.assertNotEqual(self.account, first)
        self.assertTrue(self.account.is_in_use)
        self.assertFalse(first.is_in_use)
        self.assertEqual(first.state, "verified")
        self.assertTrue(first.user_api_key)

    def test_other_environment_makes_another_account(self):
        first = self.account
        uuid, key = first.company_uuid, first.user_api_key
        account = self.company._maventa_configure("test", uuid, key)
        self.assertNotEqual(account, first)
        self.assertEqual(account.environment, "test")
        self.assertEqual(account.state, "unchecked")
        self.assertFalse(account.company_uuid, "keys belong to their environment")
        self.assertFalse(account.user_api_key)
        self.assertEqual(first.environment, "demo")
        self.assertEqual(self.company._maventa_configure("demo"), first)

    def test_other_tax_number_makes_another_account(self):
        first = self.account
        self.company.vat = "FI91234565"
        self.assertNotEqual(self.account, first)
        self.assertEqual(self.account.environment, "demo")
        self.assertEqual(self.account.state, "unchecked")
        self.company.vat = "FI23456780"
        self.assertEqual(self.account, first)

    def test_same_tax_number_in_another_spelling_keeps_the_account(self):
        first = self.account
        self.company.vat = False
        self.company.company_registry = "2345678-0"
        self.assertEqual(self.account, first)

    def test_empty_environment_is_not_configured_and_keeps_the_account(self):
        first = self.account
        self.company._maventa_configure(False)
        self.assertFalse(self.account)
        self.assertTrue(first.exists())
        move = self._invoice()
        move.maventa_status_id = self._status("to_transfer")
        self._run_cron()
        self.assertFalse(move.maventa_transfer_ids)
        self._use(self.company, self.remote)
        self.assertEqual(self.account, first)
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")

    def test_unchecked_account_is_corrected_in_place(self):
        company = self.setup_other_company(name="Uusi Oy")["company"]
        account = company._maventa_configure("test", "", "")
        self.assertEqual(company._maventa_configure("demo", "typo", "key"), account)
        self.assertEqual(company._maventa_configure("demo", "uuid", "key"), account)
        self.assertEqual(
            (account.environment, account.company_uuid, account.user_api_key),
            ("demo", "uuid", "key"),
        )

    def test_identity_of_a_used_account_cannot_be_changed(self):
        for values in ({"company_uuid": "other"}, {"environment": "production"}):
            with self.assertRaisesRegex(UserError, "make another account"):
                self.account.write(values)

    def test_settings_select_the_account_in_one_step(self):
        first = self.account
        other = self.simulator.add_account(name="Toinen", bid=self.company.vat)
        values = {
            "maventa_user_api_key": other.user_api_key,
            "maventa_company_uuid": other.company_uuid,
        }
        self.env["res.config.settings"].create(values).execute()
        self.assertNotEqual(self.account, first)
        self.assertEqual(self.account.user_api_key, other.user_api_key)
        self.assertEqual(first.user_api_key, self.remote.user_api_key)
        self.env["res.config.settings"].create(
            {
                "maventa_user_api_key": "key",
                "maventa_company_uuid": "uuid",
                "maventa_environment": "test",
            }
        )
        self.assertEqual(
            (self.account.environment, self.account.company_uuid), ("test", "uuid")
        )
        self.assertEqual(self.account.user_api_key, "key")

    # The form sends every value that it shows, as the browser does.

    def _choose(self, company, environment):
        """Choose an environment on the settings page, and save."""
        company.tax_exigibility = True  # or the page warns of taxes of Odoo's tests
        settings = self.env["res.config.settings"].with_company(company)
        with Form(settings) as form:
            form.maventa_environment = environment
        form.record.execute()
        return company.maventa_account_id

    def test_first_environment_is_chosen_on_the_page(self):
        company = self.setup_other_company(name="Uusi Oy")["company"]
        account = self._choose(company, "demo")
        self.assertEqual(account.environment, "demo")
        self.assertEqual(account.receive_format, "FINVOICE30")
        self.assertTrue(account.drafts_unreadable, "its default")
        self.assertFalse(self._choose(company, False))
        self.assertEqual(self._choose(company, "demo"), account)
        self.assertTrue(account.drafts_unreadable)

    def test_another_account_does_not_get_what_the_page_shows_of_the_earlier_one(self):
        first = self.account
        first.write({"receives": True, "receive_format": "PEPPOLBIS30"})
        first.write({"drafts_unreadable": False, "detects": True})
        other = self._choose(self.company, "test")
        self.assertEqual(other.environment, "test")
        self.assertEqual(
            (other.receives, other.detects, other.receive_format),
            (False, False, "FINVOICE30"),
        )
        self.assertTrue(other.drafts_unreadable)
        self.assertTrue(first.receives)

    def test_settings_of_the_account_are_saved_from_the_page(self):
        self.company.tax_exigibility = True
        with Form(self.env["res.config.settings"]) as form:
            form.maventa_receives = True
            form.maventa_drafts_unreadable = False
        form.record.execute()
        self.assertTrue(self.account.receives)
        self.assertFalse(self.account.drafts_unreadable)

    def test_accounts_of_other_companies_are_hidden(self):
        other = self.setup_other_company(name="Vieras Oy")["company"]
        stranger = new_test_user(
            self.env,
            "stranger",
            groups=ACCOUNTANT,
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        accounts = self.env["maventa.account"]
        self.assertFalse(accounts.with_user(stranger).search([]))
        self.assertTrue(accounts.with_user(self.accountant).search([]))
