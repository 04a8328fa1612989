"""Receiving after workers that died: each document and each list gets on."""

from contextlib import suppress
from dataclasses import replace
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..maventa_api import MaventaClient
from ..services import receiver as module
from .common_receive import MaventaReceiveCommon

BOOKING, RECEIVER = "maventa.bill.booking", "maventa.receiver"


class Killed(BaseException):
    """What ends a worker: nothing catches it."""


@tagged("post_install", "-at_install", "post_install_l10n")
class TestAfterInterruption(MaventaReceiveCommon):
    def _series(self, size):
        """Let invoices arrive one after the other; return their ids."""
        now, ids = self.simulator.clock(), []
        for place in range(size):
            draft = replace(self._sample("plain").draft, number=f"K-{place}")
            sample = replace(self._sample("plain"), draft=draft)
            ids += self._arrive(sample, received_at=now - 1000 + place)
        return ids

    def _run_until_killed(self, model, name, victim):
        """Run the job, which dies while it works on a document; return all receipts."""
        service = self.registry[model]
        real = getattr(service, name)

        def work(this, receipt, *args):
            if receipt.remote_id == victim:
                raise Killed
            return real(this, receipt, *args)

        with patch.object(service, name, work):
            with suppress(Killed):
                self._run_cron("receive")
        self.env.invalidate_all()
        return self._receipts()

    # === DOCUMENTS === #

    def test_document_that_ends_the_worker_starves_no_other(self):
        for model, name in ((BOOKING, "_book"), (RECEIVER, "_download")):
            with self.subTest(name):
                self.setUp()
                first, *others = self._series(3)
                for _time in range(2):
                    receipts = self._run_until_killed(model, name, first)
                rest = receipts.filtered(lambda row, ids=others: row.remote_id in ids)
                self.assertEqual(len(rest.move_id), 2)
                victim = receipts.filtered(lambda row, key=first: row.remote_id == key)
                self.assertIn(victim.state, ("listed", "stored"))
                self.assertTrue(victim.tried_at)
                self.assertEqual(victim.interrupted, 2)

    def test_document_that_ends_the_worker_each_time_is_left_to_a_person(self):
        for model, name in ((BOOKING, "_book"), (RECEIVER, "_download")):
            with self.subTest(name):
                self.setUp()
                [victim] = self._series(1)
                for _time in range(4):
                    receipts = self._run_until_killed(model, name, victim)
                receipt = receipts.filtered(
                    lambda row, key=victim: row.remote_id == key
                )
                self.assertEqual(receipt.state, "unreadable")
                self.assertEqual(self._codes(receipt), {"unreadable_slow"})
                self.assertIn("takes too long", receipt.points_text)
                move = receipt.move_id
                self.assertIn("takes too long", str(move.activity_ids.note))
                calls = [x.get("action_call") for x in move.alerts.values()]
                call = ["maventa.receipt", "action_read_again", receipt.ids]
                self.assertIn(call, calls)
                receipt.with_user(self.accountant).action_read_again()
                self.assertEqual(receipt.move_id, move)
                self.assertNotIn("unreadable_slow", self._codes(receipt))
                self.assertTrue(move.amount_total)
                self.assertFalse(receipt.interrupted)

    def test_tries_with_an_outcome_are_no_interruption(self):
        self._series(1)
        for _time in range(4):
            with self._fault("rate_limited"):
                receipt = self._fetch()
            self.account.paused_until = False
        with self._fault("file_unavailable"):
            receipt = self._fetch()
        self.assertFalse(receipt.interrupted)
        receipt.next_try = False
        self._fetch()
        self.assertTrue(receipt.move_id)

    # === LISTS === #

    def _run_over_pages(self, dies_at=0):
        """Run the job; return the pages that it asks for, and when it works off."""
        real, steps = MaventaClient.list_inbound, []

        def list_page(client, *args, number=1, **options):
            steps.append(number)
            if number == dies_at:
                raise Killed
            return real(client, *args, number=number, **options)

        def work_off(*_args):
            steps.append("work")
            return True

        with (
            patch.object(MaventaClient, "list_inbound", list_page),
            patch.object(self.registry[RECEIVER], "_work_off", work_off),
        ):
            with suppress(Killed):
                self._run_cron("receive")
        self.env.invalidate_all()
        return steps

    def test_list_goes_on_where_its_worker_has_died(self):
        self._series(310)
        self.assertEqual(self._run_over_pages(dies_at=3), [1, 2, 3])
        self.assertEqual(len(self._receipts()), 200)
        self.assertFalse(self.account.received_until)
        self.assertEqual(self._run_over_pages(dies_at=4), ["work", 2, 3, 4])
        self.assertFalse(self.account.looked_back_at)
        self.assertEqual(self._run_over_pages(), ["work", 3, 4, "work"])
        self.assertEqual(len(self._receipts()), 310)
        self.assertTrue(self.account.received_until)
        self.assertTrue(self.account.looked_back_at)
        self.assertEqual(self._run_over_pages()[0], 1)

    def test_long_list_leaves_time_for_booking(self):
        self._series(310)
        with patch.object(module, "LISTING_SECONDS", -1):
            self.assertEqual(self._run_over_pages(), [1, "work"])
            self.assertFalse(self.account.received_until)
            self.assertEqual(self._run_over_pages(), ["work", 1, 2, "work"])
            self.assertEqual(self._run_over_pages(), ["work", 2, 3, "work"])
            self.assertEqual(self._run_over_pages(), ["work", 3, 4, "work"])
        self.assertEqual(len(self._receipts()), 310)
        self.assertTrue(self.account.received_until)

    def test_look_that_reads_further_back_begins_anew(self):
        self._series(1)
        later = fields.Datetime.to_datetime("2021-01-01 00:00:00")
        self.account.write({"list_page": 3, "list_start": later})
        self.assertEqual(self._run_over_pages(), ["work", 1, "work"])
