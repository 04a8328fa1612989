"""Everyday bills: what was answered once for a supplier is not asked again."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from ..maventa_api.simulator.samples import DraftRow, sample_of
from ..maventa_api.simulator.samples.catalogue import reference
from ..maventa_api.simulator.samples.parties import FACTOR
from .common_receive import MaventaReceiveCommon, all_samples

PEPPOL = "PEPPOLBIS30"
VAT_ELEMENTS = (
    "<VatSpecificationDetails>.*?</VatSpecificationDetails>",
    r"<(RowVat(?:RatePercent|Code|Amount))[^>]*>[^<]*</\1>",
    "<InvoiceTotalVatAmount[^>]*>[^<]*</InvoiceTotalVatAmount>",
)
SECOND_PAYMENT = (
    "<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>"
    "<cbc:PaymentID>%s</cbc:PaymentID><cac:PayeeFinancialAccount><cbc:ID>%s</cbc:ID>"
    "</cac:PayeeFinancialAccount></cac:PaymentMeans>"
)
OTHER_ACCOUNT = "FI2112345600000785"


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveEveryday(MaventaReceiveCommon):
    number = 0

    def _bill(self, change=None, key="plain", rows=(("Row", "100.00"),), **values):
        """Return the receipt of a document, after a change of its text."""
        type(self).number += 1
        values = {
            "number": f"N-{self.number:04}",
            "reference": reference(str(77000 + self.number)),
            "rows": tuple(DraftRow(row[0], *map(Decimal, row[1:])) for row in rows),
            **values,
        }
        sample = sample_of(replace(all_samples()[key].draft, **values))
        if change:
            kind = sample.draft.source_format
            encoding = "utf-8" if kind == PEPPOL else "iso-8859-15"
            text = change(sample.formats[kind].decode(encoding))
            sample = replace(
                sample, formats={**sample.formats, kind: text.encode(encoding)}
            )
        return self._receive(sample)

    def _settle(self, receipt, code, answer="action_confirm"):
        """Answer the one question of a bill, and post it."""
        self.assertEqual(self._codes(receipt), {code}, receipt.points_text)
        getattr(receipt.with_user(self.accountant), answer)()
        receipt.move_id.action_post()

    def _assert_clean(self, receipt):
        self.assertFalse(receipt._points(), receipt.points_text)

    # === ASKED ONCE === #

    def test_document_without_any_vat_is_asked_about_once(self):
        self._supplier("plain")

        def without_vat(text):
            for pattern in VAT_ELEMENTS:
                text = re.sub(pattern, "", text, flags=re.DOTALL)
            return text

        rows = [("Row", "100.00", 0)]
        first = self._bill(without_vat, rows=rows)
        self._settle(first, "tax_reason", "action_without_vat")
        self.assertAlmostEqual(first.move_id.amount_total, 100)
        again = self._bill(without_vat, rows=rows)
        self.assertFalse(self._codes(again), again.points_text)
        self.assertAlmostEqual(again.move_id.amount_total, 100)

    def test_finance_company_is_confirmed_once(self):
        supplier = self._supplier("factoring")
        self.env["res.partner.bank"].create(
            {
                "acc_number": FACTOR.iban,
                "partner_id": supplier.id,
                "allow_out_payment": True,
            }
        )
        self._settle(self._bill(key="factoring"), "factored")
        self._assert_clean(self._bill(key="factoring"))
        other = replace(FACTOR, name="Toinen Rahoitus Oy")
        self.assertIn("factored", self._codes(self._bill(key="factoring", payee=other)))

    def test_direct_debit_is_confirmed_once_and_never_paid(self):
        self._supplier("plain")

        def collected(text):
            return text.replace("Code>30<", "Code>59<")

        self._settle(self._bill(collected, source_format=PEPPOL), "collected")
        again = self._bill(collected, source_format=PEPPOL)
        self.assertFalse(self._codes(again), again.points_text)
        again.move_id.action_post()
        payments = self.env["maventa.bill.payments"].sudo()
        self.assertAlmostEqual(
            payments._withheld(again.move_id), again.move_id.amount_total
        )

    def test_words_as_reference_are_a_message(self):
        self._supplier("plain")
        for kind in ("FINVOICE30", PEPPOL):
            with self.subTest(kind):
                receipt = self._bill(reference="INV/2026/0010", source_format=kind)
                self._assert_clean(receipt)
                self.assertEqual(receipt.move_id.payment_reference, "INV/2026/0010")
                receipt.move_id.button_cancel()

    def test_reference_whose_check_digit_fails_is_told_and_not_paid_with(self):
        self._supplier("plain")
        for kind in ("FINVOICE30", PEPPOL):
            with self.subTest(kind):
                receipt = self._bill(reference="12345671", source_format=kind)
                self.assertFalse(self._codes(receipt), receipt.points_text)
                self.assertIn("12345671", receipt.points_text)
                self.assertFalse(receipt.move_id.payment_reference)
                receipt.move_id.button_cancel()

    def test_seller_without_numbers_is_chosen_once_for_its_address(self):
        seller = replace(
            all_samples()["plain"].draft.seller,
            bid="",
            vat="",
            address="5790000436057",
            scheme="0088",
            name="Petra Private",
        )
        values = {"seller": seller, "source_format": PEPPOL}
        first = self._bill(**values)
        self.assertIn("supplier_unknown", self._codes(first))
        partner = self.env["res.partner"].create({"name": "Petra Private"})
        first.move_id.partner_id = partner
        first.with_user(self.accountant).action_confirm()
        first.move_id.action_post()
        self.assertEqual(self._bill(**values).move_id.partner_id, partner)
        other = replace(seller, address="5790000436064")
        self.assertFalse(self._bill(**values | {"seller": other}).move_id.partner_id)

    def test_series_of_one_reference_and_sum_is_asked_about_once(self):
        self._supplier("plain")
        values = {"reference": reference("123123")}
        first = self._bill(date=date(2026, 3, 2), **values)
        first.move_id.action_post()
        second = self._bill(date=date(2026, 3, 9), **values)
        self._settle(second, "duplicate", "action_not_duplicate")
        third = self._bill(date=date(2026, 3, 16), **values)
        self._assert_clean(third)
        resent = self._bill(date=date(2026, 3, 16), **values)
        self.assertEqual(self._codes(resent), {"duplicate"})
        titled = self._bill(date=date(2026, 3, 17), texts=("Maksumuistutus",), **values)
        self.assertIn("duplicate", self._codes(titled))

    def test_unit_of_a_town_is_the_town(self):
        self.company.name = "Vantaan kaupunki"
        self._supplier("plain")
        buyer = all_samples()["plain"].draft.buyer
        for name in ("Vantaan kaupunki Koulutoimi", "VANTAAN KAUPUNKI, Päiväkoti 1"):
            self._assert_clean(self._bill(buyer=replace(buyer, name=name)))
        other = replace(buyer, name="Vantaan kaupunki Energia Oy")
        self.assertEqual(self._codes(self._bill(buyer=other)), {"recipient_name"})

    def test_customer_number_beside_the_own_vat_number_is_no_other_company(self):
        self._supplier("plain")
        number = "(<BuyerPartyIdentifier>)[^<]*"
        self._assert_clean(
            self._bill(lambda text: re.sub(number, r"\g<1>100234", text))
        )

    def test_vat_of_two_rates_of_another_country_is_one_text(self):
        rows = tuple(
            DraftRow("Row", Decimal(100), Decimal(rate)) for rate in ("25", "12")
        )
        self._supplier("peppol_sweden")
        receipt = self._receive(
            self._changed("peppol_sweden", rows=rows, number="S-1", allowed=())
        )
        lines = self.env["maventa.receipt.messages"]._lines(receipt._stops())
        texts = [text for row, text in lines if row["code"] == "foreign_vat"]
        self.assertEqual(len(texts), 1, texts)
        self.assertIn("25, 12", texts[0])

    # === EARLIER INVOICES AND WORDS === #

    def test_invoice_that_names_another_sum_is_no_repetition(self):
        self._supplier("plain")
        self._bill(number="5001", rows=[("Row", "1000.00")]).move_id.action_post()
        for kind in ("FINVOICE30", PEPPOL):
            with self.subTest(kind):
                other = self._bill(original="5001", source_format=kind)
                self.assertNotIn("duplicate", self._codes(other))
                same = self._bill(
                    original="5001", rows=[("Row", "1000.00")], source_format=kind
                )
                self.assertIn("duplicate", self._codes(same))
                other.move_id.button_cancel()
                same.move_id.button_cancel()

    def test_row_that_is_sold_is_no_title_of_a_reminder(self):
        self._supplier("plain")
        receipt = self._bill(rows=[("Collection", "45.00"), ("Rahti", "55.00")])
        self._assert_clean(receipt)
        alone = self._bill(rows=[("Muistutus", "100.00")])
        self.assertIn("reminder", self._codes(alone))

    # === ACCOUNTS === #

    def _two_accounts(self, first, second):
        """Return a bill with two accounts, each with its own reference."""

        def change(text):
            extra = SECOND_PAYMENT % (second, OTHER_ACCOUNT)
            return text.replace("</cac:PaymentMeans>", f"</cac:PaymentMeans>{extra}")

        return self._bill(change, reference=first, source_format=PEPPOL)

    def test_account_is_paid_with_its_own_reference(self):
        mine, other = reference("5551114"), reference("5552221")
        supplier = self._supplier("plain")
        receipt = self._two_accounts(mine, other)
        self.assertEqual(receipt.move_id.payment_reference, mine)
        self.assertFalse(self._codes(receipt), receipt.points_text)
        self.assertIn(OTHER_ACCOUNT, receipt.points_text)
        supplier.bank_ids.active = False
        self.env["res.partner.bank"].create(
            {
                "acc_number": OTHER_ACCOUNT,
                "partner_id": supplier.id,
                "allow_out_payment": True,
            }
        )
        receipt = self._two_accounts(mine, other)
        paid_to = receipt.move_id.partner_bank_id.sanitized_acc_number
        self.assertEqual(paid_to, OTHER_ACCOUNT)
        self.assertEqual(receipt.move_id.payment_reference, other)
        receipt.move_id.payment_reference = mine
        self.assertIn("head_differs", self._codes(receipt))

    def test_account_without_a_reference_has_not_that_of_another(self):
        self._supplier("plain")
        receipt = self._two_accounts("", "G-rekening 40 %")
        self.assertFalse(receipt.move_id.payment_reference)
        self.assertIn("G-rekening 40 %", receipt.points_text)

    def test_account_that_is_trusted_later_is_paid_with_its_own_reference(self):
        mine, other = reference("5551114"), reference("5552221")
        self._supplier("plain", iban=None)
        receipt = self._two_accounts(mine, other)
        self.assertEqual(receipt.move_id.payment_reference, mine)
        self.env["maventa.payee.accounts"].sudo()._trust(receipt, OTHER_ACCOUNT)
        self.assertEqual(receipt.move_id.payment_reference, other)

    # === TAXES === #

    def test_first_remedy_of_a_rate_of_zero_is_no_vat(self):
        self._supplier("plain")
        taxes = self.env["account.tax"].search(
            [("type_tax_use", "=", "purchase"), ("amount", "=", 0)]
        )
        taxes.active = False
        zero = (DraftRow("Row", Decimal(100), Decimal(0), "E"),)
        draft = replace(all_samples()["plain"].draft, rows=zero, number="Z-1")
        receipt = self._receive(sample_of(draft))
        [row] = [row for row in receipt._stops() if row["code"] == "tax_missing"]
        remedies = self.env["maventa.bill.tax.checks"]._remedies(row)
        self.assertEqual(remedies[0].action, "action_without_vat")
        self.assertTrue(all(remedy.otherwise for remedy in remedies))

    def test_what_a_document_contradicts_itself_in_is_computed_and_stated(self):
        self._supplier("plain")
        net = "(<InvoiceTotalVatIncludedAmount[^>]*>)[^<]*"
        receipt = self._bill(lambda text: re.sub(net, r"\g<1>126,50", text))
        self.assertIn("computed 125.50, stated 126.50", receipt.points_text)

    def test_line_of_a_charge_without_a_reason_has_a_name(self):
        self._supplier("plain")
        row = DraftRow(
            "Row", Decimal("15.35"), price=Decimal("12.35"), charge=Decimal(3)
        )
        draft = replace(all_samples()["plain"].draft, rows=(row,), number="CH-1")
        receipt = self._receive(sample_of(replace(draft, source_format=PEPPOL)))
        names = receipt.move_id.invoice_line_ids.mapped("name")
        self.assertEqual([name.strip() for name in names], ["Row", "Charge"])
        self.assertEqual(receipt.move_id.amount_untaxed, 15.35)
        self._assert_clean(receipt)
