"""Uploads without an outcome whose document was lost, as by a partial backup."""

from odoo.tests import tagged

from .common import MaventaCommon

GONE = "ff/" + 40 * "f"


@tagged("post_install", "-at_install")
class TestAfterRestoring(MaventaCommon):
    def _without_outcome(self):
        """Return a transfer that may have reached Maventa, with its file's place."""
        transfer = self._to_transfer(self._invoice()).sudo().maventa_transfer_id
        self.env["maventa.uploader"].sudo()._make_documents(transfer, [])
        transfer.state = "unknown"
        return transfer, self._place(transfer)

    def _place(self, transfer):
        self.env.flush_all()
        query = "SELECT store_fname, db_datas FROM ir_attachment WHERE id = %s"
        self.env.cr.execute(query, [transfer.attachment_id.id])
        return self.env.cr.fetchone()

    def _set_place(self, transfer, name, data=None):
        query = "UPDATE ir_attachment SET store_fname = %s, db_datas = %s WHERE id = %s"
        self.env.cr.execute(query, [name, data, transfer.attachment_id.id])
        self.env.invalidate_all()

    def test_other_bytes_than_recorded_are_never_sent(self):
        transfer, place = self._without_outcome()
        for name, data in ((GONE, None), (None, b"<Finvoice/>")):
            self._set_place(transfer, name, data)
            self._run_cron()
            self.assertEqual(self.simulator.held_invoices(), [])
            self.assertEqual(transfer.state, "unknown")
            self.assertIn("Restore", transfer.error)
            self.assertEqual(transfer.account_id.state, "verified")
            self.assertFalse(transfer.account_id.paused_until)
        self._set_place(transfer, *place)
        self._run_cron()
        self.assertEqual(transfer.state, "accepted")
        self.assertFalse(transfer.error)

    def test_invoice_that_maventa_has_is_found_without_its_file(self):
        move = self._to_transfer(self._invoice())
        with self._fault("drop_after_storing"):
            self._run_cron()
        transfer = move.sudo().maventa_transfer_id
        self.assertEqual(transfer.state, "unknown")
        self._set_place(transfer, GONE)
        transfer.account_id.paused_until = False
        self._run_cron()
        self.assertEqual(transfer.state, "accepted")
