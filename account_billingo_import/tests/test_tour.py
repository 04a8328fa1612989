from odoo.tests import HttpCase, tagged

from .common import KEYS, BillingoCommon


@tagged("post_install", "-at_install")
class TestTour(BillingoCommon, HttpCase):
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

    def test_connect_check_fetch_map_process(self):
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
        self.own.name = "Our own account"
        self._unmap()
        # Odoo's own form of entries names a widget of partner_autocomplete, which
        # need not be installed.
        self._logger.getChild("browser").addFilter(
            lambda record: "res_partner_many2one" not in record.getMessage()
        )
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
