from unittest.mock import patch

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import ACCOUNTANT, JOB_TIME, MaventaCommon

# The names of the statuses in all languages: the tours find them by these.
STATUSES = {
    "to_transfer": "To transfer",
    "after_transfer": "Transferred",
    "after_error": "Transfer failed",
}


def not_of_core(record):
    """Odoo's own invoice form asks for a widget of 'partner_autocomplete'."""
    return "Missing widget: res_partner_many2one" not in record.getMessage()


class TourCommon(MaventaCommon, HttpCase):
    def setUp(self):
        super().setUp()
        browser = self._logger.getChild("browser")
        browser.addFilter(not_of_core)
        self.addCleanup(browser.removeFilter, not_of_core)
        self.simulator.polls_until_routed = 0

    def _run_cron(self, name="transfer"):
        # An HttpCase is in the registry's test mode already.
        cron = self.env.ref(f"account_maventa.ir_cron_maventa_{name}")
        with patch(JOB_TIME, 600):
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _play(self, tour, move, login):
        url = f"/odoo/action-account.action_move_out_invoice/{move.id}"
        self.start_tour(url, tour, login=login)

    # === STORIES === #

    def _go_live(self, boss):
        """Choose the environment, register, authenticate, switch on."""
        with self.simulator.store as state:
            kept = {key: state[key] for key in state if not key.startswith("invoice/")}
            for key in kept:
                del state[key]
        self.addCleanup(self._restore_accounts, kept)
        self.company.write({"maventa_enabled": False, "email": "post@company.example"})
        # Otherwise the settings page opens with a warning about a tax of Odoo's tests.
        self.company.tax_exigibility = True
        account = self.company.maventa_account_id
        self.company._maventa_configure(False)
        account.sudo().unlink()  # no user may, for what it sent
        self.simulator.looks_until_signed = 0
        url = "/odoo/action-account.action_account_config"
        self.start_tour(url, "account_maventa_register", login=boss.login)
        self.env.invalidate_all()
        self.assertEqual(self.account.state, "verified")
        self.assertTrue(self.company.maventa_enabled)
        self.assertEqual(self.account.auth_email, boss.email)

    def _restore_accounts(self, kept):
        with self.simulator.store as state:
            for key, value in kept.items():
                state[key] = value

    def _send_and_correct(self):
        """Send sixty, correct one that failed, send one: in one session."""
        sixty = self.sixty.with_env(self.env)
        customer = self.partner_a.copy({"name": "Yksi Oy"})
        customer.invoice_sending_method = "maventa"
        one = self._invoice(customer)
        self.partner_b.write({"street": False, "email": "kivi@example.com"})
        self.accountant.group_ids |= self.env.ref("base.group_partner_manager")
        failed = self._to_transfer(self._invoice(self.partner_b))
        failed.with_user(self.accountant).action_maventa_transfer_now()
        self.assertEqual(failed.maventa_state, "invalid")
        url = "/odoo/action-account.action_move_out_invoice"
        self.start_tour(url, "account_maventa_stories", login=self.accountant.login)
        self.assertEqual(set(sixty.mapped("maventa_state")), {"queued"})
        self._assert_corrected(failed)
        self.assertEqual(one.maventa_state, "accepted")
        self.assertIn(one.name, self._held())
        self._run_cron()
        self._run_cron("follow_up")
        self.assertEqual(set(sixty.mapped("maventa_state")), {"delivered"})

    def _assert_corrected(self, move):
        self.assertEqual(move.maventa_state, "delivered")
        self.assertEqual(len(move.maventa_transfer_ids), 2)
        self.assertIn(b"Uusikatu 7", self._held()[move.name].file)
        self.assertFalse(move.activity_ids)

    def _boss(self):
        return new_test_user(
            self.env,
            "boss",
            groups=f"base.group_system,account.group_account_manager,{ACCOUNTANT}",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
            email="boss@company.example",
        )


@tagged("post_install", "-at_install")
class TestTour(TourCommon):
    """Clicks on status bar and settings. The stories play in all languages below."""

    def test_accountant_transfers_an_invoice(self):
        move = self._invoice()
        self._play("account_maventa_transfer", move, self.accountant.login)
        self.assertEqual(move.maventa_state, "delivered")
        self.assertEqual(move.maventa_status_id, self._status("after_transfer"))
        self.assertEqual(len(self._held()), 1)
        self.assertEqual(self.simulator.requests["create_invoice"], 1)

    def test_connected_companies_and_lines_of_the_checklist_open_on_a_click(self):
        self.company.write({"email": False, "tax_exigibility": True})
        url = "/odoo/action-account.action_account_config"
        login = self._boss().login
        self.start_tour(url, "account_maventa_settings", login=login)

    def test_click_that_takes_an_invoice_out_asks(self):
        move = self._invoice()
        self._play("account_maventa_taken_out", move, self.accountant.login)
        self.assertFalse(move.maventa_state)
        self.assertEqual(move.maventa_status_id, self._status("after_error"))


@tagged("post_install", "-at_install")
class TestTourPhone(TourCommon):
    """Log and invoices on a phone: cards, with everything within the screen."""

    browser_size = "375x667"
    touch_enabled = True

    def test_invoices_and_log_are_cards(self):
        self.partner_a.write({"street": False, "zip": False, "city": False})
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.assertEqual(move.maventa_state, "invalid")
        url = "/odoo/action-account.action_move_out_invoice"
        self.start_tour(url, "account_maventa_cards", login=self.accountant.login)


@tagged("post_install", "-at_install")
class TestTourLanguages(TourCommon):
    """The four stories in the languages of the users."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sixty = cls._invoices(cls, range(1, 61))

    def _play_all(self, lang):
        self.env["res.lang"]._activate_lang(lang)
        modules = self.env["ir.module.module"]
        modules._load_module_terms(["account_maventa"], [lang])
        for role, name in STATUSES.items():
            self._status(role).with_context(lang=lang).name = name
        boss = self._boss()
        (boss | self.accountant).lang = lang
        self._go_live(boss)
        self._send_and_correct()

    def test_stories_in_finnish(self):
        self._play_all("fi_FI")

    def test_stories_in_swedish(self):
        self._play_all("sv_SE")

    def test_stories_in_norwegian(self):
        self._play_all("nb_NO")

    def test_stories_in_dutch(self):
        self._play_all("nl_NL")
