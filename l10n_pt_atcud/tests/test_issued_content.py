"""What is printed stays as it was when the document was issued."""

from unittest.mock import patch

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.tests import tagged

from .common import AtcudCommon
from .test_printing import PrintedPages


class Customer:
    def setUp(self):
        super().setUp()
        self.partner_a.sudo().with_context(no_vat_validation=True).write(
            {
                "name": "Construções do Douro SA",
                "street": "Avenida da Ribeira 7",
                "zip": "4050-510",
                "city": "Porto",
                "country_id": self.env.ref("base.pt").id,
                "vat": "PT599999993",
            }
        )

    def change_everything(self):
        """Change customer, tax and settings, as somebody may later."""
        self.partner_a.sudo().with_context(no_vat_validation=True).write(
            {
                "name": "Outro Nome Lda",
                "street": "Rua Nova 1",
                "city": "Lisboa",
                "country_id": self.env.ref("base.es").id,
                "vat": "ESA12345674",
            }
        )
        tax = self.company_data["default_tax_sale"].sudo()
        tax.write({"name": "Outro imposto", "invoice_label": "99%"})
        tax.tax_group_id.name = "Outro grupo"
        self.company.sudo().write(
            {"l10n_pt_atcud_software_number": 0, "l10n_pt_atcud_producer": "Outra"}
        )

    def taxed(self):
        tax = self.company_data["default_tax_sale"]
        line = {"name": "Azulejo", "price_unit": 100.0, "tax_ids": [(6, 0, tax.ids)]}
        return self.draft(invoice_line_ids=[Command.create(line)])


@tagged("post_install", "-at_install", "post_install_l10n")
class TestIssuedContent(Customer, AtcudCommon):
    def html(self, move):
        html, _kind = self.env["ir.actions.report"]._render(
            "account.account_invoices", move.ids, data={"report_type": "html"}
        )
        return html.decode()

    def test_contents_are_written_at_posting(self):
        self.registered_series()
        self.company.sudo().l10n_pt_atcud_software_number = 9
        invoice = self.taxed()
        self.assertFalse(invoice.l10n_pt_atcud_content)
        invoice.action_post()
        content = invoice.l10n_pt_atcud_content
        self.assertEqual(content["customer"]["name"], "Construções do Douro SA")
        self.assertEqual(content["customer"]["vat"], "PT599999993")
        self.assertEqual(content["customer"]["country"], "PT")
        self.assertIn("Avenida da Ribeira 7", content["customer"]["address"])
        self.assertEqual(content["document_type"], "FT")
        self.assertTrue(content["document_name"])
        self.assertEqual(content["software_number"], "9")

    def test_reprint_shows_what_was_issued(self):
        self.registered_series()
        invoice = self.taxed()
        invoice.action_post()
        label = invoice.invoice_line_ids.tax_ids.tax_label
        group = invoice.invoice_line_ids.tax_ids.tax_group_id.name
        first = self.html(invoice)
        for text in ("Construções do Douro SA", "Avenida da Ribeira 7", "599999993"):
            self.assertIn(text, first)
        self.change_everything()
        again = self.html(invoice)
        for text in (
            "Construções do Douro SA",
            "Avenida da Ribeira 7",
            "PT599999993",
            label,
            group,
        ):
            self.assertIn(text, again)
        for text in ("Outro Nome", "Rua Nova", "A12345674", "99%", "Outro grupo"):
            self.assertNotIn(text, again)
        # A new document has what is valid now.
        later = self.taxed()
        later.action_post()
        self.assertIn("Outro Nome Lda", self.html(later))

    def test_draft_is_printed_as_it_is_now(self):
        self.registered_series()
        draft = self.taxed()
        self.change_everything()
        self.assertIn("Outro Nome Lda", self.html(draft))

    def test_qr_text_is_made_once(self):
        self.registered_series()
        service = type(self.env["l10n_pt_atcud.qr_code"])
        self.company.sudo().l10n_pt_atcud_software_number = 9
        made = []

        def payload(_service, move, _signature):
            made.append(move.name)
            return f"A:509987656*D:FT*E:N*G:{move.name}"

        with (
            patch.object(service, "payload", payload),
            patch.object(
                type(self.env["account.move"]),
                "_l10n_pt_atcud_signature",
                lambda _move: "x" * 172,
            ),
        ):
            invoice = self.taxed()
            invoice.action_post()
            text = invoice.l10n_pt_atcud_qr_payload
            self.assertEqual(text, "A:509987656*D:FT*E:N*G:FT A2026/1")
            self.change_everything()
            self.assertTrue(invoice._l10n_pt_atcud_qr())
        self.assertEqual(made, ["FT A2026/1"])
        # Neither signature nor software number are needed for a reprint.
        self.assertTrue(invoice._l10n_pt_atcud_qr())
        self.assertEqual(invoice.l10n_pt_atcud_qr_payload, text)

    def test_copies_have_no_contents(self):
        self.registered_series()
        invoice = self.taxed()
        invoice.action_post()
        copy = invoice.copy()
        self.assertFalse(copy.l10n_pt_atcud_content)
        self.assertFalse(copy.l10n_pt_atcud_qr_payload)

    def test_many_documents_need_few_queries(self):
        self.registered_series()
        drafts = self.env["account.move"].concat(*(self.taxed() for _n in range(20)))
        drafts._post()
        service = self.env["l10n_pt_atcud.issued_content"]
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(60):
            service.freeze(drafts)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestIssuedPdf(
    Customer, PrintedPages, AtcudCommon, AccountTestInvoicingHttpCommon
):
    def test_pdf_shows_what_was_issued(self):
        self.registered_series()
        invoice = self.taxed()
        invoice.action_post()
        self.change_everything()
        (page,) = self.pages(invoice)
        for text in ("Construções do Douro SA", "Avenida da Ribeira 7", "PT599999993"):
            self.assertIn(text, page)
        self.assertNotIn("Outro Nome", page)

    def test_cancelled_pdf_says_so(self):
        self.registered_series()
        invoice = self.taxed()
        invoice.action_post()
        self.env["l10n_pt_atcud.document_cancellation"].cancel(
            invoice, "Cliente errado"
        )
        (page,) = self.pages(invoice)
        for text in ("Documento anulado", "Cliente errado", "ATCUD:"):
            self.assertIn(text, page)

    def test_credit_note_names_document_date_and_reason(self):
        self.registered_series()
        self.registered_series("A2026", "NC")
        invoice = self.taxed()
        invoice.action_post()
        refund = invoice._reverse_moves(
            [{"date": invoice.date, "l10n_pt_atcud_reason": "Devolução parcial"}]
        )
        refund.action_post()
        (page,) = self.pages(refund)
        self.assertIn("FT A2026/1", page)
        self.assertIn("Devolução parcial", page)
        self.assertIn(invoice.invoice_date.strftime("%Y"), page)

    def test_portal_page_shows_what_was_issued(self):
        self.registered_series()
        invoice = self.taxed()
        invoice.action_post()
        self.change_everything()
        self.env.flush_all()
        url = invoice.get_portal_url(report_type="html")
        page = self.url_open(url).content.decode()
        self.assertIn("Construções do Douro SA", page)
        self.assertNotIn("Outro Nome", page)
