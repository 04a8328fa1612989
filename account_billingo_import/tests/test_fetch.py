from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.addons.base.tests.test_ir_cron import CronMixinCase
from odoo.fields import Datetime
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..billingo_api.simulator import samples
from .common import KEYS, BillingoCommon

OURS = 32  # of the supplier's documents
OWN = 37


@tagged("post_install", "-at_install")
class TestFetch(BillingoCommon, CronMixinCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = cls.supplier | cls.own
        cls.both.state = "active"
        cls.cron = "account_billingo_import.ir_cron_billingo_fetch"

    def test_first_run_reads_all_pages(self):
        with self.capture_triggers(
            "account_billingo_import.ir_cron_billingo_process"
        ) as triggered:
            self._fetch()
        self.assertEqual(len(self.supplier.document_ids), OURS)
        self.assertEqual(len(self.own.document_ids), OWN)
        self.assertEqual(self.simulator.requests["documents"], 4 + 5)
        self.assertEqual(self.supplier.last_new, OURS)
        self.assertEqual(self.supplier.last_foreign, 2)
        self.assertEqual(self.supplier.last_unwanted, 4)
        self.assertEqual(self.own.last_unwanted, 4)
        self.assertTrue(all(self.both.mapped("last_success_at")))
        self.assertTrue(triggered.records)

    def test_documents_for_others_are_not_stored(self):
        self._fetch()
        strangers = self.env["ir.attachment"].search(
            [("res_model", "=", "billingo.document")]
        )
        self.assertEqual(len(strangers), OURS + OWN)
        self.assertFalse(
            [x.name for x in strangers if b"Vadgesztenye" in x.raw],
        )

    def test_raw_json_is_stored_unchanged(self):
        self._fetch()
        document = self._document(self.own, 1)
        raw = self.simulator.accounts.document(
            KEYS["own_key"], int(document.billingo_id)
        )
        self.assertEqual(document._raw(), raw)
        self.assertEqual(document.raw_attachment_id.mimetype, "application/json")
        self.assertIn("Hajóút", document.with_context(bin_size=True).raw_text)

    def test_second_run_stores_nothing_twice(self):
        self._fetch()
        asked = self.simulator.requests["documents"]
        with freeze_time(datetime.now() + timedelta(hours=2)):
            self._run("ir_cron_billingo_fetch")
        self.assertEqual(len(self.both.document_ids), OURS + OWN)
        self.assertEqual(self.both.mapped("last_new"), [0, 0])
        # What is new, and what changed: two requests each when there is nothing.
        self.assertEqual(self.simulator.requests["documents"] - asked, 4)

    def test_finished_run_does_not_start_again_in_its_slot(self):
        self._fetch()
        asked = self.simulator.requests["documents"]
        self._run("ir_cron_billingo_fetch")
        self.assertEqual(self.simulator.requests["documents"], asked)

    def test_run_resumes_at_the_page_of_a_429(self):
        self.simulator.on_page(3, "429", times=4)
        with self.capture_triggers(self.cron) as triggered:
            self._fetch()
        waiting = self.both.filtered("fetch_page")
        self.assertEqual(len(waiting), 1)
        self.assertEqual(waiting.fetch_page, 3)
        self.assertEqual(waiting.state, "active")
        self.assertFalse(waiting.last_success_at)
        self.assertFalse(waiting.fetched_until)
        self.assertTrue((self.both - waiting).last_success_at)
        self.assertTrue(waiting.document_ids, "the pages before are kept")
        self.assertIn(waiting.next_fetch_at, triggered.records.mapped("call_at"))
        asked = self.simulator.requests["documents"]
        self._run("ir_cron_billingo_fetch")
        self.assertEqual(
            self.simulator.requests["documents"], asked, "not hammered before its time"
        )
        with freeze_time(waiting.next_fetch_at + timedelta(seconds=1)):
            self._run("ir_cron_billingo_fetch")
        self.assertEqual(len(self.both.document_ids), OURS + OWN)
        self.assertFalse(waiting.error)
        self.assertTrue(waiting.fetched_until)

    def test_short_429_is_waited_for(self):
        self.simulator.on_page(2, "429_seconds")
        self._fetch()
        self.assertIn(2.0, self.slept)
        self.assertEqual(len(self.both.document_ids), OURS + OWN)

    @mute_logger("odoo.addons.base.models.ir_cron")
    def test_crash_between_pages_keeps_the_pages_before(self):
        crons = type(self.env["ir.cron"])
        original = crons._commit_progress
        calls = []

        def crash(cron, *args, **kwargs):
            calls.append(args)
            if len(calls) >= 4:  # the start, two pages, and the third is not kept
                raise MemoryError("pulled the plug")
            return original(cron, *args, **kwargs)

        with patch.object(crons, "_commit_progress", crash):
            self._fetch()
        [interrupted] = self.both.filtered("fetch_page")
        self.assertEqual(interrupted.fetch_page, 3)
        self.assertTrue(interrupted.document_ids)
        self.assertFalse(interrupted.fetched_until, "the mark has not moved")
        self._fetch()
        self.assertEqual(len(self.both.document_ids), OURS + OWN)
        self.assertTrue(all(self.both.mapped("fetched_until")))

    def test_document_inserted_while_paging_is_stored_once(self):
        self.simulator.on_page(2, "insert")
        self._fetch()
        ids = self.both.document_ids.mapped("billingo_id")
        self.assertEqual(len(ids), len(set(ids)))
        self.assertGreaterEqual(len(ids), OURS + OWN)

    def test_document_removed_while_paging_hides_no_other(self):
        self.simulator.on_page(2, "remove")
        self._fetch()
        # The newest went after it was read, and the document that moved up onto the
        # first page in its place is found: the pages are read once more.
        self.assertEqual(len(self.both.document_ids), OURS + OWN)
        self.assertEqual(self.simulator.requests["documents"], 4 + 2 * 4)

    def test_revoked_key_suspends_only_its_connection_and_notifies_once(self):
        for status in (401, 402, 403):
            self.simulator.accounts.refuse(KEYS["supplier_key"], status)
            self._fetch()
            self._fetch()
            self.assertEqual(self.supplier.state, "suspended")
            self.assertEqual(self.own.state, "active")
            self.assertEqual(len(self.own.document_ids), OWN)
            self.assertEqual(len(self.supplier.activity_ids), 1)
            self.assertTrue(self.supplier.error)
            self.simulator.accounts.refuse(KEYS["supplier_key"], None)
            self.supplier.action_check()
            self.assertEqual(self.supplier.state, "active")
            self.assertFalse(self.supplier.activity_ids)
        self._fetch()
        self.assertEqual(len(self.supplier.document_ids), OURS)

    def test_invalid_answers_are_tried_again_later(self):
        for fault in ("500", "html", "empty", "cut", "drop"):
            self.simulator.on_page(1, fault, times=2)
            self._fetch()
            self.assertEqual(self.both.mapped("state"), ["active"] * 2, fault)
            self.assertTrue(all(self.both.mapped("error")), fault)
            self.assertFalse(any(self.both.mapped("last_success_at")), fault)
        self.assertEqual(self.both.mapped("failures"), [5, 5])
        self._fetch()
        self.assertEqual(len(self.both.document_ids), OURS + OWN)
        self.assertEqual(self.both.mapped("failures"), [0, 0])

    def test_back_off_grows(self):
        waits = []
        with freeze_time("2026-04-01 08:00:00"):
            for _turn in range(3):
                self.simulator.on_page(1, "500", times=2)
                self._fetch()
                waits.append(self.own.next_fetch_at - Datetime.now())
        self.assertEqual(waits, [timedelta(minutes=x) for x in (1, 5, 15)])

    def test_changes_after_import_reach_the_document_not_the_entry(self):
        self._fetch()
        document = self._document(self.own, 1)
        document.action_process()
        total = document.move_id.amount_total
        raw = document._raw() | {"payment_status": "paid", "cancelled": True}
        later = datetime.now() + timedelta(minutes=30)
        self.simulator.accounts.change(KEYS["own_key"], raw, later)
        with freeze_time(datetime.now() + timedelta(hours=2)):
            self._run("ir_cron_billingo_fetch")
        self.assertEqual(document.payment_status, "paid")
        self.assertTrue(document.is_cancelled)
        self.assertFalse(document.is_changed)
        self.simulator.accounts.change(
            KEYS["own_key"], raw | {"gross_total": 5}, later + timedelta(hours=2)
        )
        with freeze_time(datetime.now() + timedelta(hours=4)):
            self._run("ir_cron_billingo_fetch")
        self.assertTrue(document.is_changed)
        self.assertEqual(document.move_id.amount_total, total)
        self.assertEqual(document.state, "processed")
        [activity] = document.activity_ids
        self.assertIn("gross total", activity.note)
        self.assertIn("changed", document.alerts)
        self.assertNotEqual(document._raw()["gross_total"], 5, "what was booked")
        self.assertIn(b'"gross_total": 5', document.changed_attachment_id.raw)
        activity.action_done()
        with freeze_time(datetime.now() + timedelta(hours=6)):
            self._run("ir_cron_billingo_fetch")
        self.assertFalse(document.activity_ids, "told once")

    def test_nav_state_and_cancellation_are_followed(self):
        self._fetch()
        document = self._document(self.own, 23)
        document.action_process()
        raw = document._raw() | {"online_szamla_status": "done", "cancelled": True}
        self.simulator.accounts.change(KEYS["own_key"], raw, datetime.now())
        self.own.action_fetch()
        self.assertEqual((document.nav_status, document.is_cancelled), ("done", True))
        self.assertIn("cancelled", document.alerts)
        self.assertFalse(document.activity_ids)
        self._document(self.own, 24).action_process()
        document.invalidate_recordset()
        self.assertFalse(document.alerts, "its storno is here")

    def test_fetch_now_resumes_where_it_stopped(self):
        self.simulator.on_page(2, "429", times=4)
        self.own.action_fetch()
        self.assertEqual(self.own.fetch_page, 2)
        asked = self.simulator.requests["documents"]
        answer = self.own.action_fetch()
        self.assertEqual(answer["params"]["type"], "success")
        self.assertEqual(self.simulator.requests["documents"] - asked, 4)
        self.assertEqual(len(self.own.document_ids), OWN)

    def test_two_companies_with_the_same_numbers(self):
        other = self.setup_other_company(
            name="Folyami Dél Kft.", vat=samples.SUPPLIER.tax_number
        )["company"]
        company = samples.Party(
            "Folyami Dél Kft.", samples.SUPPLIER.tax_number, "", "", ""
        )
        account = samples.own_account(company)
        self.simulator.accounts.open(
            "other",
            tax_code=company.tax_number,
            expires="2031-01-01",
            blocks=account.blocks,
            documents=account.documents,
        )
        theirs = self._connect("customer", "other", other)
        theirs.state = "active"
        self._fetch()
        self.assertEqual(len(theirs.document_ids), OWN)
        for connection in (theirs, self.own):
            self._document(connection, 1).action_process()
        self.assertEqual(theirs.document_ids.move_id.company_id, other)
        self.assertEqual(self.own.document_ids.move_id.company_id, self.company)
        self.assertEqual(
            set(theirs.document_ids.mapped("billingo_id")),
            set(self.own.document_ids.mapped("billingo_id")),
        )
