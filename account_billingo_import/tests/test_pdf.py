from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger
from psycopg2.errors import DiskFull

from ..billingo_api import parsing
from .common import KEYS, BillingoCommon

SERVICES = "odoo.addons.account_billingo_import.services"


@tagged("post_install", "-at_install")
class TestPdf(BillingoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.supplier | cls.own).state = "active"

    def setUp(self):
        super().setUp()
        self._fetch()
        self.sale = self._document(self.own, 1).sudo()
        self.bill = self._document(self.supplier, 1).sudo()
        self.both = self.sale | self.bill
        for document in self.both:
            self.env["billingo.processor"].sudo()._process(document)

    def _later(self, **delta):
        with freeze_time(datetime.now() + timedelta(**delta)):
            self._run("ir_cron_billingo_pdf")

    def test_pdf_is_where_odoo_prints_and_shows_it(self):
        self._run("ir_cron_billingo_pdf")
        self.assertEqual(self.both.mapped("pdf_state"), ["waiting"] * 2)  # 202
        self._later(minutes=2)
        self.assertEqual(self.both.mapped("pdf_state"), ["attached"] * 2)
        move = self.sale.move_id
        attachment = move.invoice_pdf_report_id
        self.assertEqual(attachment.res_field, "invoice_pdf_report_file")
        self.assertIn(self.sale.name.encode(), attachment.raw)
        [printed] = move._get_invoice_legal_documents_all() or [None]
        self.assertEqual(printed["content"], attachment.raw)
        main = self.bill.move_id.message_main_attachment_id
        self.assertEqual(main.mimetype, "application/pdf")
        self.assertIn(self.bill.name.encode(), main.raw)
        self.assertFalse(main.res_field)

    def test_processing_by_hand_downloads_the_pdf(self):
        document = self._document(self.own, 2)
        client = self.own._client()
        client.download(document.billingo_id)  # Billingo has made it
        document.with_user(self.bookkeeper).action_process()
        self.assertEqual(document.pdf_state, "attached")

    def test_answer_that_is_not_a_pdf_is_never_attached(self):
        self._run("ir_cron_billingo_pdf")
        for fault in ("pdf_json", "pdf_broken"):
            self.simulator.faults.add(fault, 2)
            self.both.write({"pdf_next_try": datetime.now()})
            self._run("ir_cron_billingo_pdf")
            self.assertEqual(self.both.mapped("pdf_state"), ["waiting"] * 2)
            self.assertFalse(self.sale.move_id.invoice_pdf_report_id)

    def test_pdf_is_missing_after_all_tries_and_button_downloads_it(self):
        self.simulator.faults.add("pdf_202", 40)
        for _turn in range(8):
            self.both.write({"pdf_next_try": datetime.now()})
            self._run("ir_cron_billingo_pdf")
        self.assertEqual(self.both.mapped("pdf_state"), ["missing"] * 2)
        self.simulator.faults.clear()
        self.both.with_user(self.bookkeeper).action_get_pdf()
        self.both.with_user(self.bookkeeper).action_get_pdf()
        self.assertEqual(self.both.mapped("pdf_state"), ["attached"] * 2)

    def test_download_intervals_grow(self):
        self.simulator.faults.add("pdf_202", 40)
        waits = []
        with freeze_time("2026-05-01 10:00:00"):
            for _turn in range(5):
                self.both.write({"pdf_next_try": datetime.now()})
                self._run("ir_cron_billingo_pdf")
                wait = self.sale.pdf_next_try - datetime.now()
                waits.append(wait.total_seconds() / 60)
        self.assertEqual(waits, [1, 5, 30, 120, 1440])

    def test_pdf_returns_when_draft_is_posted_again(self):
        self._run("ir_cron_billingo_pdf")
        self._later(minutes=2)
        move = self.sale.move_id
        move.button_draft()
        self.assertEqual(self.sale.pdf_state, "waiting")
        move.action_post()
        self.assertEqual(move.name, self.sale.name)
        self._run("ir_cron_billingo_pdf")
        self.assertEqual(self.sale.pdf_state, "attached")
        self.assertIn(self.sale.name.encode(), move.invoice_pdf_report_id.raw)

    def test_stored_original_is_attached_again_without_request(self):
        self._run("ir_cron_billingo_pdf")
        self._later(minutes=2)
        asked = self.simulator.requests["download"]
        for document in self.both:
            document.move_id.button_draft()
            document.move_id.action_post()
            self.assertEqual(document.pdf_state, "attached")
            self.assertTrue(self.env["billingo.pdf"]._is_attached(document))
        self.assertIn(
            self.sale.name.encode(), self.sale.move_id.invoice_pdf_report_id.raw
        )
        self.assertEqual(self.simulator.requests["download"], asked)

    def test_original_is_shown_before_booking(self):
        document = self._document(self.own, 2)
        self._alter(document, gross_total=1)
        document.action_process()
        self.assertEqual((document.state, document.pdf_state), ("error", False))
        for _turn in range(2):
            document.with_user(self.bookkeeper).action_get_pdf()
        main = document.message_main_attachment_id
        self.assertEqual(main, document.pdf_attachment_id)
        self.assertEqual((main.mimetype, main.res_id), ("application/pdf", document.id))
        self.assertIn(document.name.encode(), main.raw)
        self.assertFalse(document.pdf_state)
        asked = self.simulator.requests["download"]
        raw = self.simulator.accounts.document(
            KEYS["own_key"], int(document.billingo_id)
        )
        self._alter(document, **raw)
        document.action_process()
        self.assertEqual(document.pdf_state, "attached")
        self.assertTrue(document.move_id.invoice_pdf_report_id)
        self.assertEqual(self.simulator.requests["download"], asked)

    def test_404_is_tried_again_then_missing(self):
        self.simulator.accounts.remove(KEYS["own_key"], int(self.sale.billingo_id))
        for _turn in range(7):
            self.both.write({"pdf_next_try": datetime.now()})
            self._run("ir_cron_billingo_pdf")
            self.assertEqual(self.sale.pdf_state, "waiting")
        self.both.write({"pdf_next_try": datetime.now()})
        self._run("ir_cron_billingo_pdf")
        self.assertEqual(self.sale.pdf_state, "missing")
        self.assertEqual(self.own.state, "active")

    def test_suspended_connection_does_not_stop_the_other(self):
        self._run("ir_cron_billingo_pdf")
        self.simulator.accounts.refuse(KEYS["supplier_key"], 401)
        self._later(minutes=2)
        self.assertEqual(self.bill.pdf_state, "waiting")
        self.assertEqual(self.supplier.state, "suspended")
        self.assertEqual(len(self.supplier.activity_ids), 1)
        self.assertEqual(self.sale.pdf_state, "attached")

    def _broken(self, document):
        """Let an unforeseen error meet the file of one document."""
        service = type(self.env["billingo.pdf"])
        put = service._put

        def broken(this, one):
            if one == document:
                raise KeyError("unheard of")
            put(this, one)

        self.enterContext(mute_logger(f"{SERVICES}.pdf"))
        return patch.object(service, "_put", broken)

    def test_file_that_cannot_be_attached_keeps_no_other_away(self):
        other = self._document(self.own, 2).sudo()
        self.env["billingo.processor"].sudo()._process(other)
        self._run("ir_cron_billingo_pdf")
        tries = []
        with self._broken(self.sale):
            for _turn in range(8):
                self.sale.pdf_next_try = other.pdf_next_try = datetime.now()
                self._run("ir_cron_billingo_pdf")
                tries.append(self.sale.pdf_tries)
                self.assertEqual(other.pdf_state, "attached")
        self.assertEqual(tries, [2, 3, 4, 5, 6, 7, 7, 7])
        self.assertEqual(self.sale.pdf_state, "missing", "it does not go on for ever")
        self.assertFalse(self.own.failures)
        self.sale.action_get_pdf()
        self.assertEqual(self.sale.pdf_state, "attached")

    def test_full_disk_is_no_error_of_a_file(self):
        self._run("ir_cron_billingo_pdf")
        full = patch.object(
            type(self.env["billingo.pdf"]), "_keep", side_effect=DiskFull("no space")
        )
        with full, mute_logger(f"{SERVICES}.remote_call"):
            self._later(minutes=2)
        self.assertEqual(self.both.mapped("pdf_tries"), [1, 1])
        self.assertEqual((self.supplier | self.own).mapped("failures"), [1, 1])

    def test_document_is_booked_though_its_file_cannot_be_attached(self):
        document = self._document(self.own, 2)
        for _turn in range(2):
            document.action_get_pdf()
        self.assertTrue(document.pdf_attachment_id)
        with self._broken(document):
            document.sudo().env["billingo.processor"]._process(document.sudo())
        self.assertEqual((document.state, document.pdf_state), ("processed", "waiting"))
        document.action_get_pdf()
        self.assertEqual(document.pdf_state, "attached")

    def test_429_postpones_the_connection(self):
        self.simulator.faults.add("429", 8)
        self._run("ir_cron_billingo_pdf")
        self.assertEqual((self.supplier | self.own).mapped("failures"), [1, 1])
        asked = self.simulator.requests["download"]
        self._run("ir_cron_billingo_pdf")
        self.assertEqual(self.simulator.requests["download"], asked)
        self._later(minutes=2)
        self._later(minutes=9)
        self.assertEqual(self.both.mapped("pdf_state"), ["attached"] * 2)

    def test_parsed_document_equals_billingos_answer(self):
        raw = self.simulator.accounts.document(
            KEYS["own_key"], int(self.sale.billingo_id)
        )
        self.assertEqual(self.sale._parsed(), parsing.parse_document(raw))
