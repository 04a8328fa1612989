import json

from odoo.tests import tagged

from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestDashboard(MaventaCommon):
    def _numbers(self, journal):
        journal = journal.with_user(self.accountant)
        journal.invalidate_recordset(["kanban_dashboard"])
        data = json.loads(journal.kanban_dashboard)
        return [
            data[f"maventa_{name}"] for name in ("waiting", "in_delivery", "to_correct")
        ]

    def test_dashboard_card_counts_transfers_by_group(self):
        sent, note = self._invoice(), self._invoice(move_type="out_refund")
        journal = sent.journal_id
        self.assertEqual(self._numbers(journal), [0, 0, 0])
        self._to_transfer(sent, note)
        self.assertEqual(self._numbers(journal), [2, 0, 0])
        self._run_cron()
        bad = self._to_transfer(self._invoice())
        with self._fault("invoice_refused"):
            self._run_cron()
        self.assertEqual(self._numbers(journal), [0, 2, 1])
        for name, moves in (("in_delivery", sent | note), ("to_correct", bad)):
            action = journal.with_context(maventa_counted=name).action_maventa_open()
            self.assertEqual(self.env["account.move"].search(action["domain"]), moves)
