from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestAuthentication(MaventaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.write({"email": "boss@example.com", "lang": "en_US"})

    def _unverified(self):
        self.simulator.change_company(self.account.company_uuid, state="UNVERIFIED")
        self.company.maventa_user_api_key = False  # as before the first check
        self.company.maventa_user_api_key = self.account.user_api_key

    def _asked(self):
        with self.simulator.store as state:
            company = state[f"company/{self.account.company_uuid}"]
        asked = company.get("authentication") or {}
        return asked.get("email"), asked.get("language")

    def test_an_existing_account_is_linked_and_asked_to_sign_at_once(self):
        self._unverified()
        self.simulator.change_company(self.account.company_uuid, linked=False)
        toast = self.company.action_maventa_check()
        self.assertEqual(self._asked(), ("boss@example.com", "EN"))
        self.assertIn("boss@example.com", toast["params"]["message"])
        self.assertEqual(self.company.maventa_account_state, "unverified")
        self.assertEqual(self.company.maventa_auth_state, "SENT")
        with self.simulator.store as state:
            self.assertTrue(state[f"company/{self.account.company_uuid}"]["linked"])

    def test_nobody_is_asked_a_second_time_by_the_check(self):
        self._unverified()
        self.company.action_maventa_check()
        self.simulator.looks_until_signed = 9
        self.company.action_maventa_check()
        self.assertEqual(self.simulator.requests["authenticate"], 1)

    def test_the_dialog_is_filled_in_and_can_be_changed(self):
        self._unverified()
        self.env.user.email = False
        toast = self.company.action_maventa_check()
        self.assertIn("send an authentication request", toast["params"]["message"])
        self.assertFalse(self.simulator.requests["authenticate"])
        self.env["res.lang"]._activate_lang("sv_SE")
        approver = self.accountant
        approver.write({"email": "aino@example.com", "lang": "sv_SE"})
        action = self.company.action_maventa_ask_for_authentication()
        dialogs = self.env["maventa.authentication"].with_context(**action["context"])
        with Form(dialogs) as form:
            form.approver_id = approver
            self.assertEqual((form.email, form.language), ("aino@example.com", "SE"))
            form.email = "signer@example.com"
        form.record.action_send()
        self.assertEqual(self._asked(), ("signer@example.com", "SE"))
        self.assertEqual(self.company.maventa_auth_email, "signer@example.com")

    def test_refresh_shows_that_it_is_signed(self):
        self._unverified()
        self.company.action_maventa_check()
        toast = self.company.action_maventa_refresh_account()
        self.assertEqual(toast["params"]["type"], "warning")
        toast = self.company.action_maventa_refresh_account()
        self.assertEqual(toast["params"]["type"], "success")
        self.assertEqual(self.company.maventa_account_state, "verified")

    def test_the_schedule_notices_that_it_is_signed_and_what_waited_goes(self):
        move = self._to_transfer(self._invoice())
        self._unverified()
        self.company.action_maventa_check()
        self._run_cron("account")
        self.assertEqual(self.company.maventa_account_state, "unverified")
        self._run_cron("account")
        self.assertEqual(self.company.maventa_account_state, "verified")
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")

    def test_a_company_that_loses_its_verification_stops_before_any_invoice(self):
        move = self._to_transfer(self._invoice())
        self.simulator.change_company(self.account.company_uuid, state="UNVERIFIED")
        self._run_cron("account")
        self.assertEqual(
            self.company.maventa_account_state, "verified", "looked at today already"
        )
        self.company.maventa_checked_at = fields.Datetime.subtract(
            fields.Datetime.now(), days=1
        )
        self._run_cron("account")
        self.assertEqual(self.company.maventa_account_state, "unverified")
        self.assertIn("has not verified", self.company.maventa_problem)
        kind = self.env.ref("account_maventa.mail_activity_type_account")
        told = self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])
        self.assertEqual(told.user_id, self.company.maventa_admin_id)
        self._run_cron()
        self.assertEqual(move.maventa_state, "queued")
        self.assertFalse(self.simulator.requests["create_invoice"])
        self.assertIn("maventa_account", move.alerts)

    def test_keys_that_are_refused_are_not_tried_again_by_the_schedule(self):
        self._unverified()
        self.company.action_maventa_check()
        with self.simulator.store as state:
            for key in [key for key in state if key.startswith("token/")]:
                del state[key]
        account = self.account.company_uuid
        self.simulator.change_company(account, user_api_key="changed")
        self._run_cron("account")
        self.assertEqual(self.company.maventa_account_state, "refused")
        calls = self.simulator.requests["token"]
        self._run_cron("account")
        self.assertEqual(self.simulator.requests["token"], calls)
        self.simulator.change_company(account, user_api_key=self.account.user_api_key)

    def test_only_an_authentication_that_is_over_is_asked_for_anew(self):
        open_ones = ("PENDING", "SENT", "SIGNED")  # the last: a second one must sign
        for state in (*open_ones, "CANCELED", "NONE", "EXPIRED"):
            with self.subTest(state):
                self.setUp()
                self._unverified()
                self.simulator.looks_until_signed = 9
                asked = {"state": state, "email": "a@b.example", "looks": 0}
                self.simulator.change_company(
                    self.account.company_uuid, authentication=asked
                )
                self.company.action_maventa_check()
                self.assertEqual(self.company.maventa_account_state, "unverified")
                calls = self.simulator.requests["authenticate"]
                self.assertEqual(calls, state not in open_ones)

    def test_an_outage_changes_nothing(self):
        self._unverified()
        self.company.action_maventa_check()
        with self._fault("bad_gateway"):
            self._run_cron("account")
        self.assertEqual(self.company.maventa_account_state, "unverified")
        with self._fault("bad_gateway"), self.assertRaisesRegex(UserError, "reached"):
            self.company.action_maventa_refresh_account()

    def test_an_unclear_answer_is_no_reason_to_send_another(self):
        self._unverified()
        self.simulator.looks_until_signed = 9
        self.company.action_maventa_check()
        dialog = self.env["maventa.authentication"].create(
            {"company_id": self.company.id}
        )
        with self._fault("bad_gateway"), self.assertRaisesRegex(UserError, "Refresh"):
            dialog.action_send()

    def test_accountants_request_nothing(self):
        with self.assertRaises(AccessError):
            self.env["maventa.authentication"].with_user(self.accountant).create(
                {"company_id": self.company.id}
            )
        with self.assertRaises(AccessError):
            self.company.with_user(self.accountant).action_maventa_refresh_account()
