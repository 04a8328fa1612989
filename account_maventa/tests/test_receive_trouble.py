"""Trouble with one document, or with one moment, stops nothing else."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..maventa_api import MaventaClient, RejectedError, SetupError, TemporaryError
from .common_receive import MaventaReceiveCommon

YEARS = 3650 * 86400


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveTrouble(MaventaReceiveCommon):
    def _with_trouble(self, remote_id, error):
        """Let Maventa answer so, whenever it is asked for one document."""
        real = MaventaClient.find_inbound

        def fail(client, uuid):
            if uuid == remote_id:
                raise error
            return real(client, uuid)

        return patch.object(MaventaClient, "find_inbound", fail)

    def _refused_list(self):
        return patch.object(
            MaventaClient, "list_inbound", side_effect=RejectedError("No such page")
        )

    def _of(self, remote_id):
        return self._receipts().filtered(lambda row: row.remote_id == remote_id)

    # === CURSOR === #

    def test_arrival_dated_in_the_future_hides_no_later_one(self):
        now = self.simulator.clock()
        self._receive("plain", received_at=now + YEARS)
        self.assertLessEqual(self.account.received_until, fields.Datetime.now())
        self._arrive("clean", received_at=now + 10)
        self.assertEqual(len(self._fetch()), 2)

    def test_page_full_of_arrivals_in_the_future_hides_no_later_one(self):
        self._receive("plain")
        receipt = self._receipts()
        future = fields.Datetime.now() + timedelta(days=3650)
        values = receipt.copy_data()[0]
        ids = [f"00000000-0000-4000-8000-{number:012}" for number in range(99)]
        known = {"received_at": future, "state": "lost"}
        receipt.create([{**values, **known, "remote_id": x} for x in ids])
        self._arrive("clean", received_at=self.simulator.clock() + 10)
        self.assertEqual(len(self._fetch()), 101)

    def test_cursor_of_the_future_is_repaired(self):
        self._receive("plain")
        self.account.received_until = fields.Datetime.now() + timedelta(days=3650)
        late = self.simulator.clock() - 40 * 86400
        self._arrive("clean", received_at=late)
        self.assertEqual(len(self._fetch()), 2)
        self.assertLessEqual(self.account.received_until, fields.Datetime.now())

    # === ONE DOCUMENT === #

    def test_document_that_maventa_refuses_is_put_off_alone(self):
        for error in (
            RejectedError("no", code="bad", http_status=400),
            SetupError("not yours", code="http_403", http_status=403),
            TemporaryError("other", code="other_invoice"),
            TemporaryError("?", code="unreadable_answer", http_status=200),
        ):
            with self.subTest(error.code):
                self.setUp()
                refused, other = self._arrive("plain", "clean")
                move = self._to_transfer(self._invoice())
                with self._with_trouble(refused, error):
                    self._fetch()
                    self._run_cron()
                waiting = self._of(refused)
                self.assertEqual(waiting.state, "listed")
                self.assertTrue(waiting.error)
                self.assertGreater(waiting.next_try, fields.Datetime.now())
                self.assertTrue(self._of(other).move_id)
                self.assertEqual(self.account.state, "verified")
                self.assertFalse(self.account.paused_until)
                self.assertFalse(self.account.receive_problem)
                self.assertEqual(move.maventa_state, "accepted")
                waiting.next_try = False
                self._fetch()
                self.assertTrue(waiting.move_id)

    def test_document_whose_connection_breaks_each_time_is_put_off_alone(self):
        [broken] = self._arrive("plain")
        error = TemporaryError("ReadTimeout", code="no_answer")
        with self._with_trouble(broken, error):
            for _time in range(2):
                self._fetch()
                self.assertTrue(self.account.paused_until)
                self.account.paused_until = False
            self._fetch()
        self.assertFalse(self.account.paused_until)
        self.assertTrue(self._receipts().next_try)

    def test_network_that_is_down_pauses_the_account(self):
        [remote_id] = self._arrive("plain")
        error = TemporaryError("refused", code="no_connection")
        with self._with_trouble(remote_id, error):
            for _time in range(4):
                self._fetch()
                self.assertTrue(self.account.paused_until)
                self.account.paused_until = False
        self.assertFalse(self._receipts().next_try)

    def test_document_that_stays_away_is_told_once(self):
        [refused] = self._arrive("plain")
        error = RejectedError("no", code="bad", http_status=400)
        counts = []
        with self._with_trouble(refused, error):
            for _time in range(6):
                self._fetch()
                counts.append(len(self.journal.activity_ids))
                self._receipts().next_try = False
        self.assertEqual(counts, [0, 0, 0, 1, 1, 1])
        self.assertIn("4", str(self.journal.activity_ids.note))
        receipt = self._fetch()
        self.assertTrue(receipt.move_id)
        self.assertFalse(self.journal.activity_ids)
        self.assertNotIn("put_off", self._codes(receipt))

    def test_document_that_is_lost_is_asked_about_no_more(self):
        [gone] = self._arrive("plain")
        error = RejectedError("no", code="bad", http_status=400)
        with self._with_trouble(gone, error):
            for _time in range(4):
                self._fetch()
                self._receipts().next_try = False
        self.assertTrue(self.journal.activity_ids)
        with self._fault("file_missing"):
            self._fetch()
        self.assertEqual(self._receipts().state, "lost")
        self.assertFalse(self.journal.activity_ids)
        self.assertFalse(self._receipts().points_text)

    # === THE LIST === #

    def test_list_that_is_refused_stops_neither_sending_nor_what_is_listed(self):
        with self._fault("file_unavailable"):
            receipt = self._receive("plain")
        receipt.next_try = False
        move = self._to_transfer(self._invoice())
        sales = self.company_data["default_journal_sale"]
        with self._refused_list():
            self._fetch()
            self._fetch()
            self._run_cron()
        self.assertTrue(receipt.move_id)
        self.assertEqual(move.maventa_state, "accepted")
        self.assertFalse(self.account.paused_until)
        self.assertIn("No such page", self.account.receive_problem)
        self.assertEqual(len(sales.activity_ids), 1)
        self._fetch()
        self.assertFalse(self.account.receive_problem)
