"""The QR code says what was booked: random documents, compared with their entries."""

from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from ..at_series import lisbon_date
from .common import AtcudCommon
from .random_documents import RandomDocuments, differences, payload_of_draft, read
from .test_qr_code import SIGNATURE, Signed

DOCUMENTS, POSTED = 300, 20  # ./dev bench makes more


@tagged("post_install", "-at_install", "post_install_l10n")
class TestQrAmounts(Signed, AtcudCommon):
    def fields_of(self, invoice):
        payload = self.env["l10n_pt_atcud.qr_code"].payload(invoice, SIGNATURE)
        return read(payload)

    def assertBooked(self, invoice):
        payload = self.env["l10n_pt_atcud.qr_code"].payload(invoice, SIGNATURE)
        self.assertFalse(differences(invoice, payload), payload)

    def test_every_document_says_what_was_booked(self):
        """Both rounding methods, euro and dollar, included prices, discounts."""
        self.registered_series()
        self.registered_series("A2026", "NC")
        documents = RandomDocuments(
            self.env, journal_id=self.journal.id, partner_id=self.partner_a.id
        )
        for method in ("round_globally", "round_per_line"):
            self.company.sudo().tax_calculation_rounding_method = method
            drafts = documents.make(DOCUMENTS // 2)
            for draft in drafts:
                payload = payload_of_draft(draft)
                self.assertFalse(differences(draft, payload), payload)
            posted = drafts[:POSTED]
            posted._post()
            for invoice in posted:
                self.assertBooked(invoice)

    def test_known_examples_of_a_cent(self):
        """The chart rounds globally; a code made from prices was a cent off."""
        self.registered_series()
        self.assertEqual(self.company.tax_calculation_rounding_method, "round_globally")
        normal, reduced = self.tax(23), self.tax(6)
        lines = [self.line(25.39, normal)]
        lines += [self.line(25.37, normal) for _number in range(3)]
        lines.append(self.line(6.93, reduced))
        invoice = self.issued(*lines)
        self.assertBooked(invoice)
        self.assertEqual(Decimal(self.fields_of(invoice)["O"]), self.total(invoice))

    def test_charge_that_is_taxed_belongs_to_the_base(self):
        """An environmental contribution is a tax in Odoo, and a price by law."""
        self.registered_series()
        normal = self.tax(23, sequence=2)
        charge = self.tax(
            0.5,
            amount_type="fixed",
            include_base_amount=True,
            sequence=1,
            l10n_pt_atcud_level="not_subject",
        )
        invoice = self.issued(self.line(100, charge, normal))
        found = self.fields_of(invoice)
        self.assertEqual((found["I7"], found["I8"]), ("100.50", "23.12"))
        self.assertEqual(Decimal(found["O"]), self.total(invoice))
        self.assertNotIn("L", found)

    def test_group_of_taxes(self):
        self.registered_series()
        group = self.tax(
            0,
            amount_type="group",
            children_tax_ids=[Command.set((self.tax(23) + self.tax(-11.5)).ids)],
        )
        found = self.fields_of(self.issued(self.line(1000, group)))
        self.assertEqual(
            (found["I7"], found["I8"], found["O"], found["P"]),
            ("1000.00", "230.00", "1230.00", "115.00"),
        )

    def test_cash_rounding_joins_the_largest_base(self):
        self.registered_series()
        accounts = self.company_data
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "5 cents",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": accounts["default_account_revenue"].id,
                "loss_account_id": accounts["default_account_expense"].id,
            }
        )
        for price in (10.01, 10.03, 20.0):
            invoice = self.issued(
                self.line(price, self.tax(23, name=f"{price}")),
                self.line(1, self.tax(6, name=f"6 {price}")),
                invoice_cash_rounding_id=rounding.id,
            )
            found = self.fields_of(invoice)
            self.assertEqual(Decimal(found["O"]), self.total(invoice))
            self.assertEqual(found["I3"], "1.00")

    def test_books_in_another_currency(self):
        """Bases, taxes and total agree after the conversion, too."""
        self.registered_series()
        franc = self.env.ref("base.CHF")
        franc.sudo().active = True
        self.env["res.currency.rate"].sudo().create(
            {
                "currency_id": franc.id,
                "company_id": self.company.id,
                "name": lisbon_date(),
                "rate": 0.9371,
            }
        )
        amounts = self.env["l10n_pt_atcud.fiscal_amounts"]
        invoice = self.issued(
            self.line(25.39, self.tax(23)),
            self.line(6.93, self.tax(6)),
            currency_id=franc.id,
        )
        self.assertBooked(invoice)
        self.assertGreater(amounts.of_document(invoice)["gross_total"], 32.32)

    def total(self, invoice):
        return Decimal(f"{invoice.amount_total:.2f}")
