"""Documents that have a number: none is lost, reused or invented."""

from odoo import Command
from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .common import AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestIssued(AtcudCommon):
    def issued(self, **values):
        invoice = self.draft(**values)
        invoice.action_post()
        return invoice

    def test_check_lists_what_was_posted_past_the_rules(self):
        self.registered_series()
        old = self.issued_before("INV/2026/00007")
        check = self.env["l10n_pt_atcud.issued_document_check"].check
        self.assertFalse(check(self.company))
        self.issued()
        self.assertFalse(check(self.company))
        external = self.draft(name="FT Z/1", l10n_pt_atcud_is_external=True)
        external.action_post()
        self.assertFalse(check(self.company))
        past = self.issued_before("INV/2026/00008")
        self.assertEqual(check(self.company), {"missing": past})
        self.assertNotEqual(past, old)

    def test_a_cancelled_number_is_not_given_again(self):
        self.registered_series()
        first, second = self.issued(), self.issued()
        self.cancel_issued(second)
        third = self.issued()
        self.assertEqual(
            [(move.name, move.state) for move in (first, second, third)],
            [
                ("FT A2026/1", "posted"),
                ("FT A2026/2", "cancel"),
                ("FT A2026/3", "posted"),
            ],
        )
        self.assertFalse(third.made_sequence_gap)

    def test_cancelled_document_keeps_number_and_atcud(self):
        self.registered_series()
        invoice = self.issued()
        before = (invoice.name, invoice.l10n_pt_atcud_value)
        self.cancel_issued(invoice)
        self.issued()
        self.assertEqual((invoice.name, invoice.l10n_pt_atcud_value), before)

    def test_reverse_and_create_issues_two_documents(self):
        """The wizard's "Reverse and Create Invoice": NC for the old, FT for the new."""
        self.registered_series()
        credit_notes = self.registered_series("C", "NC")
        invoice = self.issued()
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        action = wizard.create({"journal_id": self.journal.id}).modify_moves()
        anew = self.env["account.move"].browse(action["res_id"])
        self.assertFalse(anew.l10n_pt_atcud_value)
        anew.action_post()
        refund = invoice.reversal_move_ids
        self.assertEqual((refund.name, anew.name), ("NC C/1", "FT A2026/2"))
        self.assertEqual(
            refund.l10n_pt_atcud_value, f"{credit_notes.validation_code}-1"
        )

    def test_refused_refund_leaves_its_invoice_alone(self):
        """A journal without a series for credit notes still sends invoices."""
        self.registered_series()
        invoice = self.issued()
        with self.assertRaises(RedirectWarning):
            invoice._reverse_moves([{"date": invoice.date}])._post()
        self.assertEqual(self.issued().name, "FT A2026/2")

    def test_the_atcud_has_the_number_s_own_digits(self):
        series = self.registered_series(first_number=123456)
        invoice = self.issued()
        self.assertEqual(invoice.name, "FT A2026/123456")
        self.assertEqual(
            invoice.l10n_pt_atcud_value, f"{series.validation_code}-123456"
        )

    def test_nightly_posting_numbers_all_documents(self):
        self.registered_series()
        later, earlier = (
            self.draft(date=date, auto_post="at_date")
            for date in ("2026-05-04", "2026-05-03")
        )
        job = self.env.ref("account.ir_cron_auto_post_draft_entry").sudo()
        with self.enter_registry_test_mode():
            job.method_direct_trigger()
        self.assertEqual({earlier.name, later.name}, {"FT A2026/1", "FT A2026/2"})
        self.assertTrue(earlier.l10n_pt_atcud_value and later.l10n_pt_atcud_value)

    def test_each_recurring_document_has_its_own_number(self):
        """An invoice that repeats every month: the next one is a new document."""
        self.registered_series()
        invoice = self.issued(
            date="2026-05-03", auto_post="monthly", auto_post_until="2027-05-03"
        )
        again = self.env["account.move"].search(
            [("auto_post_origin_id", "=", invoice.id)]
        )
        again = again - invoice
        self.assertEqual(len(again), 1)
        self.assertFalse(again.l10n_pt_atcud_value)
        self.assertEqual(again.l10n_pt_atcud_series_id, invoice.l10n_pt_atcud_series_id)
        again._post(soft=False)
        self.assertEqual((invoice.name, again.name), ("FT A2026/1", "FT A2026/2"))

    def test_lines_of_an_issued_document_stay(self):
        self.registered_series()
        invoice = self.issued()
        with self.assertRaises(RedirectWarning):
            invoice.invoice_line_ids = [Command.clear()]
