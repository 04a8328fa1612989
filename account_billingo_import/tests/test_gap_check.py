from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..billingo_api.errors import TemporaryError
from ..billingo_api.simulator import samples
from .common import KEYS, BillingoCommon

JOB = "ir_cron_billingo_gaps"
NUMBERS = (5, 6, 12)
INTERVAL = timedelta(days=7)


@tagged("post_install", "-at_install")
class TestGapCheck(BillingoCommon):
    """Missing numbers are requested, and reported once if they are nowhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.page_size = 100
        cls.own.has_receipts = cls.own.has_proformas = True
        cls.own.state = "active"

    def setUp(self):
        super().setUp()
        self.raws = {
            int(raw["invoice_number"][-6:]): raw
            for raw in samples.own_account().documents
            if raw["invoice_number"]
        }

    def _hide(self, *numbers):
        """Take documents out of Billingo's list before they are fetched."""
        for number in numbers:
            self.simulator.accounts.remove(KEYS["own_key"], self.raws[number]["id"])

    def _show(self, *numbers):
        for number in numbers:
            self.simulator.accounts.add(KEYS["own_key"], self.raws[number])

    def _names(self):
        self.own.invalidate_recordset()
        found = self.own.document_ids.mapped("name")
        return {int(name[-6:]) for name in found if name}

    def _missing(self):
        rows = self.own.gap_ids.filtered(lambda x: x.state == "missing")
        return [(row.first_number, row.last_number) for row in rows]

    def _told(self):
        return [
            message.body
            for message in self._messages(self.own, "mt_document_error")
            if message.subject == "Billingo: numbers are missing"
        ]

    def _compare_again(self):
        self.own.gaps_checked_at = False
        self.own.sudo().gap_ids.tried_at = fields.Datetime.now() - INTERVAL
        self._run(JOB)

    def test_missed_document_is_found_by_its_number(self):
        self._hide(*NUMBERS)
        self._fetch()
        self.assertFalse(self._names() & set(NUMBERS))
        self._show(*NUMBERS)
        self._run(JOB)
        self.assertLessEqual(set(NUMBERS), self._names())
        self.assertEqual((self._missing(), self._told()), ([], []))
        self.assertEqual(self.own.gaps_found, 3)
        self.assertTrue(self.own.gaps_checked_at)
        self._process()
        document = self._document(self.own, 5)
        self.assertEqual(document.state, "processed", document.error)

    def test_unknown_numbers_are_reported_once(self):
        self._hide(*NUMBERS)
        self._fetch()
        self._run(JOB)
        self.assertEqual(self._missing(), [(5, 6), (12, 12)])
        [told] = self._told()
        self.assertIn("FOLY / 2026-000005 – FOLY / 2026-000006", told)
        self.assertIn("FOLY / 2026-000012", told)
        self.assertEqual(len(self.own.activity_ids), 1)
        self._compare_again()
        self._compare_again()
        self.assertEqual(len(self._told()), 1)
        self._show(12)
        self._compare_again()
        self.assertEqual(self._missing(), [(5, 6)])
        self.assertEqual(len(self._told()), 1)

    def test_complete_series_sends_no_request(self):
        self._fetch()
        asked = self.simulator.requests["documents"]
        self._run(JOB)
        self.assertEqual(self.simulator.requests["documents"], asked)
        self.assertFalse(self.own.gap_ids)
        self.assertTrue(self.own.gaps_checked_at)

    def test_unwanted_documents_are_not_missing(self):
        self.own.has_receipts = self.own.has_advances = False
        self._fetch()
        before = self._names()
        self._run(JOB)
        self.assertEqual(self._names(), before)
        self.assertEqual((self._missing(), self._told()), ([], []))
        self.assertEqual(set(self.own.gap_ids.mapped("state")), {"unwanted"})
        asked = self.simulator.requests["documents"]
        self._compare_again()
        self.assertEqual(self.simulator.requests["documents"], asked, "asked once")

    def test_other_series_does_not_fill_the_gap(self):
        self._hide(12)
        other = self.raws[12] | {"id": 99_000, "invoice_number": "OTHER / 2026-000012"}
        self.simulator.accounts.add(KEYS["own_key"], other)
        self._fetch()
        self._run(JOB)
        self.assertEqual(self._missing(), [(12, 12)])

    def test_comparison_is_weekly_and_after_a_complete_fetch(self):
        self._hide(12)
        self._run(JOB)
        self.assertFalse(self.own.gaps_checked_at, "nothing was fetched yet")
        with self.assertRaises(UserError):
            self.own.action_compare_numbers()
        self._fetch()
        self._run(JOB)
        checked = self.own.gaps_checked_at
        with freeze_time(datetime.now() + timedelta(days=5)):
            self._run(JOB)
        self.assertEqual(self.own.gaps_checked_at, checked)
        with freeze_time(datetime.now() + INTERVAL):
            self._run(JOB)
        self.assertGreater(self.own.gaps_checked_at, checked)

    def test_supplier_numbers_are_not_compared(self):
        self.supplier.state = "active"
        self._fetch()
        asked = self.simulator.requests["documents"]
        self._run(JOB)
        self.assertEqual(self.simulator.requests["documents"], asked)
        self.assertFalse(self.supplier.gap_ids)

    def test_failure_is_not_a_missing_number(self):
        self._hide(12)
        self._fetch()
        for fault in ("500", "cut", "html"):
            self.simulator.on_page(1, fault)
            self._compare_again()
            self.assertEqual(self.own.gap_ids.mapped("state"), ["open"])
            self.assertFalse(self.own.gaps_checked_at)
            self.assertTrue(self.own.next_fetch_at)
            self.own.failures = 0
        self.simulator.accounts.refuse(KEYS["own_key"], 401)
        self._compare_again()
        self.assertEqual(self.own.state, "suspended")
        self.assertFalse(self._missing())

    def test_search_that_always_fails_comes_last(self):
        """The others have their turn, and the comparison its end and its report."""
        self._hide(12)
        other = self.raws[12] | {"invoice_number": "ALT / 2026-000001"}
        for place in (1, 3):
            number = {"invoice_number": f"ALT / 2026-00000{place}"}
            raw = other | number | {"id": 99_000 + place}
            self.simulator.accounts.add(KEYS["own_key"], raw)
        self._fetch()
        checks = type(self.env["billingo.gap.check"])
        request, asked = checks._request_window, []

        def failing(this, client, connection, beside, ranges):
            asked.append(beside.head)
            if beside.head.startswith("ALT"):
                raise TemporaryError(code="500")
            request(this, client, connection, beside, ranges)

        job = self.env.ref(f"account_billingo_import.{JOB}")
        triggers = self.env["ir.cron.trigger"].sudo()
        with patch.object(checks, "_request_window", failing):
            self._run(JOB)
            self.assertEqual(len(asked), 1)
            self.assertTrue(self.own.gaps_started_at)
            self.assertTrue(triggers.search([("cron_id", "=", job.id)]))
            self.own.failures = 0
            self._run(JOB)
        self.assertEqual(len(asked), 2, "each once")
        self.assertEqual(self._missing(), [(12, 12)])
        self.assertEqual(len(self._told()), 1)
        self.assertTrue(self.own.gaps_checked_at)
        [left] = self.own.gap_ids.filtered(lambda x: x.state == "open")
        self.assertEqual(left.numbers, "ALT / 2026-000002")
        self.own.gaps_checked_at = False
        self.own.sudo().gap_ids.tried_at = fields.Datetime.now() - INTERVAL
        left.sudo().tried_at = fields.Datetime.now() - timedelta(days=1)
        asked.clear()
        with patch.object(checks, "_request_window", failing):
            self._run(JOB)
        self.assertEqual([head[:3] for head in asked], ["FOL", "ALT"])

    def test_comparison_by_hand(self):
        self._hide(*NUMBERS)
        self._fetch()
        self._show(5)
        self.bookkeeper.company_id = self.company
        answer = self.own.with_user(self.bookkeeper).action_compare_numbers()
        words = answer["params"]["message"]
        self.assertIn("documents found: 1.", words)
        self.assertIn("at Billingo: 2.", words)
        self.assertEqual(self._missing(), [(6, 6), (12, 12)])
        action = self.own.action_open_gaps()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(rows, self.own.gap_ids)

    def test_interrupted_comparison_continues(self):
        self._hide(*NUMBERS)
        self._fetch()
        asked = self.simulator.requests["documents"]
        calls = self.env["billingo.remote.call"]
        with calls._session(self.own.sudo()) as session:
            check = self.env["billingo.gap.check"]
            self.assertTrue(check._step(session, self.own.sudo()))
        began = self.own.gaps_started_at
        self.assertTrue(began)
        self._run(JOB)
        self.assertEqual(self.simulator.requests["documents"], asked + 1)
        self.assertFalse(self.own.gaps_started_at)
        self.assertGreaterEqual(self.own.gaps_checked_at, began)
