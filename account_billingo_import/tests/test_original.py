"""Customers get the paper that Billingo issued, and no other with its number."""

from datetime import datetime, timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common import BillingoCommon

REPORT = "account.account_invoices"


@tagged("post_install", "-at_install")
class TestOriginal(BillingoCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.own.state = "active"
        self._fetch()
        documents = self._document(self.own, 1) | self._document(self.own, 2)
        documents = documents.sudo()
        for document in documents:
            self.env["billingo.processor"].sudo()._process(document)
        self.sale, self.other = documents.move_id
        self.reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )

    def _get_originals(self):
        """Download the PDFs; Billingo makes them when it is asked first."""
        self._run("ir_cron_billingo_pdf")
        with freeze_time(datetime.now() + timedelta(minutes=2)):
            self._run("ir_cron_billingo_pdf")

    def _portal(self, **options):
        url = self.sale.sudo().get_portal_url(**options)
        return self.url_open(url)

    def _raw(self, move):
        original = move.billingo_document_id.pdf_attachment_id
        return original.with_context(bin_size=False).raw

    def test_nothing_is_printed_or_sent_before_the_original_has_come(self):
        with self.assertRaisesRegex(UserError, "has not come yet"):
            self.reports._render_qweb_pdf(REPORT, self.sale.ids)
        with self.assertRaisesRegex(UserError, "has not come yet"):
            self.env["account.move.send"]._generate_and_send_invoices(
                self.sale, sending_methods=["manual"]
            )
        self.assertFalse(self.sale.invoice_pdf_report_id)
        page = self._portal(report_type="html")
        self.assertIn("has not come yet", page.text)
        with mute_logger("odoo.http"):
            answer = self._portal(report_type="pdf", download=True)
        self.assertFalse(answer.ok)
        self.assertIn("has not come yet", answer.text)

    def test_portal_has_the_original_before_it_is_attached(self):
        self._get_originals()
        raw = self._raw(self.sale)
        printed = self.sale.invoice_pdf_report_id.sudo()._billingo_replacing()
        printed.res_field = False
        self.sale.invalidate_recordset()
        self.assertFalse(self.sale.invoice_pdf_report_id)
        self.assertEqual(self._portal(report_type="pdf", download=True).content, raw)

    def test_original_is_printed_and_shown(self):
        self._get_originals()
        raw = self._raw(self.sale)
        content, _kind = self.reports._render_qweb_pdf(REPORT, self.sale.ids)
        self.assertEqual(content, raw)
        self.assertEqual(self._portal(report_type="pdf", download=True).content, raw)
        page = self._portal(report_type="html")
        self.assertIn("Download the invoice", page.text)
        self.assertNotIn(self.sale.invoice_line_ids[0].name, page.text)

    def test_several_are_printed_together(self):
        self._get_originals()
        account = self.sale.invoice_line_ids.account_id[:1].id
        line = {"name": "Work", "price_unit": 100, "tax_ids": [], "account_id": account}
        own = self.sale.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner_a.id,
                "company_id": self.company.id,
                "journal_id": self.sale.journal_id.copy().id,
                "invoice_line_ids": [Command.create(line)],
            }
        )
        moves = self.sale | own | self.other
        streams = self.reports._render_qweb_pdf_prepare_streams(
            REPORT, {}, res_ids=moves.ids
        )
        self.assertEqual([*streams], moves.ids)
        for move in self.sale, self.other:
            self.assertEqual(streams[move.id]["stream"].getvalue(), self._raw(move))

    def test_draft_is_printed_as_any_other(self):
        self.sale.button_draft()
        content, _kind = self.reports._render_qweb_html(REPORT, self.sale.ids)
        self.assertIn(self.sale.invoice_line_ids[0].name, content.decode())
