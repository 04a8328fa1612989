"""A Dutch company receives: the taxes of its chart."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..maventa_api.simulator.samples import Sender
from .common_receive_country import FORMATS, ReceiveCountryCommon, row


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveNetherlands(ReceiveCountryCommon):
    BUYER = Sender(
        "Sneeuw B.V.", "12345678", "NL123456782B90", "12345678", "0106", "0106", "NL"
    )

    def test_rates_at_home_are_those_of_the_chart(self):
        for kind in FORMATS:
            with self.subTest(kind):
                receipt = self._bill(
                    "peppol_netherlands", row("21"), row("9"), source_format=kind
                )
                self.assertEqual(self._names(receipt), ["21%", "9%"])
                self.assertAlmostEqual(receipt.move_id.amount_total, 230)
                self.assertNotIn("tax_missing", self._codes(receipt))

    def test_reverse_charge_at_home_is_that_of_the_chart(self):
        receipt = self._bill("peppol_netherlands", row("0", "AE"))
        self.assertEqual(self._names(receipt), ["21% R"])
        self.assertEqual(self._owed(receipt), [-21, 21])

    def test_vat_of_the_union_and_of_imports_is_assessed(self):
        for key, code, unit, name in (
            ("peppol_germany", "AE", "HUR", "21% EX EU S"),
            ("peppol_germany", "K", "KGM", "21% EX EU"),
            ("peppol_norway", "O", "HUR", "21% EX O EU S"),
            ("peppol_norway", "G", "KGM", "21% EX O EU"),
        ):
            with self.subTest(f"{key} {code}"):
                receipt = self._bill(key, row("0", code, unit_code=unit))
                self.assertEqual(self._names(receipt), [name])
                self.assertEqual(self._owed(receipt), [-21, 21])
                self.assertIn("tax_proposed", self._codes(receipt))

    def test_tax_of_sellers_at_home_is_asked_for_sellers_abroad(self):
        home = self._bill("peppol_netherlands", row("0", "AE"))
        tax = home.move_id.invoice_line_ids.tax_ids
        receipt = self._bill("peppol_germany", row("0", "AE"))
        receipt.move_id.invoice_line_ids.tax_ids = tax
        self.assertIn("tax_home", self._codes(receipt))
        self.assertIn("for sellers in your own country", receipt.points_text)

    def test_rate_that_the_chart_lacks_is_copied_or_refused(self):
        receipt = self._bill("peppol_netherlands", row("0", "E"))
        self.assertIn("tax_missing", self._codes(receipt))
        chart = self.env["maventa.chart.purchases"].sudo()
        chart._candidates(self.company).fiscal_position_ids = self.env[
            "account.fiscal.position"
        ].create({"name": "Elsewhere", "company_id": self.company.id})
        with self.assertRaisesRegex(UserError, "no purchase tax of your country"):
            receipt.action_create_tax()
