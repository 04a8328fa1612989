from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import ACCOUNTANT, MaventaCommon


def not_of_core(record):
    """Odoo's own invoice form asks for a widget of 'partner_autocomplete'."""
    return "Missing widget: res_partner_many2one" not in record.getMessage()


@tagged("post_install", "-at_install")
class TestTour(MaventaCommon, HttpCase):
    def setUp(self):
        super().setUp()
        browser = self._logger.getChild("browser")
        browser.addFilter(not_of_core)
        self.addCleanup(browser.removeFilter, not_of_core)
        self.simulator.polls_until_routed = 0

    def _play(self, tour, move, login):
        url = f"/odoo/action-account.action_move_out_invoice/{move.id}"
        self.start_tour(url, tour, login=login)

    def test_accountant_transfers_an_invoice(self):
        move = self._invoice()
        self._play("account_maventa_transfer", move, self.accountant.login)
        self.assertEqual(move.maventa_state, "delivered")
        self.assertEqual(move.maventa_status_id, self._status("after_transfer"))
        self.assertEqual(len(self._held()), 1)
        self.assertEqual(self.simulator.requests["create_invoice"], 1)

    def test_registration_to_delivery(self):
        """Register, authenticate, switch on, send, see it delivered."""
        with self.simulator.store as state:
            for key in [key for key in state if not key.startswith("invoice/")]:
                del state[key]
        self.company.write({"maventa_enabled": False, "email": "post@company.example"})
        self.company._maventa_configure("demo", "", "")
        self.simulator.looks_until_signed = 0
        boss = new_test_user(
            self.env,
            "boss",
            groups=f"base.group_system,account.group_account_manager,{ACCOUNTANT}",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
            email="boss@company.example",
        )
        url = "/odoo/action-account.action_account_config"
        self.start_tour(url, "account_maventa_register", login=boss.login)
        self.env.invalidate_all()
        self.assertEqual(self.account.state, "verified")
        self.assertTrue(self.company.maventa_enabled)
        self.assertEqual(self.account.auth_email, boss.email)
        move = self._invoice()
        self._play("account_maventa_transfer", move, self.accountant.login)
        self.assertEqual(move.maventa_state, "delivered")

    def test_corrected_error_is_delivered(self):
        self.partner_a.street = False
        self.accountant.group_ids |= self.env.ref("base.group_partner_manager")
        move = self._to_transfer(self._invoice())
        move.with_user(self.accountant).action_maventa_transfer_now()
        self.assertEqual(move.maventa_state, "invalid")
        self._play("account_maventa_correct", move, self.accountant.login)
        self.assertEqual(move.maventa_state, "delivered")
        self.assertEqual(len(move.maventa_transfer_ids), 2)
        self.assertIn(b"Uusikatu 7", self._held()[move.name].file)
        self.assertFalse(move.activity_ids)
