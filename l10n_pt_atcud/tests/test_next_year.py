"""Next year's series: proposals, dates of use, reminders."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, Form, freeze_time, tagged

from ..at_series import NewSeries, TipoDoc
from ..services.year_pattern import (
    fill_pattern,
    find_pattern,
    has_other_year,
    propose_pattern,
)
from .common import AtcudCommon

DECEMBER = "2026-12-10 12:00:00"


@tagged("post_install", "-at_install", "post_install_l10n")
class TestYearPattern(BaseCase):
    def test_the_year_is_found_and_replaced(self):
        for identifier, pattern, later in (
            ("A2026", "A{year}", "A2027"),
            ("26A", "{yy}A", "27A"),
            ("26.05", "{yy}.05", "27.05"),
            ("2026-27", "{year}-{yy+1}", "2027-28"),
            ("2026-2027", "{year}-{year+1}", "2027-2028"),
            ("26_27", "{yy}_{yy+1}", "27_28"),
            ("LX-2026.B26", "LX-{year}.B26", "LX-2027.B26"),
        ):
            with self.subTest(identifier):
                self.assertEqual(find_pattern(identifier, 2026), pattern)
                self.assertEqual(fill_pattern(pattern, 2027), later)

    def test_year_is_appended_where_there_is_none(self):
        for identifier, later in (("A", "A2027"), ("7", "7-2027"), ("126", "126-2027")):
            with self.subTest(identifier):
                self.assertIsNone(find_pattern(identifier, 2026))
                pattern = propose_pattern(identifier, 2026)
                self.assertEqual(fill_pattern(pattern, 2027), later)

    def test_a_century_is_two_digits(self):
        self.assertEqual(fill_pattern(find_pattern("A99", 2099), 2100), "A00")

    def test_identifier_of_another_year(self):
        self.assertTrue(has_other_year("A2025", 2026))
        self.assertFalse(has_other_year("A2026", 2026))
        self.assertFalse(has_other_year("A", 2026))


class YearCommon(AtcudCommon):
    def setUp(self):
        super().setUp()
        self.at_time(DECEMBER)

    def at_time(self, moment):
        clock = freeze_time(moment)
        clock.start()
        self.addCleanup(clock.stop)

    def wizard(self, series=None):
        series = self.env["l10n_pt_atcud.series"] if series is None else series
        action = series.action_next_year()
        return self.env[action["res_model"]].browse(action["res_id"])

    def series(self, identifier, document_type="FT"):
        return self.env["l10n_pt_atcud.series"].search(
            [("identifier", "=", identifier), ("document_type", "=", document_type)]
        )


@tagged("post_install", "-at_install", "post_install_l10n")
class TestNextYear(YearCommon):
    def test_this_years_series_propose_those_of_the_next(self):
        self.registered_series("A2026")
        self.registered_series("A2026", "NC")
        self.registered_series("STEADY")
        self.registered_series("A2025")
        self.registered_series("R2026", kind="recovery")
        self.make_series("D2026")
        wizard = self.wizard()
        self.assertEqual(wizard.year, 2027)
        self.assertEqual(
            [
                (line.source_id.display_name, line.pattern, line.identifier)
                for line in wizard.line_ids
                if line.is_selected
            ],
            [("FT A2026", "A{year}", "A2027"), ("NC A2026", "A{year}", "A2027")],
        )
        other = wizard.line_ids.filtered(lambda line: not line.is_selected)
        self.assertEqual(other.identifier, "STEADY2027")

    def test_selected_series_are_created_and_registered(self):
        source = self.registered_series(
            "A2026", kind="training", sequence=3, is_cash_scheme=True
        )
        self.registered_series("A2026", "NC")
        wizard = self.wizard()
        wizard.line_ids[1].is_selected = False
        action = wizard.action_confirm()
        self.assertEqual(action["params"]["type"], "success")
        series = self.series("A2027")
        self.assertEqual(action["params"]["next"]["domain"], [("id", "in", series.ids)])
        self.assertEqual(
            (series.state, series.kind, series.sequence, series.predecessor_id),
            ("registered", "training", 3, source),
        )
        self.assertTrue(series.is_cash_scheme)
        self.assertEqual((series.first_number, series.journal_id), (1, self.journal))
        self.assertEqual(str(series.start_date), "2027-01-01")
        self.assertFalse(self.series("A2027", "NC"))

    def test_pattern_and_identifier_can_be_changed(self):
        self.registered_series("A2026")
        with Form(self.wizard()) as form, form.line_ids.edit(0) as line:
            line.pattern = "B{yy}"
            self.assertEqual(line.identifier, "B27")
            line.identifier = "LOJA.27"
        form.record.action_confirm()
        self.assertEqual(self.series("LOJA.27").state, "registered")

    def test_one_failure_can_be_tried_again(self):
        self.registered_series("A2026")
        self.registered_series("A2026", "NC")
        with self.other_program() as other:
            new = NewSeries("A2027", TipoDoc.NC, 5, self.series("A2026").start_date)
            other.registar_serie(new)
        action = self.wizard().action_confirm()
        self.assertEqual(action["params"]["type"], "danger")
        self.assertEqual(self.series("A2027").state, "registered")
        failed = self.series("A2027", "NC")
        self.assertEqual(failed.state, "draft")
        wizard = self.wizard()
        self.assertEqual(wizard.line_ids.source_id.document_type, "NC")
        failed.first_number = 5
        wizard.action_confirm()
        self.assertEqual(failed.state, "registered")
        self.assertFalse(self.wizard().line_ids)
        with self.assertRaises(UserError):
            self.wizard().action_confirm()

    def test_an_identifier_that_at_refuses_creates_nothing(self):
        self.registered_series("A2026")
        wizard = self.wizard()
        wizard.line_ids.identifier = "A 2027"
        asked = dict(self.simulator.requests)
        with self.assertRaises(ValidationError):
            wizard.action_confirm()
        self.assertEqual(dict(self.simulator.requests), asked)

    def test_in_january_the_current_year_is_proposed(self):
        self.registered_series("A2026")
        with freeze_time("2027-01-08 12:00:00"):
            self.assertEqual(self.wizard().line_ids.identifier, "A2027")

    def test_journal_proposes_only_its_own_series(self):
        self.registered_series("A2026")
        elsewhere = self.journal.copy()
        self.registered_series("E2026", journal_id=elsewhere.id)
        action = elsewhere.action_l10n_pt_atcud_next_year()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.line_ids.identifier, "E2027")

    def test_accountants_cannot_create_series(self):
        series = self.registered_series("A2026").with_user(self.accountant)
        with self.assertRaises(AccessError):
            series.action_next_year()


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSeriesOfTheYear(YearCommon):
    def setUp(self):
        super().setUp()
        self.old = self.registered_series("A2026")
        self.wizard().action_confirm()
        self.new = self.series("A2027")

    def test_date_of_a_document_decides(self):
        old = self.draft(date="2026-12-31")
        new = self.draft(date="2027-01-01")
        self.assertEqual(old.l10n_pt_atcud_series_id, self.old)
        self.assertEqual(new.l10n_pt_atcud_series_id, self.new)
        old.invoice_date, new.invoice_date = "2027-01-02", "2026-12-30"
        self.assertEqual(old.l10n_pt_atcud_series_id, self.new)
        self.assertEqual(new.l10n_pt_atcud_series_id, self.old)

    def test_choice_stays_whatever_the_date(self):
        chosen = self.draft(
            date="2026-12-31", l10n_pt_atcud_series_id=self.registered_series("B").id
        )
        proposed = self.draft(date="2026-12-31", l10n_pt_atcud_series_id=self.old.id)
        kept = self.draft(date="2027-01-03")
        kept.l10n_pt_atcud_series_id = self.old
        for draft in (chosen, proposed, kept):
            draft.invoice_date = "2027-01-05"
        self.assertEqual(chosen.l10n_pt_atcud_series_id.identifier, "B")
        self.assertEqual(proposed.l10n_pt_atcud_series_id, self.new)
        self.assertEqual(kept.l10n_pt_atcud_series_id, self.old)

    def test_choice_in_the_form_stays(self):
        other = self.registered_series("B")
        with Form(self.draft(date="2026-12-31")) as form:
            form.l10n_pt_atcud_series_id = other
            form.invoice_date = "2027-01-05"
            self.assertEqual(form.l10n_pt_atcud_series_id, other)
        with Form(self.draft(date="2026-12-31")) as form:
            form.invoice_date = "2027-01-05"
            self.assertEqual(form.l10n_pt_atcud_series_id, self.new)

    def test_a_draft_without_a_date_is_posted_into_the_series_of_its_day(self):
        draft, chosen = self.draft(), self.draft()
        (draft | chosen).invoice_date = False
        chosen.l10n_pt_atcud_series_id = self.registered_series("B")
        self.assertEqual(draft.l10n_pt_atcud_series_id, self.old)
        with freeze_time("2027-01-02 12:00:00"):
            (draft | chosen).action_post()
        self.assertEqual((draft.name, chosen.name), ("FT A2027/1", "FT B/1"))

    def test_unregistered_series_does_not_take_over(self):
        third = self.make_series(
            "A2028", predecessor_id=self.new.id, start_date="2028-01-01"
        )
        self.assertEqual(
            self.draft(date="2028-01-05").l10n_pt_atcud_series_id, self.new
        )
        self.assertIsNone(self.register(third))
        self.assertEqual(self.draft(date="2028-01-05").l10n_pt_atcud_series_id, third)

    def test_successor_is_proposed_after_closing(self):
        self.close(self.old, "annul")
        self.assertEqual(self.old.state, "annulled")
        self.assertEqual(
            self.draft(date="2026-12-31").l10n_pt_atcud_series_id, self.new
        )

    def test_series_do_not_follow_each_other_in_a_circle(self):
        with self.assertRaises(ValidationError):
            self.old.predecessor_id = self.new


@tagged("post_install", "-at_install", "post_install_l10n")
class TestYearReminder(YearCommon):
    def run_job(self):
        with self.enter_registry_test_mode():
            cron = self.env.ref("l10n_pt_atcud.ir_cron_l10n_pt_atcud_nightly_check")
            cron.sudo().method_direct_trigger()
        self.env.invalidate_all()

    def reminders(self):
        return self.journal.sudo().activity_ids.filtered(
            lambda one: one.summary == "Next year's AT series"
        )

    def test_in_december_the_creator_is_reminded_once(self):
        self.registered_series("A2026")
        with freeze_time("2026-11-30 12:00:00"):
            self.run_job()
        self.assertFalse(self.reminders())
        self.run_job()
        reminder = self.reminders()
        self.assertEqual((len(reminder), reminder.user_id), (1, self.env.user))
        self.assertIn("FT A2026", reminder.note)
        self.assertIn('href="/odoo/at-series"', reminder.note)
        reminder.sudo().action_feedback()
        self.run_job()
        self.assertFalse(self.reminders())
        self.registered_series("A2027")
        with freeze_time("2027-12-02 12:00:00"):
            self.run_job()
        self.assertIn("FT A2027", self.reminders().note)

    def test_journal_with_successors_is_not_reminded(self):
        self.registered_series("A2026")
        self.registered_series("STEADY")
        self.registered_series("T2026", kind="training")
        self.make_series("a2027")
        self.run_job()
        self.assertFalse(self.reminders())

    def test_prompted_password_does_not_prevent_the_reminder(self):
        self.registered_series("A2026")
        self.connection.sudo().password_mode = "prompted"
        self.run_job()
        self.assertEqual(len(self.reminders()), 1)
