"""From document to draft: equal to the cent, or with a reason for a person."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from lxml import etree
from odoo import Command, fields
from odoo.tests import tagged

from ..maventa_api.simulator.samples import Allowed, DraftRow
from .common_receive import MaventaReceiveCommon, all_samples

# Samples whose sums no draft can have
UNEQUAL = {"wrong_vat"}
TODAY = "2026-03-19"
NO_BILL = {"reminder", "interest_note"}


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveBill(MaventaReceiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.currency"].with_context(active_test=False).search(
            [("name", "in", ("SEK", "NOK", "DKK"))]
        ).active = True

    def _with_taxes(self):
        """Make the rates that the chart lacks."""
        taxes = self.env["maventa.chart.purchases"].sudo()
        for rate in ("13.5", "14", "10", "24"):
            if not taxes._of_chart(self.company, Decimal(rate)):
                taxes._create_for(self.company, Decimal(rate))

    # === ALL SHAPES === #

    def test_every_sample_is_equal_to_its_document_or_says_both_sums(self):
        self._with_taxes()
        ids = {self._arrive(key)[0]: key for key in all_samples()}
        for receipt in self._fetch().filtered(lambda row: not row.document_index):
            key = ids[receipt.remote_id]
            draft = self._sample(key).draft
            with self.subTest(key):
                if key in NO_BILL:
                    self.assertEqual(receipt.state, "not_a_bill")
                    self.assertFalse(receipt.move_id)
                    continue
                move = receipt.move_id
                self.assertEqual(move.state, "draft")
                self.assertEqual(move.ref, draft.number)
                self.assertEqual(move.currency_id.name, draft.currency)
                self.assertEqual(move.invoice_date, draft.date)
                is_without = key == "peppol_denmark"  # has no due date in UBL
                due = draft.date if is_without else draft.due
                self.assertEqual(move.invoice_date_due, due)
                is_refund = draft.is_credit or draft.total < 0
                self.assertEqual(
                    move.move_type, "in_refund" if is_refund else "in_invoice"
                )
                if key in UNEQUAL:
                    self.assertIn("totals", self._codes(receipt))
                    self.assertIn("21.40", receipt.points_text)
                    continue
                self.assertNotIn("totals", self._codes(receipt), receipt.points_text)
                total = abs(draft.total) + draft.round_off
                self.assertEqual(Decimal(f"{move.amount_total:.2f}"), total)
                self.assertEqual(
                    Decimal(f"{move.amount_tax:.2f}"), abs(draft.vat), move.line_ids
                )

    def test_totals_check_covers_net_vat_total_and_each_rate(self):
        self._with_taxes()
        receipt = self._receive("food_rates")
        line = receipt.move_id.invoice_line_ids[:1]
        line.price_unit += 1
        self.env["maventa.bill.booking"].sudo()._check_again(receipt)
        found = {
            row["values"]["what"] for row in receipt._stops() if row["code"] == "totals"
        }
        self.assertEqual(
            found, {"net", "vat", "total", "payable", "vat_base", "vat_amount"}
        )
        self.assertEqual(receipt.state, "review")

    def test_difference_of_a_cent_in_the_vat_is_found(self):
        receipt = self._receive("clean")
        tax_line = receipt.move_id.line_ids.filtered("tax_line_id")
        receipt.move_id.write(
            {
                "line_ids": [
                    Command.update(
                        tax_line.id,
                        {"amount_currency": tax_line.amount_currency + 0.01},
                    )
                ]
            }
        )
        self.assertIn("rounding", self._codes(receipt))

    def test_maventas_own_figures_are_compared(self):
        receipt = self._receive("clean")
        receipt.amount_total += 1
        self.env["maventa.bill.booking"].sudo()._check_again(receipt)
        self.assertIn("service_totals", self._codes(receipt))

    def test_clean_bill_of_a_known_supplier_has_nothing_to_decide(self):
        supplier = self._supplier("clean")
        receipt = self._receive("clean")
        self.assertEqual(receipt.state, "billed", receipt.points_text)
        move = receipt.move_id
        self.assertEqual(move.partner_id, supplier)
        self.assertEqual(move.partner_bank_id, supplier.bank_ids)
        self.assertEqual(move.payment_reference, "RF18539007547034")
        self.assertEqual(move.invoice_origin, "PO-101")
        self.assertIn("Kustannuspaikka 210", str(move.narration))
        self.assertEqual(move.journal_id, self.journal)
        self.assertTrue(all(move.invoice_line_ids.mapped("is_imported")))

    # === LINES === #

    def test_quantity_price_and_discount_are_those_of_the_document(self):
        move = self._receive("row_discount").move_id
        first, second = move.invoice_line_ids
        self.assertEqual((first.quantity, first.price_unit), (10, 10))
        self.assertEqual(first.discount, 10)
        self.assertEqual(second.price_subtotal, 75)

    def test_price_per_hundred_keeps_quantity_and_amount(self):
        line = self._receive("freight_per_hundred").move_id.invoice_line_ids[0]
        self.assertEqual((line.quantity, line.price_unit), (1240, 0.125))
        self.assertEqual(line.price_subtotal, 155)

    def test_texts_between_rows_are_notes(self):
        lines = self._receive("long_texts").move_id.invoice_line_ids
        notes = lines.filtered(lambda line: line.display_type == "line_note")
        self.assertEqual(notes.mapped("name"), ["Maaliskuu", "Kiitos tilauksesta"])

    def test_repeating_sub_rows_are_left_out_and_counting_ones_are_lines(self):
        self.assertEqual(
            len(self._receive("telecom_sub_rows").move_id.invoice_line_ids), 2
        )
        pension = self._receive("pension_sub_rows").move_id
        self.assertEqual(pension.amount_untaxed, 800)

    def test_discounts_and_charges_of_the_document_are_lines(self):
        lines = self._receive("document_discount").move_id.invoice_line_ids
        self.assertEqual(lines.mapped("price_subtotal"), [200, -20, 8])
        self.assertEqual(lines[1].name, "Vuosialennus")

    def test_rounding_is_a_line_without_tax(self):
        self._with_taxes()
        for number, kind in (("R-1", "FINVOICE30"), ("R-2", "PEPPOLBIS30")):
            with self.subTest(kind):
                sample = self._changed("rounding", number=number, source_format=kind)
                bill = self._receive(sample).move_id
                line = bill.invoice_line_ids[-1]
                self.assertEqual(line.price_total, 0.01)
                self.assertFalse(line.tax_ids)
                self.assertEqual(bill.amount_total, 13.6)

    def test_rounding_is_booked_where_no_vat_is_stated(self):
        rows = (DraftRow("Viivästyskorko", Decimal("2416.31"), Decimal(0), "O"),)
        sample = self._changed(
            "rounding",
            number="R-3",
            rows=rows,
            round_off=Decimal("-0.16"),
            source_format="PEPPOLBIS30",
        )
        bill = self._receive(sample).move_id
        self.assertEqual(bill.amount_total, 2416.15)

    def test_scan_without_lines_has_a_line_per_rate_and_waits(self):
        receipt = self._receive("scan")
        self.assertEqual(receipt.move_id.amount_total, 110.44)
        self.assertLessEqual({"scan", "reader_no_rows"}, self._codes(receipt))

    def test_product_is_found_by_its_numbers_never_by_its_name(self):
        by_name = self.env["product.product"].create({"name": "Kahvi"})
        self.assertFalse(
            self._receive("food_rates").move_id.invoice_line_ids.product_id
        )
        by_name.barcode = "6400000000011"
        lines = self._receive("food_rates").move_id.invoice_line_ids
        self.assertEqual(lines.product_id, by_name)

    def test_product_is_found_by_the_suppliers_code(self):
        supplier = self._supplier("plain")
        product = self.env["product.product"].create(
            {
                "name": "Paper",
                "seller_ids": [
                    Command.create({"partner_id": supplier.id, "product_code": "P-4"})
                ],
            }
        )
        lines = self._receive("plain").move_id.invoice_line_ids
        self.assertEqual(lines[0].product_id, product)
        self.assertEqual(lines[0].price_unit, 4.5)

    def test_products_of_ubl_are_found_by_the_same_numbers(self):
        supplier = self._supplier("peppol_finland")
        self.env["product.product"].create(
            [{"name": "Kahvi"}, {"name": "Other", "default_code": "K-7"}]
        )
        rows = [
            replace(row, article="K-7")
            for row in self._sample("peppol_finland").draft.rows
        ]
        sample = self._changed("peppol_finland", rows=tuple(rows))
        receipt = self._receive(sample)
        self.assertFalse(receipt.move_id.invoice_line_ids.product_id)
        self.assertEqual(receipt.move_id.invoice_line_ids.name, "Kahvi")
        seller = {"partner_id": supplier.id, "product_code": "K-7"}
        product = self.env["product.product"].create(
            {"name": "Coffee", "seller_ids": [Command.create(seller)]}
        )
        receipt.action_read_again()
        self.assertEqual(receipt.move_id.invoice_line_ids.product_id, product)
        raw = sample.formats["PEPPOLBIS30"]
        root = etree.fromstring(raw)
        [node] = root.iter("{*}SellersItemIdentification")
        node.tag = node.tag.replace("Sellers", "Buyers")
        sample.formats["PEPPOLBIS30"] = etree.tostring(root)
        other = self._receive(sample).move_id.invoice_line_ids.product_id
        self.assertEqual(other.default_code, "K-7")

    # === TAXES === #

    def test_rate_that_the_chart_lacks_waits_and_is_created_by_a_button(self):
        receipt = self._receive("plain")
        self.assertIn("tax_missing", self._codes(receipt))
        self.assertIn("13.5", receipt.points_text)
        receipt.action_create_tax()
        self.assertNotIn("tax_missing", self._codes(receipt))
        self.assertNotIn("totals", self._codes(receipt))
        self.assertEqual(receipt.move_id.amount_total, 79.18)

    def test_tax_that_is_included_in_prices_is_never_taken(self):
        taxes = self.env["maventa.chart.purchases"].sudo()
        taxes._candidates(self.company).filtered("amount").active = False
        self.env["account.tax"].create(
            {
                "name": "25.5 in",
                "amount": 25.5,
                "type_tax_use": "purchase",
                "price_include_override": "tax_included",
            }
        )
        receipt = self._receive("clean")
        self.assertFalse(receipt.move_id.invoice_line_ids.tax_ids)
        self.assertIn("tax_missing", self._codes(receipt))

    def test_inactive_rate_is_activated_not_copied(self):
        taxes = self.env["account.tax"].with_context(active_test=False)
        domain = [("company_id", "=", self.company.id), ("amount", "=", 10)]
        before = taxes.search_count(domain)
        self._receive("food_rates").action_create_tax()
        self.assertEqual(taxes.search_count(domain), before)

    def test_tax_of_a_seller_abroad_is_a_proposal_until_a_person_posts(self):
        receipt = self._receive("peppol_germany")
        self.assertIn("tax_proposed", self._codes(receipt))
        tax = receipt.move_id.invoice_line_ids.tax_ids
        self.assertEqual(receipt.move_id.amount_tax, 0)
        self.assertIn("EU", tax.name)
        receipt._confirm("partly_paid")
        receipt.move_id.action_post()
        again = self._receive(self._changed("peppol_germany", number="RE-890"))
        self.assertNotIn("tax_proposed", self._codes(again))

    def test_choice_of_a_person_is_learned_for_the_supplier(self):
        self._supplier("clean")
        taxes = self.env["maventa.chart.purchases"].sudo()._candidates(self.company)
        other = taxes.filtered(lambda tax: tax.amount == 25.5)[-1]
        move = self._receive("clean").move_id
        self.assertNotEqual(move.invoice_line_ids.tax_ids, other)
        move.invoice_line_ids.tax_ids = other
        move.action_post()
        row = self.env["maventa.purchase.tax"].search([("tax_id", "=", other.id)])
        self.assertEqual((row.code, row.rate, row.is_learned), ("S", 25.5, True))
        again = self._receive(self._changed("clean", number="S-78")).move_id
        self.assertEqual(again.invoice_line_ids.tax_ids, other)

    def test_reverse_charge_at_home_waits_for_a_tax(self):
        receipt = self._receive("builder_reverse")
        self.assertFalse(receipt.move_id.invoice_line_ids.tax_ids)
        self.assertIn("tax_owed", self._codes(receipt))

    # === SUPPLIER === #

    def test_supplier_is_found_by_vat_however_it_is_written(self):
        for vat in ("FI29770658", "FI 2977065-8"):
            with self.subTest(vat):
                supplier = self.env["res.partner"].with_context(no_vat_validation=True)
                supplier = supplier.create({"name": "X", "vat": vat})
                self.assertEqual(self._receive("clean").move_id.partner_id, supplier)
                supplier.active = False
                supplier.vat = False

    def test_supplier_is_found_by_business_id_or_address(self):
        country = self.env.ref("base.fi").id
        for values in (
            {"company_registry": "2977065-8", "country_id": country},
            {"edicode": "003729770658"},
        ):
            with self.subTest(values):
                supplier = self.env["res.partner"].create({"name": "X", **values})
                self.assertEqual(self._receive("clean").move_id.partner_id, supplier)
                supplier.write({"company_registry": False, "edicode": False})

    def test_supplier_is_never_found_by_its_name(self):
        name = self._sample("clean").draft.seller.name
        other = self.env["res.partner"].create({"name": name})
        self.assertNotEqual(self._receive("clean").move_id.partner_id, other)

    def test_nothing_of_a_known_supplier_is_changed(self):
        supplier = self._supplier("clean", street=False, city=False)
        before = supplier.read()[0]
        self._receive("clean")
        self.env.invalidate_all()
        after = supplier.read()[0]
        same = {"name", "vat", "street", "city", "bank_ids", "company_registry"}
        self.assertEqual(
            {name: after[name] for name in same}, {name: before[name] for name in same}
        )

    def test_new_supplier_is_marked_until_its_first_bill_is_posted(self):
        receipt = self._receive("clean")
        self.assertIn("supplier_new", self._codes(receipt))
        partner = receipt.created_partner_id
        self.assertEqual((partner.vat, partner.city), ("FI29770658", "Pori"))
        self.assertFalse(partner.bank_ids)
        receipt.move_id.action_post()
        again = self._receive(self._changed("clean", number="S-78"))
        self.assertEqual(again.move_id.partner_id, partner)
        self.assertNotIn("supplier_new", self._codes(again))

    def test_supplier_without_any_number_is_chosen_by_a_person(self):
        seller = self._sample("clean").draft.seller
        nobody = replace(seller, bid="", vat="", address="")
        receipt = self._receive(self._changed("clean", seller=nobody))
        self.assertFalse(receipt.move_id.partner_id)
        self.assertIn("supplier_unknown", self._codes(receipt))

    def test_two_suppliers_of_one_number_wait_for_a_choice(self):
        first, _second = self._supplier("clean"), self._supplier("clean")
        receipt = self._receive("clean")
        self.assertFalse(receipt.move_id.partner_id)
        self.assertIn("supplier_several", self._codes(receipt))
        receipt.move_id.partner_id = first
        self.assertNotIn("supplier_several", self._codes(receipt))

    def _member(self, bid):
        """Return a seller of a VAT group: its own id, and the group's VAT number."""
        group = {"vat": "FI29134125", "address": "003729134125"}
        return replace(self._sample("clean").draft.seller, bid=bid, **group)

    def test_member_of_a_vat_group_is_known_by_its_own_business_id(self):
        first = self._supplier("clean", vat="FI29134125")
        second = self._supplier(
            "clean", name="Y", vat="FI29134125", company_registry="2920579-8"
        )
        for number, bid, supplier in (
            ("G-1", "2977065-8", first),
            ("G-2", "2920579-8", second),
        ):
            with self.subTest(bid):
                seller = self._member(bid)
                receipt = self._receive(
                    self._changed("clean", seller=seller, number=number)
                )
                self.assertEqual(receipt.move_id.partner_id, supplier)
                self.assertIn("VAT group", receipt.points_text)

    def test_unknown_member_of_a_vat_group_is_no_other_one_of_it(self):
        known = self._supplier("clean", vat="FI29134125", edicode="003729134125")
        seller = self._member("2920579-8")
        receipt = self._receive(self._changed("clean", seller=seller))
        self.assertNotEqual(receipt.move_id.partner_id, known)
        self.assertIn("supplier_new", self._codes(receipt))
        self.assertEqual(receipt.move_id.partner_id.company_registry, "2920579-8")

    def test_vat_number_of_a_group_alone_is_a_question(self):
        first = self._supplier("clean", vat="FI29134125")
        seller = self._member("")
        receipt = self._receive(self._changed("clean", seller=seller))
        self.assertEqual(receipt.move_id.partner_id, first)
        self._supplier("clean", vat="FI29134125", company_registry="2920579-8")
        receipt = self._receive(self._changed("clean", seller=seller, number="G-4"))
        self.assertFalse(receipt.move_id.partner_id)
        self.assertIn("supplier_several", self._codes(receipt))

    def test_vat_group_that_was_confirmed_is_not_asked_again(self):
        self._supplier("clean", vat="FI29134125")
        seller = self._member("2977065-8")
        receipt = self._receive(self._changed("clean", seller=seller))
        self.assertEqual(self._codes(receipt), {"seller_numbers"})
        receipt.action_confirm()
        again = self._receive(self._changed("clean", seller=seller, number="G-6"))
        self.assertFalse(self._codes(again))

    def test_address_of_a_contact_with_other_numbers_is_no_supplier(self):
        known = self._supplier("clean", vat="FI29134125", edicode="003729770658")
        known.company_registry = "2913412-5"
        receipt = self._receive("clean")
        self.assertNotEqual(receipt.move_id.partner_id, known)

    def test_supplier_on_aland_is_found_by_its_finnish_number(self):
        supplier = self._supplier("clean", vat=False)
        for number, country in (("X-1", "AX"), ("X-2", "FI")):
            with self.subTest(country):
                seller = replace(self._sample("clean").draft.seller, country=country)
                receipt = self._receive(
                    self._changed("clean", seller=seller, number=number)
                )
                self.assertEqual(receipt.move_id.partner_id, supplier)

    def test_contact_of_a_supplier_is_booked_on_its_company(self):
        supplier = self._supplier("clean")
        self.env["res.partner"].create(
            {"name": "Sales", "parent_id": supplier.id, "vat": supplier.vat}
        )
        self.assertEqual(self._receive("clean").move_id.partner_id, supplier)

    def test_archived_supplier_is_not_taken(self):
        self._supplier("clean").active = False
        receipt = self._receive("clean")
        self.assertFalse(receipt.move_id.partner_id)
        self.assertIn("supplier_archived", self._codes(receipt))

    def test_own_company_as_seller_waits(self):
        own = self._sample("clean").draft.buyer
        receipt = self._receive(self._changed("clean", seller=own))
        self.assertIn("supplier_self", self._codes(receipt))

    def test_supplier_of_another_company_is_not_taken(self):
        other = self.env["res.company"].create({"name": "Other"})
        supplier = self._supplier("clean", company_id=other.id)
        self.assertNotEqual(self._receive("clean").move_id.partner_id, supplier)

    def test_invoice_for_somebody_else_waits(self):
        buyer = self._sample("plain").draft.seller
        receipt = self._receive(self._changed("clean", buyer=buyer))
        self.assertIn("recipient_other", self._codes(receipt))

    # === KINDS === #

    def test_credit_note_of_either_sign_is_a_refund_of_its_bill(self):
        self._supplier("plain")
        self._with_taxes()
        bill = self._receive("plain").move_id
        bill.action_post()
        for key in ("credit_negative", "credit_positive"):
            with self.subTest(key):
                move = self._receive(key).move_id
                self.assertEqual(move.move_type, "in_refund")
                self.assertEqual(move.amount_total, 11.30)
                self.assertEqual(move.reversed_entry_id, bill)

    def test_bill_that_is_credited_is_not_guessed_among_two(self):
        supplier = self._supplier("plain")
        for day in ("2025-03-01", TODAY):
            typed = self.init_invoice("in_invoice", supplier, day, amounts=[5])
            typed.ref = "5001"
            typed.action_post()
        receipt = self._receive("credit_negative")
        self.assertFalse(receipt.move_id.reversed_entry_id)
        self.assertIn("5001", receipt.points_text)

    def test_credit_note_without_its_bill_tells_so(self):
        receipt = self._receive("credit_unknown_original")
        self.assertFalse(receipt.move_id.reversed_entry_id)
        self.assertIn("99999", receipt.points_text)

    def test_kinds_for_a_person_wait(self):
        for key, code in (
            ("cancellation", "cancelled"),
            ("prepayment", "prepayment"),
            ("factoring", "factored"),
            ("direct_payment", "paid"),
            ("paid", "paid"),
            ("prepaid", "partly_paid"),
            ("copy", "copy"),
        ):
            with self.subTest(key):
                receipt = self._receive(key)
                self.assertIn(code, self._codes(receipt))
                self.assertIn(receipt.state, ("review", "duplicate"))

    def test_paid_document_is_booked_in_full_and_not_paid_again(self):
        receipt = self._receive("prepaid")
        self.assertEqual(receipt.move_id.amount_total, 1255)
        self.assertIn("500.00", receipt.points_text)

    def test_unreadable_document_is_an_empty_draft_with_picture_and_reason(self):
        sample = self._changed("clean", number="U-1")
        for raw in (
            b"<?xml version='1.0'?><Order/>",
            b'<r:CrossIndustryInvoice xmlns:r="urn:x"/>',
            b"PK\x03\x04zip",
            b"no xml",
        ):
            with self.subTest(raw):
                sample.formats["FINVOICE30"] = raw
                receipt = self._receive(sample)
                self.assertEqual(receipt.state, "unreadable")
                self.assertFalse(receipt.move_id.invoice_line_ids)
                self.assertTrue(receipt.move_id.message_main_attachment_id)
                self.assertTrue(receipt.points_text)
                self.assertEqual(receipt.document_id.raw, raw)

    def test_entities_and_odd_bytes_never_reach_the_bill(self):
        data = self._sample("clean").formats["FINVOICE30"]
        bomb = b'<!DOCTYPE Finvoice [<!ENTITY a "x">]>'
        sample = self._changed("clean", number="B-1")
        sample.formats["FINVOICE30"] = data.replace(
            b"<Finvoice", bomb + b"<Finvoice", 1
        )
        self.assertEqual(self._receive(sample).state, "unreadable")

    # === DATES AND CURRENCY === #

    def test_odd_dates_wait(self):
        today = date.today()
        for day, code in (
            (today + timedelta(days=2), "date_future"),
            (today - timedelta(days=800), "date_old"),
        ):
            with self.subTest(code):
                sample = self._changed("clean", date=day, due=day)
                self.assertIn(code, self._codes(self._receive(sample)))

    def test_currency_that_is_not_active_or_not_known_waits(self):
        currencies = self.env["res.currency"].with_context(active_test=False)
        currencies.search([("name", "=", "DKK")]).active = False
        receipt = self._receive(self._changed("clean", currency="DKK"))
        self.assertIn("currency_inactive", self._codes(receipt))
        receipt = self._receive(self._changed("clean", currency="XQX", number="C-1"))
        self.assertIn("currency_unknown", self._codes(receipt))

    def test_currency_without_decimals_is_equal(self):
        currencies = self.env["res.currency"].with_context(active_test=False)
        currencies.search([("name", "=", "JPY")]).active = True
        row = DraftRow("Paperi", Decimal("1500.00"), Decimal(0), "K")
        sample = self._changed("peppol_germany", currency="JPY", rows=(row,))
        receipt = self._receive(sample)
        self.assertEqual(receipt.move_id.amount_total, 1500)
        self.assertNotIn("totals", self._codes(receipt))

    def test_currency_without_a_rate_of_that_day_waits(self):
        currency = self.env["res.currency"].search([("name", "=", "NOK")])
        currency.rate_ids.unlink()
        receipt = self._receive(self._changed("clean", currency="NOK"))
        self.assertIn("no_rate", self._codes(receipt))

    # === DUPLICATES === #

    def test_same_number_under_a_new_id_is_a_draft_with_the_suspicion(self):
        self._supplier("plain")
        first = self._receive("plain")
        second = self._receive("same_number")
        self.assertEqual(second.state, "duplicate")
        self.assertIn(first.move_id.display_name, second.points_text)
        second.action_not_duplicate()
        self.assertNotIn("duplicate", self._codes(second))

    def test_scan_beside_the_e_invoice_is_suspected(self):
        self._supplier("plain")
        self._receive("plain")
        self.assertEqual(self._receive("scan_of_einvoice").state, "duplicate")

    def test_bill_that_was_typed_before_is_suspected_with_zeros_and_blanks(self):
        supplier = self._supplier("plain")
        for state in ("draft", "posted"):
            with self.subTest(state):
                typed = self.init_invoice(
                    "in_invoice", supplier, invoice_date="2026-03-19", amounts=[5]
                )
                typed.ref = "00 5001"
                if state == "posted":
                    typed.action_post()
                self.assertEqual(self._receive("plain").state, "duplicate")
                if state == "posted":
                    typed.button_draft()
                typed.button_cancel()

    def test_other_year_or_kind_is_no_duplicate(self):
        supplier = self._supplier("plain")
        for move_type, day in (("in_invoice", "2025-03-01"), ("in_refund", TODAY)):
            typed = self.init_invoice(move_type, supplier, day, amounts=[5])
            typed.ref = "5001"
        self.assertNotIn("duplicate", self._codes(self._receive("plain")))

    # === FILES === #

    def test_picture_and_attachments_lie_beside_the_draft_each_once(self):
        receipt = self._receive("files")
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", receipt.move_id.id)]
        )
        self.assertEqual(len(files), 3)
        main = receipt.move_id.message_main_attachment_id
        self.assertEqual(main.raw, self._sample("files").image)

    def test_embedded_picture_is_not_kept_twice(self):
        receipt = self._receive("peppol_germany")
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", receipt.move_id.id)]
        )
        self.assertEqual(len(files), 1)

    def test_many_files_and_an_empty_one_lie_beside_the_draft(self):
        files = tuple(
            (f"{n % 3}.pdf", "application/pdf", b"%%PDF-1.4 %d" % n) for n in range(20)
        )
        files += (("empty.pdf", "application/pdf", b""),)
        receipt = self._receive(self._changed("files", files=files))
        for _time in range(2):
            receipt.next_try = False
            self._fetch()
        self.assertEqual(len(receipt.file_ids), 20)
        self.assertIn("empty.pdf", receipt.missing_files or "")
        self.assertTrue(receipt.move_id)

    def test_names_and_types_of_files_are_made_safe(self):
        files = (
            ("../../etc/pass.html", "text/html", b"<script>x</script>"),
            ("x" * 300 + ".exe", "application/x-msdownload", b"MZ"),
            ("C:\\a\\å.pdf", "application/pdf", b"%PDF-1.4"),
        )
        receipt = self._receive(self._changed("files", files=files, number="F-1"))
        names = receipt.file_ids.sorted("id").mapped("name")
        self.assertEqual((names[0], names[2]), ("pass.html", "å.pdf"))
        self.assertLessEqual(len(names[1]), 120)
        types = receipt.file_ids.sorted("id").mapped("mimetype")
        self.assertEqual(types[:2], ["application/x-download"] * 2)

    def test_remote_text_is_text_in_bill_and_rendering(self):
        row = DraftRow("<img src=x onerror=1>", Decimal("10.00"))
        sample = self._changed("clean", rows=(row,), texts=("<b>bold</b>",))
        receipt = self._receive(sample)
        self.assertNotIn("<b>", str(receipt.move_id.narration))
        self.assertNotIn("<img", str(receipt.rendering))
        self.assertIn("&lt;img", str(receipt.rendering))
        seen = receipt.with_context(bin_size=True)  # as the web client reads it
        seen.invalidate_recordset(["rendering"])
        self.assertIn("&lt;img", str(seen.rendering))

    # === ORDERS, UBL === #

    def test_ubl_is_decoded_without_touching_contacts_or_accounts(self):
        supplier = self._supplier("peppol_germany", street=False)
        banks = self.env["res.partner.bank"].search_count([])
        move = self._receive("peppol_germany").move_id
        self.assertEqual(move.partner_id, supplier)
        self.assertFalse(supplier.street)
        self.assertEqual(self.env["res.partner.bank"].search_count([]), banks)
        self.assertEqual(move.amount_untaxed, 3549.5)
        self.assertFalse(move.invoice_origin)

    def test_ubl_vat_is_computed_not_forced(self):
        allowed = (Allowed(Decimal("5.00"), reason="Alennus"),)
        sample = self._changed(
            "wrong_vat", source_format="PEPPOLBIS30", allowed=allowed
        )
        receipt = self._receive(sample)
        self.assertIn("totals", self._codes(receipt))

    def test_read_again_makes_the_same_draft_anew(self):
        receipt = self._receive("clean")
        move, total = receipt.move_id, receipt.move_id.amount_total
        move.invoice_line_ids[:1].price_unit = 1
        receipt.with_user(self.accountant).action_read_again()
        self.assertEqual(receipt.move_id, move)
        self.assertEqual(move.amount_total, total)
        self.assertEqual(fields.Date.to_string(move.invoice_date_due), "2026-04-02")
