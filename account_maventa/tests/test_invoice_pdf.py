from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PDF, MaventaCommon


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
        pdf = move.invoice_pdf_report_id.with_user(self.env.ref("base.user_admin"))
        with self.assertRaisesRegex(UserError, "stays as it was sent"):
            pdf.write({"raw": b"%PDF-1.4 other"})
        with self.assertRaises(UserError):
            pdf.write({"res_field": False})
        with self.assertRaises(UserError):
            pdf.unlink()
        self.assertEqual(move.invoice_pdf_report_id.raw, PDF)
