"""A Norwegian company receives: a chart without fiscal positions."""

from dataclasses import replace

from odoo.tests import tagged

from ..maventa_api.simulator.samples import Sender
from .common_receive_country import FORMATS, ReceiveCountryCommon, row


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveNorway(ReceiveCountryCommon):
    BUYER = Sender(
        *("Snø AS", "974760673", "NO974760673MVA", "974760673", "0192", "0192", "NO"),
    )

    def test_rates_at_home_are_those_of_the_chart(self):
        rates = ("25", "15", "12", "0")
        for kind in FORMATS:
            with self.subTest(kind):
                rows = [row(rate, "Z" if rate == "0" else "S") for rate in rates]
                receipt = self._bill("peppol_norway", *rows, source_format=kind)
                self.assertEqual(self._names(receipt), ["25%", "15%", "12%", "0%"])
                self.assertAlmostEqual(receipt.move_id.amount_total, 452)
                self.assertNotIn("tax_missing", self._codes(receipt))

    def test_services_from_abroad_are_proposed_and_assessed(self):
        for key, code in (("peppol_germany", "AE"), ("peppol_sweden", "O")):
            with self.subTest(f"{key} {code}"):
                receipt = self._bill(key, row("0", code, unit_code="HUR"))
                self.assertEqual(self._names(receipt), ["25% EX S D"])
                self.assertEqual(self._owed(receipt), [-25, 25])
                self.assertIn("tax_proposed", self._codes(receipt))
                self.assertAlmostEqual(receipt.move_id.amount_total, 100)

    def test_services_without_the_tax_of_the_chart_are_never_without_vat(self):
        self.env.ref(f"account.{self.company.id}_tax25").active = False
        receipt = self._bill("peppol_germany", row("0", "AE", unit_code="HUR"))
        self.assertFalse(self._names(receipt))
        self.assertIn("tax_owed", self._codes(receipt))
        receipt.action_without_vat()
        self.assertIn("tax_owed", self._codes(receipt))

    def test_vat_of_imported_goods_is_that_of_the_customs_declaration(self):
        receipt = self._bill("peppol_germany", row("0", "G", unit_code="KGM"))
        self.assertFalse(self._names(receipt))
        self.assertIn("tax_owed", self._codes(receipt))
        receipt.action_without_vat()
        self.assertNotIn("tax_owed", self._codes(receipt))

    def test_account_with_and_without_its_country_is_the_same(self):
        supplier = self._supplier("peppol_norway", iban=None)
        accounts = self.env["res.partner.bank"]
        seller = self._sample("peppol_norway").draft.seller
        for known in ("97102778077", "NO41 9710 2778 077"):
            supplier.bank_ids.active = False
            values = {"partner_id": supplier.id, "allow_out_payment": True}
            account = accounts.create({"acc_number": known, **values})
            for named in ("97102778077", "NO4197102778077"):
                with self.subTest(known, named=named):
                    paid_to = replace(seller, iban=named, bic="")
                    receipt = self._bill("peppol_norway", row("25"), seller=paid_to)
                    self.assertEqual(receipt.move_id.partner_bank_id, account)
                    self.assertNotIn("account_changed", self._codes(receipt))
                    receipt.move_id.button_cancel()

    def test_account_of_another_contact_is_found_in_each_spelling(self):
        self._supplier("peppol_norway", iban=None)
        accounts = self.env["res.partner.bank"]
        seller = self._sample("peppol_norway").draft.seller
        account = accounts.create(
            {"acc_number": "97102778077", "partner_id": self.partner_a.id}
        )
        for known, named in (
            ("97102778077", "NO4197102778077"),
            ("NO4197102778077", "97102778077"),
        ):
            account.acc_number = known
            paid_to = replace(seller, iban=named, bic="")
            receipt = self._bill("peppol_norway", row("25"), seller=paid_to)
            self.assertIn("account_other", self._codes(receipt))
