"""What the buyer and the law expect on paper, read from real pages."""

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.tests import Form, tagged

from ..at_series import lisbon_date
from .common import NIF, AtcudCommon
from .test_printing import LAYOUTS, Footers, PrintedPages

_NAMES = {
    "FT": ("Fatura", "Invoice"),
    "FS": ("Fatura simplificada", "Simplified invoice"),
    "FR": ("Fatura-recibo", "Invoice-receipt"),
    "NC": ("Nota de crédito", "Credit note"),
    "ND": ("Nota de débito", "Debit note"),
}


@tagged("post_install", "-at_install", "post_install_l10n")
class TestDocumentNames(AtcudCommon):
    def test_each_type_has_its_name_in_two_languages(self):
        names = self.env["l10n_pt_atcud.document_names"]
        for document_type, (portuguese, english) in _NAMES.items():
            with self.subTest(document_type):
                self.partner_a.sudo().country_id = self.env.ref("base.pt")
                name = names.of_type(document_type, self.partner_a)
                self.assertEqual(name, portuguese)
                self.partner_a.sudo().country_id = self.env.ref("base.fr")
                name = names.of_type(document_type, self.partner_a)
                self.assertEqual(name, english)

    def test_paper_has_one_language(self):
        self.env["res.lang"].sudo()._activate_lang("pt_PT")
        self.env["res.lang"].sudo()._activate_lang("fr_FR")
        names = self.env["l10n_pt_atcud.document_names"]
        company, customer = self.company.sudo(), self.partner_a.sudo()
        for ours, theirs, country, expected in (
            ("en_US", False, "pt", "pt_PT"),
            ("en_US", "en_US", "pt", "pt_PT"),
            ("pt_PT", False, "fr", "pt_PT"),
            ("en_US", False, "fr", "en_US"),
            ("pt_PT", "fr_FR", "fr", "fr_FR"),
            ("en_US", "pt_PT", "fr", "pt_PT"),
        ):
            with self.subTest((ours, theirs, country)):
                company.partner_id.lang = ours
                customer.write(
                    {"lang": theirs, "country_id": self.env.ref(f"base.{country}").id}
                )
                self.assertEqual(names.language(customer, company), expected)

    def test_every_type_of_series_has_a_name(self):
        names = self.env["l10n_pt_atcud.document_names"]
        field = self.env["l10n_pt_atcud.series"]._fields["document_type"]
        for document_type in field.get_values(self.env):
            for country in ("pt", "fr"):
                self.partner_a.sudo().country_id = self.env.ref(f"base.{country}")
                self.assertTrue(names.of_type(document_type, self.partner_a))

    def test_heading_is_that_of_the_series(self):
        self.partner_a.sudo().country_id = self.env.ref("base.pt")
        draft = self.draft()
        self.assertEqual(draft._l10n_pt_atcud_title(), "Fatura - rascunho")
        for document_type in ("FT", "FS", "FR"):
            with self.subTest(document_type):
                series = self.registered_series("A2026", document_type)
                invoice = self.draft(l10n_pt_atcud_series_id=series.id)
                invoice.action_post()
                self.assertEqual(
                    invoice._l10n_pt_atcud_title(), _NAMES[document_type][0]
                )


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSellerNumber(Footers, AtcudCommon):
    def test_every_layout_shows_the_number_of_the_seller(self):
        self.registered_series()
        invoice, draft = self.draft(), self.draft()
        invoice.action_post()
        bill = self.draft(
            "in_invoice",
            journal_id=self.company_data["default_journal_purchase"].id,
        )
        for layout in LAYOUTS:
            with self.subTest(layout):
                self.company.sudo().external_report_layout_id = self.env.ref(
                    f"web.external_layout_{layout}"
                )
                for document in (invoice, draft):
                    footer = str(self.footers(document))
                    self.assertEqual(footer.count(f"NIF {NIF}"), 1)
                self.assertEqual(bill._l10n_pt_atcud_seller(), "")


@tagged("post_install", "-at_install", "post_install_l10n")
class TestPaperPdf(PrintedPages, AtcudCommon, AccountTestInvoicingHttpCommon):
    def test_reasons_stand_with_the_lines_and_below(self):
        self.registered_series()
        self.partner_a.sudo().country_id = self.env.ref("base.pt")
        taxed = self.company_data["default_tax_sale"]
        chart = self.env["account.chart.template"].with_company(self.company)
        lines = (
            ("Consulta", self.exempt),
            ("Azulejo", taxed),
            ("Livro", chart.ref("iva_pt_sale_non_eu_isenta")),
        )
        invoice = self.draft(
            invoice_line_ids=[
                Command.create(
                    {"name": name, "price_unit": 10, "tax_ids": [Command.set(tax.ids)]}
                )
                for name, tax in lines
            ]
        )
        invoice.action_post()
        self.exempt.sudo().l10n_pt_atcud_exemption_reason_id = False
        (page,) = self.pages(invoice)
        self.assertIn("Fatura FT A2026/1", page)
        self.assertRegex(page, r"Consulta \(M07\)")
        self.assertRegex(page, r"Livro \(M05\)")
        self.assertNotRegex(page, r"Azulejo \(")
        self.assertIn("(M07) Isento artigo 9.º do CIVA", page)
        self.assertIn("(M05) Isento artigo 14.º do CIVA", page)

    def test_customer_without_a_language_reads_no_english(self):
        self.env["res.lang"].sudo()._activate_lang("pt_PT")
        self.registered_series()
        self.partner_a.sudo().write(
            {"lang": False, "country_id": self.env.ref("base.pt").id}
        )
        today = lisbon_date().strftime("%d/%m/%Y")
        draft, invoice = self.draft(), self.draft()
        invoice.action_post()
        self.assertEqual(invoice.l10n_pt_atcud_content["lang"], "pt_PT")
        for document in (draft, invoice):
            (page,) = self.pages(document)
            self.assertIn("Fatura", page)
            self.assertIn(today, page)

    def test_cancelled_document_keeps_its_name(self):
        self.registered_series()
        self.partner_a.sudo().country_id = self.env.ref("base.pt")
        invoice = self.draft()
        invoice.action_post()
        self.cancel_issued(invoice)
        (page,) = self.pages(invoice)
        self.assertIn("Fatura - documento anulado FT A2026/1", page)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestForms(AtcudCommon):
    def test_reason_is_chosen_on_the_tax(self):
        reasons = self.env["l10n_pt_atcud.exemption_reason"]
        manager = self.new_user("atcud_manager", "account.group_account_manager")
        reason = reasons.search([("code", "=", "M10")])
        with Form(self.exempt.with_user(manager)) as form:
            form.l10n_pt_atcud_exemption_reason_id = reason
        self.assertEqual(self.exempt.l10n_pt_atcud_exemption_reason_id, reason)
        found = dict(reasons.name_search("M16"))
        self.assertEqual(list(found), reasons.search([("code", "=", "M16")]).ids)

    def test_receipts_are_switched_on_in_the_journal(self):
        manager = self.new_user("atcud_manager", "account.group_account_manager")
        bank = self.company_data["default_journal_bank"].with_user(manager)
        with Form(bank) as form:
            form.l10n_pt_atcud_receipt_type = "RG"
        self.assertEqual(bank.l10n_pt_atcud_receipt_type, "RG")
