from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Date, Datetime
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..billingo_api.simulator import samples
from .common import KEYS, BillingoCommon

OURS = 32  # of the supplier's documents
OWN = 37
TROUBLE = "odoo.addons.account_billingo_import.services.remote_call"


@tagged("post_install", "-at_install")
class TestFetchSafety(BillingoCommon):
    """No document is lost or stored twice; connections do not block each other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = cls.supplier | cls.own
        cls.both.state = "active"

    def _draft(self, connection):
        """Return the account's draft."""
        account = samples.own_account().documents
        [draft] = [raw for raw in account if raw["type"] == "draft"]
        return draft

    def test_draft_issued_late_is_found(self):
        self._fetch()
        draft = self._draft(self.own)
        self.assertNotIn(str(draft["id"]), self.own.document_ids.mapped("billingo_id"))
        issued = draft | {
            "type": "invoice",
            "invoice_number": "FOLY / 2026-000077",
            "invoice_date": Date.to_string(Date.today()),
        }
        # Not among the newest: it keeps its place in the order of creation.
        self.simulator.accounts.change(KEYS["own_key"], issued, datetime(2020, 1, 1))
        self.own.action_fetch()
        self.assertTrue(self._document(self.own, 77))

    def test_empty_page_does_not_end_the_run(self):
        self.simulator.on_page(2, "hole")
        self.own.action_fetch()
        self.assertFalse(self.own.fetched_until)
        self.assertEqual(self.own.fetch_page, 2)
        self.assertTrue(self.own.error)
        self.own.action_fetch()
        self.assertEqual(len(self.own.document_ids), OWN)
        self.assertTrue(self.own.fetched_until)

    def test_shrinking_list_does_not_move_the_mark(self):
        for _turn in range(3):
            self.simulator.on_page(2, "remove")
        self.own.action_fetch()
        self.assertFalse(self.own.fetched_until)
        self.assertFalse(self.own.last_success_at)
        self.assertEqual(self.own.run_id.state, "stopped")
        self.assertTrue(self.own.error)
        self.own.action_fetch()
        self.assertTrue(self.own.fetched_until)
        self.assertFalse(self.own.error)
        left = self.simulator.accounts.documents(KEYS["own_key"])[0]
        self.assertGreaterEqual(len(self.own.document_ids) + 4, left)

    @mute_logger(TROUBLE, "odoo.sql_db")
    def test_storage_error_does_not_stop_other_connections(self):
        stores = type(self.env["billingo.document.store"])
        original = stores._store

        def poisoned(this, connection, page):
            if connection.name == self.own.name:
                raise KeyError("unheard of")
            return original(this, connection, page)

        self.assertLess(self.own.name, self.supplier.name, "its turn comes first")
        with patch.object(stores, "_store", poisoned):
            self._fetch()
        self.assertEqual(len(self.supplier.document_ids), OURS)
        self.assertTrue(self.supplier.fetched_until)
        self.assertFalse(self.own.fetched_until)
        self.assertIn("KeyError", self.own.error)
        self.assertGreater(self.own.next_fetch_at, Datetime.now())
        self._fetch()
        self.assertEqual(len(self.own.document_ids), OWN)

    def test_odd_characters_and_huge_amounts_are_stored(self):
        raw = samples.own_account().documents[0] | {
            "id": 72_999_999,
            "comment": "half \ud83d, nul \x00",
            "gross_total": 1e300,
        }
        raw["document_partner"] = raw["document_partner"] | {"name": "A\x00b\udc00"}
        self.simulator.accounts.add(KEYS["own_key"], raw)
        self.own.action_fetch()
        document = self.own.document_ids.filtered(lambda x: x.billingo_id == "72999999")
        self.assertEqual(document.partner_name, "Ab")
        self.assertEqual(document._raw(), raw)
        document.action_process()
        self.assertEqual(document.error_kind, "amounts")

    def test_outage_is_reported_once_after_two_days(self):
        start = datetime(2026, 4, 1, 8)
        for hours in (0, 20, 47, 49, 60):
            self.simulator.on_page(1, "500", times=2)
            with freeze_time(start + timedelta(hours=hours)):
                self._fetch()
            wanted = 1 if hours > 48 else 0
            self.assertEqual(len(self.own.activity_ids), wanted, hours)
            self.assertEqual(self.own.state, "active")
        self.assertEqual(len(self._messages(self.own)), 1)
        self._fetch()
        self.assertFalse(self.own.activity_ids)
        self.assertFalse(self.own.failing_since)

    def test_stored_documents_are_followed_after_deselection(self):
        self._fetch()
        document = self._document(self.own, 16)
        self.assertEqual(document.kind, "advance")
        self.own.has_advances = False
        raw = document._raw() | {"cancelled": True}
        self.simulator.accounts.change(KEYS["own_key"], raw, datetime.now())
        self.own.action_fetch()
        self.assertTrue(document.is_cancelled)

    def test_only_selected_blocks_are_stored(self):
        raw = samples.own_account().documents[0]
        self.simulator.accounts.add(
            KEYS["own_key"], raw | {"id": 72_999_001, "block_id": 4711}
        )
        self.own.action_check()
        blocks = self.env["billingo.block"].search(
            [("connection_id", "=", self.own.id)]
        )
        own = blocks.filtered(lambda x: x.billingo_id == str(raw["block_id"]))
        self.assertEqual(len(own), 1)
        self.own.block_ids = own
        self.own.action_fetch()
        self.assertEqual(len(self.own.document_ids), OWN)
        self.assertEqual(self.own.last_block, 1)
        self.own.block_ids = False
        self.own.action_fetch()
        self.assertEqual(len(self.own.document_ids), OWN + 1)

    def test_use_and_environment_cannot_change_with_documents(self):
        self.own.action_check()
        self.own.action_fetch()
        for name, value in (("mode", "supplier"), ("environment", "production")):
            with self.assertRaises(UserError):
                self.own[name] = value
        self.supplier.action_check()
        self.supplier.action_fetch()
        self.supplier.api_key = KEYS["own_key"]
        self.supplier.action_check()
        self.assertFalse(self.supplier.checked_at)
        self.assertIn(samples.COMPANY.tax_number, self.supplier.error)

    def test_key_of_another_company_suspends_before_fetching(self):
        self._fetch()
        count = len(self.own.document_ids)
        asked = self.simulator.requests["documents"]
        self.own.api_key = KEYS["supplier_key"]
        self.own.action_fetch()
        self.assertEqual(self.own.state, "suspended")
        self.assertIn(samples.SUPPLIER.tax_number, self.own.error)
        self.assertEqual(self.simulator.requests["documents"], asked)
        self.assertEqual(len(self.own.document_ids), count)
        self.assertEqual(len(self.own.activity_ids), 1)

    def test_deactivated_connection_books_only_by_hand(self):
        self._fetch()
        self.own.action_deactivate()
        self.simulator.accounts.refuse(KEYS["supplier_key"], 401)
        self._fetch()
        self._process()
        self.assertFalse(self.both.document_ids.move_id)
        document = self._document(self.own, 1)
        document.action_process()
        self.assertTrue(document.move_id, "by hand it is")
        self.own.action_activate()
        self._process()
        self.assertFalse(self.own.count_fetched)

    def test_two_connections_to_one_account_book_once(self):
        twin = self._connect("customer", KEYS["own_key"])
        twin.state = "active"
        self._fetch()
        first = self._document(self.own, 1)
        first.action_process()
        second = self._document(twin, 1)
        second.action_process()
        self.assertEqual(
            (second.state, second.skip_reason, second.move_id),
            ("skipped", "recorded", first.move_id),
        )
        self.assertEqual(first.move_id.billingo_document_id, first)

    def test_document_is_to_process_again_without_recorded_entry(self):
        entry = self._create_invoice_one_line(
            move_type="out_invoice", product_id=self.product_a
        )
        self.own.action_fetch()
        document = self._document(self.own, 1)
        self._enter(entry, document.name, document.invoice_date, document.gross_total)
        document.action_process()
        self.assertEqual(document.skip_reason, "recorded")
        entry.unlink()
        self.assertEqual((document.state, document.skip_reason), ("fetched", False))
        self._process()
        self.assertEqual(document.state, "processed")

    def test_deleted_entry_returns_with_the_newest_data(self):
        self.own.is_auto_post = False
        self.own.action_fetch()
        document = self._document(self.own, 1)
        document.action_process()
        raw = document._raw() | {"comment": "new words"}
        self.simulator.accounts.change(KEYS["own_key"], raw, datetime.now())
        self.own.action_fetch()
        self.assertTrue(document.is_changed)
        document.move_id.unlink()
        self.assertFalse(document.is_changed)
        document.action_process()
        self.assertIn("new words", document.move_id.narration)

    def _again(self, start, end):
        wizard = self.env["billingo.fetch.period"].with_user(self.bookkeeper)
        values = {"date_from": start, "date_to": end}
        return wizard.with_context(active_id=self.own.id).create(values).action_fetch()

    def test_period_is_fetched_again(self):
        self.own.action_fetch()
        document = self._document(self.own, 1)
        mark = self.own.fetched_until
        # Billingo changed it and does not say so in its list of changes.
        raw = document._raw() | {"payment_status": "paid"}
        self.simulator.accounts.change(KEYS["own_key"], raw, datetime(2020, 1, 1))
        self.own.action_fetch()
        self.assertNotEqual(document.payment_status, "paid")
        day = document.invoice_date
        self._again(day, day)
        self.assertEqual(document.payment_status, "paid")
        self.assertEqual(len(self.own.document_ids), OWN)
        run = self.own.run_id
        self.assertEqual((run.date_from, run.date_to, run.state), (day, day, "done"))
        self.assertEqual(run.count_new, 0)
        self.assertFalse(self.own.refetch_from)
        self.assertGreaterEqual(self.own.fetched_until, mark)
        for start, end in (("2025-12-31", "2026-01-31"), ("2026-02-02", "2026-02-01")):
            with self.assertRaises(UserError):
                self._again(start, end)

    def test_next_run_is_shown(self):
        job = self.env.ref("account_billingo_import.ir_cron_billingo_fetch")
        self.own.action_fetch()
        self.own.next_fetch_at = False
        self.assertEqual(self.own.next_run_at, job.nextcall)
        self.simulator.on_page(1, "500", times=2)
        self.own.action_fetch()
        self.assertEqual(self.own.next_run_at, self.own.next_fetch_at)
        self.own.action_deactivate()
        self.assertFalse(self.own.next_run_at)

    def test_fetch_log_counts_reasons(self):
        self.own.start_date = "2026-02-01"
        self.own.action_fetch()
        raw = samples.own_account().documents[0]
        self.simulator.accounts.change(KEYS["own_key"], raw, datetime.now())
        self.own.action_fetch()
        runs = self.env["billingo.run"].sudo()
        second, first = runs.search([("connection_id", "=", self.own.id)])
        self.assertEqual((first.state, second.state), ("done", "done"))
        self.assertEqual(first.count_new, len(self.own.document_ids))
        self.assertEqual(first.count_kind, 4)
        self.assertEqual(second.count_early, 1, "changed, but from before the start")
        self.assertTrue(first.ended_at)
        old = Datetime.now() - timedelta(days=200)
        first.started_at = old
        runs._gc_runs()
        self.assertFalse(first.exists())
        self.assertTrue(second.exists())
