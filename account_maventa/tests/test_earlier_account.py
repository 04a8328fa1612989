from odoo.exceptions import UserError
from odoo.tests import tagged

from ..services.upload_run import UploadRun
from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestEarlierAccount(MaventaCommon):
    """What was sent under an account is followed to its end there, with its keys."""

    def setUp(self):
        super().setUp()
        self.simulator.polls_until_routed = 99

    def _sent(self, *faults):
        move = self._to_transfer(self._invoice())
        with self._fault(*faults):
            self._run_cron()
        return move

    def _unknown(self):
        move = self._sent("drop_after_storing")
        self.assertEqual(move.maventa_state, "unknown")
        return move

    def _held_of(self, remote):
        held = self.simulator.held_invoices()
        return [row for row in held if row.company_uuid == remote.company_uuid]

    def _pending_activities(self, move):
        kind = self.env.ref("account_maventa.mail_activity_type_pending")
        return move.activity_ids.filtered(lambda row: row.activity_type_id == kind)

    # === FOLLOWED TO THE END === #

    def test_accepted_transfer_is_delivered_by_its_own_account(self):
        move = self._sent()
        first = self.account
        other = self._connect(self.company)
        self.assertEqual(move.maventa_transfer_id.account_id, first)
        self.simulator.polls_until_routed = 0
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "delivered")
        self.assertEqual(move.maventa_transfer_id.level, "info")
        self.assertFalse(self._pending_activities(move))
        self.assertFalse(self._held_of(other))

    def test_unknown_transfer_is_looked_for_at_its_own_account(self):
        move = self._unknown()
        other = self._connect(self.company)
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")
        self.assertEqual(self.simulator.requests["create_invoice"], 1)
        self.assertFalse(self._held_of(other))
        self.assertEqual(len(self._held()), 1)

    def test_unknown_transfer_that_never_arrived_goes_to_its_own_account(self):
        move = self._sent("drop_before_storing")
        other = self._connect(self.company)
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")
        self.assertFalse(self._held_of(other))
        self.assertEqual(len(self._held_of(self.remote)), 1)

    def test_buttons_ask_the_account_of_the_transfer(self):
        for button in ("action_maventa_transfer_now", "action_maventa_refresh"):
            with self.subTest(button):
                self.setUp()
                self._use(self.company, self.remote)
                move = self._unknown()
                other = self._connect(self.company)
                getattr(move.with_user(self.accountant), button)()
                self.assertEqual(move.maventa_state, "accepted")
                self.assertFalse(self._held_of(other))
                self.assertEqual(len(self._held()), 1)

    def test_refresh_asks_each_account_for_its_own(self):
        old = self._sent()
        self._connect(self.company)
        new = self._sent()
        self.simulator.polls_until_routed = 0
        transfers = (old | new).maventa_transfer_ids.with_user(self.accountant)
        transfers.action_maventa_refresh()
        self.assertEqual(new.maventa_state, "delivered")
        self.assertEqual(old.maventa_state, "delivered")

    def test_failed_transfer_is_rerouted_at_its_own_account(self):
        move = self._sent()
        self.simulator.polls_until_routed = 0
        with self._fault("delivery_fails"):
            self._run_cron("follow_up")
        self._connect(self.company)
        dialog = self.env["maventa.reroute.wizard"].create({"move_id": move.id})
        dialog.action_reroute()
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "delivered")
        self.assertEqual(len(self._held_of(self.remote)), 1)

    def test_account_that_is_not_configured_any_more_is_followed(self):
        move = self._sent()
        self.company.maventa_enabled = False
        self.company._maventa_configure(False)
        self.simulator.polls_until_routed = 0
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "delivered")

    def test_failed_transfer_rerouted_at_its_account_is_not_sent_by_another(self):
        move = self._sent()
        self.simulator.polls_until_routed = 0
        with self._fault("delivery_fails"):
            self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "failed")
        with self.simulator.store as state:
            key = f"invoice/{move.maventa_transfer_id.uuid}"
            state[key] = state[key] | {"status": "DELIVERED", "destination": "PRINT"}
        other = self._connect(self.company)
        self._to_transfer(move)
        self._run_cron()
        self.assertEqual(move.maventa_state, "delivered")
        self.assertFalse(self._held_of(other))

    def test_refused_keys_of_an_earlier_account_are_shown_on_the_invoice(self):
        move, first = self._sent(), self.account
        self._connect(self.company)
        with self.simulator.store as state:  # and the tokens are gone as well
            for key in [key for key in state if key.startswith("token/")]:
                del state[key]
        self.simulator.change_company(self.remote.company_uuid, user_api_key="new")
        self._run_cron("follow_up")
        self.assertEqual(first.state, "refused")
        self.assertEqual(self.account.state, "verified")
        self.assertEqual(move.maventa_state, "accepted")
        alert = move.alerts["maventa_account"]
        self.assertEqual(alert["message"], first.problem)
        first.user_api_key = "new"
        first.action_check()
        self.assertNotIn("maventa_account", move.alerts or {})
        self.simulator.polls_until_routed = 0
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "delivered")
        self.simulator.change_company(
            self.remote.company_uuid, user_api_key=self.remote.user_api_key
        )

    def test_earlier_keys_select_the_earlier_account_again(self):
        move, first = self._sent(), self.account
        self._connect(self.company)
        self._use(self.company, self.remote).action_check()
        self.assertEqual(self.account, first)
        self.simulator.polls_until_routed = 0
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "delivered")

    def test_checking_the_account_again_keeps_it(self):
        move, first = self._sent(), self.account
        self.account.action_check()
        self._run_cron("follow_up")
        self.assertEqual(self.account, first)
        self.assertEqual(move.maventa_transfer_id.account_id, first)
        self.assertFalse(self._pending_activities(move))

    # === QUEUED === #

    def test_queued_transfer_goes_by_the_account_in_use(self):
        move = self._to_transfer(self._invoice())
        other = self._connect(self.company)
        self._run_cron()
        self.assertEqual(move.maventa_transfer_id.account_id, self.account)
        self.assertEqual(len(self._held_of(other)), 1)
        self.assertFalse(self._held_of(self.remote))

    def test_again_as_new_stays_so_at_another_account(self):
        move = self._sent()
        self.simulator.polls_until_routed = 0
        self._run_cron("follow_up")
        move.with_user(self.accountant).action_maventa_send_again()
        other = self._connect(self.company)
        self.assertTrue(move.maventa_transfer_id.again)
        self._run_cron()
        self.assertEqual(len(self._held_of(other)), 1)

    def test_queue_of_a_branch_follows_its_own_account(self):
        branch = self.env["res.company"].create(
            {"name": "Haara", "parent_id": self.company.id}
        )
        self.env.user.company_ids |= branch
        move = self._to_transfer(self._invoice())
        move.sudo().flush_recordset()
        self.env.cr.execute(
            "UPDATE account_move SET company_id = %s WHERE id = %s",
            [branch.id, move.id],
        )
        self.env.invalidate_all()
        self.assertEqual(move.maventa_transfer_id.account_id, self.account)
        branch.vat = "FI98765430"
        self.assertFalse(move.maventa_transfer_ids, "not by the account of another")
        self.assertFalse(move.maventa_status_id)

    def test_account_change_during_a_run_applies_to_the_next_transfer(self):
        moves = self._to_transfer(self._invoice(), self._invoice())
        first, second = moves.sudo().maventa_transfer_ids.sorted("id")
        with UploadRun(self.env["maventa.uploader"]) as run:
            run.take(first)
            other = self._connect(self.company)
            run.take(second)
        run.raise_errors()
        self.assertEqual((first | second).mapped("state"), ["accepted", "accepted"])
        self.assertNotEqual(first.account_id, second.account_id)
        [held] = self._held_of(other)
        self.assertEqual(held.uuid, second.uuid)

    def test_unchecked_keys_send_nothing(self):
        foreign = self.simulator.add_account(name="Vieras Oy", bid="9123456-5")
        move = self._to_transfer(self._invoice())
        self._use(self.company, foreign)
        self.assertTrue(self.company.maventa_enabled)
        with self.assertRaisesRegex(UserError, "not verified"):
            move.with_user(self.accountant).action_maventa_transfer_now()
        self.assertFalse(self._held())
        self.assertEqual(move.maventa_state, "queued")

    def test_button_does_not_try_refused_keys(self):
        move = self._to_transfer(self._invoice())
        self.account.state = "refused"
        self.simulator.requests.clear()
        with self.assertRaises(UserError):
            move.with_user(self.accountant).action_maventa_transfer_now()
        self.assertFalse(self.simulator.requests)
