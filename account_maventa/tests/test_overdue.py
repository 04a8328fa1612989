from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestOverdue(MaventaCommon):
    """What Maventa has had for too long is told, once; it is not an error."""

    def setUp(self):
        super().setUp()
        self.simulator.polls_until_routed = 99
        self.company.maventa_warn_days = 3

    def _sent(self, days):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        since = fields.Datetime.now() - timedelta(days=days)
        move.sudo().maventa_transfer_id.pending_since = since
        return move

    def _warnings(self, move):
        kind = self.env.ref("account_maventa.mail_activity_type_pending")
        return move.activity_ids.filtered(lambda row: row.activity_type_id == kind)

    def test_overdue_delivery_warns_once(self):
        move = self._sent(days=3.1)
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "accepted", "no failure")
        self.assertEqual(move.maventa_status_id, self._status("after_transfer"))
        self.assertEqual(move.alerts["maventa_pending"]["level"], "warning")
        self.assertIn(
            "has not delivered it yet", move.alerts["maventa_pending"]["message"]
        )
        self.assertEqual(self._warnings(move).user_id, move.invoice_user_id)
        self._run_cron("follow_up")
        self.assertEqual(len(self._warnings(move)), 1)
        said = [
            text for text in move.message_ids.mapped("body") if "not delivered" in text
        ]
        self.assertEqual(len(said), 1)

    def test_delivery_in_time_does_not_warn(self):
        move = self._sent(days=2.9)
        self._run_cron("follow_up")
        self.assertFalse(move.maventa_transfer_id.warned_at)
        self.assertNotIn("maventa_pending", move.alerts or {})

    def test_zero_days_switch_the_warning_off(self):
        self.company.maventa_warn_days = 0
        move = self._sent(days=999)
        self._run_cron("follow_up")
        self.assertFalse(self._warnings(move))

    def test_invoice_missing_at_maventa_becomes_overdue(self):
        move = self._sent(days=4)
        with self.simulator.store as state:
            del state[f"invoice/{move.maventa_transfer_id.uuid}"]
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "accepted")
        self.assertTrue(self._warnings(move))

    def test_unknown_status_becomes_overdue(self):
        move = self._sent(days=4)
        with self.simulator.store as state:
            key = f"invoice/{move.maventa_transfer_id.uuid}"
            state[key] = state[key] | {"status": "ON_HOLD"}
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "accepted")
        self.assertTrue(self._warnings(move))

    def test_delivery_removes_the_warning(self):
        move = self._sent(days=4)
        self._run_cron("follow_up")
        self.assertTrue(self._warnings(move))
        self.simulator.polls_until_routed = 0
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "delivered")
        self.assertFalse(self._warnings(move))
        self.assertNotIn("maventa_pending", move.alerts or {})

    def test_failure_replaces_the_warning(self):
        move = self._sent(days=4)
        self._run_cron("follow_up")
        self.simulator.polls_until_routed = 0
        with self._fault("delivery_fails"):
            self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "failed")
        self.assertFalse(self._warnings(move))
        self.assertEqual(len(move.activity_ids), 1)

    def test_reroute_starts_waiting_again(self):
        move = self._sent(days=4)
        self._run_cron("follow_up")
        self.simulator.polls_until_routed = 0
        with self._fault("delivery_fails"):
            self._run_cron("follow_up")
        dialog = self.env["maventa.reroute.wizard"].create({"move_id": move.id})
        dialog.action_reroute()
        self.simulator.polls_until_routed = 99
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "accepted")
        self.assertFalse(move.maventa_transfer_id.warned_at)
