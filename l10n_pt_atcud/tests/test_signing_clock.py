"""SystemEntryDate: Lisbon's time, a clock that is behind, and the October night."""

from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from ..at_series import entry_text
from ..services import entry_clock
from .signing import SigningCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSigningClock(SigningCommon):
    def at(self, moment):
        """Let the clock say ``moment`` until the block ends."""
        return patch.object(entry_clock, "utc_now", lambda: moment)

    def setUp(self):
        super().setUp()
        self.start = datetime.now(UTC).replace(microsecond=0)

    def now(self, **delta):
        """Return the moment in which the test began, or one after it."""
        return self.start + timedelta(**delta)

    def test_time_is_lisbons_and_utc_is_kept_beside_it(self):
        with self.at(datetime(2026, 7, 1, 8, 5, 9, 999, tzinfo=UTC)):
            move = self.issued()
        self.assertEqual(move.l10n_pt_atcud_signed["entry"], "2026-07-01T09:05:09")
        self.assertEqual(move.l10n_pt_atcud_entered_on, datetime(2026, 7, 1, 8, 5, 9))

    def test_time_is_lisbons_wherever_the_user_is(self):
        moment = self.now()
        lisbon = entry_text(moment)
        for zone in ("Asia/Tokyo", "Atlantic/Azores", "UTC"):
            self.env.user.tz = zone
            with self.subTest(zone), self.at(moment):
                move = self.issued()
                self.assertEqual(move.l10n_pt_atcud_signed["entry"], lisbon)

    def test_lock_date_moves_no_signed_date(self):
        day = date(2026, 5, 3)
        self.series.sudo().registered_on = day
        self.company.sudo().sale_lock_date = day
        move = self.issued(date=day)
        self.assertGreater(move.date, day)
        self.assertEqual(move.l10n_pt_atcud_signed["date"], str(day))
        self.assertIn(f"*F:{day:%Y%m%d}*", move.l10n_pt_atcud_qr_payload)

    def test_clock_behind_any_series_needs_a_person(self):
        other = self.registered_series("B2026")
        with self.at(self.now(minutes=5)):
            self.issued()
        draft = self.draft(l10n_pt_atcud_series_id=other.id)
        with self.at(self.now()):
            with self.assertRaises(RedirectWarning) as question:
                draft.action_post()
            action = question.exception.args[1]
            dialog = self.env[action["res_model"]].with_context(**action["context"])
            dialog.create({}).action_confirm()
        self.assertTrue(draft.l10n_pt_atcud_hash)

    def test_job_waits_while_the_clock_is_behind(self):
        other = self.registered_series("B2026")
        with self.at(self.now(minutes=5)):
            self.issued()
        draft = self.draft(l10n_pt_atcud_series_id=other.id)
        job = draft.with_context(cron_id=1)
        for seconds in (1, 299):
            with (
                self.at(self.now(seconds=seconds)),
                self.assertRaisesRegex(UserError, "must be right"),
                self.cr.savepoint(),
            ):
                job.action_post()
        with self.at(self.now(minutes=6)):
            job.action_post()
        self.assertTrue(draft.l10n_pt_atcud_hash)

    def test_confirmation_from_outside_is_none(self):
        other = self.registered_series("B2026")
        with self.at(self.now(minutes=5)):
            self.issued()
        draft = self.draft(l10n_pt_atcud_series_id=other.id)
        for forged in (True, 1, "CONFIRMATION"):
            with self.at(self.now()), self.assertRaises(RedirectWarning):
                draft.with_context(l10n_pt_atcud_clock=forged).action_post()

    def test_same_series_waits_whoever_confirms(self):
        with self.at(self.now(hours=1)):
            self.issued()
        draft = self.env["l10n_pt_atcud.entry_clock"].confirmed(self.draft())
        with self.at(self.now()), self.assertRaisesRegex(UserError, "Wait until"):
            draft.action_post()

    def test_hour_that_comes_twice_in_october_is_waited_for(self):
        first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 01:30 in summer time
        with self.at(first):
            move = self.issued()
        self.assertEqual(move.l10n_pt_atcud_signed["entry"], "2026-10-25T01:30:00")
        draft = self.draft()
        for minutes in (31, 59):  # 01:01 and 01:29 in winter time
            with (
                self.at(first + timedelta(minutes=minutes)),
                self.assertRaisesRegex(UserError, "Wait until"),
                self.cr.savepoint(),
            ):
                draft.action_post()
        with self.at(first + timedelta(hours=1)):
            draft.action_post()
        self.assertEqual(self.breaks(move | draft), [])

    def test_all_of_a_batch_are_recorded_in_one_moment(self):
        moves = self.issued(3)
        self.assertEqual(len({x.l10n_pt_atcud_signed["entry"] for x in moves}), 1)
