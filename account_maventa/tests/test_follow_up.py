import dataclasses
from unittest.mock import patch
from uuid import uuid4

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..maventa_api import MaventaClient, RejectedError, TemporaryError
from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestFollowUp(MaventaCommon):
    def _sent(self, count=1):
        moves = self._to_transfer(*(self._invoice(price=n + 1) for n in range(count)))
        self._run_cron()
        self.assertEqual(set(moves.mapped("maventa_state")), {"accepted"})
        return moves

    def test_follow_up_records_delivery(self):
        moves = self._sent(3)
        self._run_cron("follow_up")
        self.assertEqual(set(moves.mapped("maventa_state")), {"accepted"})
        self.assertTrue(all(moves.maventa_transfer_ids.mapped("checked_at")))
        self._run_cron("follow_up")
        self.assertEqual(set(moves.mapped("maventa_state")), {"delivered"})
        self.assertEqual(moves.maventa_status_id, self._status("after_transfer"))
        self.assertEqual(self.simulator.requests["list_invoices"], 2)
        self._run_cron("follow_up")
        self.assertEqual(self.simulator.requests["list_invoices"], 2, "all done")

    def test_follow_up_asks_in_batches_of_hundred(self):
        move = self._sent()
        transfer = move.sudo().maventa_transfer_id
        copies = transfer.create(
            [
                {
                    "move_id": move.id,
                    "account_id": self.account.id,
                    "state": "accepted",
                    "remote_id": f"00000000-0000-4000-8000-{number:012}",
                }
                for number in range(102)
            ]
        )
        self._run_cron("follow_up")
        self.assertEqual(self.simulator.requests["list_invoices"], 2)
        self.assertTrue(all((transfer | copies).mapped("checked_at")))
        self.assertEqual(set(copies.mapped("state")), {"accepted"}, "404 says nothing")

    def test_late_failure_sets_error_status_and_alert(self):
        move = self._sent()
        self.simulator.polls_until_routed = 0
        with self._fault("delivery_fails"):
            self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "failed")
        self.assertEqual(move.maventa_status_id, self._status("after_error"))
        self.assertIn("No routing found", move.maventa_error)
        self.assertIn("maventa_error", move.alerts)
        self._to_transfer(move)
        self.assertEqual(move.maventa_state, "queued")
        self.assertEqual(len(move.maventa_transfer_ids), 2)

    def test_reroute_at_maventa_is_recognised(self):
        move = self._sent()
        self.simulator.polls_until_routed = 0
        with self._fault("delivery_fails"):
            self._run_cron("follow_up")
        uuid = move.maventa_transfer_id.uuid
        with self.simulator.store as state:
            key = f"invoice/{uuid}"
            state[key] = state[key] | {"status": "DELIVERED", "destination": "PRINT"}
        move.with_user(self.accountant).action_maventa_refresh()
        self.assertEqual(move.maventa_state, "delivered")
        self.assertEqual(move.maventa_status_id, self._status("after_transfer"))
        self.assertFalse(move.maventa_error)
        self.assertFalse(move.activity_ids)

    def test_rerouted_invoice_is_not_sent_twice(self):
        for values, state in (
            ({"status": "DELIVERED", "destination": "PRINT"}, "delivered"),
            ({"status": "PENDING"}, "accepted"),
            ({"status": "PROCESSING"}, "accepted"),
        ):
            with self.subTest(state=values["status"]):
                self.setUp()
                move = self._failed()
                self._change_at_maventa(move.maventa_transfer_id, **values)
                self.simulator.polls_until_routed = 9
                self._to_transfer(move)
                self._run_cron()
                self.assertEqual(move.maventa_state, state)
                self.assertEqual(move.maventa_status_id, self._status("after_transfer"))
                self.assertFalse(move.activity_ids)
                self.assertEqual(len(move.maventa_transfer_ids), 1)
                self.assertEqual(self.simulator.requests["create_invoice"], 1)

    def test_failed_invoice_is_sent_as_new(self):
        move = self._to_transfer(self._failed())
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")
        self.assertEqual(len(move.maventa_transfer_ids), 2)
        self.assertEqual(self.simulator.requests["create_invoice"], 2)

    def test_failed_invoice_waits_for_the_duplicate_check(self):
        move = self._to_transfer(self._failed())
        with self._fault("bad_gateway"):
            self._run_cron()
        self.assertEqual(move.maventa_state, "queued")
        self.assertEqual(self.simulator.requests["create_invoice"], 1)
        self.assertTrue(self.account.paused_until)

    def test_transfer_that_maventa_refuses_holds_up_no_other(self):
        for error in (
            RejectedError("No such id", http_status=400),
            TemporaryError("other", code="other_invoice"),
            TemporaryError("odd", code="unreadable_row"),
        ):
            with self.subTest(error.code):
                self.setUp()
                moves = self._sent(5)
                refused, others = moves[2], moves - moves[2]
                with self._refused(refused, error):
                    self._run_cron("follow_up")
                    self._run_cron("follow_up")
                    self.assertEqual(set(others.mapped("maventa_state")), {"delivered"})
                    self.assertEqual(refused.maventa_state, "accepted")
                    self.assertFalse(self.account.paused_until)
                    transfer = refused.sudo().maventa_transfer_id
                    self.assertGreater(transfer.follow_next_try, fields.Datetime.now())
                    for _time in range(2):
                        transfer.follow_next_try = fields.Datetime.now()
                        self._run_cron("follow_up")
                    told = str(refused.maventa_timeline).count("is asked again")
                    self.assertEqual(told, 1)
                transfer.follow_next_try = fields.Datetime.now()
                self._run_cron("follow_up")
                self._run_cron("follow_up")
                self.assertEqual(refused.maventa_state, "delivered")
                self.assertFalse(transfer.follow_next_try)

    def test_transfer_that_maventa_refuses_is_overdue_in_the_end(self):
        move = self._sent()
        transfer = move.sudo().maventa_transfer_id
        transfer.pending_since = "2020-01-01"
        with self._refused(move, RejectedError("No such id")):
            self._run_cron("follow_up")
            transfer.follow_next_try = False
            self._run_cron("follow_up")
        self.assertEqual(len(move.activity_ids), 1)
        self.assertTrue(transfer.warned_at)

    def test_refused_duplicate_check_holds_up_no_other_invoice(self):
        failed = self._to_transfer(self._failed())
        with self._refused(failed, RejectedError("No such id")):
            self._run_cron()
            self.assertEqual(failed.maventa_state, "queued")
            self.assertFalse(self.account.paused_until)
            self.assertIn("No such id", self.account.problem)
            other = self._to_transfer(self._invoice())
            self._run_cron()
        self.assertEqual(other.maventa_state, "accepted")

    def _refused(self, move, error):
        """Let Maventa refuse each list that one of the invoices is asked in."""
        real = MaventaClient.list_invoices
        bad = set(move.sudo().maventa_transfer_ids.mapped("remote_id"))

        def refuse(client, ids):
            if bad & {*ids}:
                raise error
            return real(client, ids)

        return patch.object(MaventaClient, "list_invoices", refuse)

    def test_later_event_does_not_undo_delivery(self):
        self.simulator.polls_until_routed = 0
        move = self._sent()
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "delivered")
        with self.simulator.store as state:
            actions = state[f"invoice/{move.maventa_transfer_id.uuid}"]["actions"]
        error = {"type": "ERROR", "channel": "EINVOICE", "message": "Returned"}
        self._change_at_maventa(
            move.maventa_transfer_id,
            actions=[*actions, error | {"happened_at": "2026-03-09"}],
        )
        move.with_user(self.accountant).action_maventa_refresh()
        self.assertEqual(move.maventa_state, "delivered")
        self.assertIn("Returned", str(move.maventa_timeline))

    def test_withdrawn_delivery_is_a_failure(self):
        self.simulator.polls_until_routed = 0
        move = self._sent()
        self._run_cron("follow_up")
        self._change_at_maventa(move.maventa_transfer_id, status="FAILED")
        move.with_user(self.accountant).action_maventa_refresh()
        self.assertEqual(move.maventa_state, "failed")
        self.assertEqual(move.maventa_status_id, self._status("after_error"))
        self.assertTrue(move.activity_ids)

    def test_remote_id_is_followed(self):
        move = self._to_transfer(self._invoice())
        original, other = MaventaClient.send_invoice, str(uuid4())

        def send(client, upload):
            return original(client, dataclasses.replace(upload, uuid=other))

        with patch.object(MaventaClient, "send_invoice", send):
            self._run_cron()
        self.assertEqual(move.maventa_transfer_id.remote_id, other)
        self._run_cron("follow_up")
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "delivered")

    def test_unknown_remote_status_stays_pending(self):
        move = self._sent()
        with self.simulator.store as state:
            key = f"invoice/{move.maventa_transfer_id.uuid}"
            state[key] = state[key] | {"status": "PROCESSING"}
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "accepted")
        self.assertEqual(move.maventa_transfer_id.remote_status, "PROCESSING")

    def test_switched_off_company_is_still_followed(self):
        move = self._sent()
        self.company.maventa_enabled = False
        self._run_cron("follow_up")
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "delivered")

    def test_outage_pauses_without_conclusion(self):
        move = self._sent()
        with self._fault("bad_gateway"):
            self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "accepted")
        self.assertTrue(self.account.paused_until)

    def test_refresh_reports_an_outage(self):
        move = self._sent()
        with self._fault("bad_gateway"), self.assertRaisesRegex(UserError, "reached"):
            move.with_user(self.accountant).action_maventa_refresh()

    def test_refresh_finds_unknown_transfer(self):
        move = self._to_transfer(self._invoice())
        with self._fault("drop_after_storing"):
            self._run_cron()
        move.maventa_transfer_id.with_user(self.accountant).action_maventa_refresh()
        self.assertEqual(move.maventa_state, "accepted")
        self.assertEqual(self.simulator.requests["create_invoice"], 1)
