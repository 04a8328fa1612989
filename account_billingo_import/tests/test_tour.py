import json

from odoo.tests import HttpCase, tagged

from ..billingo_api.simulator import samples
from .common import KEYS, BillingoCommon


@tagged("post_install", "-at_install")
class TestTour(BillingoCommon, HttpCase):
    browser_size = "1920x1080"  # where Odoo shows an original beside its data

    def _unmap(self):
        """Take away how 27 % is mapped for sales; keep a tax to choose for it."""
        rows = self.env["billingo.tax.map"].search(
            [
                ("company_id", "=", self.company.id),
                ("direction", "=", "sale"),
                ("vat_code", "=", "27%"),
            ]
        )
        rows.tax_id[:1].copy({"name": "Of the tour"})
        rows.unlink()

    def setUp(self):
        super().setUp()
        admin = self.env.ref("base.user_admin")
        admin.write(
            {
                "company_ids": [(4, self.company.id)],
                "company_id": self.company.id,
                "group_ids": [
                    (4, self.env.ref("account.group_account_manager").id),
                    (4, self.env.ref("account.group_account_user").id),
                ],
            }
        )
        # Odoo's own form of entries names a widget of partner_autocomplete, which
        # need not be installed.
        self._logger.getChild("browser").addFilter(
            lambda record: "res_partner_many2one" not in record.getMessage()
        )

    def test_link_of_a_mail_leads_to_processing(self):
        self.own.state = "active"
        self._fetch()
        document = self._document(self.own, 1)
        url = f"/odoo/billingo-documents/{document.id}/billingo-process"
        self.start_tour(url, "billingo_process_page", login="admin")
        self.assertEqual(document.state, "processed")

    def test_uploaded_file_is_booked_and_damaged_one_explained(self):
        raw = samples.own_account().documents[0]
        raw |= {"id": 73_900_001, "invoice_number": "FOLY / 2026-900001"}
        self.env["ir.attachment"].create(
            {
                "name": "billingo_upload_tour.json",
                "url": "/billingo_upload_tour.json",
                "raw": json.dumps(raw).encode(),
                "public": True,
            }
        )
        self.start_tour("/odoo/customer-invoices", "billingo_upload", login="admin")
        [document] = self.own.document_ids
        self.assertEqual((document.state, document.source), ("processed", "upload"))
        self.assertEqual(document.move_id.amount_total, raw["gross_total"])

    def test_tour_from_check_to_entry(self):
        self.own.name = "Our own account"
        self._unmap()
        self.start_tour("/odoo/billingo-connections", "billingo_import", login="admin")
        self.assertEqual(self.own.state, "active")
        self.assertTrue(self.own.checked_at)
        self.assertEqual(len(self.own.document_ids), 37)
        newest = self._document(self.own, 39)
        self.assertEqual(newest.move_id.state, "posted")
        self.assertEqual(newest.move_id.line_ids.tax_line_id.name, "Of the tour")
        pdf = newest.move_id.invoice_pdf_report_id
        self.assertIn(newest.name.encode(), pdf.raw)
        self.assertEqual(self.simulator.requests["organization"], 1)
        self.assertEqual(self.own.api_key, KEYS["own_key"])


@tagged("post_install", "-at_install")
class TestDocumentList(BillingoCommon, HttpCase):
    """The list of documents on a small screen."""

    browser_size = "1400x900"

    def test_list_is_readable(self):
        self.own.write({"state": "active", "is_auto_post": False})
        self.env.ref("base.user_admin").write(
            {
                "company_ids": [(4, self.company.id)],
                "company_id": self.company.id,
                "group_ids": [(4, self.env.ref("account.group_account_manager").id)],
            }
        )
        self.env["billingo.tax.map"].search(
            [("direction", "=", "sale"), ("vat_code", "=", "5%")]
        ).unlink()
        self._fetch()
        self._process()
        self.assertEqual(
            set(self.own.document_ids.mapped("state")) - {"skipped"},
            {"error", "processed"},
        )
        self.start_tour("/odoo/billingo-documents", "billingo_list", login="admin")
