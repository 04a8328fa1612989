from odoo.tests import tagged

from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestDemo(MaventaCommon):
    """Demo looks like Demo, and counts as nothing after going live."""

    def _go_live(self, environment="test"):
        """Use an account of a real service; the simulator answers for it."""
        remote = self.simulator.add_account(
            name="Live", bid="2345678-0", vat=self.company.vat
        )
        account = self.company._maventa_configure(
            environment, remote.company_uuid, remote.user_api_key
        )
        account.sudo().write({"state": "verified", "business_id": self.company.vat})
        return account

    def test_demo_is_shown_everywhere(self):
        self.partner_a.invoice_sending_method = "maventa"
        move = self._invoice()
        self.assertTrue(move.maventa_is_demo)
        wizard = self.env["account.move.send.wizard"].create({"move_id": move.id})
        self.assertIn("Demo", wizard.alerts["maventa_demo"]["message"])
        toast = wizard.action_send_and_print()
        self.assertIn("Demo", toast["params"]["title"])
        transfer = move.maventa_transfer_id
        self.assertTrue(transfer.is_demo)
        self.assertIn("Demo", str(move.maventa_timeline))
        self.assertIn("Nothing was sent", " ".join(move.message_ids.mapped("body")))
        self._run_cron("follow_up")
        self._run_cron("follow_up")
        self.assertEqual(transfer.state, "delivered")
        self.assertIn("Demo: delivered", move.message_ids[0].body)

    def test_demo_counts_as_not_sent_after_going_live(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.assertTrue(move.is_move_sent)
        first = move.maventa_transfer_id
        account = self._go_live()
        self.assertTrue(first.is_void)
        self.assertFalse(move.maventa_state)
        self.assertFalse(move.maventa_status_id)
        self.assertFalse(move.is_move_sent)
        self.assertFalse(move.maventa_is_demo)
        self.assertFalse(move._maventa_is_frozen())
        self.assertIn("Demo", str(move.maventa_timeline), "the history stays")
        self._to_transfer(move)
        transfer = move.maventa_transfer_id
        self.assertEqual((transfer.account_id, transfer.again), (account, False))
        self.assertEqual(transfer.state, "queued")

    def test_queue_of_demo_does_not_go_live(self):
        move = self._to_transfer(self._invoice())
        self.assertEqual(move.maventa_state, "queued")
        self._go_live()
        self.assertFalse(move.maventa_transfer_ids)
        self.assertFalse(move.maventa_status_id)

    def test_queue_of_an_environment_that_was_left_is_emptied(self):
        for there in ("production", "demo", False):
            with self.subTest(there):
                account = self._go_live("test")
                self.company.maventa_enabled = False
                waiting = self._to_transfer(self._invoice())
                self.company.maventa_enabled = True
                queued = self._to_transfer(self._invoice())
                self.assertEqual(queued.maventa_state, "queued")
                if there == "production":
                    self._go_live(there)
                else:
                    self.company._maventa_configure(there)
                for move in waiting | queued:
                    self.assertFalse(move.maventa_transfer_ids)
                    self.assertFalse(move.maventa_status_id)
                    self.assertIn("taken out of the queue", move.message_ids[0].body)
                self.company._maventa_configure("test", account.company_uuid)
                self.assertFalse(queued.maventa_state)

    def test_queued_transfer_begins_only_while_its_account_is_in_use(self):
        move = self._to_transfer(self._invoice())
        transfer = move.sudo().maventa_transfer_id
        uploader = self.env["maventa.uploader"]
        self.assertTrue(uploader._due(transfer))
        values = {"company_id": self.company.id, "environment": "production"}
        other = self.account.sudo().create(values)
        other.state = "verified"
        transfer.account_id = other
        self.assertFalse(uploader._due(transfer))
        self._run_cron()
        self.assertEqual(move.maventa_state, "queued")
        self.assertFalse(self._held())

    def test_void_transfer_is_not_followed(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        transfer = move.maventa_transfer_id
        self._go_live()
        self.simulator.polls_until_routed = 0
        asked = self.simulator.requests["list_invoices"]
        self._run_cron("follow_up")
        self.assertEqual(self.simulator.requests["list_invoices"], asked)
        self.assertEqual(transfer.state, "accepted")

    def test_another_demo_account_voids_nothing(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self._connect(self.company)
        self.assertEqual(move.maventa_state, "accepted")
