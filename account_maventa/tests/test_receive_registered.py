"""A company that is registered for VAT in another country, too."""

from dataclasses import replace
from decimal import Decimal

from odoo.tests import tagged

from ..maventa_api.simulator.samples import DraftRow
from ..maventa_api.simulator.samples.parties import BUYER, SWEDISH
from .common_receive import MaventaReceiveCommon

FORMATS = ("FINVOICE30", "PEPPOLBIS30")
NUMBER = "SE556012579001"
OURS = replace(BUYER, vat=NUMBER, bid="", country="SE")


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveRegistered(MaventaReceiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._ensure_rates()
        sweden = cls.env.ref("base.se")
        cls.position = cls.env["account.fiscal.position"].create(
            {
                "name": "Sweden",
                "country_id": sweden.id,
                "foreign_vat": NUMBER,
                "auto_apply": True,
                "sequence": 0,
                "company_id": cls.company.id,
            }
        )
        standard = cls.company.account_purchase_tax_id
        cls.swedish = standard.copy(
            {
                "name": "25% SE",
                "amount": 25,
                "country_id": sweden.id,
                "fiscal_position_ids": [(6, 0, cls.position.ids)],
                "tax_group_id": cls.env["account.tax.group"]
                .create(
                    {
                        "name": "SE",
                        "country_id": sweden.id,
                        "company_id": cls.company.id,
                    }
                )
                .id,
            }
        )
        cls.number = 0

    def _bill(self, kind, rate="25", code="S", **values):
        type(self).number += 1
        row = DraftRow("Vara", Decimal(100), Decimal(rate), code, unit_code="HUR")
        values = {"number": f"G-{self.number}", "source_format": kind, **values}
        return self._receive(self._changed("peppol_sweden", rows=(row,), **values))

    def test_vat_of_the_own_registration_is_deducted_there(self):
        for kind in FORMATS:
            with self.subTest(kind):
                receipt = self._bill(kind, buyer=OURS)
                move = receipt.move_id
                self.assertEqual(move.invoice_line_ids.tax_ids, self.swedish)
                self.assertEqual(move.fiscal_position_id, self.position)
                self.assertAlmostEqual(move.amount_total, 125)
                self.assertAlmostEqual(move.amount_tax, 25)
                self.assertIn("vat_registered", self._codes(receipt))
                self.assertIn("25% SE", receipt.points_text)
                self.assertFalse({"foreign_vat", "totals"} & self._codes(receipt))
        receipt.action_confirm()
        receipt.move_id.action_post()
        again = self._bill(kind, buyer=OURS)
        self.assertNotIn("vat_registered", self._codes(again))
        self.assertFalse(self.env["maventa.purchase.tax"].search([]))

    def test_vat_is_a_cost_where_the_invoice_names_another_number(self):
        for kind in FORMATS:
            with self.subTest(kind):
                receipt = self._bill(kind)
                move = receipt.move_id
                self.assertNotEqual(receipt.state, "unreadable")
                self.assertFalse(move.invoice_line_ids.tax_ids)
                self.assertFalse(move.fiscal_position_id.foreign_vat)
                self.assertAlmostEqual(move.amount_total, 125)
                self.assertIn("foreign_vat", self._codes(receipt))

    def test_tax_of_that_country_that_a_person_chooses_is_beside_no_cost(self):
        receipt = self._bill("FINVOICE30")
        move = receipt.move_id
        move.fiscal_position_id = self.position
        line, cost = move.invoice_line_ids
        line.tax_ids = self.swedish
        self.assertIn("foreign_vat_taxed", self._codes(receipt))
        cost.unlink()
        self.assertNotIn("foreign_vat_taxed", self._codes(receipt))
        self.assertIn("vat_registered", self._codes(receipt))

    def test_rate_without_a_tax_of_that_country_stays_a_cost(self):
        receipt = self._bill("FINVOICE30", rate="12", buyer=OURS)
        self.assertIn("foreign_vat", self._codes(receipt))
        self.assertAlmostEqual(receipt.move_id.amount_total, 112)

    def test_reverse_charge_of_a_seller_there_has_the_taxes_of_home(self):
        for kind in FORMATS:
            with self.subTest(kind):
                receipt = self._bill(kind, "0", "AE", seller=SWEDISH)
                move = receipt.move_id
                self.assertFalse(move.fiscal_position_id.foreign_vat)
                self.assertNotIn("unreadable", self._codes(receipt))
                self.assertLessEqual(
                    move.invoice_line_ids.tax_ids.country_id,
                    self.company.account_fiscal_country_id,
                )
