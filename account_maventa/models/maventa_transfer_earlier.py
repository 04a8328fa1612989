from odoo import models

from ..maventa_api import InvoiceStatus, MaventaError


class MaventaTransfer(models.Model):
    """What became of the earlier attempts, before a new one begins."""

    _inherit = "maventa.transfer"

    def _may_begin(self):
        """Tell whether this queued attempt may begin.

        An earlier one that had failed may live again, because somebody has rerouted
        it in Maventa's own pages: then the customer gets it, and must not get it
        a second time.
        """
        earlier = self._failed_before()
        if self.again or not earlier:
            return True
        company = self.account_company_id
        try:
            with company._maventa_client() as client:
                held = client.list_invoices(earlier.mapped("remote_id"))
        except MaventaError as error:
            self._postpone(error, ask_first=False)
            self._commit()
            company._maventa_note_trouble(error)
            return False
        alive = [
            held[row.remote_id]
            for row in earlier
            if row.remote_id in held
            and held[row.remote_id].status is not InvoiceStatus.FAILED
        ]
        if alive:
            self._give_way(earlier, alive)
        return not alive

    def _failed_before(self):
        ref = self.account_company_id._maventa_account_ref()
        return self.move_id.maventa_transfer_ids.filtered(
            lambda row: (
                row.state == "failed" and row.remote_id and row.account_ref == ref
            )
        )

    def _give_way(self, earlier, alive):
        """Drop this attempt, and follow the earlier one that Maventa carries."""
        move, company = self.move_id, self.account_company_id
        self.unlink()
        move._maventa_set_status(company.maventa_status_after_transfer_id)
        for invoice in alive:
            row = earlier.filtered(lambda row, id=invoice.id: row.remote_id == id)
            row._note_remote(invoice)
