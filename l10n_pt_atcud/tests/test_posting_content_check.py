"""What a QR code or the law has no place for is said on the draft."""

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from ..at_series import lisbon_date
from .common import AtcudCommon
from .test_qr_code import Signed


@tagged("post_install", "-at_install", "post_install_l10n")
class TestQrProblems(Signed, AtcudCommon):
    def setUp(self):
        super().setUp()
        self.registered_series()

    def with_lines(self, *lines):
        return self.draft(invoice_line_ids=list(lines))

    def assertStopped(self, invoice, text):
        messages = [alert["message"] for alert in invoice.alerts.values()]
        self.assertEqual(len([x for x in messages if text in x]), 1, messages)
        with self.assertRaisesRegex((RedirectWarning, UserError), text):
            invoice.action_post()
        self.assertEqual(invoice.state, "draft")

    def test_tax_whose_rate_fits_no_field_is_named_on_the_draft(self):
        tax = self.tax(17)
        invoice = self.with_lines(self.line(100, tax))
        self.assertStopped(invoice, "QR code level")
        with self.assertRaises(RedirectWarning) as raised:
            invoice.action_post()
        self.assertIn(tax.name, raised.exception.args[0])
        self.assertEqual(raised.exception.args[1]["res_id"], tax.id)
        with self.assertRaises(UserError):
            invoice.with_context(cron_id=1)._post()
        tax.write({"l10n_pt_atcud_level": "normal", "l10n_pt_atcud_space": "PT"})
        invoice.action_post()
        self.assertTrue(invoice._l10n_pt_atcud_qr())

    def test_program_without_certificate_only_warns(self):
        self.company.sudo().l10n_pt_atcud_software_number = False
        invoice = self.with_lines(self.line(100, self.tax(17)))
        self.assertIn("l10n_pt_atcud_unknown_tax", invoice.alerts)
        invoice.action_post()
        self.assertTrue(invoice.l10n_pt_atcud_value)

    def test_two_rates_on_a_line(self):
        line = self.line(100, self.tax(23), self.tax(6))
        self.assertStopped(self.with_lines(line), "several rates")

    def test_two_taxes_of_one_rate_on_a_line_share_its_base(self):
        half = {"l10n_pt_atcud_level": "normal", "l10n_pt_atcud_space": "PT"}
        line = self.line(100, self.tax(10, **half), self.tax(13, **half))
        invoice = self.issued(line)
        self.assertEqual(
            self.amounts(invoice), "I1:PT*I7:100.00*I8:23.00*N:23.00*O:123.00"
        )

    def test_negative_base_of_one_rate(self):
        lines = self.line(100, self.tax(23)), self.line(-20, self.tax(6))
        self.assertStopped(self.with_lines(*lines), "is negative")

    def test_discount_of_the_same_rate_is_deducted(self):
        tax = self.tax(23)
        invoice = self.issued(self.line(100, tax), self.line(-20, tax))
        self.assertEqual(
            self.amounts(invoice), "I1:PT*I7:80.00*I8:18.40*N:18.40*O:98.40"
        )

    def test_four_fiscal_spaces(self):
        oss = self.tax(20, l10n_pt_atcud_space="OSS", l10n_pt_atcud_level="normal")
        self.partner_a.sudo().country_id = self.env.ref("base.fr")
        taxes = self.tax(23), self.tax(16), self.tax(22), oss
        invoice = self.with_lines(*(self.line(10, tax) for tax in taxes))
        self.assertStopped(invoice, "three fiscal spaces")

    def test_oss_customer_without_country(self):
        oss = self.tax(20, l10n_pt_atcud_space="OSS", l10n_pt_atcud_level="normal")
        self.partner_a.sudo().country_id = False
        self.assertStopped(self.with_lines(self.line(10, oss)), "country of the")


@tagged("post_install", "-at_install", "post_install_l10n")
class TestExemptionReasons(Signed, AtcudCommon):
    def setUp(self):
        super().setUp()
        self.company.sudo().l10n_pt_atcud_without_reason = "refuse"
        self.registered_series()

    def with_lines(self, *lines, **values):
        return self.draft(invoice_line_ids=list(lines), **values)

    def test_chart_has_reasons(self):
        chart = self.env["account.chart.template"].with_company(self.company)
        for name, code in (
            ("iva_pt_sale_isenta", "M07"),
            ("iva_pt_sale_eu_isenta", "M16"),
            ("iva_pt_sale_non_eu_isenta", "M05"),
            ("iva_pt_sale_normal", False),
        ):
            with self.subTest(name):
                reason = chart.ref(name).l10n_pt_atcud_exemption_reason_id
                self.assertEqual(reason.code, code)

    def test_installation_fills_the_charts_that_exist(self):
        chart = self.env["account.chart.template"].sudo().with_company(self.company)
        exempt, export = (
            chart.ref(f"iva_pt_sale_{name}") for name in ("isenta", "non_eu_isenta")
        )
        exempt.l10n_pt_atcud_exemption_reason_id = False
        export.l10n_pt_atcud_exemption_reason_id = self.reason("M04")
        chart._l10n_pt_atcud_fill_exemption_reasons()
        self.assertEqual(exempt.l10n_pt_atcud_exemption_reason_id.code, "M07")
        self.assertEqual(export.l10n_pt_atcud_exemption_reason_id.code, "M04")

    def test_line_without_a_reason_is_refused(self):
        tax = self.tax(0, l10n_pt_atcud_exemption_reason_id=False)
        for line, kind in (
            (self.line(80, tax), "no_reason"),
            (self.line(80), "no_tax"),
        ):
            with self.subTest(kind):
                invoice = self.with_lines(line)
                self.assertIn(f"l10n_pt_atcud_{kind}", invoice.alerts)
                with self.assertRaisesRegex((RedirectWarning, UserError), "Azulejo"):
                    invoice._post()
                self.assertFalse(invoice.l10n_pt_atcud_value)

    def test_company_may_be_warned_instead(self):
        self.company.sudo().l10n_pt_atcud_without_reason = "warn"
        invoice = self.with_lines(self.line(80))
        self.assertIn("l10n_pt_atcud_no_tax", invoice.alerts)
        invoice.action_post()
        self.assertTrue(invoice.l10n_pt_atcud_value)

    def test_retired_reason_is_refused_on_new_documents_only(self):
        tax = self.tax(0, l10n_pt_atcud_exemption_reason_id=self.reason("M08").id)
        invoice = self.with_lines(self.line(80, tax))
        with self.assertRaisesRegex(RedirectWarning, "M08 .*not valid"):
            invoice.action_post()
        check = self.env["l10n_pt_atcud.posting_content_check"]
        invoice.invoice_date = "2022-12-31"
        self.assertFalse(check._problems(invoice))

    def test_reason_of_the_table_that_begins_later(self):
        reason = self.reason("M35")
        self.assertFalse(reason._is_valid_on(reason.valid_from.replace(month=6)))
        self.assertTrue(reason._is_valid_on(lisbon_date()))

    def test_reason_is_frozen_when_the_document_is_issued(self):
        tax = self.tax(0, l10n_pt_atcud_exemption_reason_id=self.reason("M07").id)
        invoice = self.issued(self.line(80, tax), self.line(100, self.tax(23)))
        exempt = invoice.invoice_line_ids[0]
        expected = {
            "lines": {str(exempt.id): "M07"},
            "reasons": [["M07", "Isento artigo 9.º do CIVA"]],
        }
        self.env.invalidate_all()
        self.assertEqual(invoice._l10n_pt_atcud_exemptions_printed(), expected)
        tax.l10n_pt_atcud_exemption_reason_id = self.reason("M10")
        self.assertEqual(invoice._l10n_pt_atcud_exemptions_printed(), expected)
        with self.assertRaisesRegex(UserError, "be set by hand"):
            invoice.l10n_pt_atcud_exemptions = False

    def test_accountant_can_issue(self):
        tax = self.tax(0)
        invoice = self.with_lines(self.line(80, tax)).with_user(self.accountant)
        invoice.action_post()
        self.assertTrue(invoice.l10n_pt_atcud_exemptions)

    def test_many_documents_need_no_more_queries(self):
        check = self.env["l10n_pt_atcud.posting_content_check"]

        def queries(number):
            moves = self.env["account.move"].browse()
            for _number in range(number):
                moves |= self.with_lines(self.line(80, self.exempt))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            check.check(moves)
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertLessEqual(queries(15), queries(1) + 2)
