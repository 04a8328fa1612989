"""What is resolved releases what waited; waits, deletions and endless lists."""

import json
from datetime import datetime, timedelta

from odoo.exceptions import RedirectWarning
from odoo.fields import Command, Datetime
from odoo.tests import freeze_time, tagged

from ..billingo_api.simulator import samples
from .common import KEYS, BillingoCommon

OWN = 37


@tagged("post_install", "-at_install")
class TestReleases(BillingoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.supplier | cls.own).state = "active"

    def test_activated_currency_releases_its_documents(self):
        euro = self.env.ref("base.EUR")
        euro.active = False
        self.own.action_fetch()
        document = self._document(self.own, 27)
        document.action_process()
        self.assertEqual(document.error_kind, "currency")
        euro.active = True
        self.assertEqual(document.state, "fetched")

    def test_account_that_is_set_releases_its_documents(self):
        self.own.action_fetch()
        account, self.own.advance_account_id = self.own.advance_account_id, False
        document = self._document(self.own, 1)
        document.action_process()
        self.assertEqual(document.error_code, "connection_incomplete")
        self.own.name = "Another name"
        self.assertEqual(document.state, "error")
        self.own.advance_account_id = account
        self.assertEqual(document.state, "fetched")

    def test_lists_without_total_and_last_page_are_read_to_the_end(self):
        self.simulator.faults.add("uncounted", 10)
        self.own.action_fetch()
        self.assertEqual(len(self.own.document_ids), OWN)
        self.assertTrue(self.own.fetched_until)
        self.assertFalse(self.own.error)

    def test_mark_stays_where_a_page_was_shorter_than_it_should_be(self):
        lists = type(self.own)._read_list

        def short(connection, client, page, **filters):
            found = lists(connection, client, page, **filters)
            if page == 2:
                found = type(found)(
                    documents=found.documents[:-1],
                    total=found.total,
                    current_page=page,
                    last_page=found.last_page,
                )
            return found

        self.patch(type(self.own), "_read_list", short)
        self.own.action_fetch()
        self.assertFalse(self.own.fetched_until)
        self.assertEqual(self.own.run_id.state, "stopped")

    def test_same_page_for_ever_ends_with_an_error(self):
        lists = type(self.own)._read_list

        def endless(connection, client, page, **filters):
            found = lists(connection, client, 1, **filters)
            return type(found)(
                documents=found.documents,
                total=10**6,
                current_page=page,
                last_page=page + 1,
            )

        self.patch(type(self.own), "_read_list", endless)
        self.own.action_fetch()
        self.assertFalse(self.own.fetched_until)
        self.assertIn("again and again", self.own.error)
        self.assertLess(self.simulator.requests["documents"], 5)

    def test_client_errors_have_texts(self):
        self.simulator.on_page(2, "hole")
        self.own.action_fetch()
        self.assertIn("empty page", self.own.error)

    def test_fetch_now_respects_a_wait_of_billingo(self):
        self.own.action_fetch()
        document = self._document(self.own, 1)
        document.action_process()
        failures = self.env["billingo.connection.failures"]
        failures._postpone(self.own, "Too many requests", retry_after=600)
        asked = self.simulator.requests.total()
        answer = self.own.action_fetch()
        self.assertEqual(answer["params"]["type"], "warning")
        self.assertIn("asked to wait", answer["params"]["message"])
        answer = document.action_get_pdf()
        self.assertIn("asked to wait", answer["params"]["message"])
        self.assertEqual(self.simulator.requests.total(), asked)
        self.own.wait_until = Datetime.now() - timedelta(minutes=1)
        self.own.action_fetch()
        self.assertGreater(self.simulator.requests.total(), asked)

    def test_suspended_connection_is_not_asked_and_tells_nobody_twice(self):
        self.own.action_fetch()
        document = self._document(self.own, 1)
        document.action_process()
        self.simulator.accounts.refuse(KEYS["own_key"], 401)
        self._fetch()
        self.assertEqual(self.own.state, "suspended")
        asked = self.simulator.requests.total()
        activity = self.own.activity_ids
        for answer in (self.own.action_fetch(), document.action_get_pdf()):
            self.assertIn("suspended", answer["params"]["message"])
        self.assertEqual(self.simulator.requests.total(), asked)
        self.assertEqual(self.own.activity_ids, activity)
        self._document(self.own, 2).action_process()
        self.assertEqual(self._document(self.own, 2).state, "processed")

    def test_deleted_document_is_noticed_and_reported_once(self):
        self.own.action_fetch()
        booked, waiting = self._document(self.own, 1), self._document(self.own, 2)
        booked.action_process()
        for document in booked | waiting:
            self.simulator.accounts.remove(KEYS["own_key"], int(document.billingo_id))
        later = datetime.now() + timedelta(days=8)
        with freeze_time(later):
            self._fetch()
        self.assertTrue(booked.is_deleted)
        self.assertEqual(booked.state, "processed")
        self.assertEqual(booked.move_id.state, "posted")
        self.assertIn("deleted", booked.alerts)
        self.assertIn("deleted", booked.activity_ids.summary)
        self.assertEqual((waiting.state, waiting.skip_reason), ("skipped", "deleted"))
        booked.activity_ids.action_done()
        with freeze_time(later + timedelta(days=8)):
            self._fetch()
        self.assertFalse(booked.activity_ids)
        self.assertEqual(sum(self.own.document_ids.mapped("is_deleted")), 2)

    def test_document_that_moved_to_another_date_is_not_deleted(self):
        self.own.action_fetch()
        document = self._document(self.own, 3)
        raw = document._raw() | {"invoice_date": "2025-01-01"}
        self.simulator.accounts.change(KEYS["own_key"], raw, datetime(2020, 1, 1))
        with freeze_time(datetime.now() + timedelta(days=8)):
            self._fetch()
        self.assertFalse(document.is_deleted)

    def test_native_storno_leads_to_billingo(self):
        self.own.action_fetch()
        document = self._document(self.own, 1)
        document.action_process()
        with self.assertRaises(RedirectWarning):
            document.move_id.action_reverse()
        refund = document.move_id._reverse_moves()
        self.assertFalse(refund.name and refund.name != "/")
        with self.assertRaises(RedirectWarning):
            refund.action_post()
        native = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "journal_id": self.own.journal_id.id,
                "partner_id": self.partner_a.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "X",
                            "price_unit": 1,
                            "account_id": self.own.account_id.id,
                        }
                    )
                ],
            }
        )
        with self.assertRaises(RedirectWarning):
            native.action_post()
        native.journal_id = self.company_data["default_journal_sale"]
        native.action_post()
        self.assertEqual(native.state, "posted")

    def test_pdf_of_odoo_is_not_taken_for_the_original(self):
        self._fetch()
        for connection, number in ((self.own, 1), (self.supplier, 1)):
            document = self._document(connection, number)
            document.sudo().action_process()
            move = document.move_id
            is_sale = connection == self.own
            other = (
                self.env["ir.attachment"]
                .sudo()
                .create(  # as Odoo does
                    {
                        "name": "other.pdf",
                        "raw": b"%PDF-1.4 of another origin",
                        "mimetype": "application/pdf",
                        "res_model": "account.move",
                        "res_id": move.id,
                        "res_field": "invoice_pdf_report_file" if is_sale else False,
                    }
                )
            )
            move.message_main_attachment_id = other
            move.invalidate_recordset()
            document.action_get_pdf()
            document.action_get_pdf()
            self.assertEqual(document.pdf_state, "attached")
            self.assertTrue(document.pdf_attachment_id)
            main = move.message_main_attachment_id
            self.assertIn(document.name.encode(), main.raw)
            if is_sale:
                self.assertEqual(move.invoice_pdf_report_id, main)
            self.assertTrue(other.exists())

    def test_uploads_follow_the_wishes_of_the_connection(self):
        [receipt] = [
            x for x in samples.own_account().documents if x["type"] == "receipt"
        ]
        journal = self.own.journal_id.with_user(self.bookkeeper)

        def upload():
            attachment = journal.env["ir.attachment"].create(
                {"name": "receipt.json", "raw": json.dumps(receipt).encode()}
            )
            return journal._create_document_from_attachment(attachment.ids)

        with self.assertRaises(RedirectWarning) as caught:
            upload()
        self.assertIn("Receipt", str(caught.exception))
        self.own.has_receipts = True
        self.assertEqual(upload().state, "draft")
