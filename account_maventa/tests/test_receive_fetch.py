"""Fetching: listed, downloaded and booked exactly once, whatever goes wrong."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..exceptions import TransferProblem
from ..guards import as_service
from ..maventa_api import MaventaClient, NotFoundError, TemporaryError
from .common_receive import MaventaReceiveCommon

FILE_FAULTS = ("file_unavailable", "file_html", "file_json", "file_empty", "file_cut")


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveFetch(MaventaReceiveCommon):
    def _list(self, start="2020-01-01 00:00:00", end=None):
        """List without booking anything; return the number of receipts."""
        start = fields.Datetime.to_datetime(start)
        self.env["maventa.receiver"].sudo()._list_pages(self.account, start, end)
        return len(self._receipts())

    def _many(self, number, **options):
        sample = self._sample("plain")
        for count in range(number):
            draft = replace(sample.draft, number=f"N-{count}")
            self._arrive(replace(sample, draft=draft), **options)

    # === LIST === #

    def test_nothing_new_needs_at_most_two_requests(self):
        self._receive("plain")
        self.simulator.requests.clear()
        self._fetch()
        self.assertLessEqual(sum(self.simulator.requests.values()), 2)
        self.assertEqual(len(self._receipts()), 1)

    def test_invoice_that_is_twice_on_one_page_is_one_receipt(self):
        real = MaventaClient.list_inbound

        def twice(*args, **options):
            page = real(*args, **options)
            return replace(page, invoices=page.invoices * 2)

        self._many(2)
        with patch.object(MaventaClient, "list_inbound", twice):
            self.assertEqual(self._list(), 2)

    def test_page_that_is_exactly_full_loses_nothing(self):
        self._many(100)
        self.assertEqual(self._list(), 100)
        self._many(1)
        self.assertEqual(self._list(), 101)

    def test_list_without_headers_or_with_a_wrong_total_is_read_to_its_end(self):
        self._many(101)
        for fault in ("list_bare", "list_wrong_total", "list_odd_row"):
            with self.subTest(fault), self._fault(fault):
                self.assertEqual(self._list(), 101)

    def test_invoice_on_two_pages_is_one_receipt(self):
        self._many(120)
        with self._fault("list_repeats"):
            self._list()
        self.assertEqual(self._list(), 120)

    def test_late_id_is_found_within_the_overlap(self):
        now = self.simulator.clock()
        self._receive("plain", received_at=now)
        self.account.looked_back_at = fields.Datetime.now()
        self._receive("clean", received_at=now - 2 * 86400)
        self.assertEqual(len(self._receipts()), 2)

    def test_overlap_with_much_in_it_is_read_whole_once_a_day(self):
        now = self.simulator.clock()
        for place in range(120):
            draft = replace(self._sample("plain").draft, number=f"N-{place}")
            sample = replace(self._sample("plain"), draft=draft)
            self._arrive(sample, received_at=now - 60 * place)
        receiver = self.env["maventa.receiver"].sudo()
        with patch.object(type(receiver), "_work_off", lambda *_args: True):
            receiver._receive(self.account)
            before = self.simulator.requests.total()
            receiver._receive(self.account)
            self.assertLessEqual(self.simulator.requests.total() - before, 2)
            self._arrive("clean", received_at=now - 2 * 86400)
            receiver._receive(self.account)
            self.assertEqual(len(self._receipts()), 120)
            self.account.overlapped_at = fields.Datetime.now() - timedelta(days=2)
            receiver._receive(self.account)
            self.assertEqual(len(self._receipts()), 121)

    def test_very_late_id_is_found_by_the_weekly_look_back(self):
        now = self.simulator.clock()
        self._receive("plain", received_at=now)
        self.account.looked_back_at = fields.Datetime.now()
        self._receive("clean", received_at=now - 20 * 86400)
        self.assertEqual(len(self._receipts()), 1)
        self.account.looked_back_at = fields.Datetime.now() - timedelta(days=8)
        self._fetch()
        self.assertEqual(len(self._receipts()), 2)

    def test_invoices_before_the_start_date_are_not_fetched(self):
        self.account.receive_since = fields.Date.today()
        self._arrive("plain", received_at=self.simulator.clock() - 5 * 86400)
        self.assertFalse(self._fetch())

    def test_invoice_that_arrives_while_pages_are_turned_is_listed(self):
        self._many(100)
        real, late = MaventaClient.list_inbound, []

        def arrive(client, start, end=None, *, number=1, **options):
            page = real(client, start, end, number=number, **options)
            if not late:
                after = self.simulator.clock() + 5
                late.extend(self._arrive("clean", received_at=after))
            return page

        with patch.object(MaventaClient, "list_inbound", arrive):
            self.assertEqual(self._list(), 101)
        self.assertIn(late[0], self._receipts().mapped("remote_id"))

    def test_list_that_gives_one_page_for_ever_ends_with_an_error(self):
        self._many(100)
        real, numbers = MaventaClient.list_inbound, []

        def repeat(client, start, end=None, *, number=1, **options):
            numbers.append(number)
            self.assertLess(number, 5, "the list is read on and on")
            page = real(client, start, end, number=1, **options)
            return replace(page, number=number)

        with patch.object(MaventaClient, "list_inbound", repeat):
            self._run_cron("receive")
        self.assertEqual(numbers, [1, 2])
        self.assertEqual(len(self._receipts()), 100)
        self.assertFalse(self.account.received_until)
        self.assertTrue(self.account.paused_until)

    def test_cursor_moves_only_when_the_list_was_read_to_its_end(self):
        self._many(101)
        real = MaventaClient.list_inbound

        def fail(client, start, end=None, *, number=1, **options):
            if number > 1:
                raise TemporaryError("gone", code="no_connection")
            return real(client, start, end, number=number, **options)

        with patch.object(MaventaClient, "list_inbound", fail):
            with suppress(TemporaryError):
                self._list()
                self.fail("nothing raised")
        self.assertEqual(len(self._receipts()), 100)
        self.assertFalse(self.account.received_until)
        self.account.paused_until = False
        self.assertEqual(self._list(), 101)
        self.assertTrue(self.account.received_until)

    # === DOWNLOAD === #

    def test_trouble_with_one_file_stops_no_other(self):
        for fault in FILE_FAULTS:
            with self.subTest(fault):
                self.setUp()
                new = self._arrive("plain", "clean")
                with self._fault(fault):
                    receipts = self._fetch()
                receipts = receipts.filtered(lambda row, ids=new: row.remote_id in ids)
                [waiting] = receipts.filtered(lambda row: row.state == "listed")
                self.assertTrue(waiting.error)
                self.assertTrue((receipts - waiting).move_id)
                self.assertFalse(self.account.paused_until)
                waiting.next_try = False
                self._fetch()
                self.assertTrue(waiting.move_id)

    def _with_failing_file(self, error):
        """Let the download of the second attachment fail."""
        real = MaventaClient.download_file

        def fail(client, uuid, file_id):
            if file_id == "2":
                raise error
            return real(client, uuid, file_id)

        return patch.object(MaventaClient, "download_file", fail)

    def _three_files(self):
        files = tuple(
            (f"{name}.pdf", "application/pdf", b"%PDF-1.4 " + name.encode())
            for name in "abc"
        )
        return self._changed("files", files=files)

    def test_attachment_that_is_gone_holds_no_bill_up_and_is_told(self):
        with self._with_failing_file(NotFoundError("gone", code="not_found")):
            receipt = self._receive(self._three_files())
        self.assertTrue(receipt.move_id)
        names = receipt.file_ids.sorted("name").mapped("name")
        self.assertEqual(names, ["a.pdf", "c.pdf"])
        self.assertIn("b.pdf", receipt.points_text)
        receipt.with_user(self.accountant).action_read_again()
        self.assertEqual(len(receipt.file_ids), 3)
        self.assertNotIn("b.pdf", receipt.points_text)

    def test_attachments_are_fetched_all_or_again(self):
        trouble = TemporaryError("half", code="no_file")
        with self._with_failing_file(trouble):
            receipt = self._receive(self._three_files())
            self.assertEqual(receipt.state, "listed")
            self.assertFalse(receipt.file_ids)
        receipt.next_try = False
        self._fetch()
        self.assertEqual(len(receipt.file_ids), 3)
        self.assertTrue(receipt.move_id)

    def test_attachment_that_always_fails_holds_the_bill_up_no_longer_than_that(self):
        with self._with_failing_file(TemporaryError("half", code="no_file")):
            receipt = self._receive(self._three_files())
            for _time in range(2):
                self.assertFalse(receipt.move_id)
                receipt.next_try = False
                self._fetch()
        self.assertTrue(receipt.move_id)
        self.assertEqual(receipt.missing_files, "b.pdf")

    def test_document_that_cannot_be_fetched_is_tried_less_and_less_often(self):
        with self._fault("file_unavailable"):
            receipt = self._receive("plain")
        first = receipt.next_try
        self.assertGreater(first, fields.Datetime.now())
        self._fetch()
        self.assertEqual(receipt.attempts, 1)

    def test_invoice_that_maventa_has_no_more_is_lost(self):
        with self._fault("file_missing"):
            receipt = self._receive("plain")
        self.assertEqual(receipt.state, "lost")
        self.assertFalse(receipt.move_id)

    def test_other_format_is_tried_after_a_refusal(self):
        with self._fault("format_refused"):
            receipt = self._receive(self._changed("clean", source_format="EHF20"))
        self.assertEqual(receipt.move_id.amount_total, 301.20)

    def test_original_bytes_are_kept_with_their_hash(self):
        receipt = self._receive("plain")
        original = self._sample("plain").formats["FINVOICE30"]
        self.assertEqual(receipt.document_id.raw, original)
        self.assertEqual(len(receipt.sha256), 64)
        self.assertEqual(receipt.image_id.raw, self._sample("plain").image)

    def test_rate_limit_pauses_the_account_and_loses_nothing(self):
        self._arrive("plain")
        with self._fault("rate_limited"):
            self._fetch()
        self.assertTrue(self.account.paused_until)
        self.account.paused_until = False
        self.assertEqual(len(self._fetch().move_id), 1)

    def test_rule_of_another_addon_that_refuses_a_bill_is_told_in_its_words(self):
        text, tries = "No valid OCR number", []

        def refuse(*_args):
            raise UserError(text)

        booking = self.registry["maventa.bill.booking"]
        self._arrive("clean")
        with patch.object(booking, "_book", refuse):
            for _time in range(2):
                receipt = self._fetch()
                tries.append(receipt.attempts)
                as_service(receipt).next_try = False
        self.assertEqual(tries, [2, 3])
        self.assertEqual(receipt.state, "stored")
        self.assertIn(text, receipt.error)
        self.assertNotIn("log", receipt.error)

    def test_unforeseen_error_with_one_document_stops_no_other(self):
        first, second = self._arrive("plain", "clean")
        service = type(self.env["maventa.bill.booking"])
        real = service._make

        def fail(booking, receipt, document):
            if receipt.remote_id == first:
                raise KeyError("odd")
            real(booking, receipt, document)

        log = "odoo.addons.account_maventa.services.receiver"
        with patch.object(service, "_make", fail), self.assertLogs(log, "ERROR"):
            receipts = self._fetch()
        by_id = receipts.grouped("remote_id")
        self.assertEqual(by_id[first].state, "stored")
        self.assertFalse(by_id[first].move_id)
        self.assertTrue(by_id[second].move_id)
        by_id[first].next_try = False
        self._fetch()
        self.assertTrue(by_id[first].move_id)

    # === ONCE === #

    def test_second_run_makes_no_second_bill(self):
        receipt = self._receive("plain")
        self.account.looked_back_at = False
        self._fetch()
        self.assertEqual(self._receipts(), receipt)
        domain = [("ref", "=", "5001"), ("company_id", "=", self.company.id)]
        self.assertEqual(self.env["account.move"].search_count(domain), 1)

    def test_receipt_is_unique_in_the_database(self):
        receipt = self._receive("plain")
        values = receipt.copy_data()[0] | {"remote_id": receipt.remote_id}
        with self.assertRaisesRegex(Exception, "unique|there already"):
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                self.env["maventa.receipt"].sudo().create(values)

    def test_receipt_that_another_worker_has_is_left_to_it(self):
        self._list_and_hold()
        receiver = self.env["maventa.receiver"].sudo()
        receipts = type(self.env["maventa.receipt"])
        nothing = self.env["maventa.receipt"].browse()
        with patch.object(receipts, "_lock", lambda _self: nothing):
            with self.assertRaises(TransferProblem):
                receiver._advance(self._receipts(), by_job=True)
        self.assertEqual(self._receipts().state, "listed")

    def _list_and_hold(self):
        self._arrive("plain")
        self._list()

    def test_bill_that_a_person_deleted_does_not_come_back(self):
        receipt = self._receive("plain")
        receipt.move_id.unlink()
        self.account.looked_back_at = False
        self._fetch()
        self.assertEqual(receipt.state, "ignored")
        self.assertTrue(receipt.ignored_reason)
        self.assertFalse(receipt.move_id)

    def test_courtesy_mark_follows_the_bill_and_its_failure_means_nothing(self):
        with self._fault("mark_refused"):
            receipt = self._receive("plain")
        self.assertTrue(receipt.move_id)
        self.assertFalse(receipt.is_marked)
        other = self._receive("clean")
        self.assertEqual(self.simulator.marks(), {other.remote_id: "HANDLED"})

    def test_several_documents_of_a_file_are_a_bill_each(self):
        self._receive("two_in_one")
        receipts = self._fetch()
        self.assertEqual(receipts.mapped("document_index"), [0, 1])
        self.assertEqual(len(set(receipts.move_id.mapped("ref"))), 2)

    # === WHO MAY === #

    def test_sending_goes_on_where_receiving_is_not_allowed(self):
        remote = self.simulator.add_account(
            name=self.company.name,
            bid=self.company.vat,
            vat=self.company.vat,
            scopes="company:read company:write lookup invoice:send",
        )
        self._use(self.company, remote)
        self.account.action_check()
        self.account.write({"receives": True, "receive_since": "2020-01-01"})
        self.simulator.receive(remote.company_uuid, self._sample("plain"))
        self.assertFalse(self._fetch())
        self.assertTrue(self.account.receive_problem)
        self.assertEqual(self.account.state, "verified")
        self.company.maventa_enabled = True
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.assertIn(move.name, self._held())

    def test_account_that_is_switched_off_fetches_nothing(self):
        self._arrive("plain")
        self.account.receives = False
        self.assertFalse(self._fetch())
        self.assertFalse(self.simulator.requests)
        with self.assertRaises(UserError):
            self.env["maventa.receiver"].sudo()._fetch_now(self.account)

    def test_what_was_listed_waits_until_receiving_is_switched_on_again(self):
        with self._fault("file_unavailable"):
            receipt = self._receive("plain")
        receipt.next_try = False
        self.account.receives = False
        self._fetch()
        self.assertEqual(receipt.state, "listed")
        self.account.receives = True
        self._fetch()
        self.assertTrue(receipt.move_id)

    def test_archived_journal_is_replaced_by_the_companys_first(self):
        other = self.journal.copy({"code": "OTH", "name": "Other"})
        self.account.receive_journal_id = other
        other.active = False
        self.assertEqual(self._receive("plain").move_id.journal_id, self.journal)

    def test_archived_company_fetches_nothing(self):
        self._arrive("plain")
        self.assertTrue(self.account._may_receive())
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_company SET active = false WHERE id = %s", [self.company.id]
        )
        self.env.invalidate_all()
        self.assertFalse(self.account._may_receive())

    def test_company_without_purchase_journal_keeps_what_came(self):
        self.account.receive_journal_id = False
        self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "purchase")]
        ).active = False
        receipt = self._receive("plain")
        self.assertEqual(receipt.state, "stored")
        self.assertTrue(self.account.receive_problem)
        self.journal.active = True
        self._fetch()
        self.assertEqual(receipt.move_id.journal_id, self.journal)

    def test_start_date_is_today_when_receiving_is_switched_on(self):
        self.account.write({"receives": False, "receive_since": False})
        self.account.receives = True
        self.assertEqual(self.account.receive_since, fields.Date.today())

    def test_button_on_the_journals_card_fetches_at_once(self):
        self._arrive("plain")
        journal = self.journal.with_user(self.accountant)
        self.assertTrue(journal.show_fetch_in_einvoices_button)
        journal.button_fetch_in_einvoices()
        self.assertTrue(self._receipts().move_id)

    # === PERIOD === #

    def test_period_tells_the_number_first_and_reaches_before_the_start(self):
        self.account.receive_since = fields.Date.today()
        self._arrive("plain", received_at=self.simulator.clock() - 40 * 86400)
        day = fields.Date.today() - timedelta(days=40)
        dialog = self.env["maventa.fetch.period"].create(
            {
                "account_id": self.account.id,
                "start": day - timedelta(days=1),
                "end": day + timedelta(days=1),
            }
        )
        dialog.action_count()
        self.assertEqual(dialog.count, "1")
        self.assertFalse(self._receipts())
        dialog.action_fetch()
        self.assertEqual(self._receipts().state, "listed")
        self.assertFalse(self.account.received_until)

    def test_period_that_ends_before_it_begins_is_refused(self):
        dialog = self.env["maventa.fetch.period"].create(
            {"account_id": self.account.id, "start": "2026-03-02", "end": "2026-03-01"}
        )
        with self.assertRaises(UserError):
            dialog.action_fetch()

    # === NETWORKS === #

    def test_networks_are_shown_and_joined_once(self):
        self.account.action_join_peppol()
        self.assertIn("PEPPOL (active)", self.account.networks)
        self.account.action_join_peppol()
        self.assertEqual(self.simulator.requests["create_profile"], 1)

    def test_bell_needs_a_public_address(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("web.base.url", "http://localhost:8069")
        with self.assertRaises(UserError):
            self.account.action_subscribe()
        self.assertFalse(self.account.webhook_id)

    def test_bell_is_subscribed_and_ended(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("web.base.url", "https://odoo.lumi.example")
        self.account.action_subscribe()
        self.assertTrue(self.account.webhook_id)
        self.assertIn(self.account.webhook_token, self.account._bell_url())
        self.account.action_subscribe()
        self.assertFalse(self.account.webhook_id or self.account.webhook_token)

    def test_bell_that_rings_often_rings_once_a_minute(self):
        receiver = self.env["maventa.receiver"].sudo()
        self.assertTrue(receiver._ring(self.account))
        self.assertFalse(receiver._ring(self.account))
        self.account.rung_at = fields.Datetime.now() - timedelta(minutes=2)
        self.assertTrue(receiver._ring(self.account))


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveBell(MaventaReceiveCommon, HttpCase):
    def test_bell_with_a_wrong_token_rings_nothing_and_is_answered_alike(self):
        self.account.webhook_token = "right"
        self.env.flush_all()
        answers = []
        for number, token in (
            (self.account.id, "wrong"),
            (self.account.id + 1000, "right"),
            (self.account.id, "right"),
        ):
            url = f"/maventa/bell/{number}/{token}"
            answers.append(self.url_open(url, data={"x": "<b>"}))
            rung = bool(self.account.rung_at)
            self.assertEqual(rung, token == "right" and number == self.account.id)
            self.account.invalidate_recordset()
        self.assertEqual({(x.status_code, x.text) for x in answers}, {(200, "")})
