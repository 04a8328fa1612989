from odoo.tests import HttpCase, tagged

from .common import MaventaCommon


def not_of_core(record):
    """Odoo's own invoice form asks for a widget of 'partner_autocomplete'."""
    return "Missing widget: res_partner_many2one" not in record.getMessage()


@tagged("post_install", "-at_install")
class TestTour(MaventaCommon, HttpCase):
    def test_an_accountant_transfers_an_invoice(self):
        browser = self._logger.getChild("browser")
        browser.addFilter(not_of_core)
        self.addCleanup(browser.removeFilter, not_of_core)
        self.simulator.polls_until_routed = 0
        move = self._invoice()
        self.start_tour(
            f"/odoo/action-account.action_move_out_invoice/{move.id}",
            "account_maventa_transfer",
            login=self.accountant.login,
        )
        self.assertEqual(move.maventa_state, "delivered")
        self.assertEqual(move.maventa_status_id, self._status("after_transfer"))
        self.assertEqual(len(self._held()), 1)
        self.assertEqual(self.simulator.requests["create_invoice"], 1)
