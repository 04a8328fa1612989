"""The state of a connection, the causes of refusals, and what is sent after one."""

from unittest.mock import patch

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import freeze_time, tagged

from ..at_series import RejectedError, SetupError, TemporaryError
from ..at_series.simulator import Account
from .common import USERNAME, AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestDiagnosis(AtcudCommon):
    def administrator(self):
        users = self.env["res.users"].sudo()
        known = users.search([("login", "=", "atcud_administrator")])
        return known or self.new_administrator()

    def settings(self, **values):
        settings = self.env["res.config.settings"].with_user(self.administrator())
        return settings.with_company(self.company).create(values)

    def test_harmless_request_makes_the_connection_active(self):
        self.assertEqual(self.connection.display_state, "unchecked")
        with freeze_time("2026-05-03 10:00:00"):
            self.assertIsNone(self.check())
        with freeze_time("2026-06-01 10:00:00"):
            self.assertIsNone(self.check())
        self.assertEqual(self.connection.display_state, "active")
        since = self.connection.display_since
        self.assertEqual(str(since), "2026-05-03 10:00:00")
        self.assertEqual(dict(self.simulator.requests), {"consultarSeries": 2})

    def test_unlikely_password_is_not_sent_without_confirmation(self):
        self.use_environment("demo")
        with (
            patch.object(
                type(self.connection), "_is_simulated", lambda connection: False
            ),
            patch.object(
                type(self.connection), "_setup_problem", lambda connection: None
            ),
        ):
            for password, doubted in (
                ("Senha-1", True),  # 7
                ("Senha-12", False),
                ("Senha-12345678", False),  # 14
                ("Senha-123456789", True),
            ):
                with self.subTest(password):
                    self.simulator.accounts = {USERNAME: Account(password)}
                    self.connection.sudo().password = password
                    asked = self.simulator.requests["consultarSeries"]
                    settings = self.settings()
                    result = settings.execute()
                    told = isinstance(result, dict) and str(result.get("params"))
                    self.assertEqual(f"has {len(password)}." in str(told), doubted)
                    sent = self.simulator.requests["consultarSeries"] - asked
                    self.assertEqual(sent, not doubted)
                    if doubted:  # who knows better presses the button
                        settings.action_l10n_pt_atcud_check()
                    self.assertEqual(self.connection.state, "active")

    def test_registering_shows_that_the_connection_is_active(self):
        self.registered_series()
        self.assertEqual(self.connection.display_state, "active")

    def test_after_a_refusal_nothing_is_sent_until_a_check(self):
        series = self.make_series()
        self.simulator.accounts = {USERNAME: Account("right")}
        self.assertEqual(self.register(series).tries_left, 4)
        self.assertEqual(self.connection.display_state, "refused")
        self.assertIn("Tries left: 4", self.connection.diagnosis)
        asked = dict(self.simulator.requests)
        again = (series | self.make_series("B")).mapped(
            lambda one: (self.register(one).data["tries_left"], one.state)
        )
        self.assertEqual(again, [(4, "draft"), (4, "draft")])
        self.assertEqual(dict(self.simulator.requests), asked)
        self.simulator.accounts = {USERNAME: Account("demo")}
        self.assertIsNone(self.check())
        self.assertFalse(self.connection.diagnosis)
        self.assertIsNone(self.register(series))

    def test_pending_series_waits_while_credentials_are_refused(self):
        series = self.make_series()
        self.simulator.faults.add("accept_then_drop")
        self.register(series)
        self.simulator.accounts = {USERNAME: Account("right")}
        self.register(series)
        self.assertEqual(self.connection.display_state, "refused")
        asked = dict(self.simulator.requests)
        self.register(series)
        self.assertEqual(
            (dict(self.simulator.requests), series.state), (asked, "pending")
        )

    def test_new_credentials_are_unchecked(self):
        self.simulator.accounts = {USERNAME: Account("right")}
        self.check()
        self.company.sudo().name = "Azulejo"
        self.connection.sudo().password = "demo"
        self.assertEqual(self.connection.display_state, "refused")
        self.connection.sudo().password = "right"
        self.assertEqual(self.connection.display_state, "unchecked")
        self.assertFalse(self.connection.display_since)
        self.assertIsNone(self.check())

    def test_unavailable_service_keeps_the_state(self):
        self.registered_series()
        self.simulator.faults.add("html")
        error = self.check()
        self.assertIsInstance(error, TemporaryError)
        self.assertIn("try later", self.connection._explain(error))
        self.assertEqual(self.connection.display_state, "active")

    def test_refusals_of_the_simulator_have_different_texts(self):
        for account, words in (
            (Account("right"), "Tries left: 4"),
            (Account("demo", permissions=frozenset()), "WSE"),
        ):
            with self.subTest(words):
                self.simulator.accounts = {USERNAME: account}
                error = self.check()
                self.assertIn(words, self.connection._explain(error))

    def test_too_many_wrong_passwords_suspend_the_sub_user(self):
        self.simulator.accounts = {USERNAME: Account("right")}
        for _try in range(5):
            self.check()
        self.assertIn("suspended", self.connection.diagnosis)
        self.assertIn("new password", self.connection.diagnosis)

    def test_every_code_has_its_text(self):
        causes = (
            ("1 2 3 4 5", "does not know this sub-user"),
            ("6 13 99 1100 1142", "or its password"),
            ("1200 1201", "operation WSE"),
            ("7 8 11 16 17 18 20", "Chave Cifra"),
            ("9 10 19", "clock of the server"),
            ("12 33 1040", "maintains this addon"),
            ("tls_sslv3_alert_handshake_failure", "client certificate"),
            ("tls_certificate_verify_failed", "prove that it is AT's"),
            ("http_403", "proxy or firewall"),
            ("client_certificate_expired", "Ask AT for a new one"),
            ("cipher_key_expired", "public key is not valid today"),
            ("test_certificate", "does not open the production service"),
            ("other_taxpayer", "another taxpayer"),
            ("something-new", "Check the sub-user and the certificates"),
        )
        for codes, words in causes:
            for code in codes.split():
                with self.subTest(code):
                    error = SetupError("As palavras da AT", code=code)
                    text = self.connection._explain(error)
                    self.assertIn(words, text)
                    self.assertIn(f"“As palavras da AT” ({code})", text)

    def test_company_without_activity_is_refused_with_advice(self):
        self.simulator.accounts = {USERNAME: Account("demo", has_activity=False)}
        series = self.make_series()
        error = self.register(series)
        self.assertIsInstance(error, RejectedError)
        self.assertIn("no open activity", series._explain(error))
        self.assertEqual(self.connection.display_state, "active")

    def test_saving_the_settings_checks_the_connection(self):
        action = self.settings(l10n_pt_atcud_username="509987656/7").execute()
        self.assertIn("or its password", action["params"]["message"])
        self.assertEqual(self.connection.sudo().username, "509987656/7")
        self.assertEqual(self.connection.display_state, "refused")
        # Saving something else does not spend another try.
        action = self.env["res.config.settings"].sudo().create({}).execute()
        self.assertNotEqual(action.get("tag"), "display_notification")
        self.assertEqual(self.simulator.requests["consultarSeries"], 1)

    def test_button_checks_again(self):
        settings = self.settings()
        action = settings.action_l10n_pt_atcud_check()
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual(settings.l10n_pt_atcud_state, "active")
        with self.assertRaises(AccessError):
            settings.with_user(self.accountant).action_l10n_pt_atcud_check()

    def test_two_checks_at_once_send_one_request(self):
        busy = LockError("busy")
        with (
            patch.object(type(self.connection), "lock_for_update", side_effect=busy),
            self.assertRaises(UserError),
        ):
            self.check()
        self.assertFalse(self.simulator.requests)

    def test_branch_uses_the_connection_of_its_parent(self):
        self.check()
        companies = self.env["res.company"].sudo()
        branch = companies.create({"name": "Loja", "parent_id": self.company.id})
        connection = branch._l10n_pt_atcud_connection()
        self.assertEqual(connection.display_state, "active")

    def test_incomplete_connection_is_not_configured(self):
        self.use_environment("test")
        self.assertEqual(self.connection.display_state, "not_configured")
        self.assertIn("sub-user, password", self.connection.diagnosis)
        self.assertEqual(self.check().kind, "incomplete")

    def test_local_message_is_not_quoted_as_answer(self):
        for error, words in (
            (TemporaryError("Connection refused", code="no_connection"), "Details: “C"),
            (RejectedError("Já registada", code="4001"), "Answer: “Já"),
            (SetupError("Pedido do Cliente", code="soap_client"), "Answer: “P"),
        ):
            with self.subTest(error.code):
                self.assertIn(words, self.connection._explain(error))
        self.assertNotIn("“", self.connection._explain(SetupError(code="bad_address")))
