from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestTrouble(MaventaCommon):
    def test_lost_answer_is_found_by_uuid(self):
        for fault in ("drop_after_storing", "error_after_storing", "answer_cut"):
            with self.subTest(fault):
                self.setUp()
                move = self._to_transfer(self._invoice())
                with self._fault(fault):
                    self._run_cron()
                self.assertEqual(move.maventa_state, "unknown")
                self.assertEqual(move.maventa_status_id, self._status("to_transfer"))
                self._run_cron()
                self.assertEqual(move.maventa_state, "accepted")
                status = self._status("after_transfer")
                self.assertEqual(move.maventa_status_id, status)
                self.assertFalse(move.maventa_error)
                self.assertEqual(self.simulator.requests["create_invoice"], 1)
                self.assertEqual(self.simulator.requests["show_invoice"], 1)
                self.assertEqual(self._held()[move.name].posted, 1)

    def test_lost_upload_is_repeated_with_same_bytes(self):
        for fault in ("drop_before_storing", "bad_gateway"):
            with self.subTest(fault):
                self.setUp()
                move = self._to_transfer(self._invoice())
                with self._fault(fault):
                    self._run_cron()
                transfer = move.maventa_transfer_id
                self.assertEqual(transfer.state, "unknown")
                before = (transfer.uuid, transfer.sha256)
                self._run_cron()
                self.assertEqual(transfer.state, "accepted")
                self.assertEqual((transfer.uuid, transfer.sha256), before)
                held = self._held()[move.name]
                self.assertEqual((held.uuid, held.sha256), before)
                self.assertEqual(len(move.maventa_transfer_ids), 1)

    def test_interrupted_upload_is_looked_for_first(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        # as a killed worker leaves it: the intent is there, the outcome is not
        transfer = move.sudo().maventa_transfer_id
        transfer.write({"state": "queued", "remote_id": False})
        move._maventa_set_status(self._status("to_transfer"))
        transfer.state = "uploading"
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")
        self.assertEqual(self.simulator.requests["create_invoice"], 1)
        self.assertEqual(self.simulator.requests["show_invoice"], 1)

    def test_rejected_invoice_is_sent_as_new_after_correction(self):
        move = self._to_transfer(self._invoice())
        with self._fault("invoice_refused"):
            self._run_cron()
        first = move.maventa_transfer_id
        self.assertEqual(first.state, "rejected")
        self.assertIn("Invoice refused", first.error)
        self.assertEqual(move.maventa_status_id, self._status("after_error"))
        alert = move.alerts["maventa_error"]
        self.assertEqual(alert["level"], "danger")
        self.assertTrue(alert["message"].startswith(first.error))
        self.assertEqual(move.activity_ids.user_id, move.invoice_user_id)
        self.assertIn("Invoice refused", move.activity_ids.note)
        self.partner_a.street = "Uusikatu 7"
        self._to_transfer(move)
        self._run_cron()
        second = move.maventa_transfer_id
        self.assertEqual(second.state, "accepted")
        self.assertNotEqual(second.uuid, first.uuid)
        self.assertIn(b"Uusikatu 7", self._held()[move.name].file)
        self.assertFalse(move.activity_ids, "closed by itself")
        self.assertNotIn("maventa_error", move.alerts or {})

    def test_missing_data_is_invalid_without_request(self):
        move = self._invoice()
        move.partner_bank_id = self._wrong_account()
        self.partner_a.write({"street": False, "city": False})
        self._to_transfer(move)
        self._run_cron()
        self.assertEqual(move.maventa_state, "invalid")
        self.assertEqual(move.maventa_status_id, self._status("after_error"))
        self.assertIn("bank account", move.maventa_error)
        self.assertIn("street, city", move.maventa_error)
        self.assertFalse(self.simulator.requests)

    def test_invoice_without_route_is_invalid(self):
        self.partner_a.write({"vat": False, "email": False, "zip": False})
        self.partner_a.peppol_endpoint = False
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.assertIn("no e-invoice address, no business id", move.maventa_error)

    def test_failing_pdf_affects_one_invoice(self):
        good, bad = self._invoice(), self._invoice()
        self._to_transfer(bad, good)
        kind = self.registry["account.move.send"]
        original = kind._prepare_invoice_pdf_report

        def prepare(sender, data):
            if bad.id in [move.id for move in data]:
                raise UserError(self.env._("No printer ink"))
            return original(sender, data)

        with patch.object(kind, "_prepare_invoice_pdf_report", prepare):
            self._run_cron()
        self.assertEqual(
            (bad.maventa_state, good.maventa_state), ("invalid", "accepted")
        )
        self.assertEqual(bad.maventa_error, "No printer ink")

    def test_invalid_invoice_does_not_stop_others(self):
        moves = [self._invoice(price=price) for price in (1, 2, 3)]
        moves[1].partner_bank_id = self._wrong_account()
        self._to_transfer(*moves)
        self._run_cron()
        states = [move.maventa_state for move in moves]
        self.assertEqual(states, ["accepted", "invalid", "accepted"])

    def test_exception_does_not_stop_others(self):
        bad, good = self._invoice(), self._invoice()
        self._to_transfer(bad, good)
        kind = self.registry["maventa.document.maker"]
        original = kind._make

        def build(service, move, pdf=None):
            if move == bad:
                raise ZeroDivisionError
            return original(service, move, pdf)

        with (
            patch.object(kind, "_make", build),
            mute_logger("odoo.addons.base.models.ir_cron"),
        ):
            self._run_cron()
        self.assertEqual(
            (bad.maventa_state, good.maventa_state), ("queued", "accepted")
        )
        self._run_cron()
        self.assertEqual(bad.maventa_state, "accepted")

    def test_rate_limit_pauses_the_account(self):
        moves = self._to_transfer(self._invoice(), self._invoice())
        with self._fault("rate_limited"):
            self._run_cron()
        self.assertEqual(moves.mapped("maventa_state"), ["queued", "queued"])
        self.assertTrue(self.account.paused_until)
        calls = self.simulator.requests["create_invoice"]
        self.assertEqual(calls, 1, "no hammering")
        self._run_cron()
        self.assertEqual(self.simulator.requests["create_invoice"], calls)
        self.account.paused_until = "2026-01-01"
        self._run_cron()
        self.assertEqual(set(moves.mapped("maventa_state")), {"accepted"})
        self.assertFalse(self.account.paused_until)
        self.assertFalse(self.account.problem)

    def test_retry_after_schedules_the_job(self):
        self._to_transfer(self._invoice())
        cron = self.env.ref("account_maventa.ir_cron_maventa_transfer")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        with self._fault("rate_limited"):
            self._run_cron()
        paused = self.account.paused_until
        seconds = (paused - self.account.write_date).total_seconds()
        self.assertAlmostEqual(seconds, 120, delta=5)
        call_at = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertGreater(min(call_at.mapped("call_at")), paused)

    def test_expired_token_is_renewed(self):
        moves = self._to_transfer(*(self._invoice(price=n) for n in (1, 2, 3)))
        with self._fault("token_expires"):
            self._run_cron()
        self.assertEqual(set(moves.mapped("maventa_state")), {"accepted"})
        self.assertEqual(len(self._held()), 3)

    def test_unverified_company_stops_and_notifies(self):
        moves = self._to_transfer(self._invoice(), self._invoice())
        with self._fault("company_unverified"):
            self._run_cron()
        self.assertEqual(moves.mapped("maventa_state"), ["queued", "queued"])
        self.assertEqual(moves.maventa_status_id, self._status("to_transfer"))
        self.assertEqual(self.account.state, "unverified")
        # twice for the first invoice: its token might just have been too old
        self.assertEqual(self.simulator.requests["create_invoice"], 2)
        alert = moves[0].alerts["maventa_account"]
        self.assertEqual(alert["message"], self.account.problem)
        self._assert_told_once("unverified")
        self.simulator.change_company(self.remote.company_uuid, state="VERIFIED")
        self.account.action_check()
        self._run_cron()
        self.assertEqual(set(moves.mapped("maventa_state")), {"accepted"})

    def test_job_never_retries_wrong_keys(self):
        moves = self._to_transfer(self._invoice(), self._invoice())
        self.simulator.change_company(self.remote.company_uuid, user_api_key="new")
        with self.simulator.store as state:  # and the tokens are gone as well
            for key in [key for key in state if key.startswith("token/")]:
                del state[key]
        self._run_cron()
        self.assertEqual(self.account.state, "refused")
        self.assertEqual(moves.mapped("maventa_state"), ["queued", "queued"])
        tokens = self.simulator.requests["token"]
        self._run_cron()
        self.assertEqual(self.simulator.requests["token"], tokens)
        self._assert_told_once("refused")
        self.simulator.change_company(
            self.remote.company_uuid, user_api_key=self.remote.user_api_key
        )

    def _assert_told_once(self, state):
        journals = self.env["account.journal"].search(
            [("company_id", "=", self.company.id)]
        )
        told = journals.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id
                == self.env.ref("account_maventa.mail_activity_type_account")
            )
        )
        self.assertEqual(len(told), 1)
        self.assertEqual(told.user_id, self.account.admin_id)
        self.assertEqual(self.account.state, state)

    def test_transfer_of_another_worker_is_skipped(self):
        mine, theirs = self._invoice(), self._invoice()
        self._to_transfer(mine, theirs)
        transfers = type(mine.maventa_transfer_id)
        taken, original = theirs.maventa_transfer_id, transfers.try_lock_for_update

        def skip_locked(records, **options):
            return original(records - taken, **options)

        with patch.object(transfers, "try_lock_for_update", skip_locked):
            self._run_cron()
            theirs.with_user(self.accountant).action_maventa_transfer_now()
        self.assertEqual(
            (mine.maventa_state, theirs.maventa_state), ("accepted", "queued")
        )
        self.assertEqual(self._held().keys(), {mine.name})

    def test_transfer_taken_after_intent_is_skipped(self):
        move = self._to_transfer(self._invoice())
        transfers = type(move.maventa_transfer_id)
        original = transfers.try_lock_for_update

        def lose_the_race(records, **options):
            if "uploading" in records.mapped("state"):
                return records.browse()
            return original(records, **options)

        with patch.object(transfers, "try_lock_for_update", lose_the_race):
            self._run_cron()
        self.assertEqual(move.maventa_state, "uploading")
        self.assertFalse(self._held())
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")

    def test_repeated_lost_answers_pause_the_account(self):
        moves = self._to_transfer(*(self._invoice(price=n) for n in range(1, 6)))
        self.simulator.faults.add("bad_gateway", 3)
        self._run_cron()
        self.assertTrue(self.account.paused_until)
        states = moves.sorted("id").mapped("maventa_state")
        self.assertEqual(states.count("unknown"), 3)
        self.assertEqual(states.count("queued"), 2)

    def test_remote_text_is_escaped_in_chatter(self):
        move = self._to_transfer(self._invoice())
        transfer = move.sudo().maventa_transfer_id
        transfer._fail("rejected", "<script>alert(1)</script>")
        bodies = "".join(move.message_ids.mapped("body"))
        self.assertNotIn("<script>", bodies)
        self.assertIn("&lt;script&gt;", bodies)
