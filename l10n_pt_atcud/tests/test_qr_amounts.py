"""The QR code says what was booked: random documents, compared with their entries."""

import os
import random
from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from ..at_series import lisbon_date
from .common import AtcudCommon
from .test_qr_code import SIGNATURE, Signed

# A larger number is for ``./dev bench``.
DOCUMENTS = int(os.environ.get("ATCUD_QR_DOCUMENTS", 300))
_LEVELS = {
    0: ("exempt", None),
    6: ("reduced", "3"),
    13: ("intermediate", "5"),
    23: ("normal", "7"),
    16: ("normal", "7"),
}


@tagged("post_install", "-at_install", "post_install_l10n")
class TestQrAmounts(Signed, AtcudCommon):
    def fields_of(self, invoice):
        payload = self.env["l10n_pt_atcud.qr_code"].payload(invoice, SIGNATURE)
        return dict(part.split(":", 1) for part in payload.split("*"))

    def assertBooked(self, invoice):
        """The amounts of the payload are those of the entry, and nothing else."""
        found = self.fields_of(invoice)
        amount = {key: Decimal(value) for key, value in found.items() if key in AMOUNTS}
        bases = sum(amount.get(x + n, 0) for x in "IJK" for n in "2357")
        taxes = sum(amount.get(x + n, 0) for x in "IJK" for n in "468")
        lines = invoice.line_ids
        tax_lines = lines.filtered("tax_line_id")
        withholding = tax_lines.filtered(
            lambda line: line.tax_line_id.l10n_pt_atcud_level == "withholding"
        )
        owed = lines.filtered(lambda line: line.display_type == "payment_term")
        net = lines - owed - tax_lines

        def booked(some):
            return abs(Decimal(f"{sum(some.mapped('balance')):.2f}"))

        self.assertEqual(bases + amount.get("L", 0), booked(net), found)
        self.assertEqual(taxes, amount["N"] - amount.get("M", 0), found)
        self.assertEqual(amount["N"], booked(tax_lines - withholding), found)
        self.assertEqual(amount.get("P", 0), booked(withholding), found)
        self.assertEqual(bases + amount.get("L", 0) + amount["N"], amount["O"], found)
        self.assertEqual(amount["O"] - amount.get("P", 0), booked(owed), found)

    def taxes_of_the_property(self):
        """Return choices of taxes for a line: several taxes of each rate."""
        withheld = self.tax(-11.5)
        choices = []
        for rate in _LEVELS:
            for number in range(4):
                included = "tax_included" if number % 2 else "tax_excluded"
                tax = self.tax(
                    rate,
                    name=f"{rate} % {number}",
                    price_include_override=included,
                    tax_group_id=self.tax_group(rate, number),
                )
                choices.append(tax)
                if not number:
                    choices.append(tax + withheld)
        choices.append(self.tax(0, l10n_pt_atcud_level="not_subject"))
        choices.append(self.tax(0.5, l10n_pt_atcud_level="stamp_duty"))
        return choices

    def tax_group(self, rate, number):
        group = self.env["account.tax.group"].create(
            {"name": f"{rate}/{number % 2}", "country_id": self.env.ref("base.pt").id}
        )
        return group.id

    def random_line(self, generator, choices):
        taxes = generator.choice(choices)
        return Command.create(
            {
                "name": "Azulejo",
                "quantity": generator.choice((1, 3, 7, 0.333, 12.5, 1999)),
                "price_unit": round(generator.uniform(0.01, 60), 2),
                "discount": generator.choice((0, 0, 0, 7.5, 33.33)),
                "tax_ids": [Command.set(taxes.ids)],
            }
        )

    def test_every_document_says_what_was_booked(self):
        """Both rounding methods, euro and dollar, included prices, discounts."""
        self.registered_series()
        self.registered_series("A2026", "NC")
        dollar = self.env.ref("base.USD")
        dollar.sudo().active = True
        self.env["res.currency.rate"].sudo().create(
            {
                "currency_id": dollar.id,
                "company_id": self.company.id,
                "name": lisbon_date(),
                "rate": 1.0837,
            }
        )
        generator = random.Random(11)
        choices = self.taxes_of_the_property()
        company = self.company.sudo()
        for method in ("round_globally", "round_per_line"):
            company.tax_calculation_rounding_method = method
            vals = [
                {
                    "move_type": generator.choice(
                        ("out_invoice",) * 3 + ("out_refund",)
                    ),
                    "partner_id": self.partner_a.id,
                    "journal_id": self.journal.id,
                    "invoice_date": lisbon_date(),
                    "currency_id": generator.choice((company.currency_id, dollar)).id,
                    "invoice_line_ids": [
                        self.random_line(generator, choices)
                        for _number in range(generator.randint(1, 6))
                    ],
                }
                for _number in range(DOCUMENTS // 2)
            ]
            invoices = self.env["account.move"].create(vals)
            invoices._post()
            for invoice in invoices:
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


AMOUNTS = frozenset(
    [x + n for x in "IJK" for n in "2345678"] + ["L", "M", "N", "O", "P"]
)
