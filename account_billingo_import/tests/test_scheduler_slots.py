from unittest.mock import patch

from odoo.tests import tagged

from .common import BillingoCommon
from .generated import Generator

RUNS = "odoo.addons.base.models.ir_cron.MIN_RUNS_PER_JOB"
TIME = "odoo.addons.base.models.ir_cron.MIN_TIME_PER_JOB"
COUNT = 95
PAGES = 10


@tagged("post_install", "-at_install")
class TestSchedulerSlots(BillingoCommon):
    """A first run over many documents: one commit per page, slot after slot."""

    def setUp(self):
        super().setUp()
        generator = Generator(20260606)
        self.simulator.accounts.open(
            self.own.api_key,
            tax_code=self.company.vat,
            expires="2031-12-31",
            blocks=generator.account.blocks,
            documents=[x.raw for x in generator.documents(COUNT)],
        )
        self.own.state = "active"

    def _slot(self, name, runs):
        """Let the scheduler call a job so often, each time without time left."""
        with self.enter_registry_test_mode(), patch(TIME, 0), patch(RUNS, runs):
            self.env.ref(f"account_billingo_import.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def test_long_run_continues_over_several_slots(self):
        for slot in range(1, 4):
            self._slot("ir_cron_billingo_fetch", 3)
            self.assertEqual(self.simulator.requests["documents"], 3 * slot)
            self.assertEqual(len(self.own.document_ids), 30 * slot)
            self.assertEqual(self.own.fetch_page, 3 * slot + 1)
            self.assertEqual(self.own.run_id.pages, 3 * slot)
            self.assertAlmostEqual(self.own.fetch_progress, 30.0 * slot)
            self.assertFalse(self.own.fetched_until, "the mark waits for the end")
            self.assertFalse(self.own.last_success_at)
        self._slot("ir_cron_billingo_fetch", 3)
        self.assertEqual(self.simulator.requests["documents"], PAGES)
        self.assertEqual(len(self.own.document_ids), COUNT)
        self.assertTrue(self.own.fetched_until)
        self.assertEqual(self.own.fetch_progress, 0)
        self.assertEqual(self.own.run_ids.mapped("count_new"), [COUNT])

    def test_each_page_is_committed_before_the_next_request(self):
        crons = type(self.env["ir.cron"])
        original = crons._commit_progress
        asked = []

        def commit(cron, *args, **kwargs):
            asked.append(self.simulator.requests["documents"])
            return original(cron, *args, **kwargs)

        with patch.object(crons, "_commit_progress", commit):
            self._run("ir_cron_billingo_fetch")
        self.assertEqual(asked, [*range(PAGES + 1)])

    def test_long_first_run_leaves_time_for_other_connections(self):
        self.supplier.state = "active"
        self.own.last_success_at = False
        self._slot("ir_cron_billingo_fetch", 12)
        self._slot("ir_cron_billingo_fetch", 12)
        self.assertTrue(self.own.fetched_until)
        self.assertTrue(self.supplier.fetched_until)

    def test_processing_continues_in_the_next_slot(self):
        self._run("ir_cron_billingo_fetch")
        waiting = [self.own.count_fetched]
        while self.own.count_fetched:
            self._slot("ir_cron_billingo_process", 6)
            waiting.append(self.own.count_fetched)
            self.assertLess(waiting[-1], waiting[-2], "every slot gets on")
        self.assertGreater(len(waiting), 2)
        moves = self.own.document_ids.move_id
        self.assertEqual(len(moves), self.own.count_processed)
