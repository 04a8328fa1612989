"""A Swedish company receives: the taxes of its chart, and giro numbers."""

from dataclasses import replace

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..maventa_api.chart_accounts import LIMITED
from ..maventa_api.simulator.samples import Sender
from ..maventa_api.simulator.samples.parties import SWEDISH
from .common_receive_country import FORMATS, ReceiveCountryCommon, row

BANKGIRO = replace(SWEDISH, iban="9912346", bic="SE:BANKGIRO")
PLUSGIRO = replace(SWEDISH, iban="9912346", bic="SE:PLUSGIRO")


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveSweden(ReceiveCountryCommon):
    BUYER = Sender(
        *("Lumi AB", "5560125790", "SE556012579001", "5560125790"),
        *("0007", "0007", "SE"),
    )

    # === TAXES === #

    def test_rates_at_home_are_those_of_the_chart(self):
        self._supplier("peppol_sweden")
        for kind in FORMATS:
            with self.subTest(kind):
                rows = (row("25"), row("12"), row("6"))
                receipt = self._bill("peppol_sweden", *rows, source_format=kind)
                self.assertEqual(self._names(receipt), ["25% G", "12% G", "6% G"])
                self.assertAlmostEqual(receipt.move_id.amount_total, 343)
                self.assertEqual(receipt.move_id.currency_id.name, "SEK")
                self.assertFalse(receipt._stops())
                receipt.move_id.action_post()

    def test_vat_of_the_union_and_of_imports_is_assessed(self):
        for key, code, unit, name in (
            ("peppol_germany", "AE", "HUR", "25% EU S"),
            ("peppol_germany", "K", "KGM", "25% EU G"),
            ("peppol_norway", "O", "HUR", "25% EX S"),
            ("peppol_norway", "G", "KGM", "25% EX G"),
        ):
            with self.subTest(f"{key} {code}"):
                receipt = self._bill(key, row("0", code, unit_code=unit))
                self.assertEqual(self._names(receipt), [name])
                self.assertAlmostEqual(receipt.move_id.amount_total, 100)
                owed = receipt.move_id.line_ids.filtered("tax_line_id")
                self.assertEqual(sorted(owed.mapped("balance")), [-25, 25])
                self.assertIn("tax_proposed", self._codes(receipt))

    def test_reverse_charge_of_construction_at_home_is_that_of_the_chart(self):
        receipt = self._bill("peppol_sweden", row("0", "AE"))
        self.assertEqual(self._names(receipt), ["25% EU RS"])
        self.assertAlmostEqual(receipt.move_id.amount_total, 100)

    def test_tax_of_services_at_home_is_not_proposed_for_goods(self):
        self._supplier("peppol_sweden")
        goods = self._bill("peppol_sweden", row("0", "AE", unit_code="KGM"))
        self.assertFalse(self._names(goods))
        self.assertIn("tax_owed", self._codes(goods))
        self.assertNotIn("proposal", goods.points_text)
        with self.assertRaisesRegex(UserError, "no purchase tax for a domestic"):
            goods.action_create_tax()
        hours = self._bill("peppol_sweden", row("0", "AE", unit_code="HUR"))
        self.assertEqual(self._codes(hours), {"tax_proposed"})
        pieces = self._bill("peppol_sweden", row("0", "AE", unit_code="H87"))
        self.assertEqual(self._codes(pieces), {"supply_unclear"})
        pieces.action_confirm()
        pieces.move_id.action_post()
        again = self._bill("peppol_sweden", row("0", "AE", unit_code="H87"))
        self.assertFalse(self._codes(again), again.points_text)
        goods.move_id.invoice_line_ids.tax_ids = again.move_id.invoice_line_ids.tax_ids
        self.assertIn("tax_other_supply", self._codes(goods))

    def test_tax_of_construction_is_asked_for_sellers_of_the_union(self):
        home = self._bill("peppol_sweden", row("0", "AE"))
        receipt = self._bill("peppol_germany", row("0", "AE"))
        self.assertNotIn("tax_home", self._codes(receipt))
        receipt.move_id.invoice_line_ids.tax_ids = home.move_id.invoice_line_ids.tax_ids
        self.assertIn("tax_home", self._codes(receipt))

    def test_vat_of_another_country_is_a_cost(self):
        receipt = self._bill("clean", row("25.5"), currency="EUR")
        self.assertFalse(self._names(receipt))
        self.assertIn("foreign_vat", self._codes(receipt))
        self.assertAlmostEqual(receipt.move_id.amount_total, 125.5)

    def test_accounts_of_limited_deduction_are_in_the_chart(self):
        for name in LIMITED["SE"]:
            account = self.env.ref(f"account.{self.company.id}_{name}")
            self.assertEqual(account.account_type, "expense")
        self._supplier("peppol_sweden")
        receipt = self._bill("peppol_sweden", row("25"))
        receipt.move_id.invoice_line_ids.account_id = account
        self.assertEqual(self._codes(receipt), {"vat_deducted"})

    # === GIRO NUMBERS === #

    def test_bankgiro_that_is_known_is_paid_to(self):
        supplier = self._supplier("peppol_sweden", iban="991-2346")
        for kind in FORMATS:
            with self.subTest(kind):
                receipt = self._bill(
                    "peppol_sweden", row("25"), seller=BANKGIRO, source_format=kind
                )
                bank = receipt.move_id.partner_bank_id
                self.assertEqual(bank, supplier.bank_ids)
                self.assertFalse(receipt._stops())

    def test_plusgiro_of_the_digits_of_a_known_bankgiro_is_another_account(self):
        supplier = self._supplier("peppol_sweden", iban="991-2346")
        receipt = self._bill("peppol_sweden", row("25"), seller=PLUSGIRO)
        self.assertFalse(receipt.move_id.partner_bank_id)
        self.assertIn("account_changed", self._codes(receipt))
        self.assertIn("991234-6", receipt.points_text)
        booking = self.env["maventa.bill.booking"].sudo()
        with self.assertRaisesRegex(UserError, "different accounts.*991-2346"):
            booking._trust_account(receipt, "991234-6")
        receipt.move_id.partner_bank_id = supplier.bank_ids
        self.assertIn("account_differs", self._codes(receipt))
        bank = supplier.bank_ids
        bank.allow_out_payment = False
        bank.acc_number = "991234-6"
        bank.allow_out_payment = True
        self.assertFalse(receipt._stops())

    def test_giro_number_of_another_contact_is_only_that_of_its_kind(self):
        self._supplier("peppol_sweden", iban=None)
        self.env["res.partner.bank"].create(
            {"acc_number": "991-2346", "partner_id": self.partner_a.id}
        )
        receipt = self._bill("peppol_sweden", row("25"), seller=PLUSGIRO)
        self.assertIn("account_new", self._codes(receipt))
        receipt = self._bill("peppol_sweden", row("25"), seller=BANKGIRO)
        self.assertIn("account_other", self._codes(receipt))

    def test_giro_number_that_is_trusted_keeps_its_kind(self):
        supplier = self._supplier("peppol_sweden", iban=None)
        receipt = self._bill("peppol_sweden", row("25"), seller=PLUSGIRO)
        booking = self.env["maventa.bill.booking"].sudo()
        booking._trust_account(receipt, "991234-6")
        self.assertEqual(supplier.bank_ids.acc_number, "991234-6")
        self.assertEqual(receipt.move_id.partner_bank_id, supplier.bank_ids)
        self.assertFalse(receipt._stops())
