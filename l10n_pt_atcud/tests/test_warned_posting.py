"""A company that is warned instead of refused: documents outside all series."""

from odoo.exceptions import RedirectWarning
from odoo.tests import freeze_time, tagged

from .common import AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestWarnedPosting(AtcudCommon):
    def setUp(self):
        super().setUp()
        self.company.sudo().l10n_pt_atcud_without_series = "warn"

    def assertOutside(self, move):
        self.assertEqual((move.state, move.l10n_pt_atcud_value), ("posted", False))
        self.assertFalse(move.l10n_pt_atcud_series_id)
        self.assertTrue(move.l10n_pt_atcud_is_missing)
        self.assertRegex(move.name, r"^R?INV/")
        self.assertIn("has no ATCUD", move.alerts["l10n_pt_atcud_missing"]["message"])
        self.assertTrue(
            any("no ATCUD" in body for body in move.message_ids.mapped("body"))
        )
        self.assertFalse(move._l10n_pt_atcud_printed())

    def test_the_draft_warns_and_is_posted_outside_the_series(self):
        series = self.make_series()
        draft = self.draft()
        alert = draft.alerts["l10n_pt_atcud_series"]
        self.assertIn("gets no ATCUD", alert["message"])
        self.assertEqual(alert["action_text"], "Generate validation code")
        draft.with_user(self.accountant).action_post()
        self.assertOutside(draft)
        self.assertFalse(self.simulator.requests)
        self.assertIsNone(self.register(series))
        self.assertEqual(series.first_number, 1)
        later = self.draft()
        later.action_post()
        self.assertEqual(later.name, "FT A2026/1")
        self.assertEqual(later.l10n_pt_atcud_value, f"{series.validation_code}-1")
        self.assertFalse(later.l10n_pt_atcud_is_missing)

    def test_by_default_it_is_refused(self):
        other = self.env["res.company"].sudo().create({"name": "Barro Lda"})
        self.assertEqual(other.l10n_pt_atcud_without_series, "refuse")
        self.company.sudo().l10n_pt_atcud_without_series = "refuse"
        self.make_series()
        with self.assertRaises(RedirectWarning):
            self.draft().action_post()

    def test_without_any_series_and_while_pending(self):
        invoice, refund = self.draft(), self.draft("out_refund")
        (invoice | refund).action_post()
        self.assertOutside(invoice)
        self.assertOutside(refund)
        series = self.make_series()
        self.simulator.faults.add("accept_then_drop")
        self.register(series)
        waiting = self.draft()
        waiting.action_post()
        self.assertOutside(waiting)
        self.assertIsNone(self.register(series))
        later = self.draft()
        later.action_post()
        self.assertEqual(later.name, "FT A2026/1")

    def test_date_given_by_posting_keeps_the_document_outside(self):
        self.make_series()
        draft = self.draft()
        draft.invoice_date = False
        with freeze_time("2026-12-01 12:00:00"):
            draft.action_post()
        self.assertOutside(draft)

    def test_document_posted_outside_stays_outside(self):
        series = self.make_series()
        invoice = self.draft()
        invoice.action_post()
        name = invoice.name
        self.assertIsNone(self.register(series))
        invoice.button_draft()
        self.assertNotIn("l10n_pt_atcud_series", invoice.alerts or {})
        invoice.invoice_date = "2026-05-03"
        invoice.action_post()
        self.assertFalse(invoice.l10n_pt_atcud_value)
        self.assertEqual(invoice.name, name)
        copy = invoice.copy()
        self.assertFalse(copy.l10n_pt_atcud_is_missing)
        self.assertEqual(copy.l10n_pt_atcud_series_id, series)

    def test_numbers_of_a_series_are_not_used(self):
        self.issued_before("FT 2026/45")
        self.registered_series("2026", first_number=46)
        first = self.draft()
        first.action_post()
        outside = self.draft(l10n_pt_atcud_series_id=self.make_series("B").id)
        outside.action_post()
        self.assertOutside(outside)
        second = self.draft()
        second.action_post()
        self.assertEqual((first.name, second.name), ("FT 2026/46", "FT 2026/47"))

    def test_nightly_posting_warns(self):
        draft = self.draft(date="2026-05-03", auto_post="at_date")
        job = self.env.ref("account.ir_cron_auto_post_draft_entry").sudo()
        with self.enter_registry_test_mode():
            job.method_direct_trigger()
        self.assertOutside(draft)
