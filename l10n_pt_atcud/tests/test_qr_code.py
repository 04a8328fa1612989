"""The text in the QR code of an invoice, with a signature from another addon."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..at_series import lisbon_date
from .common import NIF, AtcudCommon

# What a certified producer would add: 172 characters, of which four are printed.
SIGNATURE = "aBCDEFGHIJ+KLMNOPQRS/TUVWXYZab9" + "c" * 140 + "="


class Signed:
    """The company has a software number, and every document a signature."""

    def setUp(self):
        super().setUp()
        self.company.sudo().l10n_pt_atcud_software_number = "9"
        provider = patch.object(
            type(self.env["account.move"]),
            "_l10n_pt_atcud_signature",
            lambda _move: SIGNATURE,
        )
        provider.start()
        self.addCleanup(provider.stop)

    def tax(self, amount, **values):
        return self.env["account.tax"].create(
            {
                "name": f"{amount} % {values}",
                "amount": amount,
                "type_tax_use": "sale",
                "country_id": self.env.ref("base.pt").id,
                "l10n_pt_atcud_exemption_reason_id": not amount and self.reason().id,
                **values,
            }
        )

    def reason(self, code="M99"):
        return self.env["l10n_pt_atcud.exemption_reason"].search([("code", "=", code)])

    def line(self, price, *taxes):
        tax_ids = [tax.id for tax in taxes]
        return Command.create(
            {"name": "Azulejo", "price_unit": price, "tax_ids": [Command.set(tax_ids)]}
        )

    def issued(self, *lines, **values):
        invoice = self.draft(
            **{"invoice_line_ids": list(lines)} if lines else {}, **values
        )
        invoice.action_post()
        return invoice

    def payload(self, invoice):
        return self.env["l10n_pt_atcud.qr_code"].payload(invoice, SIGNATURE)

    def amounts(self, invoice):
        """Return the fields between ATCUD and signature."""
        text = self.payload(invoice)
        return text[text.index("*I1:") + 1 : text.index("*Q:")]


@tagged("post_install", "-at_install", "post_install_l10n")
class TestQrText(Signed, AtcudCommon):
    def setUp(self):
        super().setUp()
        self.series = self.registered_series()
        self.partner_a.sudo().write(
            {"vat": "PT599999993", "country_id": self.env.ref("base.pt").id}
        )

    def test_payload_of_an_invoice(self):
        invoice = self.issued(self.line(100, self.tax(23)))
        self.assertEqual(
            self.payload(invoice),
            f"A:{NIF}*B:599999993*C:PT*D:FT*E:N*F:{lisbon_date():%Y%m%d}*G:FT A2026/1"
            f"*H:{self.series.validation_code}-1*I1:PT*I7:100.00*I8:23.00"
            "*N:23.00*O:123.00*Q:a+/9*R:9",
        )

    def test_every_fiscal_space_and_rate(self):
        """Mainland comes first, whatever stands first on the document."""
        rates = (22, 12, 5, 16, 9, 4, 23, 13, 6, 0)
        invoice = self.issued(*(self.line(100, self.tax(rate)) for rate in rates))
        self.assertEqual(
            self.amounts(invoice),
            "I1:PT*I2:100.00*I3:100.00*I4:6.00*I5:100.00*I6:13.00*I7:100.00*I8:23.00"
            "*J1:PT-AC*J3:100.00*J4:4.00*J5:100.00*J6:9.00*J7:100.00*J8:16.00"
            "*K1:PT-MA*K3:100.00*K4:5.00*K5:100.00*K6:12.00*K7:100.00*K8:22.00"
            "*N:110.00*O:1110.00",
        )

    def test_taxes_of_the_chart_have_space_and_level(self):
        template = self.env["account.chart.template"].with_company(self.company)
        for name, space, level in (
            ("iva_pt_sale_normal", "PT", "normal"),
            ("iva_pt_sale_isenta", "PT", "exempt"),
            ("iva_pt_sale_eu_isenta", "PT", "exempt"),
            ("iva_pt_ac_sale_reduzida", "PT-AC", "reduced"),
            ("iva_pt_ma_sale_intermedia", "PT-MA", "intermediate"),
            ("iva_pt_purchase_normal", False, False),
        ):
            with self.subTest(name):
                tax = template.ref(name)
                self.assertEqual(
                    (tax.l10n_pt_atcud_space, tax.l10n_pt_atcud_level), (space, level)
                )

    def test_fiscal_space_of_a_shared_rate_is_chosen(self):
        tax = self.tax(4, l10n_pt_atcud_space="PT-MA")
        amounts = self.amounts(self.issued(self.line(100, tax)))
        self.assertEqual(amounts, "I1:PT-MA*I3:100.00*I4:4.00*N:4.00*O:104.00")

    def test_oss_tax_uses_the_country_of_the_customer(self):
        tax = self.tax(20, l10n_pt_atcud_space="OSS", l10n_pt_atcud_level="normal")
        self.partner_a.sudo().write(
            {"country_id": self.env.ref("base.fr").id, "vat": "FR23334175221"}
        )
        invoice = self.issued(self.line(100, tax))
        self.assertIn("*B:23334175221*C:FR*", self.payload(invoice))
        self.assertEqual(
            self.amounts(invoice), "I1:FR*I7:100.00*I8:20.00*N:20.00*O:120.00"
        )

    def test_invoice_without_vat_has_the_space_of_the_seller(self):
        """Without any tax, or with one that says so."""
        self.company.sudo().l10n_pt_atcud_without_reason = "warn"
        tax = self.tax(0, l10n_pt_atcud_level="not_subject")
        for taxes in ([], [tax]):
            amounts = self.amounts(self.issued(self.line(80, *taxes)))
            self.assertEqual(amounts, "I1:PT*L:80.00*N:0.00*O:80.00")
        for state, space in (("pt-20", "PT-AC"), ("pt-30", "PT-MA")):
            self.company.sudo().state_id = self.env.ref(f"base.state_pt_{state}")
            amounts = self.amounts(self.issued(self.line(80, tax)))
            self.assertEqual(amounts, f"I1:{space}*L:80.00*N:0.00*O:80.00")

    def test_not_subject_to_vat_beside_vat(self):
        tax = self.tax(0, l10n_pt_atcud_level="not_subject")
        both = self.issued(self.line(80, tax), self.line(100, self.tax(6)))
        self.assertEqual(
            self.amounts(both), "I1:PT*I3:100.00*I4:6.00*L:80.00*N:6.00*O:186.00"
        )

    def test_withholding_does_not_reduce_the_total(self):
        invoice = self.issued(self.line(1000, self.tax(23), self.tax(-11.5)))
        self.assertEqual(invoice.amount_total, 1115)
        self.assertEqual(
            self.amounts(invoice),
            "I1:PT*I7:1000.00*I8:230.00*N:230.00*O:1230.00*P:115.00",
        )

    def test_operation_under_stamp_duty_is_exempt(self):
        stamp = self.tax(2, l10n_pt_atcud_level="stamp_duty")
        invoice = self.issued(self.line(100, stamp))
        self.assertEqual(
            self.amounts(invoice), "I1:PT*I2:100.00*M:2.00*N:2.00*O:102.00"
        )

    def test_certificate_number_keeps_its_zeros(self):
        self.company.sudo().l10n_pt_atcud_software_number = "0042"
        self.assertTrue(self.payload(self.issued()).endswith("*R:0042"))

    def test_foreign_currency_is_converted_to_euro(self):
        dollar = self.env.ref("base.USD")
        dollar.sudo().active = True
        self.env["res.currency.rate"].sudo().create(
            {
                "currency_id": dollar.id,
                "company_id": self.company.id,
                "name": lisbon_date(),
                "rate": 1.25,
            }
        )
        tax = self.tax(23)
        invoice = self.issued(
            self.line(100, tax), self.line(0.99, tax), currency_id=dollar.id
        )
        self.assertEqual(invoice.amount_total, 124.22)
        self.assertEqual(
            self.amounts(invoice), "I1:PT*I7:80.79*I8:18.58*N:18.58*O:99.37"
        )
        self.assertAlmostEqual(invoice.amount_total_signed, 99.37)

    def test_cents_add_up_to_the_total(self):
        taxes = [self.tax(rate) for rate in (23, 13, 6)]
        prices = (0.33, 0.67, 1.01, 2.05, 9.99, 0.07)
        lines = [self.line(price, tax) for price in prices for tax in taxes]
        invoice = self.issued(*lines)
        fields = dict(part.split(":") for part in self.amounts(invoice).split("*"))
        self.assertEqual(float(fields["O"]), invoice.amount_total)
        self.assertEqual(float(fields["N"]), invoice.amount_tax)

    def test_credit_notes_have_positive_amounts(self):
        self.registered_series("A2026", "NC")
        invoice = self.issued(self.line(1000, self.tax(23), self.tax(-11.5)))
        refund = invoice._reverse_moves([{"date": invoice.date}])
        refund.action_post()
        self.assertIn("*D:NC*E:N*", self.payload(refund))
        self.assertEqual(self.amounts(refund), self.amounts(invoice))

    def test_cancelled_document_has_status_a(self):
        invoice = self.issued()
        self.cancel_issued(invoice)
        self.assertIn("*E:A*", self.payload(invoice))
        self.assertTrue(invoice._l10n_pt_atcud_qr())

    def test_customer_tax_number_and_country(self):
        for vat, country, expected in (
            (False, False, "*B:999999990*C:Desconhecido*"),
            ("/", "base.pt", "*B:999999990*C:PT*"),
            ("PT599999993", False, "*B:599999993*C:Desconhecido*"),
            ("599999993", "base.pt", "*B:599999993*C:PT*"),
            ("EL123456783", "base.gr", "*B:123456783*C:GR*"),
            ("CHE-123.456.788", "base.ch", "*B:CHE-123.456.788*C:CH*"),
        ):
            with self.subTest(vat, country=country):
                country_id = self.env.ref(country).id if country else False
                self.partner_a.sudo().with_context(no_vat_validation=True).write(
                    {"vat": vat, "country_id": country_id}
                )
                self.assertIn(expected, self.payload(self.issued()))

    def test_invalid_field_is_named(self):
        """The code is made when the document is issued, so this is refused."""
        self.partner_a.sudo().with_context(no_vat_validation=True).vat = "1*2"
        with self.assertRaisesRegex(UserError, "FT A2026/1 .*Field B"):
            self.issued()

    def test_only_signed_documents_of_a_certified_program_have_a_code(self):
        draft = self.draft()
        self.assertIsNone(draft._l10n_pt_atcud_qr())
        draft.action_post()
        self.assertTrue(draft._l10n_pt_atcud_qr())
        with patch.object(type(draft), "_l10n_pt_atcud_signature", lambda _move: ""):
            unsigned = self.issued()
            self.assertIsNone(unsigned._l10n_pt_atcud_qr())
        self.company.sudo().l10n_pt_atcud_software_number = "0"
        uncertified = self.issued()
        self.assertIsNone(uncertified._l10n_pt_atcud_qr())
        # what was printed once is printed again
        self.assertTrue(draft._l10n_pt_atcud_qr())


@tagged("post_install", "-at_install", "post_install_l10n")
class TestUnsigned(AtcudCommon):
    def test_this_addon_signs_nothing(self):
        self.registered_series()
        self.company.sudo().l10n_pt_atcud_software_number = "9"
        invoice = self.draft()
        invoice.action_post()
        self.assertEqual(invoice._l10n_pt_atcud_signature(), "")
        self.assertIsNone(invoice._l10n_pt_atcud_qr())
