"""The banner of a received bill in a browser, by an accountant without other rights."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_receive import MaventaReceiveCommon
from .test_tour import TourCommon


@tagged("post_install", "-at_install")
class TestReceiveTour(MaventaReceiveCommon, TourCommon):
    def setUp(self):
        super().setUp()
        self.supplier = self._supplier("plain", iban="FI2459639321765419")
        taxes = self.env["maventa.chart.purchases"].sudo()
        [food] = [row for row in self._sample("plain").draft.rows if row.rate == 13.5]
        taxes._create_for(self.company, food.rate)
        self.typed = self.init_invoice(
            "in_invoice", self.supplier, invoice_date="2026-03-19", amounts=[5]
        )
        self.typed.ref = "5001"
        self.typed.action_post()
        self.receipt = self._receive("plain")
        self.draft = self.receipt.move_id

    def _decide(self, tour):
        url = f"/odoo/action-account.action_move_in_invoice/{self.draft.id}"
        with mute_logger(f"{self._logger.name}.browser", "odoo.http"):
            self.start_tour(url, tour, login=self.accountant.login)
        self.env.invalidate_all()

    def test_accountant_says_it_is_another_and_settles_the_banner(self):
        self.draft.invoice_line_ids[:1].price_unit += 1
        self._decide("account_maventa_another_bill")
        self.assertEqual(self.draft.state, "draft")
        codes = self._codes(self.receipt)
        self.assertFalse(codes & {"duplicate", "totals"})
        self.assertIn("account_changed", codes)

    def test_accountant_says_it_is_the_same(self):
        self._decide("account_maventa_same_bill")
        self.assertEqual(self.draft.state, "cancel")
        self.assertEqual(self.receipt.move_id, self.typed)
