import threading
from contextlib import contextmanager
from unittest.mock import patch

from odoo import sql_db
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger
from psycopg2.errors import SerializationFailure

from ..maventa_api import MaventaClient, TemporaryError
from ..models.maventa_transfer import LOCK_SPACE
from .common import MaventaCommon

SECONDS = 20  # longest wait for another thread; nothing waits so long


@tagged("post_install", "-at_install")
class TestUploadRun(MaventaCommon):
    """Uploads go on while the next documents are made."""

    def setUp(self):
        super().setUp()
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("account_maventa.batch_size", "1")
        self.numbers = {}  # invoice number by UUID, for the other threads

    def _queued(self, count):
        moves = [self._invoice(price=number + 1) for number in range(count)]
        self._to_transfer(*moves)
        self.names = [move.name for move in moves]
        for move in moves:
            self.numbers[move.maventa_transfer_id.uuid] = move.name
        return moves

    @contextmanager
    def _uploading(self, before):
        """Call ``before(number of the invoice)`` in the thread of each upload.

        No record may be touched there: the connection is the other thread's.
        """
        original = MaventaClient.send_invoice

        def send(client, upload):
            before(self.numbers[upload.uuid])
            return original(client, upload)

        with patch.object(MaventaClient, "send_invoice", send):
            yield

    @contextmanager
    def _making(self, before):
        """Call ``before(move)`` when its document is about to be made."""
        kind = self.registry["maventa.document.maker"]
        original = kind._make

        def make(service, move, pdf=None):
            before(move)
            return original(service, move, pdf)

        with patch.object(kind, "_make", make):
            yield

    def _row(self, move, transfer):
        """Return the transfer as the cursor of the move sees it now."""
        row = move.env["maventa.transfer"].browse(transfer.id)
        row.invalidate_recordset()
        return row

    def _held_on(self, transfer):
        """Tell whether it was still held, beyond any transaction, and end that.

        In tests all cursors share one connection, and so its locks.
        """
        [[held]] = transfer.env.execute_query(
            SQL("SELECT pg_advisory_unlock(%s, %s)", LOCK_SPACE, transfer.id)
        )
        return held

    def _locked_elsewhere(self, transfer):
        """Tell whether a worker with another connection could not have it."""
        with sql_db.db_connect(self.env.cr.dbname).cursor() as other:
            other.execute(
                "SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_SPACE, transfer.id]
            )
            return not other.fetchone()[0]

    def test_next_document_is_made_during_upload(self):
        first, second = self._queued(2)
        transfer, seen = first.sudo().maventa_transfer_id, []
        inside, made = threading.Event(), threading.Event()

        def send(number):
            if number == self.names[0]:
                inside.set()
                self.assertTrue(made.wait(SECONDS), "nothing is made meanwhile")

        def make(move):
            if move == second:
                self.assertTrue(inside.wait(SECONDS))
                row = self._row(move, transfer)
                seen.append((row.state, self._locked_elsewhere(row)))
                # Of two locks (tests commit nothing) it is the one that commits leave.
                seen.append(self._held_on(row))
                row._hold()
                made.set()

        with self._uploading(send), self._making(make):
            self._run_cron()
        self.assertEqual(seen, [("uploading", True), True], "committed, and held")
        self.assertFalse(self._held_on(transfer), "let go at the end")
        self.assertEqual({first.maventa_state, second.maventa_state}, {"accepted"})

    def test_uploads_run_in_parallel(self):
        moves = self._queued(4)
        together = threading.Barrier(3)

        def send(number):
            if number != self.names[0]:
                together.wait(SECONDS)

        with self._uploading(send):
            self._run_cron()
        self.assertEqual({move.maventa_state for move in moves}, {"accepted"})
        self.assertEqual(self._held().keys(), {move.name for move in moves})

    def test_outcome_is_recorded_immediately(self):
        first, second, third = self._queued(3)
        transfer, seen = first.sudo().maventa_transfer_id, []

        def make(move):
            seen.append((move, self._row(move, transfer).state))

        with self._making(make):
            self._run_cron()
        self.assertEqual(seen[0], (first, "queued"))
        self.assertEqual(seen[2], (third, "accepted"))
        self.assertEqual(second.maventa_state, "accepted")

    def test_late_success_does_not_end_the_pause(self):
        moves = self._queued(6)
        limited, refused = threading.Event(), TemporaryError("slow", code="http_429")

        def send(number):
            if number == self.names[1]:  # under way all the time, and well in the end
                self.assertTrue(limited.wait(SECONDS))
            if number in self.names[2:4]:
                raise refused

        kind = self.registry["maventa.account"]
        original = kind._note_trouble

        def noted(account, error, by_job=True):
            original(account, error, by_job=by_job)
            limited.set()

        watched = patch.object(kind, "_note_trouble", noted)
        with self._uploading(send), watched:
            self._run_cron()
        states = [move.maventa_state for move in moves]
        self.assertEqual(states[:3], ["accepted", "accepted", "queued"])
        self.assertEqual(set(states[3:]), {"queued"})
        self.assertTrue(self.account.paused_until)
        self.assertEqual(self.account.failures, 1, "one accident, one step")
        self.account.paused_until = "2026-01-01"
        self._run_cron()
        self.assertEqual({move.maventa_state for move in moves}, {"accepted"})
        self.assertEqual({held.posted for held in self.simulator.held_invoices()}, {1})

    def test_switching_off_during_a_run_keeps_the_queue(self):
        moves = self._queued(3)

        def make(move):
            if move == moves[1]:
                move.company_id.maventa_enabled = False

        with self._making(make):
            self._run_cron()
        states = [move.maventa_state for move in moves]
        self.assertEqual(states, ["accepted", "accepted", "queued"])

    def test_prepared_transfer_is_requeued_on_pause(self):
        moves, made = self._queued(2), threading.Event()

        def send(_number):
            self.assertTrue(made.wait(SECONDS), "the second one is made meanwhile")

        def make(move):
            if move == moves[1]:
                made.set()

        with (
            self._uploading(send),
            self._making(make),
            self._fault("rate_limited"),
        ):
            self._run_cron()
        transfer = moves[1].maventa_transfer_id
        self.assertEqual(transfer.state, "queued")
        self.assertFalse(self._held_on(transfer))
        self.assertEqual(self.simulator.requests["create_invoice"], 1)

    @mute_logger("odoo.addons.base.models.ir_cron")
    def test_exception_in_thread_is_resolved_by_next_run(self):
        moves = self._queued(3)

        def send(number):
            if number == self.names[1]:
                raise ZeroDivisionError

        with self._uploading(send):
            self._run_cron()
        states = [move.maventa_state for move in moves]
        self.assertEqual(states, ["accepted", "uploading", "accepted"])
        self.assertFalse(self._held_on(moves[1].maventa_transfer_id))
        self._run_cron()
        self.assertEqual(moves[1].maventa_state, "accepted")
        self.assertEqual(self.simulator.requests["show_invoice"], 1)

    def test_serialization_failure_does_not_lose_the_outcome(self):
        [move] = self._queued(1)
        kind = self.registry["maventa.transfer"]
        original, tries = kind._accept, []

        def accept(transfer, invoice):
            original(transfer, invoice)
            tries.append(transfer)
            if len(tries) == 1:
                raise SerializationFailure

        with patch.object(kind, "_accept", accept):
            self._run_cron()
        self.assertEqual(len(tries), 2)
        self.assertEqual(move.maventa_state, "accepted")
        self.assertEqual(self.simulator.requests["create_invoice"], 1)
        said = [
            body for body in move.message_ids.mapped("body") if "handed over" in body
        ]
        self.assertEqual(len(said), 1)

    def test_button_skips_transfer_of_the_job(self):
        first, second = self._queued(2)
        transfer = first.sudo().maventa_transfer_id
        with sql_db.db_connect(self.env.cr.dbname).cursor() as other:
            other.execute(
                "SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, transfer.id]
            )
            first.with_user(self.accountant).action_maventa_transfer_now()
            self._run_cron()
        self.assertEqual(
            (first.maventa_state, second.maventa_state), ("queued", "accepted")
        )
        self._run_cron()
        self.assertEqual(first.maventa_state, "accepted")
