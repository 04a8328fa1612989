"""Each account and each transfer has its turn, whatever happens to the others."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MaventaCommon

LOGGER = "odoo.addons.account_maventa.services.remote_call"


@tagged("post_install", "-at_install", "post_install_l10n")
class TestTurns(MaventaCommon):
    def test_try_is_written_before_the_call(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        transfer = move.sudo().maventa_transfer_id
        seen = []
        client = type(self.env["maventa.account"])._client

        def make_client(account):
            seen.append((account.tried_at, transfer.follow_tried_at))
            return client(account)

        with patch.object(type(self.env["maventa.account"]), "_client", make_client):
            self._run_cron("follow_up")
        self.assertTrue(all(seen[0]))

    def test_unforeseen_error_pauses_the_account_and_alerts_once(self):
        self._to_transfer(self._invoice())
        self._run_cron()

        def follow(_service, _account):
            raise KeyError("unforeseen")

        delivery = type(self.env["maventa.delivery.tracking"])
        with patch.object(delivery, "_follow", follow), mute_logger(LOGGER):
            for failures in range(1, 5):
                self.account.sudo().paused_until = False
                self._run_cron("follow_up")
                self.assertEqual(self.account.failures, failures)
                self.assertIn("KeyError", self.account.problem)
                self.assertTrue(self.account.paused_until)
                activities = self.account.sudo()._journals().activity_ids
                self.assertEqual(len(activities), failures >= 3)
