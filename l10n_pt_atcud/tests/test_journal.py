"""The series of a journal: their order, and registering all of them."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestJournal(AtcudCommon):
    def test_series_are_created_in_the_tab(self):
        with (
            Form(self.journal) as journal,
            journal.l10n_pt_atcud_series_ids.new() as line,
        ):
            line.document_type = "FT"
            line.identifier = "TAB"
        series = self.journal.l10n_pt_atcud_series_ids
        self.assertEqual(series.display_name, "FT TAB")
        self.assertEqual(series.company_id, self.company)

    def test_register_all(self):
        for document_type in ("FT", "NC", "ND"):
            self.make_series("A", document_type)
        self.journal.action_l10n_pt_atcud_register_all()
        series = self.journal.l10n_pt_atcud_series_ids
        self.assertEqual(set(series.mapped("state")), {"registered"})

    def test_register_all_without_series_is_refused(self):
        with self.assertRaises(UserError):
            self.journal.action_l10n_pt_atcud_register_all()
        self.assertFalse(self.simulator.requests)

    def test_first_suitable_series_is_proposed(self):
        first, second = self.make_series("A"), self.make_series("B")
        self.make_series("A", "NC", sequence=1)
        self.assertEqual(self.draft().l10n_pt_atcud_series_id, first)
        second.sequence = 1
        self.assertEqual(self.draft().l10n_pt_atcud_series_id, second)

    def test_invoice_may_use_a_series_of_simplified_invoices(self):
        self.registered_series("A", "FS")
        invoice = self.draft()
        self.assertFalse(invoice.l10n_pt_atcud_series_id)
        invoice.l10n_pt_atcud_document_type = "FS"
        invoice.action_post()
        self.assertEqual(invoice.name, "FS A/1")

    def test_default_series_and_type_are_chosen_in_the_tab(self):
        first, second = self.make_series("A"), self.make_series("B")
        with Form(self.journal) as journal:
            journal.l10n_pt_atcud_default_type = "FS"
            with journal.l10n_pt_atcud_series_ids.edit(1) as line:
                line.is_default = True
        self.assertEqual((first.is_default, second.is_default), (False, True))
        self.assertEqual(self.journal.l10n_pt_atcud_default_type, "FS")

    def test_copied_journal_has_no_series(self):
        self.make_series()
        self.assertFalse(self.journal.copy().l10n_pt_atcud_series_ids)
