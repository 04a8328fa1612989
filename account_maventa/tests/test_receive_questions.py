"""What a person must answer before a received bill is posted."""

from dataclasses import replace
from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..services.purchase_taxes import VatKey
from .common_receive import MaventaReceiveCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveQuestions(MaventaReceiveCommon):
    def _differing(self):
        """Return a receipt whose bill has another price than its document."""
        self._supplier("clean")
        receipt = self._receive("clean")
        self._raise_price(receipt.move_id)
        return receipt

    def _raise_price(self, move):
        [line] = move.invoice_line_ids
        values = {"price_unit": line.price_unit + 10}
        move.write({"invoice_line_ids": [Command.update(line.id, values)]})

    def _found(self, points):
        return {row["code"]: row["level"] for row in points}

    # === POSTING === #

    def test_bill_with_other_sums_is_posted_only_after_a_person_has_checked(self):
        receipt = self._differing()
        move = receipt.move_id
        with self.assertRaisesRegex(UserError, "differs from its document"):
            move.with_user(self.accountant).action_post()
        self.assertEqual(move.state, "draft")
        receipt.with_user(self.accountant).action_confirm()
        move.action_post()
        self.assertEqual(move.state, "posted")
        self.assertIn("differs from its document", receipt.timeline)
        self.assertIn("totals", self._found(receipt._points()))

    def test_checked_sums_are_asked_again_when_they_change(self):
        receipt = self._differing()
        receipt.action_confirm()
        self.assertNotIn("totals", self._codes(receipt))
        self._raise_price(receipt.move_id)
        self.assertIn("totals", self._codes(receipt))
        with self.assertRaises(UserError):
            receipt.move_id.action_post()

    def test_bill_that_is_a_draft_again_is_compared_again(self):
        receipt = self._differing()
        receipt.action_confirm()
        receipt.move_id.action_post()
        receipt.decided = False
        receipt.move_id.button_draft()
        self.assertIn("totals", self._codes(receipt))

    # === SUPPLIER === #

    def _two_of_a_new_supplier(self):
        """Return two receipts of a supplier whom nobody knows yet."""
        first = self._receive("clean")
        second = self._receive(self._changed("clean", number="S-78"))
        self.assertEqual(first.created_partner_id, second.move_id.partner_id)
        return first, second

    def test_second_bill_says_whose_contact_it_is_and_that_nobody_confirmed_it(self):
        first, second = self._two_of_a_new_supplier()
        self.assertIn("supplier_new", self._codes(first))
        self.assertIn("supplier_unconfirmed", self._codes(second))
        self.assertIn("from the invoice S-77, and nobody", second.points_text)
        self.assertNotIn("made from this invoice", second.points_text)

    def test_supplier_confirmed_on_either_bill_is_settled_on_both(self):
        first, second = self._two_of_a_new_supplier()
        second.with_user(self.accountant).action_confirm()
        for receipt in (first, second):
            self.assertNotIn("new: the contact", receipt.points_text)
        name = self.accountant.name
        self.assertIn(f"{name} has confirmed the supplier", first.timeline)
        self.assertIn("Checked (The supplier", second.timeline)
        third = self._receive(self._changed("clean", number="S-79"))
        self.assertFalse(third._points() and "new" in third.points_text)

    def test_supplier_of_a_bill_that_is_posted_is_settled_on_all_that_wait(self):
        first, second = self._two_of_a_new_supplier()
        second.move_id.action_post()
        self.assertNotIn("supplier_new", self._codes(first))
        self.assertFalse(
            first.move_id.activity_ids.filtered(lambda x: "Supplier" in x.summary)
        )
        second.move_id.button_draft()
        self.assertNotIn("supplier_unconfirmed", self._codes(second))

    def test_supplier_whom_nobody_confirmed_is_new_in_every_company(self):
        first = self._receive("clean")
        other = self.env["res.company"].create({"name": "Toinen Oy"})
        self.env.cr.execute(
            "UPDATE maventa_receipt SET company_id = %s WHERE id = %s",
            [other.id, first.id],
        )
        self.env.invalidate_all()
        second = self._receive(self._changed("clean", number="S-78"))
        self.assertIn("supplier_unconfirmed", self._codes(second))
        second.with_user(self.accountant).action_confirm()
        self.assertTrue(first.is_supplier_confirmed)
        third = self._receive(self._changed("clean", number="S-79"))
        self.assertNotIn("supplier_unconfirmed", self._codes(third))

    def test_new_supplier_with_the_name_of_a_known_one_is_asked(self):
        seller = self._sample("clean").draft.seller
        known = self._supplier("clean", name=seller.name.upper(), iban=None)
        known.write({"vat": "FI12345671", "company_registry": "1234567-1"})
        receipt = self._receive("clean")
        self.assertIn("supplier_namesake", self._codes(receipt))
        self.assertIn("FI12345671", receipt.points_text)
        self.assertIn(seller.vat, receipt.points_text)
        with self.assertRaisesRegex(UserError, "Frauds use the name"):
            receipt.move_id.action_post()

    def test_new_supplier_with_the_name_of_the_own_company_is_asked(self):
        seller = replace(self._sample("clean").draft.seller, name=self.company.name)
        receipt = self._receive(self._changed("clean", seller=seller))
        self.assertIn("supplier_namesake", self._codes(receipt))

    def test_vat_number_and_business_id_of_two_companies_are_asked(self):
        self._supplier("clean")
        seller = replace(self._sample("clean").draft.seller, bid="1234567-1")
        receipt = self._receive(self._changed("clean", seller=seller))
        self.assertIn("seller_numbers", self._codes(receipt))

    # === TAXES === #

    def _german(self):
        country = self.env.ref("base.de").id
        values = {"name": "Schnee GmbH", "vat": "DE123456788", "country_id": country}
        return self.env["res.partner"].create(values | {"is_company": True})

    def test_reverse_charge_of_the_union_is_of_services_and_k_is_of_goods(self):
        taxes = self.env["maventa.purchase.taxes"].sudo()
        partner = self._german()
        for code, end in (("AE", "EU S"), ("K", "EU G")):
            tax, source = taxes._tax(self.company, partner, "eu", VatKey(code, None))
            self.assertEqual(source, "proposed")
            self.assertTrue(tax.name.endswith(end), (code, tax.name))

    def test_reverse_charge_at_home_activates_the_tax_of_the_chart(self):
        taxes = self.env["maventa.chart.purchases"].sudo()
        taxes._domestic_reverse(self.company).active = False
        receipt = self._receive("builder_reverse")
        self.assertIn("tax_owed", self._codes(receipt))
        receipt.action_create_tax()
        self.assertNotIn("tax_owed", self._codes(receipt))
        tax = receipt.move_id.invoice_line_ids.tax_ids
        self.assertEqual(tax.name, "25.5% FI C")
        self.assertEqual(receipt.move_id.amount_tax, 0)

    def test_rate_that_is_not_in_force_is_asked_and_no_tax_is_made_for_it(self):
        sample = self._changed("clean", date=date(2024, 8, 1))
        receipt = self._receive(sample)
        self.assertIn("tax_not_in_force", self._codes(receipt))
        self.assertIn("25.5 %", receipt.points_text)
        with self.assertRaisesRegex(UserError, "not in force"):
            receipt.action_create_tax()

    def test_button_that_creates_a_tax_is_shown_to_those_who_may(self):
        messages = self.env["maventa.receipt.messages"]
        row = {"code": "tax_missing", "values": {"rate": "13.5"}}
        self.assertEqual(messages._remedy(row)[1], "action_create_tax")
        clerk = messages.with_user(self.accountant)
        self.assertEqual(clerk.sudo()._remedy(row), ("", ""))

    # === WARNINGS === #

    def test_another_warning_of_maventa_is_asked_although_one_is_decided(self):
        self._supplier("clean")
        receipt = self._receive("clean")
        checks = self.env["maventa.bill.booking"].sudo()
        for name in ("VAT", "BANK_ACCOUNT_CHANGED"):
            with self.subTest(name):
                row = {"check": name, "text": "x", "is_warning": True}
                receipt.detects = [*(receipt.detects or []), row]
                checks._check_again(receipt)
                self.assertEqual(self._codes(receipt), {"detect"})
                receipt.action_confirm()
                self.assertFalse(self._codes(receipt))

    # === CREDIT NOTES, TEXTS === #

    def test_due_date_before_the_invoice_is_told_in_words(self):
        values = {"date": "2026-03-02", "due_date": "2026-03-01"}
        row = {"code": "reader_due_before_date", "values": values}
        text = self.env["maventa.receipt.messages"]._text(row)
        self.assertIn("Due before the invoice date", text)
        self.assertNotIn("_", text)

    def test_duplicate_without_a_number_is_named_by_what_it_says(self):
        bill = self.init_invoice("in_invoice", self.partner_a, amounts=[10])
        bill.ref = "A-9"
        name = self.env["maventa.bill.checks"].sudo()._name_of(bill)
        self.assertIn("A-9", name)
        self.assertIn("Jää Oy", name)
