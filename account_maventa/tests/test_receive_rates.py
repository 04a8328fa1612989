"""Rates of received bills: of VAT by the day of delivery, and of currencies."""

import re
from datetime import date
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..maventa_api.simulator.samples import DraftRow
from .common_receive import MaventaReceiveCommon

FORMATS = ("FINVOICE30", "PEPPOLBIS30")
DELIVERY = {
    "FINVOICE30": (
        rb"(<InvoiceDetails>)",
        rb"<DeliveryDetails><DeliveryDate Format='CCYYMMDD'>20251230</DeliveryDate>"
        rb"</DeliveryDetails>\1",
    ),
    "PEPPOLBIS30": (
        rb"(<cac:PaymentMeans>)",
        rb"<cac:Delivery><cbc:ActualDeliveryDate>2025-12-30</cbc:ActualDeliveryDate>"
        rb"</cac:Delivery>\1",
    ),
}
ORIGINAL = {
    "FINVOICE30": (
        rb"(<OriginalInvoiceNumber>)",
        rb"<OriginalInvoiceDate Format='CCYYMMDD'>20251220</OriginalInvoiceDate>\1",
    ),
    "PEPPOLBIS30": (
        rb"</cbc:ID>\s*</cac:InvoiceDocumentReference>",
        rb"</cbc:ID><cbc:IssueDate>2025-12-20</cbc:IssueDate>"
        rb"</cac:InvoiceDocumentReference>",
    ),
}
STATED = rb"<InvoiceTotalVatAccountingAmount AmountCurrencyIdentifier='EUR'>%s"
STATED += rb"</InvoiceTotalVatAccountingAmount>"


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveRates(MaventaReceiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.number = 0

    def _bill(self, form="FINVOICE30", edits=(), **values):
        """Return the receipt of a document with some replacements in it."""
        type(self).number += 1
        values = {"number": f"R-{self.number}", "source_format": form, **values}
        sample = self._changed("clean", **values)
        raw = sample.formats[form]
        for pattern, new in edits:
            raw, count = re.subn(pattern, new, raw, count=1)
            self.assertTrue(count, pattern)
        sample.formats[form] = raw
        return self._receive(sample)

    def _old(self, form="FINVOICE30", edits=(), **values):
        """Return the receipt of an invoice of January with the rate of December."""
        rows = (DraftRow("Row", Decimal(100), Decimal(14)),)
        return self._bill(
            form,
            edits,
            **{"rows": rows, "date": date(2026, 1, 5), "due": None, **values},
        )

    # === VAT === #

    def test_rate_of_the_day_of_delivery_is_right(self):
        for kind in FORMATS:
            with self.subTest(kind):
                receipt = self._old(kind)
                self.assertIn("tax_not_in_force", self._codes(receipt))
                receipt = self._old(kind, [DELIVERY[kind]])
                self.assertNotIn("tax_not_in_force", self._codes(receipt))

    def test_rate_of_the_period_of_a_row_is_right(self):
        period = (date(2025, 12, 1), date(2025, 12, 31))
        rows = (DraftRow("Row", Decimal(100), Decimal(14), period=period),)
        self.assertNotIn("tax_not_in_force", self._codes(self._old(rows=rows)))

    def test_rate_of_no_day_is_asked(self):
        rows = (DraftRow("Row", Decimal(100), Decimal(22)),)
        receipt = self._old(edits=[DELIVERY["FINVOICE30"]], rows=rows)
        self.assertIn("tax_not_in_force", self._codes(receipt))

    def test_rate_of_the_original_is_right_in_a_credit_note(self):
        for kind in FORMATS:
            with self.subTest(kind):
                values = {"kind": "INV02", "kind_un": "381", "original": "X-1"}
                receipt = self._old(kind, **values)
                self.assertIn("tax_not_in_force", self._codes(receipt))
                receipt = self._old(kind, [ORIGINAL[kind]], **values)
                self.assertNotIn("tax_not_in_force", self._codes(receipt))
                receipt = self._old(kind, [ORIGINAL[kind]], original="X-1")
                self.assertIn("tax_not_in_force", self._codes(receipt))

    def test_rate_of_an_advance_that_is_set_off_is_right(self):
        rows = (
            DraftRow("Row", Decimal(100)),
            DraftRow("Ennakko", Decimal(-40), Decimal(14)),
        )
        receipt = self._old(rows=rows)
        self.assertNotIn("tax_not_in_force", self._codes(receipt))

    def test_tax_of_a_confirmed_rate_is_created(self):
        receipt = self._old()
        with self.assertRaisesRegex(UserError, "was not in force"):
            receipt.action_create_tax()
        receipt.action_confirm()
        receipt.action_create_tax()
        self.assertEqual(receipt.move_id.invoice_line_ids.tax_ids.amount, 14)
        self.assertFalse({"tax_missing", "tax_not_in_force"} & self._codes(receipt))

    # === CURRENCIES === #

    def _currency(self, name, *days):
        """Return a currency with rates of these days alone."""
        currencies = self.env["res.currency"].with_context(active_test=False)
        currency = currencies.search([("name", "=", name)])
        currency.active = True
        currency.rate_ids.unlink()
        for day, rate in days:
            self._enter(currency, day, rate)
        return currency

    def _enter(self, currency, day, rate):
        values = {"currency_id": currency.id, "name": day, "rate": rate}
        self.env["res.currency.rate"].create({**values, "company_id": False})

    def test_old_rate_and_no_rate_are_asked_until_one_is_entered_on_the_bill(self):
        for days, code in (([("2020-01-01", 1.1)], "rate_old"), ([], "no_rate")):
            with self.subTest(code):
                self._currency("CHF", *days)
                receipt = self._bill(currency="CHF")
                self.assertIn(code, self._codes(receipt))
                receipt.action_confirm()
                with self.assertRaisesRegex(UserError, "Enter the rate"):
                    receipt.move_id.action_post()
                receipt.move_id.invoice_currency_rate = 0.93
                self.assertNotIn(code, self._codes(receipt))

    def test_bill_keeps_asking_until_it_takes_the_rate_that_was_entered(self):
        for days, code in (([("2020-01-01", 1.1)], "rate_old"), ([], "no_rate")):
            with self.subTest(code):
                currency = self._currency("CHF", *days)
                receipt = self._bill(currency="CHF")
                with self.assertRaisesRegex(UserError, "There is no rate of CHF"):
                    receipt.with_user(self.accountant).action_take_rate()
                self._enter(currency, receipt.move_id.invoice_date, 0.93)
                self.env["maventa.bill.booking"].sudo()._check_again(receipt)
                self.assertIn(code, self._codes(receipt))
                receipt.with_user(self.accountant).action_take_rate()
                self.assertNotIn(code, self._codes(receipt))
                self.assertAlmostEqual(receipt.move_id.invoice_currency_rate, 0.93)

    def test_rate_of_the_month_is_no_question(self):
        self._currency("CHF", ("2026-03-01", 0.93))
        receipt = self._bill(currency="CHF")
        self.assertFalse({"no_rate", "rate_old"} & self._codes(receipt))

    def test_vat_that_is_stated_in_the_own_currency_is_compared(self):
        self._currency("SEK", ("2026-03-01", 11))
        rows = (DraftRow("Row", Decimal(1000)),)
        for stated, is_asked in ((b"30,00", True), (b"23,18", False)):
            with self.subTest(stated):
                place = rb"(<InvoiceTotalVatIncludedAmount)"
                edits = [(place, STATED % stated + rb"\1")]
                receipt = self._bill(edits=edits, rows=rows, currency="SEK")
                is_told = "vat_in_books" in self._codes(receipt)
                self.assertEqual(is_told, is_asked)
                if is_asked:
                    self.assertIn("Enter the rate 8.5", receipt.points_text)
                    receipt.move_id.invoice_currency_rate = 8.5
                    self.assertNotIn("vat_in_books", self._codes(receipt))
