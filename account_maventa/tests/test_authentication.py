from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..maventa_api import Language
from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestAuthentication(MaventaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.write({"email": "boss@example.com", "lang": "en_US"})

    def _unverified(self):
        self.simulator.change_company(self.remote.company_uuid, state="UNVERIFIED")
        self.account.user_api_key = False  # as before the first check
        self.account.user_api_key = self.remote.user_api_key

    def _asked(self):
        with self.simulator.store as state:
            company = state[f"company/{self.remote.company_uuid}"]
        asked = company.get("authentication") or {}
        return asked.get("email"), asked.get("language")

    def _check_and_request(self):
        """Check the account, and send the request in the dialog that opens."""
        action = self.account.action_check()
        self.assertEqual(action["res_model"], "maventa.authentication.wizard")
        dialogs = self.env["maventa.authentication.wizard"].with_context(
            **action["context"]
        )
        return dialogs.create({}).action_send()

    def test_check_links_vendor_and_sends_nothing(self):
        self._unverified()
        self.simulator.change_company(self.remote.company_uuid, linked=False)
        action = self.account.action_check()
        self.assertFalse(self.simulator.requests["authenticate"])
        self.assertEqual(action["res_model"], "maventa.authentication.wizard")
        self.assertEqual(self.account.state, "unverified")
        with self.simulator.store as state:
            self.assertTrue(state[f"company/{self.remote.company_uuid}"]["linked"])

    def test_request_goes_to_the_approver_and_the_toast_says_so(self):
        self._unverified()
        toast = self._check_and_request()
        self.assertEqual(self._asked(), ("boss@example.com", "EN"))
        self.assertIn("boss@example.com", toast["params"]["message"])
        self.assertEqual(self.account.auth_state, "SENT")

    def test_second_check_requests_no_authentication(self):
        self._unverified()
        self._check_and_request()
        self.simulator.looks_until_signed = 9
        toast = self.account.action_check()
        self.assertIn("boss@example.com", toast["params"]["message"])
        self.assertEqual(self.simulator.requests["authenticate"], 1)

    def _try_request(self, email):
        """Send a request; what was written stays, as after a commit."""
        service = self.env["maventa.authentication"]
        try:
            service._request(self.account, email, Language.FINNISH)
        except UserError as error:
            return str(error)
        return ""

    def test_lost_request_to_one_person_is_not_followed_by_another(self):
        self._unverified()
        self.simulator.looks_until_signed = 9
        with self._fault("drop_after_authentication"):
            self.assertIn("Refresh", self._try_request("first@example.com"))
        said = self._try_request("second@example.com")
        self.assertIn("earlier e-mail to first@example.com", said)
        self.assertEqual(self.simulator.requests["authenticate"], 1)
        self.assertEqual(self.account.auth_email, "first@example.com")
        self.assertFalse(self._try_request("second@example.com"))
        self.assertEqual(self.simulator.requests["authenticate"], 2)

    def test_verified_account_reads_print_service_and_bank_network(self):
        self.simulator.change_company(
            self.remote.company_uuid,
            print={"enabled": True, "use_own_pdf": True},
            networks=[{"id": "1", "network": "BANK", "status": "active"}],
        )
        self.account.action_check()
        self.assertTrue(self.account.print_enabled)
        self.assertTrue(self.account.print_checked_at)
        self.assertEqual(self.account.bank_network, "active")
        lines = {line.text: line.level for line in self._checklist()}
        self.assertEqual(lines["Bank network: active."], "good")
        self.assertEqual(lines["Print service: on."], "good")

    def test_checklist_names_what_is_missing(self):
        self.company.write({"email": False})
        self.company.partner_id.bank_ids.unlink()
        bad = {line.text: line.record for line in self._checklist(level="bad")}
        partner = self.company.partner_id
        self.assertEqual(bad["Enter a bank account of the company."], partner)
        email = "Enter the e-mail address of the company."
        self.assertEqual(bad[email], self.company)
        shown = self.env["res.config.settings"].create({}).maventa_checklist
        [line] = [line for line in shown if line["text"] == email]
        opened = (line["action"]["res_model"], line["action"]["res_id"])
        self.assertEqual(opened, ("res.company", self.company.id))

    def test_every_line_of_the_checklist_opens_a_place_that_is_there(self):
        form = self.env["res.config.settings"].get_view()["arch"]
        for company in (self.company, self.setup_other_company()["company"]):
            for line in self._checklist(company):
                with self.subTest(line.text):
                    if line.record is None:
                        self.assertIn(f'id="{line.setting}"', form)
                    else:
                        self.assertTrue(line.record._get_records_action()["res_model"])

    def test_settings_that_wait_for_the_account_lead_to_it(self):
        self.assertEqual(self._print_line().setting, "maventa_print")
        self.company.maventa_enabled = False
        self.account.sudo().state = "unverified"
        self.assertEqual(self._print_line().setting, "maventa_account")

    def _checklist(self, company=None, level=None):
        checklist = self.env["maventa.go.live.checklist"]
        lines = checklist._lines(company or self.company)
        return [line for line in lines if level in (None, line.level)]

    def _print_line(self):
        [line] = [line for line in self._checklist() if "Print" in line.text]
        return line

    def test_dialog_defaults_can_be_changed(self):
        self._unverified()
        self.account.action_check()
        self.assertFalse(self.simulator.requests["authenticate"])
        self.env["res.lang"]._activate_lang("sv_SE")
        approver = self.accountant
        approver.write({"email": "aino@example.com", "lang": "sv_SE"})
        action = self.account.action_open_authentication()
        dialogs = self.env["maventa.authentication.wizard"].with_context(
            **action["context"]
        )
        with Form(dialogs) as form:
            form.approver_id = approver
            self.assertEqual((form.email, form.language), ("aino@example.com", "SE"))
            form.email = "signer@example.com"
        form.record.action_send()
        self.assertEqual(self._asked(), ("signer@example.com", "SE"))
        self.assertEqual(self.account.auth_email, "signer@example.com")

    def test_refresh_shows_signed_authentication(self):
        self._unverified()
        self._check_and_request()
        toast = self.account.action_refresh()
        self.assertEqual(toast["params"]["type"], "warning")
        toast = self.account.action_refresh()
        self.assertEqual(toast["params"]["type"], "success")
        self.assertEqual(self.account.state, "verified")

    def test_job_detects_verification_and_queue_is_sent(self):
        move = self._to_transfer(self._invoice())
        self._unverified()
        self._check_and_request()
        self._run_cron("account")
        self.assertEqual(self.account.state, "unverified")
        self._run_cron("account")
        self.assertEqual(self.account.state, "verified")
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")

    def test_lapsed_verification_stops_transfers(self):
        move = self._to_transfer(self._invoice())
        self.simulator.change_company(self.remote.company_uuid, state="UNVERIFIED")
        self._run_cron("account")
        self.assertEqual(self.account.state, "verified", "looked at today already")
        self.account.checked_at = fields.Datetime.subtract(
            fields.Datetime.now(), days=1
        )
        self._run_cron("account")
        self.assertEqual(self.account.state, "unverified")
        self.assertIn("has not verified", self.account.problem)
        kind = self.env.ref("account_maventa.mail_activity_type_account")
        told = self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])
        self.assertEqual(told.user_id, self.account.admin_id)
        self._run_cron()
        self.assertEqual(move.maventa_state, "queued")
        self.assertFalse(self.simulator.requests["create_invoice"])
        self.assertIn("maventa_account", move.alerts)

    def test_job_does_not_retry_refused_keys(self):
        self._unverified()
        self._check_and_request()
        with self.simulator.store as state:
            for key in [key for key in state if key.startswith("token/")]:
                del state[key]
        account = self.remote.company_uuid
        self.simulator.change_company(account, user_api_key="changed")
        self._run_cron("account")
        self.assertEqual(self.account.state, "refused")
        calls = self.simulator.requests["token"]
        self._run_cron("account")
        self.assertEqual(self.simulator.requests["token"], calls)
        self.simulator.change_company(account, user_api_key=self.remote.user_api_key)

    def test_authentication_is_requested_again_only_after_its_end(self):
        open_ones = ("PENDING", "SENT", "SIGNED")  # the last: a second one must sign
        for state in (*open_ones, "CANCELED", "NONE", "EXPIRED"):
            with self.subTest(state):
                self.setUp()
                self._unverified()
                self.simulator.looks_until_signed = 9
                asked = {"state": state, "email": "a@b.example", "looks": 0}
                self.simulator.change_company(
                    self.remote.company_uuid, authentication=asked
                )
                result = self.account.action_check()
                self.assertEqual(self.account.state, "unverified")
                self.assertEqual("res_model" in result, state not in open_ones)
                self.assertFalse(self.simulator.requests["authenticate"])

    def test_outage_keeps_the_account_state(self):
        self._unverified()
        self._check_and_request()
        with self._fault("bad_gateway"):
            self._run_cron("account")
        self.assertEqual(self.account.state, "unverified")
        with self._fault("bad_gateway"), self.assertRaisesRegex(UserError, "reached"):
            self.account.action_refresh()

    def test_unclear_answer_advises_refresh(self):
        self._unverified()
        self.simulator.looks_until_signed = 9
        self._check_and_request()
        dialog = self.env["maventa.authentication.wizard"].create(
            {"account_id": self.account.id}
        )
        with self._fault("bad_gateway"), self.assertRaisesRegex(UserError, "Refresh"):
            dialog.action_send()

    def test_accountant_cannot_request_authentication(self):
        with self.assertRaises(AccessError):
            self.env["maventa.authentication.wizard"].with_user(self.accountant).create(
                {"account_id": self.account.id}
            )
        with self.assertRaises(AccessError):
            self.account.with_user(self.accountant).action_refresh()
