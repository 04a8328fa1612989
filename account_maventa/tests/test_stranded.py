from odoo.tests import tagged

from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestStranded(MaventaCommon):
    """What began under other keys is followed by nobody, and that is said."""

    def setUp(self):
        super().setUp()
        self.simulator.polls_until_routed = 99

    def _warnings(self, move):
        kind = self.env.ref("account_maventa.mail_activity_type_pending")
        return move.activity_ids.filtered(lambda row: row.activity_type_id == kind)

    def _sent(self, *faults):
        move = self._to_transfer(self._invoice())
        with self._fault(*faults):
            self._run_cron()
        return move

    def _give_keys_of(self, account):
        self.company.write(
            {
                "maventa_company_uuid": account.company_uuid,
                "maventa_user_api_key": account.user_api_key,
            }
        )
        self.company.action_maventa_check()

    def test_with_other_keys_it_is_told_once_and_not_followed(self):
        move = self._sent()
        self._connect(self.company)
        self._run_cron("follow_up")
        self.assertFalse(self.simulator.requests["list_invoices"], "nobody is asked")
        self.assertEqual(move.maventa_state, "accepted")
        alert = move.alerts["maventa_stranded"]
        self.assertEqual(alert["level"], "warning")
        self.assertIn("earlier keys", alert["message"])
        self.assertEqual(move.maventa_transfer_id.level, "warning")
        self.assertIn("earlier keys", move.maventa_transfer_id.history[-1][2])
        self.assertEqual(self._warnings(move).user_id, move.invoice_user_id)
        self._run_cron("follow_up")
        self.assertEqual(len(self._warnings(move)), 1)
        said = [body for body in move.message_ids.mapped("body") if "keys" in body]
        self.assertEqual(len(said), 1)

    def test_an_account_that_is_gone_is_no_excuse(self):
        move = self._sent()
        self.company.maventa_enabled = False
        self.company.maventa_company_uuid = False
        self._run_cron("follow_up")
        self.assertTrue(self._warnings(move))

    def test_what_nobody_knows_the_outcome_of_is_told_in_other_words(self):
        move = self._sent("drop_after_storing")
        self.assertEqual(move.maventa_state, "unknown")
        self._connect(self.company)
        self._run_cron("follow_up")
        message = move.alerts["maventa_stranded"]["message"]
        self.assertIn("nobody knows whether it arrived", message)

    def test_with_the_earlier_keys_it_is_well_again(self):
        move = self._sent()
        self._connect(self.company)
        self._run_cron("follow_up")
        self._give_keys_of(self.account)
        self._run_cron("follow_up")
        self.assertNotIn("maventa_stranded", move.alerts or {})
        self.assertEqual(move.maventa_transfer_id.level, "info")
        self.assertFalse(self._warnings(move))
        self.simulator.polls_until_routed = 0
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "delivered")

    def test_the_same_account_checked_anew_warns_of_nothing(self):
        move = self._sent()
        self.company.action_maventa_check()
        self._run_cron("follow_up")
        self.assertFalse(self._warnings(move))
