import pathlib

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..maventa_api import SetupError
from .common import ACCOUNTANT, MaventaCommon

NEUTRALIZE = pathlib.Path(__file__).parent.parent / "data" / "neutralize.sql"


@tagged("post_install", "-at_install")
class TestAccount(MaventaCommon):
    def test_a_checked_account_says_whose_it_is(self):
        self.assertEqual(self.company.maventa_account_state, "verified")
        self.assertIn(self.company.vat, self.company.maventa_account_name)
        self.assertEqual(self.company.maventa_admin_id, self.env.user)

    def test_blanks_around_the_keys_are_stripped(self):
        self.company.write(
            {
                "maventa_user_api_key": f"  {self.account.user_api_key} ",
                "maventa_company_uuid": f"\t{self.account.company_uuid}\n",
            }
        )
        self.company.action_maventa_check()
        self.assertEqual(self.company.maventa_account_state, "verified")

    def test_a_wrong_key_is_refused_in_words(self):
        self.company.maventa_user_api_key = "wrong"
        with self.assertRaisesRegex(UserError, "does not accept.*Invalid credentials"):
            self.company.action_maventa_check()

    def test_what_is_no_uuid_is_said_before_maventa_is_asked(self):
        self.simulator.requests.clear()
        self.company.maventa_company_uuid = "our-company"
        with self.assertRaisesRegex(UserError, "32 digits"):
            self.company.action_maventa_check()
        self.assertFalse(self.simulator.requests)

    def test_missing_keys_are_named(self):
        self.company.maventa_user_api_key = False
        with self.assertRaisesRegex(UserError, "not complete"):
            self.company.action_maventa_check()

    def test_the_keys_of_another_company_are_refused(self):
        foreign = self.simulator.add_account(name="Vieras Oy", bid="9123456-5")
        self.company.write(
            {
                "maventa_company_uuid": foreign.company_uuid,
                "maventa_user_api_key": foreign.user_api_key,
            }
        )
        with self.assertRaisesRegex(UserError, "another company.*Vieras Oy"):
            self.company.action_maventa_check()
        self.assertEqual(self.company.maventa_account_state, "none")

    def test_a_disabled_account_is_refused(self):
        self.simulator.change_company(self.account.company_uuid, disabled=True)
        with self.assertRaisesRegex(UserError, "disabled"):
            self.company.action_maventa_check()

    def test_maventas_unfinished_first_steps_are_told_and_stop_nothing(self):
        uuid = self.account.company_uuid
        self.simulator.change_company(uuid, wizard_done=False)
        toast = self.company.action_maventa_check()
        self.assertEqual(toast["params"]["type"], "warning")
        self.assertIn("first steps", toast["params"]["message"])
        self.assertEqual(self.company.maventa_account_state, "verified")
        self.simulator.change_company(uuid, wizard_done=True)
        toast = self.company.action_maventa_check()
        self.assertEqual(toast["params"]["type"], "success")

    def test_new_keys_have_to_be_checked_anew(self):
        self.company.maventa_user_api_key = "another"
        self.assertEqual(self.company.maventa_account_state, "none")
        self.assertTrue(self.company.maventa_enabled)
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.assertEqual(move.maventa_state, "queued")
        self.assertFalse(self.simulator.requests["create_invoice"])

    def test_a_transfer_of_one_account_is_not_taken_up_by_another(self):
        move = self._to_transfer(self._invoice())
        with self._fault("drop_after_storing"):
            self._run_cron()
        self._connect(self.company)
        self._run_cron()
        self.assertEqual(move.maventa_state, "unknown")
        self.assertEqual(len(self._held()), 1)

    def test_keys_are_for_administrators_only(self):
        manager = new_test_user(
            self.env, "manager", groups=f"{ACCOUNTANT},account.group_account_manager"
        )
        for user in (self.accountant, manager):
            company = self.company.with_user(user)
            for name in ("maventa_user_api_key", "maventa_company_uuid"):
                with self.assertRaises(AccessError):
                    company.read([name])
            settings = self.env["res.config.settings"].with_user(user)
            shown = settings.fields_get()
            self.assertNotIn("maventa_user_api_key", shown)
            self.assertNotIn("maventa_vendor_api_key", shown)

    def test_the_accountant_cannot_change_the_account(self):
        with self.assertRaises(AccessError):
            self.company.with_user(self.accountant).action_maventa_check()

    def test_keys_are_in_no_record_that_others_read(self):
        move = self._to_transfer(self._invoice())
        with self._fault("drop_after_storing"):
            self._run_cron()
        self._run_cron()
        transfer = move.maventa_transfer_id.with_user(self.accountant)
        shown = str(transfer.read()) + str(move.message_ids.mapped("body"))
        for secret in (self.account.user_api_key, self.account.company_uuid):
            self.assertNotIn(secret, shown)

    def test_a_copied_company_has_no_keys_and_no_switch(self):
        for name, field in self.company._fields.items():
            if name.startswith("maventa_") and field.store:
                kept = name in (
                    "maventa_environment",
                    "maventa_format",
                    "maventa_on_posting",
                    "maventa_send_email",
                    "maventa_send_pdf",
                    "maventa_warn_days",
                )
                self.assertTrue(kept or not field.copy, name)

    def test_demo_never_leaves_this_machine(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("account_maventa.simulator_url", "https://example.com")
        original = self.registry["res.company"]._maventa_demo_session
        with self.assertRaises(SetupError) as caught:
            original(self.company, None)
        self.assertEqual(caught.exception.code, "simulator_not_local")

    def test_real_environments_go_to_maventa_whatever_the_parameter_says(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("account_maventa.simulator_url", "http://127.0.0.1:1")
        parameters.set_param("account_maventa.vendor_api_key", "vendor")
        for environment, host in (("test", "ax-stage"), ("production", "ax")):
            self.company.write(
                {
                    "maventa_environment": environment,
                    "maventa_company_uuid": "uuid",
                    "maventa_user_api_key": "key",
                }
            )
            with self.company._maventa_client() as client:
                adapters = list(client._exchange._session.adapters)
            self.assertEqual(adapters, [f"https://{host}.maventa.com/"])

    def test_without_a_vendor_key_nothing_goes_to_the_real_service(self):
        self.company.maventa_environment = "production"
        with self.assertRaises(SetupError) as caught:
            self.company._maventa_client()
        self.assertEqual(caught.exception.code, "keys_missing")

    def test_a_neutralised_copy_sends_nothing(self):
        move = self._to_transfer(self._invoice())
        self.env.flush_all()
        self.env.cr.execute(NEUTRALIZE.read_text())
        self.env.invalidate_all()
        self.assertEqual(self.company.maventa_environment, "demo")
        self.assertFalse(self.company.maventa_user_api_key)
        self.assertFalse(self.company.maventa_company_uuid)
        self.assertFalse(self.company.maventa_enabled)
        self._run_cron()
        self.assertEqual(move.maventa_state, "queued")
        self.assertFalse(self.simulator.requests)

    def test_where_maventa_is_not_the_settings_have_nothing(self):
        self.company.country_id = self.env.ref("base.pt")
        settings = self.env["res.config.settings"]
        self.assertTrue(settings.create({}).maventa_is_account_company)
        self.company.maventa_account_state = "none"
        self.assertFalse(settings.create({}).maventa_is_account_company)
        self.company.country_id = self.env.ref("base.se")
        self.assertTrue(settings.create({}).maventa_is_account_company)

    def test_the_settings_show_and_change_the_account(self):
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.maventa_is_account_company)
        self.assertTrue(settings.maventa_simulator_is_inside)
        settings.maventa_send_pdf = False
        settings.execute()
        self.assertFalse(self.company.maventa_send_pdf)
        self.assertEqual(self.company.maventa_account_state, "verified")
        toast = settings.action_maventa_check()
        self.assertEqual(toast["params"]["type"], "success")
