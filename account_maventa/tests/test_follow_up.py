import dataclasses
from unittest.mock import patch
from uuid import uuid4

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..maventa_api import MaventaClient, RejectedError
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

    def test_refused_question_pauses_the_account(self):
        move = self._sent()
        refused = patch.object(
            MaventaClient, "list_invoices", side_effect=RejectedError("No such page")
        )
        with refused:
            self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "accepted")
        self.assertTrue(self.account.paused_until)
        self.assertIn("No such page", self.account.problem)

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
