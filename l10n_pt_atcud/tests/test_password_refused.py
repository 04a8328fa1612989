"""A requested password that AT refuses: shown in the dialog, and requested again."""

from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..at_series.simulator import Account
from .common import USERNAME
from .test_password_prompt import PASSWORD, PromptedCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestPasswordRefused(PromptedCommon):
    def refusals(self, action):
        """Return what the dialog says beside the password, if it is open again."""
        self.assertEqual(action["tag"], "l10n_pt_atcud_password_prompt")
        return [user["refusal"] for user in action["params"]["users"]]

    def test_wrong_password_is_sent_once_and_prompted_again(self):
        series = self.make_series("A") | self.make_series("B")
        action = series.action_register()
        self.assertEqual(self.refusals(action), [False])
        again = self.answer(action, "wrong")
        (words,) = self.refusals(again)
        self.assertIn("password that was entered for 509987656/1", words)
        self.assertLess(words.index("password"), words.index("Tries left: 4."))
        self.assertIn("Erro na validação da senha", words)
        self.assertNotIn("settings", words)
        self.assertEqual(self.simulator.requests["registarSerie"], 1)
        self.assertEqual(self.connection.display_state, "refused")
        self.answer(again)
        self.assertEqual(set(series.mapped("state")), {"registered"})
        self.assertEqual(self.connection.display_state, "active")

    def test_banner_prompts_again(self):
        series = self.make_series()
        again = self.answer(series.action_register_from_document(), "wrong")
        self.assertIn("Tries left: 4.", *self.refusals(again))
        self.assertIs(self.answer(again), True)
        self.assertEqual(series.state, "registered")

    def test_check_in_the_settings_prompts_again(self):
        settings = self.settings()
        self.env = settings.env
        again = self.answer(settings.execute(), "wrong")
        self.assertIn("Tries left: 4.", *self.refusals(again))
        # What the check itself says, the dialog says already.
        self.assertFalse(again["params"]["first"])
        result = self.answer(again)
        self.assertEqual(result["params"]["type"], "success")

    def test_earlier_results_are_shown_before_the_prompt(self):
        self.issued_before("FT A/12")
        series = self.make_series("A", first_number=1) | self.make_series("B")
        again = self.answer(series.action_register(), "wrong")
        self.assertIn("Tries left: 4.", *self.refusals(again))
        self.assertIn("FT A:", again["params"]["first"]["params"]["message"])

    def test_suspended_user_is_not_prompted_again(self):
        self.simulator.accounts = {USERNAME: Account(PASSWORD, is_suspended=True)}
        series = self.make_series()
        for left in (4, 3, 2, 1):
            again = self.answer(series.action_register())
            self.assertIn(f"Tries left: {left}.", *self.refusals(again))
        with self.assertRaises(UserError) as raised:
            self.answer(series.action_register())
        self.assertIn("has suspended the sub-user", str(raised.exception))
        self.assertNotIn("Enter it here", str(raised.exception))

    def test_missing_permission_does_not_prompt_again(self):
        self.simulator.accounts = {USERNAME: Account(PASSWORD, permissions=frozenset())}
        with self.assertRaises(UserError) as raised:
            self.answer(self.make_series().action_register())
        self.assertIn("WSE", str(raised.exception))


@tagged("post_install", "-at_install", "post_install_l10n")
class TestPasswordRefusedTour(PromptedCommon, AccountTestInvoicingHttpCommon):
    def test_banner_prompts_before_registering(self):
        self.make_series()
        draft = self.draft()
        # Odoo's own form names a widget of partner_autocomplete, installed or not.
        with mute_logger(f"{self._logger.name}.browser", "odoo.http"):
            self.start_tour(
                f"/odoo/action-account.action_move_out_invoice_type/{draft.id}",
                "l10n_pt_atcud_password_prompt",
                login=self.accountant.login,
            )
        self.env.invalidate_all()
        self.assertEqual(draft.l10n_pt_atcud_series_id.state, "registered")
        # two wrong ones and the right one; none by itself
        self.assertEqual(self.simulator.requests["registarSerie"], 3)

    def test_cancelling_shows_the_refusal(self):
        self.company.sudo().tax_exigibility = True  # as in test_tour_connection.py
        administrator = self.settings().env.user
        administrator.sudo().company_ids = self.company
        with mute_logger(f"{self._logger.name}.browser", "odoo.http"):
            self.start_tour(
                "/odoo/action-account.action_account_config",
                "l10n_pt_atcud_give_up",
                login=administrator.login,
            )
        self.connection.invalidate_recordset()
        self.assertEqual(self.connection.display_state, "refused")
        self.assertEqual(self.simulator.requests["consultarSeries"], 1)
