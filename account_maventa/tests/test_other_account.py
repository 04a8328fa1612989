from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.transfer_run import TransferRun
from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestOtherAccount(MaventaCommon):
    """By hand, too: nothing goes by an account that is not the right one."""

    def _unknown(self):
        move = self._to_transfer(self._invoice())
        with self._fault("drop_after_storing"):
            self._run_cron()
        self.assertEqual(move.maventa_state, "unknown")
        return move

    def _held_of(self, account):
        held = self.simulator.held_invoices()
        return [row for row in held if row.company_uuid == account.company_uuid]

    def test_what_may_have_arrived_in_one_is_not_sent_to_another(self):
        move = self._unknown()
        other = self._connect(self.company)
        move = move.with_user(self.accountant)
        for button in (move.action_maventa_transfer_now, move.action_maventa_refresh):
            with self.assertRaisesRegex(UserError, "earlier keys"):
                button()
        transfer = move.sudo().maventa_transfer_id
        transfer._run()  # whoever else may come to that
        self.assertEqual(move.maventa_state, "unknown")
        self.assertFalse(self._held_of(other))
        self.assertEqual(len(self._held()), 1)

    def test_what_one_has_is_not_looked_for_in_another(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self._connect(self.company)
        asked = self.simulator.requests["list_invoices"]
        with self.assertRaisesRegex(UserError, "earlier keys"):
            move.with_user(self.accountant).action_maventa_refresh()
        self.assertEqual(self.simulator.requests["list_invoices"], asked)

    def test_of_several_those_of_this_account_are_looked_for(self):
        old = self._to_transfer(self._invoice())
        self._run_cron()
        self._connect(self.company)
        new = self._to_transfer(self._invoice())
        self._run_cron()
        self.simulator.polls_until_routed = 0
        transfers = (old | new).maventa_transfer_ids.with_user(self.accountant)
        transfers.action_maventa_refresh()
        self.assertEqual(new.maventa_state, "delivered")
        self.assertEqual(old.maventa_state, "accepted")

    def test_keys_that_change_in_the_middle_of_a_run_are_those_that_are_used(self):
        moves = self._to_transfer(self._invoice(), self._invoice())
        first, second = moves.sudo().maventa_transfer_ids.sorted("id")
        with TransferRun(self.env) as run:
            run.take(first)
            other = self._connect(self.company)
            run.take(second)
        run.raise_errors()
        self.assertEqual((first | second).mapped("state"), ["accepted", "accepted"])
        self.assertNotEqual(first.account_ref, second.account_ref)
        [held] = self._held_of(other)
        self.assertEqual(held.uuid, second.uuid)

    def test_keys_that_nobody_has_checked_send_nothing(self):
        foreign = self.simulator.add_account(name="Vieras Oy", bid="9123456-5")
        move = self._to_transfer(self._invoice())
        self.company.write(
            {
                "maventa_company_uuid": foreign.company_uuid,
                "maventa_user_api_key": foreign.user_api_key,
            }
        )
        self.assertTrue(self.company.maventa_enabled)
        with self.assertRaisesRegex(UserError, "not verified"):
            move.with_user(self.accountant).action_maventa_transfer_now()
        self.assertFalse(self._held())
        self.assertEqual(move.maventa_state, "queued")

    def test_wrong_keys_are_not_tried_again_by_the_button_either(self):
        move = self._to_transfer(self._invoice())
        self.company.maventa_account_state = "refused"
        self.simulator.requests.clear()
        with self.assertRaises(UserError):
            move.with_user(self.accountant).action_maventa_transfer_now()
        self.assertFalse(self.simulator.requests)
