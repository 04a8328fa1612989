import pathlib

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..exceptions import TransferProblem
from ..guards import as_service
from .common import ACCOUNTANT, MaventaCommon

NEUTRALIZE = pathlib.Path(__file__).parent.parent / "data" / "neutralize.sql"


@tagged("post_install", "-at_install")
class TestAccount(MaventaCommon):
    def test_checked_account_shows_its_holder(self):
        self.assertEqual(self.account.state, "verified")
        self.assertIn(self.company.vat, self.account.remote_name)
        self.assertEqual(self.account.admin_id, self.env.user)

    def test_blanks_around_keys_are_stripped(self):
        self.company._maventa_configure(
            "demo", f"\t{self.remote.company_uuid}\n", f"  {self.remote.user_api_key} "
        )
        self.assertEqual(self.account.user_api_key, self.remote.user_api_key)
        self.account.action_check()
        self.assertEqual(self.account.state, "verified")

    def test_wrong_key_raises_readable_error(self):
        self.account.user_api_key = "wrong"
        with self.assertRaisesRegex(UserError, "does not accept.*Invalid credentials"):
            self.account.action_check()

    def test_invalid_company_uuid_is_refused_without_request(self):
        self.simulator.requests.clear()
        self.company._maventa_configure("demo", "our-company")
        with self.assertRaisesRegex(UserError, "32 digits"):
            self.account.action_check()
        self.assertFalse(self.simulator.requests)

    def test_missing_keys_raise_error(self):
        self.account.user_api_key = False
        with self.assertRaisesRegex(UserError, "not complete"):
            self.account.action_check()

    def test_keys_of_another_company_are_refused(self):
        foreign = self.simulator.add_account(name="Vieras Oy", bid="9123456-5")
        self._use(self.company, foreign)
        with self.assertRaisesRegex(UserError, "another company.*Vieras Oy"):
            self.account.action_check()
        self.assertEqual(self.account.state, "unchecked")

    def test_disabled_account_is_refused(self):
        self.simulator.change_company(self.remote.company_uuid, disabled=True)
        with self.assertRaisesRegex(UserError, "disabled"):
            self.account.action_check()

    def test_incomplete_first_steps_only_warn(self):
        uuid = self.remote.company_uuid
        self.simulator.change_company(uuid, wizard_done=False)
        toast = self.account.action_check()
        self.assertEqual(toast["params"]["type"], "warning")
        self.assertIn("first steps", toast["params"]["message"])
        self.assertEqual(self.account.state, "verified")
        self.simulator.change_company(uuid, wizard_done=True)
        toast = self.account.action_check()
        self.assertEqual(toast["params"]["type"], "success")

    def test_changed_key_must_be_checked_again(self):
        self.account.user_api_key = "another"
        self.assertEqual(self.account.state, "unchecked")
        self.assertTrue(self.company.maventa_enabled)
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.assertEqual(move.maventa_state, "queued")
        self.assertFalse(self.simulator.requests["create_invoice"])

    def test_unknown_transfer_is_not_sent_by_another_account(self):
        move = self._to_transfer(self._invoice())
        with self._fault("drop_after_storing"):
            self._run_cron()
        self.assertEqual(move.maventa_state, "unknown")
        self._connect(self.company)
        self._run_cron()
        [held] = self.simulator.held_invoices()
        self.assertEqual(held.company_uuid, self.remote.company_uuid)
        self.assertEqual(self.simulator.requests["create_invoice"], 1)
        self.assertEqual(move.maventa_state, "accepted", "found at its own account")

    def test_keys_are_readable_by_administrators_only(self):
        manager = new_test_user(
            self.env, "manager", groups=f"{ACCOUNTANT},account.group_account_manager"
        )
        for user in (self.accountant, manager):
            account = self.account.with_user(user)
            self.assertEqual(account.state, "verified")
            for name in ("user_api_key", "company_uuid"):
                with self.assertRaises(AccessError):
                    account.read([name])
            settings = self.env["res.config.settings"].with_user(user)
            shown = settings.fields_get()
            self.assertNotIn("maventa_user_api_key", shown)
            self.assertNotIn("maventa_vendor_api_key", shown)

    def test_accountant_cannot_change_the_account(self):
        with self.assertRaises(AccessError):
            self.account.with_user(self.accountant).action_check()

    def test_keys_do_not_appear_in_readable_records(self):
        move = self._to_transfer(self._invoice())
        with self._fault("drop_after_storing"):
            self._run_cron()
        self._run_cron()
        transfer = move.maventa_transfer_id.with_user(self.accountant)
        shown = str(transfer.read()) + str(move.message_ids.mapped("body"))
        for secret in (self.remote.user_api_key, self.remote.company_uuid):
            self.assertNotIn(secret, shown)

    def test_copied_company_has_no_account_and_no_switch(self):
        for name, field in self.company._fields.items():
            if name.startswith("maventa_") and field.store:
                kept = name in (
                    "maventa_all_attachments",
                    "maventa_check_rules",
                    "maventa_format",
                    "maventa_on_posting",
                    "maventa_overdue_percent",
                    "maventa_send_email",
                    "maventa_send_pdf",
                    "maventa_sender_comment",
                    "maventa_warn_days",
                )
                self.assertTrue(kept or not field.copy, name)

    def test_demo_never_leaves_this_machine(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("account_maventa.simulator_url", "https://example.com")
        with self.assertRaises(TransferProblem) as caught:
            self.account._client()
        self.assertEqual(caught.exception.kind, "simulator_not_local")

    def test_real_environments_ignore_the_simulator_url(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("account_maventa.simulator_url", "http://127.0.0.1:1")
        parameters.set_param("account_maventa.vendor_api_key", "vendor")
        for environment, host in (("test", "ax-stage"), ("production", "ax")):
            account = self.company._maventa_configure(environment, f"of-{host}", "key")
            with account._client() as client:
                adapters = list(client._exchange._session.adapters)
            self.assertEqual(adapters, [f"https://{host}.maventa.com/"])

    def test_missing_vendor_key_prevents_real_requests(self):
        account = self.company._maventa_configure("production", "uuid", "key")
        with self.assertRaises(TransferProblem) as caught:
            account._client()
        self.assertEqual(caught.exception.kind, "vendor_key_missing")
        text = self.env["maventa.messages"]._explain(caught.exception, account)
        self.assertIn("integration team", text)

    def test_neutralised_copy_sends_nothing(self):
        move = self._to_transfer(self._invoice())
        self.env.flush_all()
        self.env.cr.execute(NEUTRALIZE.read_text())
        self.env.invalidate_all()
        self.assertEqual(self.account.environment, "demo")
        self.assertFalse(self.account.user_api_key)
        self.assertFalse(self.account.company_uuid)
        self.assertFalse(self.company.maventa_enabled)
        self._run_cron()
        self.assertEqual(move.maventa_state, "queued")
        self.assertFalse(self.simulator.requests)

    def test_neutralised_copy_has_no_key_and_no_address(self):
        parameters = self.env["ir.config_parameter"].sudo()
        for name in ("vendor_api_key", "simulator_url"):
            parameters.set_param(f"account_maventa.{name}", "http://localhost:1")
        self.env.flush_all()
        self.env.cr.execute(NEUTRALIZE.read_text())
        self.env.invalidate_all()
        ours = parameters.search([("key", "=like", "account_maventa.%")])
        self.assertEqual(ours.mapped("key"), [])
        accounts = self.env["maventa.account"].sudo().search([])
        self.assertFalse(any(accounts.mapped("user_api_key")))

    def test_settings_are_hidden_in_unsupported_countries(self):
        self.company.country_id = self.env.ref("base.pt")
        settings = self.env["res.config.settings"]
        self.assertTrue(settings.create({}).maventa_is_account_company)
        as_service(self.company).maventa_account_id = False
        self.assertFalse(settings.create({}).maventa_is_account_company)
        self.company.country_id = self.env.ref("base.se")
        self.assertTrue(settings.create({}).maventa_is_account_company)

    def test_settings_show_and_change_the_account(self):
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.maventa_is_account_company)
        self.assertTrue(settings.maventa_has_own_simulator)
        settings.maventa_send_pdf = False
        settings.execute()
        self.assertFalse(self.company.maventa_send_pdf)
        self.assertEqual(self.account.state, "verified")
        toast = settings.action_maventa_check()
        self.assertEqual(toast["params"]["type"], "success")
