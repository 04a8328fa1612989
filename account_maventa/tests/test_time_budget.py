"""A button that works through many records ends before Odoo ends the request."""

from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import PropertyMock, patch

from odoo.tests import tagged

from ..services.time_budget import TimeBudget
from .common_receive import MaventaReceiveCommon

JOB = "account_maventa.ir_cron_maventa_receive"


@tagged("post_install", "-at_install", "post_install_l10n")
class TestTimeBudget(MaventaReceiveCommon):
    def _time_for(self, number):
        """Let the time end after so many looks at the clock."""
        looks = [False] * number + [True] * 100
        spent = PropertyMock(side_effect=looks)
        return patch.object(TimeBudget, "is_spent", spent)

    @contextmanager
    def _triggering(self):
        """Yield a list that has the new triggers of the job after the block."""
        mine, found = [("cron_id", "=", self.env.ref(JOB).id)], []
        triggers = self.env["ir.cron.trigger"].sudo()
        before = triggers.search(mine)
        yield found
        found += triggers.search(mine) - before

    def _many(self, number):
        sample = self._sample("plain")
        for count in range(number):
            draft = replace(sample.draft, number=f"N-{count}")
            self._arrive(replace(sample, draft=draft))

    def _press_fetch(self):
        journal = self.company_data["default_journal_purchase"]
        journal.with_user(self.accountant).button_fetch_in_einvoices()

    def test_fetch_takes_what_fits_and_leaves_the_rest_to_the_job(self):
        self._many(3)
        told = patch.object(type(self.env["res.users"]), "_bus_send")
        with self._time_for(1), told as tell, self._triggering() as triggers:
            self._press_fetch()
        booked = self._receipts().filtered("move_id")
        self.assertEqual((len(booked), len(self._receipts())), (1, 3))
        self.assertTrue(booked.is_marked, "Maventa is told of what was taken over")
        self.assertTrue(triggers)
        self.assertEqual(tell.call_args.args[0], "simple_notification")
        self._fetch()
        self.assertEqual(len(self._receipts().filtered("move_id")), 3)

    def test_fetch_with_enough_time_tells_nothing(self):
        self._many(2)
        told = patch.object(type(self.env["res.users"]), "_bus_send")
        with told as tell:
            self._press_fetch()
        names = [call.args[0] for call in tell.call_args_list]
        self.assertNotIn("simple_notification", names)
        self.assertEqual(len(self._receipts().filtered("move_id")), 2)

    def test_list_that_is_not_read_to_its_end_is_read_again(self):
        self._many(120)
        with self._time_for(0):
            self._press_fetch()
        self.assertEqual(len(self._receipts()), 100)
        self.assertFalse(self.account.received_until)
        receiver = self.env["maventa.receiver"].sudo()
        with patch.object(type(receiver), "_work_off", lambda *_args: True):
            receiver._receive(self.account)
        self.assertEqual(len(self._receipts()), 120)

    def test_period_that_is_too_long_says_so_and_keeps_what_was_listed(self):
        self._many(120)
        dialog = self.env["maventa.fetch.period"].create(
            {
                "account_id": self.account.id,
                "start": "2020-01-01",
                "end": "2099-01-01",
            }
        )
        with self._time_for(0), self._triggering() as triggers:
            action = dialog.action_fetch()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(len(self._receipts()), 100)
        self.assertTrue(triggers)

    def test_read_again_leaves_the_rest_to_the_job(self):
        self._many(3)
        receipts = self._fetch()
        with self._time_for(1), self._triggering() as triggers:
            receipts.with_user(self.accountant).action_read_again()
        self.assertEqual(len(receipts.filtered(lambda row: row.state == "stored")), 2)
        self.assertTrue(triggers)
        self._fetch()
        self.assertFalse(receipts.filtered(lambda row: row.state == "stored"))

    def test_transfer_now_leaves_the_rest_queued(self):
        self.company.maventa_enabled = True
        moves = self.env["account.move"].union(
            *(self._to_transfer(self._invoice()) for _number in range(3))
        )
        with self._time_for(1):
            moves.with_user(self.accountant).action_maventa_transfer_now()
        states = moves.mapped("maventa_state")
        self.assertEqual(states.count("queued"), 2, states)
        self._run_cron()
        self.assertNotIn("queued", moves.mapped("maventa_state"))

    def test_refresh_asks_for_as_many_as_fit(self):
        self.company.maventa_enabled = True
        moves = self.env["account.move"].union(
            *(self._to_transfer(self._invoice()) for _number in range(3))
        )
        self._run_cron()
        self.simulator.requests.clear()
        with self._time_for(1):
            moves.with_user(self.accountant).action_maventa_refresh()
        few = sum(self.simulator.requests.values())
        self.simulator.requests.clear()
        moves.with_user(self.accountant).action_maventa_refresh()
        self.assertGreater(sum(self.simulator.requests.values()), few)
