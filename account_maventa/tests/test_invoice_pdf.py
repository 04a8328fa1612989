import io
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PDF, MaventaCommon

NEW = b"%PDF-1.4\n%a page of this moment\n%%EOF\n"


@tagged("post_install", "-at_install")
class TestInvoicePdf(MaventaCommon):
    """The PDF that went out is the PDF of the invoice."""

    def test_accepted_pdf_is_the_pdf_of_the_invoice(self):
        move = self._to_transfer(self._invoice())
        self.assertFalse(move.invoice_pdf_report_id)
        self._run_cron()
        [held] = self._held()[move.name].pdfs
        self.assertEqual(move.invoice_pdf_report_id.raw, held)
        self.assertEqual(
            move.invoice_pdf_report_id.res_field, "invoice_pdf_report_file"
        )
        self.assertEqual(move.message_main_attachment_id, move.invoice_pdf_report_id)
        shown = move._get_invoice_legal_documents("pdf", allow_fallback=True)
        self.assertEqual(shown["content"], held)
        self.assertNotIn("proforma", shown["filename"])

    def test_refused_pdf_is_not_kept(self):
        move = self._to_transfer(self._invoice())
        with self._fault("invoice_refused"):
            self._run_cron()
        self.assertFalse(move.invoice_pdf_report_id)
        self.assertFalse(move.maventa_transfer_id.pdf_attachment_id)

    def test_pdf_of_an_unclear_upload_is_kept_when_it_is_found(self):
        move = self._to_transfer(self._invoice())
        with self._fault("drop_after_storing"):
            self._run_cron()
        self.assertFalse(move.invoice_pdf_report_id)
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")
        self.assertEqual(move.invoice_pdf_report_id.raw, PDF)

    def test_earlier_pdf_stays_as_an_attachment(self):
        move = self._invoice()
        self.env["account.move.send"]._generate_and_send_invoices(
            move, sending_methods=set()
        )
        earlier = move.invoice_pdf_report_id
        earlier.raw = b"%PDF-1.4 an earlier print %%EOF"
        move.is_move_sent = False
        self._to_transfer(move)
        self._run_cron()
        self.assertNotEqual(move.invoice_pdf_report_id, earlier)
        self.assertFalse(earlier.res_field)
        self.assertIn(earlier, move.attachment_ids)
        self.assertFalse(earlier.maventa_send, "it does not go along the next time")

    def test_data_only_makes_no_pdf(self):
        self.company.maventa_send_pdf = False
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")
        self.assertFalse(move.invoice_pdf_report_id)

    def test_pdf_that_went_out_is_neither_changed_nor_deleted(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        pdf = move.invoice_pdf_report_id.with_user(self.accountant)
        with self.assertRaisesRegex(UserError, "stays as it was sent"):
            pdf.write({"raw": b"%PDF-1.4 other"})
        with self.assertRaises(UserError):
            pdf.write({"res_field": False})
        with self.assertRaises(UserError):
            pdf.unlink()
        self.assertEqual(move.invoice_pdf_report_id.raw, PDF)

    # === PRINT === #

    def _print(self, moves, report="account.account_invoices"):
        """Print as the button does, with pages in place of those of the PDF tool."""
        reports = self.env["ir.actions.report"].with_user(self.accountant)
        reports = reports.with_context(force_report_rendering=True)
        tool = patch.object(
            self.registry["ir.actions.report"],
            "_run_wkhtmltopdf",
            side_effect=lambda *_args, **_options: NEW,
        )
        self.report_patch.stop()
        try:
            with tool as made:
                content, kind = reports._render_qweb_pdf(report, moves.ids)
        finally:
            self.report_patch.start()
        self.assertEqual(kind, "pdf")
        return content, made.call_count

    def test_print_shows_the_file_that_went_out(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.partner_a.street = "Uusikatu 7"
        own = self.env.ref("account.account_invoices").copy()
        for report in (
            "account.account_invoices",
            "account.account_invoices_without_payment",
            own,
        ):
            self.assertEqual(self._print(move, report), (PDF, 0))

    def test_print_of_others_is_new(self):
        draft = self._invoice()
        self.assertEqual(self._print(draft), (NEW, 1))

    def test_print_of_several_has_each_as_it_is(self):
        held, new = self._to_transfer(self._invoice()), self._invoice()
        self._run_cron()
        merged = []

        def merge(_self, streams, *_args):
            merged.extend(stream.getvalue() for stream in streams)
            return io.BytesIO(b"%PDF-merged")

        reports = self.registry["ir.actions.report"]
        with patch.object(reports, "_merge_pdfs", merge):
            self._print(new | held)
        self.assertEqual(merged, [NEW, PDF])

    def test_print_of_a_correction_is_new(self):
        move = self._failed()
        self.assertEqual(self._print(move), (NEW, 1), "it did not reach the customer")
