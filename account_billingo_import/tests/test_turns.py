"""Each connection and each document has its turn, whatever happens to the others."""

from functools import partial
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from psycopg2.errors import DiskFull

from .common import BillingoCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestTurns(BillingoCommon):
    def setUp(self):
        super().setUp()
        (self.own | self.supplier).sudo().write({"state": "active"})

    def tried(self):
        """Fetch; return the connections in the order of their turns, with their try."""
        found = []

        def step(_service, _session, connection):
            found.append((connection.id, connection.tried_at))
            return False

        with patch.object(type(self.env["billingo.fetcher"]), "_step", step):
            self._fetch()
        return found

    def test_try_is_written_before_the_call(self):
        self.assertTrue(all(at for _connection, at in self.tried()))

    def test_connection_tried_longest_ago_comes_first(self):
        """One that never succeeds would otherwise be the first for ever."""
        self.own.sudo().write({"tried_at": "2026-01-02", "last_success_at": False})
        self.supplier.sudo().write(
            {"tried_at": "2026-01-01", "last_success_at": "2026-01-01"}
        )
        first = [number for number, _at in self.tried()]
        self.assertEqual(first, [self.supplier.id, self.own.id])

    def test_document_is_tried_before_its_pdf_is_requested(self):
        self._fetch()
        self._process()
        seen = []

        def get(_service, _client, document):
            seen.append(document.tried_at)
            document.pdf_state = "missing"  # the job has no more to do

        with patch.object(type(self.env["billingo.pdf"]), "_get", get):
            self._run("ir_cron_billingo_pdf")
        self.assertTrue(seen)
        self.assertTrue(all(seen))

    def test_pdfs_of_a_connection_that_waits_do_not_fill_the_page(self):
        self._fetch()
        self._process()
        documents = (self.own | self.supplier).document_ids.sudo()
        waiting = documents.filtered(lambda x: x.pdf_state == "waiting")
        self.assertEqual(waiting.connection_id, self.own | self.supplier)
        waiting.write({"tried_at": False, "pdf_next_try": "2026-01-02"})
        mine = waiting.filtered(lambda x: x.connection_id == self.own)
        mine.pdf_next_try = "2026-01-01"
        later = fields.Datetime.add(fields.Datetime.now(), hours=1)
        self.own.sudo().wait_until = later
        service = type(self.env["billingo.pdf"])
        run = partial(service._cron_billingo_pdf, batch_size=len(mine))
        with patch.object(service, "_cron_billingo_pdf", lambda jobs: run(jobs)):
            self._run("ir_cron_billingo_pdf")
        self.assertFalse(any(mine.mapped("tried_at")))
        theirs = (waiting - mine).filtered("tried_at")
        self.assertEqual(len(theirs), min(len(mine), len(waiting - mine)))

    def test_archived_company_rests(self):
        self._fetch()
        documents = self.own.document_ids.sudo()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_company SET active = false WHERE id = %s", [self.company.id]
        )
        self.env.invalidate_all()
        asked = self.simulator.requests.total()
        self.own.sudo().next_fetch_at = False
        for job in "fetch", "process", "pdf", "payments", "gaps":
            self._run(f"ir_cron_billingo_{job}")
        self.assertEqual(self.simulator.requests.total(), asked)
        self.assertEqual(set(documents.mapped("state")), {"fetched"})

    def test_full_disk_is_no_error_of_a_document(self):
        """It would wait for a person, long after the disk has space again."""
        self._fetch()
        several = self.own.document_ids.sudo().filtered(
            lambda x: x.kind == "invoice" and not x.reference_ids
        )
        document = several[:1]
        processor = self.env["billingo.processor"].sudo()
        builder = self.env.registry["billingo.move.builder"]
        with patch.object(builder, "_plan", side_effect=DiskFull("no space left")):
            for documents in (document, several):
                with self.assertRaises(DiskFull), self.env.cr.savepoint():
                    processor._process_batch(documents)
        self.assertEqual(document.state, "fetched")
        processor._process_batch(document)
        self.assertEqual(document.state, "processed")
