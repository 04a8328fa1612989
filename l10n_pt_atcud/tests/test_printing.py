"""``ATCUD:CODE-N`` on every page: in seven layouts, and in the text of real PDFs."""

import re
import subprocess

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.addons.http_routing.tests.common import MockRequest
from odoo.tests import tagged
from odoo.tests.common import save_test_file

from .common import AtcudCommon

LAYOUTS = ("boxed", "bold", "bubble", "folder", "standard", "striped", "wave")


class Footers:
    """Render what a layout repeats on every page."""

    def footers(self, moves):
        reports = self.env["ir.actions.report"]
        html, _kind = reports.with_context(report_pdf_no_attachment=True)._render(
            "account.account_invoices", moves.ids, data={"report_type": "pdf"}
        )
        html = html.decode() if isinstance(html, bytes) else html
        _bodies, _ids, _header, footer, _settings = reports._prepare_html(html)
        return footer


@tagged("post_install", "-at_install", "post_install_l10n")
class TestLayouts(Footers, AtcudCommon):
    def test_every_layout_repeats_the_atcud(self):
        self.registered_series()
        invoice, draft = self.draft(), self.draft()
        invoice.action_post()
        for layout in LAYOUTS:
            with self.subTest(layout):
                self.company.sudo().external_report_layout_id = self.env.ref(
                    f"web.external_layout_{layout}"
                )
                printed = f"ATCUD:{invoice.l10n_pt_atcud_value}"
                self.assertEqual(str(self.footers(invoice)).count(printed), 1)
                self.assertNotIn("ATCUD", str(self.footers(draft)))

    def test_reset_to_draft_prints_no_atcud(self):
        self.use_environment("demo")
        self.registered_series()
        invoice = self.draft()
        invoice.action_post()
        invoice.button_draft()
        self.assertNotIn("ATCUD", str(self.footers(invoice)))


class PrintedPages:
    """Print as an accountant does, in a test with a web server."""

    report = "account.account_invoices"

    def pdf(self, records):
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        login = self.env.user.login
        with MockRequest(self.env) as request:
            request.session = self.authenticate(login, login)
            pdf, _kind = reports._render_qweb_pdf(self.report, records.ids)
        name = self._testMethodName  # kept beside the screenshots, to be looked at
        save_test_file(name, pdf, "invoice_", "pdf", document_type="PDF")
        return pdf

    def pages(self, records):
        """Return the text of each page."""
        text = subprocess.run(
            ["pdftotext", "-layout", "-", "-"],
            input=self.pdf(records),
            capture_output=True,
            check=True,
        ).stdout.decode()
        return text.rstrip("\f").split("\f")


@tagged("post_install", "-at_install", "post_install_l10n")
class TestPdf(PrintedPages, AtcudCommon, AccountTestInvoicingHttpCommon):
    def long_invoice(self):
        invoice = self.draft(
            invoice_line_ids=[
                Command.create({"name": f"Azulejo {number}", "price_unit": 10.0})
                for number in range(50)
            ]
        )
        invoice.action_post()
        return invoice

    def test_every_page_of_a_long_invoice(self):
        self.registered_series()
        invoice = self.long_invoice()
        pages = self.pages(invoice)
        self.assertEqual(len(pages), 3)
        for page in pages:
            self.assertEqual(page.count(f"ATCUD:{invoice.l10n_pt_atcud_value}"), 1)

    def test_two_invoices_in_one_file_have_their_own_atcud(self):
        self.registered_series()
        first, second = self.draft(), self.draft()
        (first | second)._post()
        pages = self.pages(first | second)
        self.assertEqual(len(pages), 2)
        for invoice, page in zip((first, second), pages, strict=True):
            self.assertEqual(page.count("ATCUD:"), 1)
            self.assertIn(f"ATCUD:{invoice.l10n_pt_atcud_value}", page)

    def test_every_document_on_every_page_of_every_layout(self):
        for document_type in ("FT", "NC", "ND"):
            self.registered_series("A2026", document_type)
        invoice, cancelled, draft = self.long_invoice(), self.draft(), self.draft()
        refund = invoice._reverse_moves([{"date": invoice.date}])
        refund.invoice_line_ids[1:].unlink()
        debit_note = self.debit_note(invoice)
        (cancelled | refund | debit_note)._post()
        self.cancel_issued(cancelled)
        for layout in LAYOUTS:
            with self.subTest(layout):
                self.company.sudo().external_report_layout_id = self.env.ref(
                    f"web.external_layout_{layout}"
                )
                documents = (invoice, refund, debit_note, cancelled, draft)
                pages = self.pages(self.env["account.move"].concat(*documents))
                found = [re.findall(r"ATCUD:\S*", page) for page in pages]
                expected = [[f"ATCUD:{x.l10n_pt_atcud_value}"] for x in documents[:4]]
                runs = [
                    x for n, x in enumerate(found) if [x] != found[max(n - 1, 0) : n]
                ]
                self.assertEqual(runs, [*expected, []])
                self.assertGreater(found.count(expected[0]), 1)

    def debit_note(self, invoice):
        wizard = self.env["account.debit.note"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        action = wizard.create({"copy_lines": False}).create_debit()
        debit_note = self.env["account.move"].browse(action["res_id"])
        debit_note.invoice_line_ids = [
            Command.create({"name": "Juros", "price_unit": 5.0})
        ]
        return debit_note
