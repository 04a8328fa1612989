"""Remarks about dates of drafts that do not fit their series."""

import datetime

from odoo.tests import tagged

from ..at_series import lisbon_date
from .common import AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestDates(AtcudCommon):
    def setUp(self):
        super().setUp()
        self.today = lisbon_date()

    def day(self, days):
        return self.today + datetime.timedelta(days=days)

    def remark(self, draft):
        return (draft.alerts or {}).get("l10n_pt_atcud_date", {}).get("message", "")

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
        self.assertFalse(self.remark(self.draft(date=self.day(10))))

    def test_a_date_before_that_of_an_issued_document(self):
        self.registered_series()
        waiting = self.draft()
        for days in (3, 5, 4):
            self.draft(date=self.day(days)).action_post()
        self.assertIn("FT A2026/2 of", self.remark(self.draft()))
        self.assertFalse(self.remark(self.draft(date=self.day(5))))
        other = self.registered_series("B")
        waiting.l10n_pt_atcud_series_id = other
        self.assertFalse(self.remark(waiting))

    def test_issued_document_has_no_remark(self):
        self.registered_series()
        first, second = self.draft(), self.draft(date=self.day(3))
        (first | second)._post(soft=False)
        first.button_draft()
        self.assertFalse(self.remark(first))

    def test_unregistered_series_has_no_date_remark(self):
        self.make_series()
        draft = self.draft(date=self.day(-1))
        self.assertIn("l10n_pt_atcud_series", draft.alerts)
        self.assertFalse(self.remark(draft))
