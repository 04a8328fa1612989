import io
import threading
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import OdooPdfFileReader
from psycopg2.errors import SerializationFailure

from ..maventa_api import MaventaClient
from .common import MaventaCommon

SECONDS = 20  # longest wait for another thread; nothing waits so long


@tagged("post_install", "-at_install")
class TestBatches(MaventaCommon):
    """Documents are made in batches; uploads go on beside that."""

    def _queued(self, count, partner=None):
        moves = [self._invoice(partner, price=n + 1) for n in range(count)]
        return self._to_transfer(*moves)

    def _rendering(self, before=None):
        """Record the invoices of each call of the PDF tool.

        :param before: called with the ids of the invoices
        """
        reports = self.registry["ir.actions.report"]
        original, calls = reports._pre_render_qweb_pdf, []

        def render(report, name, res_ids=None, data=None):
            calls.append(list(res_ids))
            if before:
                before(res_ids)
            return original(report, name, res_ids=res_ids, data=data)

        return calls, patch.object(reports, "_pre_render_qweb_pdf", render)

    def test_one_call_of_the_pdf_tool_makes_a_batch(self):
        moves = self._queued(5)
        calls, rendering = self._rendering()
        with rendering:
            self._run_cron()
        self.assertEqual(calls, [moves.ids])
        self.assertEqual(set(moves.mapped("maventa_state")), {"accepted"})
        self.assertEqual(self._held().keys(), set(moves.mapped("name")))

    def test_batch_has_at_most_twenty(self):
        self._queued(23)
        calls, rendering = self._rendering()
        with rendering:
            self._run_cron()
        self.assertEqual([len(call) for call in calls], [20, 3])
        self.assertEqual(self.simulator.requests["create_invoice"], 23)

    def test_batch_has_one_language_company_and_report(self):
        self.env["res.lang"]._activate_lang("fi_FI")
        self.partner_b.lang = "fi_FI"
        english, finnish = self._queued(2), self._queued(2, self.partner_b)
        calls, rendering = self._rendering()
        with rendering:
            self._run_cron()
        self.assertEqual(sorted(calls), sorted([english.ids, finnish.ids]))

    def test_document_that_breaks_a_batch_is_found(self):
        moves = self._queued(14)
        bad = moves[4]

        def break_off(res_ids):
            if bad.id in res_ids:
                raise UserError(self.env._("No printer ink"))

        calls, rendering = self._rendering(break_off)
        with rendering:
            self._run_cron()
        states = [move.maventa_state for move in moves]
        self.assertEqual(states, ["accepted"] * 4 + ["invalid"] + ["accepted"] * 9)
        self.assertEqual(bad.maventa_error, "No printer ink")
        self.assertIn([bad.id], calls)
        self.assertLess(len(calls), len(moves), "the others are not made alone")

    @mute_logger("odoo.addons.base.models.ir_cron")
    def test_fault_in_one_pdf_does_not_stop_the_batch(self):
        moves = self._queued(3)

        def break_off(res_ids):
            if moves[1].id in res_ids:
                raise ZeroDivisionError

        _calls, rendering = self._rendering(break_off)
        with rendering:
            self._run_cron()
        states = [move.maventa_state for move in moves]
        self.assertEqual(states, ["accepted", "queued", "accepted"])
        self._run_cron()
        self.assertEqual(moves[1].maventa_state, "accepted")

    def test_concurrent_change_splits_the_batch(self):
        moves = self._queued(4)
        kind = self.registry["maventa.transfer"]
        original = kind._set_documents

        def set_documents(transfers, documents):
            if moves[2] in transfers.move_id:
                raise SerializationFailure
            original(transfers, documents)

        with patch.object(kind, "_set_documents", set_documents):
            self._run_cron()
        states = [move.maventa_state for move in moves]
        self.assertEqual(states, ["accepted", "accepted", "queued", "accepted"])
        self._run_cron()
        self.assertEqual(moves[2].maventa_state, "accepted")
        self.assertEqual(self.simulator.requests["create_invoice"], 4)

    def test_uploads_begin_with_the_first_batch(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("account_maventa.batch_size", "2")
        self._queued(4)
        uploaded = threading.Semaphore(0)
        original, seen = MaventaClient.send_invoice, []

        def send(client, upload):
            result = original(client, upload)
            uploaded.release()
            return result

        def before(res_ids):
            if seen:  # the second batch: both of the first go out meanwhile
                seen.extend(uploaded.acquire(timeout=SECONDS) for _upload in range(2))
            else:
                seen.append(True)

        _calls, rendering = self._rendering(before)
        with rendering, patch.object(MaventaClient, "send_invoice", send):
            self._run_cron()
        self.assertEqual(seen, [True] * 3)
        self.assertEqual(len(self._held()), 4)

    def test_taken_out_of_the_batch_is_not_sent(self):
        moves = self._queued(3)
        kind = self.registry["maventa.document.maker"]
        original = kind._make_pdfs

        def make(documents, moves_):
            pdfs = original(documents, moves_)
            moves[1].maventa_transfer_id.sudo().unlink()
            return pdfs

        with (
            patch.object(kind, "_make_pdfs", make),
            mute_logger("odoo.addons.base.models.ir_cron"),
        ):
            self._run_cron()
        self.assertNotIn(moves[1].name, self._held())

    def test_pdfs_of_a_batch_belong_to_their_invoices(self):
        moves = [self._invoice(price=n + 1) for n in range(3)]
        lines = moves[1].invoice_line_ids
        lines.name = "\n".join(["Snow, metre by metre"] * 90)  # more than one page
        moves = self.env["account.move"].union(*moves)
        self.report_patch.stop()
        try:
            quiet = mute_logger("odoo.addons.base.models.ir_actions_report")
            with quiet, self.allow_pdf_render():
                documents = self.env["maventa.document.maker"].with_context(
                    force_report_rendering=True
                )
                pdfs = documents._make_pdfs(moves)
        finally:
            self.report_patch.start()
        pages = []
        for move in moves:
            reader = OdooPdfFileReader(io.BytesIO(pdfs[move].raw), strict=False)
            pages.append(reader.getNumPages())
            text = "".join(page.extract_text() for page in reader.pages)
            for other in moves:
                self.assertEqual(other.name in text, other == move)
        self.assertEqual(pages[0], pages[2])
        self.assertGreater(pages[1], pages[0])
