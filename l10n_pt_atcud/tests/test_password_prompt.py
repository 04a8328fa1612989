"""A password that is requested each time: for one action, and stored nowhere."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from ..at_series.simulator import Account
from ..services.password_prompt import entered_passwords, is_prompting
from .common import USERNAME, AtcudCommon

PASSWORD = "Senha-123"


class PromptedCommon(AtcudCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.sudo().password_mode = "prompted"

    def setUp(self):
        super().setUp()
        self.simulator.accounts = {USERNAME: Account(PASSWORD)}

    def answer(self, action, password=PASSWORD):
        """Do what the dialog does that ``action`` opens."""
        self.assertEqual(action["tag"], "l10n_pt_atcud_password_prompt")
        asked = action["params"]
        passwords = {str(user["id"]): password for user in asked["users"]}
        return self.env["l10n_pt_atcud.password_prompt"].perform(
            passwords, asked["model"], asked["ids"], asked["method"]
        )

    def settings(self):
        administrator = self.new_administrator()
        settings = self.env["res.config.settings"].with_user(administrator)
        return settings.with_company(self.company).create({})


@tagged("post_install", "-at_install", "post_install_l10n")
class TestPasswordPrompt(PromptedCommon):
    def test_prompted_password_is_never_stored(self):
        self.assertFalse(self.connection.sudo().password)
        self.connection.sudo().password = PASSWORD  # what the settings' form does
        self.assertFalse(self.connection.sudo().password)
        self.connection.flush_recordset()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.cr.savepoint(),
        ):
            self.cr.execute(
                "UPDATE l10n_pt_atcud_connection SET password = 'x' WHERE id = %s",
                [self.connection.id],
            )

    def test_stored_password_and_state_are_cleared(self):
        self.connection.sudo().write({"password_mode": "stored", "password": "old"})
        self.connection.sudo()._set_state("active")
        self.connection.sudo().password_mode = "prompted"
        self.assertFalse(self.connection.sudo().password)
        self.assertEqual(self.connection.display_state, "unchecked")

    def test_nothing_is_sent_before_the_password_is_entered(self):
        series = self.make_series()
        action = series.with_user(self.accountant).action_register()
        (user,) = action["params"]["users"]
        self.assertEqual(
            (user["name"], user["company"]), (USERNAME, self.company.display_name)
        )
        self.assertEqual(series.state, "draft")
        self.assertEqual(self.register(series).kind, "password_required")
        self.assertFalse(self.simulator.requests)
        self.env = self.env(user=self.accountant)
        self.answer(action)
        self.assertEqual(series.state, "registered")
        # and the next time it is asked for again
        again = series.copy({"identifier": "B"}).action_register()
        self.assertEqual(again["tag"], "l10n_pt_atcud_password_prompt")

    def test_demo_password_is_shown_for_the_simulator_only(self):
        self.use_environment("demo").sudo().password_mode = "prompted"
        series = self.make_series()
        (user,) = series.action_register()["params"]["users"]
        self.assertTrue(user["is_demo"])
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("l10n_pt_atcud.simulator_url", "https://localhost:1")
        self.assertFalse(self.connection._is_simulated())

    def test_every_action_that_calls_at_prompts(self):
        draft, registered = self.make_series("DRAFT"), self.make_series("REGISTERED")
        self.answer(registered.action_register())
        lost = self.make_series("LOST")
        self.answer(lost.action_register())
        self.simulator.faults.add("accept_then_drop")
        with entered_passwords({self.connection.id: PASSWORD}):
            self.close(lost, "annul")
        self.assertEqual(lost.state, "closing")
        asked = dict(self.simulator.requests)
        actions = (
            draft.action_register(),
            draft.action_register_from_document(),
            self.journal.action_l10n_pt_atcud_register_all(),
            self.journal.action_l10n_pt_atcud_import(),
            registered.action_compare(),
            lost.action_resume_closing(),
            self.closing(registered, "annul").action_confirm(),
            self.closing(registered, "finalise").action_confirm(),
            self.env["l10n_pt_atcud.series.code"]
            .create({"series_id": draft.id, "validation_code": "AAAAAAAA"})
            .action_confirm(),
            self.env["l10n_pt_atcud.series.import"]
            .create({"journal_id": self.journal.id})
            .action_confirm(),
            self.settings().action_l10n_pt_atcud_check(),
        )
        for action in actions:
            with self.subTest(action["params"]):
                self.assertEqual(action["tag"], "l10n_pt_atcud_password_prompt")
                method = action["params"]["method"]
                model = self.env.registry[action["params"]["model"]]
                self.assertTrue(is_prompting(model, method))
        self.assertEqual(dict(self.simulator.requests), asked)
        self.assertIs(self.answer(lost.action_resume_closing()), True)
        self.assertEqual(lost.state, "annulled")

    def closing(self, series, closing):
        wizard = self.env["l10n_pt_atcud.series.close"]
        return wizard.create(
            {"series_id": series.id, "closing": closing, "declaration": True}
        )

    def test_saving_the_settings_prompts_and_checks(self):
        settings = self.settings()
        action = settings.execute()
        self.assertTrue(action["params"]["otherwise"])
        self.env = settings.env
        result = self.answer(action)
        self.assertEqual(result["params"]["type"], "success")
        self.assertEqual(self.connection.display_state, "active")

    def test_password_is_discarded_after_a_refusal(self):
        series = self.make_series("A") | self.make_series("B")
        with entered_passwords({self.connection.id: "wrong"}):
            refused, prompted = [self.register(one) for one in series]
        self.assertEqual(refused.code, "99")
        self.assertEqual(prompted.kind, "password_required")

    def test_password_is_in_no_log_exchange_or_action(self):
        series = self.make_series()
        with self.assertLogs("", level="DEBUG") as logged:
            result = self.answer(series.action_register())
        exchanges = self.env["l10n_pt_atcud.exchange"].search([])
        self.assertTrue(exchanges)
        words = "\n".join(
            [
                *logged.output,
                *series.message_ids.mapped("body"),
                *exchanges.mapped("request"),
                str(result),
                str(self.env.context),
            ]
        )
        self.assertNotIn(PASSWORD, words)

    def test_only_prompting_actions_can_be_performed(self):
        with self.assertRaises(AccessError):
            self.env["l10n_pt_atcud.password_prompt"].perform(
                {str(self.connection.id): PASSWORD},
                "l10n_pt_atcud.series",
                self.make_series().ids,
                "unlink",
            )

    def test_rights_are_those_of_the_action(self):
        reader = self.new_user("atcud_reader", "account.group_account_readonly")
        action = self.make_series().action_register()
        self.env = self.env(user=reader)
        with self.assertRaises(AccessError):
            self.answer(action)
        self.assertFalse(self.simulator.requests)

    def test_nightly_check_sends_nothing(self):
        self.answer(self.make_series().action_register())
        asked = dict(self.simulator.requests)
        with self.enter_registry_test_mode():
            cron = self.env.ref("l10n_pt_atcud.ir_cron_l10n_pt_atcud_nightly_check")
            cron.sudo().method_direct_trigger()
        self.assertEqual(dict(self.simulator.requests), asked)
        self.assertEqual(self.connection.display_state, "active")

    def test_comparison_by_hand_finds_closed_series(self):
        series = self.make_series()
        self.answer(series.action_register())
        self.annul_on_the_portal(series)
        result = self.answer(series.action_compare())
        self.assertEqual(series.state, "annulled")
        self.assertIn("FT A2026: Annulled", result["params"]["message"])
        with self.assertRaises(UserError):
            self.answer(series.action_compare())

    def annul_on_the_portal(self, series):
        with self.simulator.store as state:
            key = f"series/509987656/FT/{series.identifier.lower()}"
            state[key] = {**state[key], "estado": "N"}

    def test_lost_answer_is_found_with_the_next_password(self):
        series = self.make_series()
        self.simulator.faults.add("accept_then_drop")
        self.answer(series.action_register())
        self.assertEqual(series.state, "pending")
        self.answer(series.action_register())
        self.assertEqual(series.state, "registered")
        self.assertEqual(self.simulator.requests["registarSerie"], 1)

    def test_incomplete_connection_does_not_prompt(self):
        self.use_environment("test")
        with self.assertRaises(UserError) as raised:
            self.make_series().action_register()
        self.assertIn("not set up", str(raised.exception))

    def test_import_opens_after_the_password(self):
        opened = self.answer(self.journal.action_l10n_pt_atcud_import())
        self.assertEqual(opened["res_model"], "l10n_pt_atcud.series.import")
