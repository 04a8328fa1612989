"""The dates of a series ascend, and none lies in the future."""

import datetime

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import format_date

from ..at_series import lisbon_date
from .common import AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestDates(AtcudCommon):
    def setUp(self):
        super().setUp()
        self.today = lisbon_date()

    def day(self, days):
        return self.today + datetime.timedelta(days=days)

    def text(self, days):
        return format_date(self.env, self.day(days))

    def remark(self, draft):
        return (draft.alerts or {}).get("l10n_pt_atcud_date", {}).get("message", "")

    def issued(self, days, **values):
        invoice = self.draft(date=self.day(days), **values)
        invoice.action_post()
        return invoice

    def setting(self, kind, value="warn"):
        self.company.sudo()[f"l10n_pt_atcud_date_{kind}"] = value

    def test_date_of_today_has_no_remark(self):
        self.registered_series()
        self.assertFalse(self.remark(self.draft()))
        undated = self.draft()
        undated.invoice_date = False
        self.assertFalse(self.remark(undated))

    def test_a_date_before_the_registration(self):
        self.registered_series()
        draft = self.draft(date=self.day(-1))
        self.assertIn("earlier than the registration of the series", self.remark(draft))
        draft.invoice_date = self.today
        self.assertFalse(self.remark(draft))
        draft.invoice_date = self.day(-1)
        draft.action_post()
        self.assertEqual(draft.name, "FT A2026/1")
        self.assertFalse(self.remark(draft))

    def test_a_date_before_the_expected_start(self):
        self.registered_series(start_date=self.day(10))
        self.assertIn("earlier than the expected start", self.remark(self.draft()))

    def test_a_date_before_an_issued_document_is_refused(self):
        self.registered_series().sudo().registered_on = self.day(-30)
        self.issued(-3)
        draft = self.draft(date=self.day(-4))
        self.assertIn(
            f"first day that is allowed is {self.text(-3)}", self.remark(draft)
        )
        with self.assertRaisesRegex(UserError, self.text(-3)):
            draft.action_post()
        self.assertEqual((draft.state, draft.name), ("draft", False))
        draft.invoice_date = self.day(-3)
        draft.action_post()
        self.assertEqual(draft.name, "FT A2026/2")

    def test_a_cancelled_document_counts(self):
        self.registered_series()
        self.cancel_issued(self.issued(-3))
        with self.assertRaises(UserError):
            self.issued(-4)

    def test_a_date_after_today_is_refused(self):
        self.registered_series()
        self.issued(-3)
        draft = self.draft(date=self.day(1))
        with self.assertRaisesRegex(UserError, f"{self.text(-3)}.*{self.text(0)}"):
            draft._post(soft=False)
        self.assertIn("after today", self.remark(draft))

    def test_each_series_has_its_own_dates(self):
        self.registered_series()
        other = self.registered_series("B")
        self.issued(-1)
        self.assertEqual(
            self.issued(-5, l10n_pt_atcud_series_id=other.id).name, "FT B/1"
        )

    def locked(self, day):
        """Lock sales until a day; let documents of May 2026 be dated as they are."""
        self.company.sudo().l10n_pt_atcud_document_rules = "refuse"
        self.company.sudo().sale_lock_date = day

    def test_document_is_booked_in_the_period_of_its_date(self):
        self.registered_series()
        draft = self.draft(date="2026-05-03")
        self.locked("2026-05-31")
        draft.invalidate_recordset(["alerts"])
        self.assertIn("period of its date", self.remark(draft))
        with self.assertRaisesRegex(UserError, "period of its date"):
            draft.action_post()
        self.company.sudo().l10n_pt_atcud_document_rules = "warn"
        draft.action_post()
        self.assertGreater(draft.date, datetime.date(2026, 5, 31))
        self.assertIn("period of its date", str(draft.message_ids.mapped("body")))

    def test_lock_within_the_month_moves_the_accounting_date(self):
        self.registered_series()
        self.locked("2026-05-10")
        draft = self.draft(date="2026-05-03")
        self.assertNotIn("period of its date", self.remark(draft))
        draft.action_post()
        self.assertEqual((draft.date.year, draft.date.month), (2026, 5))
        self.assertEqual(str(draft.invoice_date), "2026-05-03")

    def test_document_of_another_program_stays_in_its_period(self):
        old = self.draft(
            date="2026-05-03", name="FT OLD/5", l10n_pt_atcud_is_external=True
        )
        self.locked("2026-05-31")
        with self.assertRaisesRegex(UserError, "period of its date"):
            old.action_post()
        self.company.sudo().sale_lock_date = False
        old.action_post()
        self.assertEqual(old.date, old.invoice_date)

    def test_company_may_be_warned_of_earlier_dates_only(self):
        self.registered_series()
        self.setting("earlier")
        self.issued(-1)
        late = self.issued(-5)
        self.assertEqual(late.name, "FT A2026/2")
        self.assertIn("already issued", late.message_ids[0].body)
        with self.assertRaises(UserError):
            self.draft(date=self.day(1))._post(soft=False)

    def test_company_may_be_warned_of_later_dates_only(self):
        self.registered_series()
        self.setting("later")
        future = self.draft(date=self.day(2))
        future._post(soft=False)
        self.assertEqual(future.name, "FT A2026/1")
        self.assertIn("after today", future.message_ids[0].body)
        with self.assertRaisesRegex(UserError, self.text(2)):
            self.issued(1)
        with self.assertRaises(UserError):
            self.issued(0)

    def test_a_date_before_the_registration_is_refused(self):
        series = self.registered_series()
        self.setting("unregistered", "refuse")
        draft = self.draft(date=self.day(-1))
        for door in (draft.action_post, draft._post):
            with self.assertRaisesRegex(UserError, self.text(0)), self.cr.savepoint():
                door()
        self.assertEqual((draft.state, draft.name), ("draft", False))
        draft.invoice_date = self.today
        draft.action_post()
        self.assertEqual(draft.name, "FT A2026/1")
        series.sudo().registered_on = False  # not known: nothing to compare
        self.cancel_issued(draft)
        self.issued(0)

    def test_company_may_be_warned_of_dates_before_the_registration(self):
        self.registered_series()
        invoice = self.issued(-1)
        self.assertIn("earlier than the registration", invoice.message_ids[0].body)

    def test_recovered_documents_are_older_than_their_series(self):
        self.setting("unregistered", "refuse")
        series = self.registered_series(kind="recovery")
        draft = self.draft(date=self.day(-5), l10n_pt_atcud_series_id=series.id)
        draft.action_post()
        self.assertEqual(draft.state, "posted")

    def test_the_expected_start_only_warns(self):
        self.setting("unregistered", "refuse")
        self.registered_series(start_date=self.day(10))
        invoice = self.issued(0)
        self.assertEqual(invoice.name, "FT A2026/1")
        self.assertIn("earlier than the expected start", invoice.message_ids[0].body)

    def test_settings_refuse_by_default(self):
        company = self.env["res.company"].sudo().create({"name": "Barro Lda"})
        self.assertEqual(
            (company.l10n_pt_atcud_date_earlier, company.l10n_pt_atcud_date_later),
            ("refuse", "refuse"),
        )
        self.assertEqual(company.l10n_pt_atcud_date_unregistered, "refuse")
        self.assertEqual(company.l10n_pt_atcud_document_rules, "refuse")

    def test_batch_is_numbered_by_date(self):
        """Whatever was created first."""
        self.registered_series()
        drafts = self.env["account.move"]
        for days in (-1, -3, -2):
            drafts |= self.draft(date=self.day(days))
        drafts._post()
        numbers = [move.sequence_number for move in drafts.sorted("invoice_date")]
        self.assertEqual(numbers, [1, 2, 3])

    def test_batch_with_an_earlier_date_is_refused_as_a_whole(self):
        self.registered_series()
        self.issued(-1)
        drafts = self.draft() | self.draft(date=self.day(-2))
        with self.assertRaises(UserError):
            drafts._post()
        self.assertEqual(set(drafts.mapped("state")), {"draft"})

    def test_nightly_posting_leaves_earlier_dates(self):
        self.registered_series()
        self.issued(-1)
        late = self.draft(date=self.day(-2), auto_post="at_date")
        right = self.draft(auto_post="at_date")
        job = self.env.ref("account.ir_cron_auto_post_draft_entry").sudo()
        with self.enter_registry_test_mode():
            job.method_direct_trigger()
        self.assertEqual((late.state, right.state), ("draft", "posted"))
        self.assertIn("first day that is allowed", late.message_ids[0].body)

    def test_undated_document_gets_the_date_of_lisbon(self):
        """Also where the user's day has another date."""
        self.registered_series()
        for zone, moment in (
            ("Asia/Tokyo", "2026-11-30 20:00:00"),
            ("Atlantic/Azores", "2026-12-01 00:30:00"),
        ):
            self.env.user.tz = zone
            with self.subTest(zone), freeze_time(moment):
                expected = lisbon_date()
                draft = self.draft().with_context(tz=zone)
                draft.invoice_date = False
                draft.action_post()
                self.assertEqual(draft.invoice_date, expected)

    def test_issued_document_has_no_remark(self):
        self.registered_series()
        first = self.issued(-3)
        self.issued(0)
        self.assertFalse(self.remark(first))
        self.cancel_issued(first)
        self.assertFalse(self.remark(first))

    def test_unregistered_series_has_no_date_remark(self):
        self.make_series()
        draft = self.draft(date=self.day(-1))
        self.assertIn("l10n_pt_atcud_series", draft.alerts)
        self.assertFalse(self.remark(draft))

    def test_vendor_bills_may_have_any_date(self):
        journal = self.company_data["default_journal_purchase"]
        bill = self.draft("in_invoice", journal_id=journal.id, date=self.day(9))
        bill._post(soft=False)
        self.assertEqual(bill.state, "posted")
