"""Nobody learns from Maventa's bell which accounts there are, whatever is sent."""

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_receive import MaventaReceiveCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestBell(MaventaReceiveCommon, HttpCase):
    def test_odd_calls_are_answered_alike_and_ring_nothing(self):
        self.account.webhook_token = "right"
        self.env.flush_all()
        own = self.account.id
        calls = {
            f"{own}/wrong": {},
            f"{10**30}/right": {},
            f"{2**31}/right": {},
            "0/right": {},
            f"{own}/%00": {},
            f"{own}/r%C3%ADght": {},
            f"{own + 1}/right": {"account_id": own, "token": "right"},
            f"{own}/x": {"account_id": [own], "token": "right", "_body": "x"},
            f"{own}/{'x' * 5000}": {"x": "<b>"},
        }
        answers = {}
        for path, body in calls.items():
            with mute_logger("odoo.http", "odoo.sql_db"):
                answer = self.url_open(f"/maventa/bell/{path}", data=body or {"x": 1})
            answers[path] = (answer.status_code, answer.text)
        self.assertEqual(answers, dict.fromkeys(calls, (200, "")))
        self.account.invalidate_recordset()
        self.assertFalse(self.account.rung_at)
