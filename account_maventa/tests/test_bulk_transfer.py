from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestBulkTransfer(MaventaCommon):
    """What can go goes; the rest is listed with reasons."""

    def _result(self, *moves):
        moves = self.env["account.move"].union(*moves).with_user(self.accountant)
        action = moves.action_maventa_to_transfer()
        return action, self.env["maventa.transfer.result"].browse(action.get("res_id"))

    def test_the_rest_is_listed_with_reasons(self):
        good, draft = self._invoice(), self._invoice()
        draft.button_draft()
        held = self._to_transfer(self._invoice())
        self._run_cron()
        _action, result = self._result(good, draft, held)
        self.assertEqual(good.maventa_state, "queued")
        self.assertEqual(result.ready, 1)
        self.assertFalse(result.has_questions)
        reasons = {line.move_id: line.reason for line in result.line_ids}
        self.assertEqual(reasons.keys(), {draft, held})
        self.assertIn("posted documents", reasons[draft])
        self.assertIn("not sent twice", reasons[held])

    def test_result_without_problems_is_a_toast(self):
        action, _result = self._result(self._invoice(), self._invoice())
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("2", action["params"]["message"])

    def test_nothing_to_do_is_an_error(self):
        move = self._invoice()
        move.button_draft()
        with self.assertRaisesRegex(UserError, "posted documents"):
            self._result(move)
