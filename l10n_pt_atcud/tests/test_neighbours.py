"""Documents outside the scope of this addon are unchanged."""

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.tests import tagged

from .common import AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestPortugueseNeighbours(AtcudCommon):
    def test_vendor_bills_need_no_series(self):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.partner_a.id,
                "invoice_date": "2026-05-03",
                "invoice_line_ids": [
                    Command.create({"name": "Barro", "price_unit": 10.0})
                ],
            }
        )
        self.assertFalse(bill.l10n_pt_atcud_is_required)
        self.assertNotIn("l10n_pt_atcud_series", bill.alerts or {})
        bill.action_post()
        self.assertEqual(bill.name, "BILL/2026/05/0001")

    def test_invoices_before_the_series_keep_their_numbers(self):
        """They were posted when the journal had no series, and may be corrected."""
        old = self.issued_before("INV/2026/00033")
        series = self.registered_series()
        old.button_draft()
        self.assertFalse(old.l10n_pt_atcud_series_id)
        old.action_post()
        self.assertEqual((old.name, old.l10n_pt_atcud_value), ("INV/2026/00033", False))
        new = self.draft()
        new.action_post()
        self.assertEqual(
            (new.name, new.l10n_pt_atcud_series_id), ("FT A2026/1", series)
        )


@tagged("post_install", "-at_install", "post_install_l10n")
class TestOtherCountries(AccountTestInvoicingCommon):
    def test_other_countries_keep_their_numbering(self):
        invoice = self._create_invoice_one_line(price_unit=100.0)
        self.assertFalse(invoice.l10n_pt_atcud_is_required)
        self.assertFalse(invoice.l10n_pt_atcud_series_id)
        self.assertNotIn("l10n_pt_atcud_series", invoice.alerts or {})
        invoice.action_post()
        year = invoice.invoice_date.year
        self.assertEqual(invoice.name, f"INV/{year}/00001")
        self.assertFalse(invoice.l10n_pt_atcud_value)
