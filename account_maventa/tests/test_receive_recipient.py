"""For whom a received invoice is: its VAT may be deducted by nobody else."""

from dataclasses import replace

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_receive import MaventaReceiveCommon

FORMATS = ("FINVOICE30", "PEPPOLBIS30")
NO_NUMBER = {"bid": "", "vat": "", "address": ""}


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveVatRecipient(MaventaReceiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.number = 0

    def _for(self, name, **values):
        """Return the receipt of an invoice for this buyer."""
        type(self).number += 1
        kind = values.pop("source_format", "FINVOICE30")
        buyer = replace(self._sample("clean").draft.buyer, name=name, **values)
        number = f"B-{self.number}"
        sample = self._changed("clean", buyer=buyer, number=number, source_format=kind)
        return self._receive(sample)

    def test_invoice_for_a_private_person_without_a_number_is_held(self):
        self._supplier("clean")
        for kind in FORMATS:
            with self.subTest(kind):
                receipt = self._for(
                    "Matti Meikäläinen", **NO_NUMBER, source_format=kind
                )
                self.assertEqual(self._codes(receipt), {"recipient_unnumbered"})
                with self.assertRaisesRegex(UserError, "Matti Meikäläinen"):
                    receipt.move_id.action_post()

    def test_another_name_with_the_own_number_is_held(self):
        self._supplier("clean")
        for kind in FORMATS:
            with self.subTest(kind):
                receipt = self._for("Jää ja Routa Oy", source_format=kind)
                self.assertEqual(self._codes(receipt), {"recipient_name"})
                with self.assertRaisesRegex(UserError, "Jää ja Routa Oy"):
                    receipt.move_id.action_post()

    def test_own_name_however_it_is_written_is_no_question(self):
        self._supplier("clean")
        for name in ("LUMI OY", "Oy Lumi", "Lumi", "Lumi Oy, ostolaskut"):
            for numbers in ({}, NO_NUMBER):
                with self.subTest(name, numbers=numbers):
                    self.assertFalse(self._for(name, **numbers)._points())

    def test_invoice_that_names_no_buyer_is_held(self):
        self._supplier("clean")
        receipt = self._for("", **NO_NUMBER)
        self.assertEqual(self._codes(receipt), {"recipient_unknown"})

    def test_answer_about_a_name_is_remembered_for_the_supplier(self):
        self._supplier("clean")
        receipt = self._for("Lumiukko")
        self.assertEqual(self._codes(receipt), {"recipient_name"})
        receipt.with_user(self.accountant).action_confirm()
        self.assertFalse(self._codes(receipt))
        self.assertFalse(self._for("Lumiukko")._points())
        self.assertEqual(self._codes(self._for("Lumiakka")), {"recipient_name"})
        other = replace(self._sample("clean").draft.buyer, name="Lumiukko")
        sample = self._changed("long_texts", buyer=other)
        self.assertIn("recipient_name", self._codes(self._receive(sample)))

    def test_number_of_another_company_beside_the_own_one_is_held(self):
        self._supplier("clean")
        for values in ({"bid": "1234567-1"}, {"vat": "FI12345671"}):
            for kind in FORMATS:
                with self.subTest(values, kind=kind):
                    receipt = self._for("Lumi Oy", **values, source_format=kind)
                    self.assertEqual(self._codes(receipt), {"recipient_other"})
                    self.assertIn("1234567", receipt.points_text)

    def test_own_vat_number_in_another_country_is_the_own(self):
        self._supplier("clean")
        self.env["account.fiscal.position"].create(
            {
                "name": "Eesti",
                "company_id": self.company.id,
                "country_id": self.env.ref("base.ee").id,
                "foreign_vat": "EE100931558",
            }
        )
        self.assertFalse(self._for("Lumi Oy", vat="EE100931558")._points())

    def test_own_number_of_another_list_is_no_question(self):
        self._supplier("clean")
        for bid, scheme in (
            ("003723456780", "0216"),
            ("003723456780123", "0216"),
            ("6430000000009", "0088"),
        ):
            for kind in FORMATS:
                with self.subTest(bid, kind=kind):
                    values = {"bid": bid, "legal_scheme": scheme, "source_format": kind}
                    self.assertFalse(self._for("Lumi Oy", **values)._points())

    def test_register_number_of_another_country_alone_is_held(self):
        self._supplier("clean")
        values = {"bid": "5599838306", "legal_scheme": "0007"}
        values["source_format"] = "PEPPOLBIS30"
        self.assertFalse(self._for("Lumi Oy", **values)._points())
        receipt = self._for("Lumi Oy", vat="", **values)
        self.assertEqual(self._codes(receipt), {"recipient_other"})

    def test_answer_about_another_number_is_remembered_for_the_supplier(self):
        self._supplier("clean")
        receipt = self._for("Lumi Oy", bid="1234567-1")
        receipt.action_confirm()
        self.assertFalse(self._for("Lumi Oy", bid="1234567-1")._points())
        other = self._for("Lumi Oy", bid="2920579-8")
        self.assertEqual(self._codes(other), {"recipient_other"})
