"""Purchases from abroad: the tax of goods or services, by signs, never by guess."""

from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..maventa_api.simulator.samples import DraftRow
from ..services.purchase_taxes import VatKey
from .common_receive import MaventaReceiveCommon

NONE = Decimal(0)
# Category, unit; end of the tax's name, what is asked
CASES = (
    ("AE", "HUR", "EU S", "tax_proposed"),
    ("AE", "C62", "EU S", "tax_proposed"),
    ("K", "KGM", "EU G", "tax_proposed"),
    ("K", "C62", "EU G", "tax_proposed"),
    ("", "HUR", "EU S", "tax_proposed"),
    ("", "KGM", "EU G", "tax_proposed"),
    ("K", "HUR", "EU G", "supply_unclear"),
    ("AE", "KGM", "EU S", "supply_unclear"),
)
ASKED = {"tax_proposed", "supply_unclear"}


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveSupply(MaventaReceiveCommon):
    def _german(self, number, *units, **values):
        """Return the receipt of a German bill with a row per category and unit."""
        rows = tuple(
            DraftRow(unit, Decimal(100), NONE, code, unit="-", unit_code=unit)
            for code, unit in units
        )
        values = {"number": number, "rows": rows, "paid": NONE, **values}
        return self._receive(self._changed("peppol_germany", **values))

    def _tax_names(self, receipt):
        return receipt.move_id.invoice_line_ids.mapped("tax_ids.name")

    def test_signs_propose_the_tax_and_ask_where_they_contradict_or_lack(self):
        for kind in ("FINVOICE30", "PEPPOLBIS30"):
            for code, unit, end, asked in CASES:
                with self.subTest(f"{kind} {code} {unit}"):
                    number = f"{kind[:1]}-{code}-{unit}"
                    receipt = self._german(number, (code, unit), source_format=kind)
                    [name] = self._tax_names(receipt)
                    self.assertIn(end, name)
                    self.assertEqual(self._codes(receipt) & ASKED, {asked})

    def test_question_about_goods_or_services_names_both_signs(self):
        receipt = self._german("1", ("K", "HUR"))
        self.assertIn("goods (K)", receipt.points_text)
        self.assertIn("services (HUR)", receipt.points_text)

    def test_bill_with_an_open_question_is_posted_only_after_the_answer(self):
        receipt = self._german("Q-1", ("K", "HUR"))
        with self.assertRaisesRegex(UserError, "Goods or services"):
            receipt.move_id.action_post()
        receipt.with_user(self.accountant).action_confirm()
        receipt.move_id.action_post()
        self.assertEqual(receipt.move_id.state, "posted")

    def test_answer_is_remembered_for_the_same_signs_and_no_others(self):
        receipt = self._german("1", ("K", "HUR"))
        taxes = self.env["account.tax"]
        [goods] = receipt.move_id.invoice_line_ids.tax_ids
        services = taxes.search([("name", "=", goods.name.replace("EU G", "EU S"))])
        receipt.move_id.invoice_line_ids.tax_ids = services
        self.assertNotIn("supply_unclear", self._codes(receipt))
        receipt.action_confirm()
        receipt.move_id.action_post()
        [row] = self.env["maventa.purchase.tax"].search([("tax_id", "=", services.id)])
        self.assertEqual((row.supply, row.place), ("unclear", "eu"))
        same, other = (self._german(unit, ("K", unit)) for unit in ("HUR", "KGM"))
        self.assertEqual(self._tax_names(same), services.mapped("name"))
        self.assertFalse(self._codes(same) & ASKED)
        self.assertEqual(self._tax_names(other), goods.mapped("name"))
        self.assertEqual(self._codes(other) & ASKED, {"tax_proposed"})

    def test_goods_and_services_of_one_bill_have_a_tax_each(self):
        receipt = self._german("1", ("", "HUR"), ("", "KGM"))
        one, other = self._tax_names(receipt)
        self.assertIn("EU S", one)
        self.assertIn("EU G", other)
        receipt.action_confirm()
        receipt.move_id.action_post()
        again = self._german("2", ("", "KGM"), ("", "HUR"))
        self.assertEqual(self._tax_names(again), [other, one])
        self.assertFalse(self._codes(again) & ASKED)

    def test_what_was_learned_without_signs_is_not_taken_for_the_other_kind(self):
        receipt = self._german("1", ("AE", "C62"))
        move = receipt.move_id
        self.env["maventa.purchase.tax"].create(
            {
                "partner_id": move.partner_id.id,
                "company_id": self.company.id,
                "place": "eu",
                "code": False,
                "tax_id": move.invoice_line_ids.tax_ids.id,
            }
        )
        taxes = self.env["maventa.purchase.taxes"].sudo()
        where = (self.company, move.partner_id, "eu", VatKey("", NONE))
        self.assertEqual(taxes._tax(*where)[1], "learned")
        for unit, supply in (("HUR", "learned"), ("KGM", "proposed")):
            line = self._german(unit, ("", unit)).move_id.invoice_line_ids
            signs = line._maventa_signs()
            self.assertEqual(taxes._tax(*where, signs)[1], supply)

    def test_units_say_nothing_about_purchases_at_home(self):
        self._supplier("clean")
        receipt = self._receive("clean")
        self.assertFalse(receipt._points())
        self.assertEqual(receipt.move_id.invoice_line_ids.tax_ids.amount, 25.5)
