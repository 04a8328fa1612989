"""The supplier: numbers before addresses, and answers that are remembered."""

from dataclasses import replace

from odoo.tests import tagged

from .common_receive import MaventaReceiveCommon

FORMATS = ("FINVOICE30", "PEPPOLBIS30")
GLN = "6430000000009"


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveSuppliers(MaventaReceiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.count = 0

    def _from(self, seller, kind="FINVOICE30", key="clean", **values):
        """Return the receipt of an invoice of this seller."""
        type(self).count += 1
        values = {"number": f"S-{self.count}", "seller": seller, **values}
        return self._receive(self._changed(key, source_format=kind, **values))

    def _seller(self, **values):
        return replace(self._sample("clean").draft.seller, **values)

    # === ADDRESSES === #

    def test_address_of_a_known_supplier_does_not_overrule_the_own_numbers(self):
        known = self._supplier("clean", edicode="003729770658")
        known.write({"peppol_eas": "0216", "peppol_endpoint": "003729770658"})
        other = {"bid": "2920579-8", "vat": "FI29205798"}
        for kind in FORMATS:
            for name in (known.name, "Toinen Oy"):
                with self.subTest(kind, name=name):
                    receipt = self._from(self._seller(name=name, **other), kind)
                    self.assertNotEqual(receipt.move_id.partner_id, known)
                    self.assertFalse(receipt.move_id.partner_bank_id)
                    codes = self._codes(receipt)
                    self.assertTrue(codes & {"supplier_new", "supplier_unconfirmed"})

    def test_numbers_that_cannot_be_checked_contradict_an_address_as_well(self):
        known = self._supplier("clean", edicode="X1")
        seller = self._seller(bid="HRB 1", vat="", address="X1", country="DE")
        receipt = self._from(seller)
        self.assertFalse(receipt.move_id.partner_id)
        known.write({"company_registry": "HRB-1", "vat": False})
        self.assertEqual(self._from(seller).move_id.partner_id, known)

    def test_address_finds_who_has_no_number_and_says_so(self):
        known = self._supplier(
            "clean", vat=False, company_registry=False, edicode="003729770658"
        )
        receipt = self._from(self._seller(name="Toinen Oy"))
        self.assertEqual(receipt.move_id.partner_id, known)
        self.assertIn("number or the e-invoice address", receipt.points_text)

    # === NUMBERS OF OTHER LISTS === #

    def test_business_id_as_an_address_is_that_of_the_vat_number(self):
        supplier = self._supplier("clean")
        for values in (
            {"bid": "003729770658", "legal_scheme": "0216"},
            {"bid": GLN, "legal_scheme": "0088"},
            {"bid": "972042935", "legal_scheme": "0060"},
        ):
            for kind in FORMATS if len(values["bid"]) > 9 else FORMATS[1:]:
                with self.subTest(values, kind=kind):
                    receipt = self._from(self._seller(**values), kind)
                    self.assertEqual(receipt.move_id.partner_id, supplier)
                    self.assertFalse(self._codes(receipt))

    def test_business_id_of_another_company_is_asked_in_every_spelling(self):
        self._supplier("clean")
        seller = self._seller(bid="003729205798", legal_scheme="0216")
        receipt = self._from(seller, "PEPPOLBIS30")
        self.assertIn("seller_numbers", self._codes(receipt))

    # === SEVERAL CONTACTS === #

    def test_own_contact_of_the_company_comes_before_a_shared_one(self):
        self._supplier("clean")
        own = self._supplier("clean", iban=None, company_id=self.company.id)
        self.assertEqual(self._from(self._seller()).move_id.partner_id, own)

    def test_choice_among_several_contacts_is_remembered(self):
        first, second = (self._supplier("clean") for _number in range(2))
        receipt = self._from(self._seller())
        self.assertIn("supplier_several", self._codes(receipt))
        receipt.move_id.partner_id = second
        receipt.move_id.action_post()
        self.assertEqual(receipt.partner_id, second)
        again = self._from(self._seller())
        self.assertEqual(again.move_id.partner_id, second)
        self.assertFalse(self._codes(again))
        second.active = False
        self.assertEqual(self._from(self._seller()).move_id.partner_id, first)

    def test_choice_among_members_of_a_vat_group_is_a_question_each_time(self):
        self._supplier("clean")
        other = self._supplier(
            "clean", company_registry="2920579-8", company_id=self.company.id
        )
        receipt = self._from(self._seller(bid=""))
        self.assertIn("supplier_several", self._codes(receipt))
        receipt.move_id.partner_id = other
        receipt.move_id.action_post()
        again = self._from(self._seller(bid=""))
        self.assertIn("supplier_several", self._codes(again))
