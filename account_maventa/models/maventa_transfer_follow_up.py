from odoo import fields, models
from odoo.exceptions import UserError

from ..maventa_api import InvoiceStatus, MaventaError
from .maventa_transfer import LIVE

FINAL = {InvoiceStatus.DELIVERED: "delivered", InvoiceStatus.FAILED: "failed"}


class MaventaTransfer(models.Model):
    _inherit = "maventa.transfer"

    def _follow_up(self):
        """Ask about these locked, handed-over transfers of one account.

        :raise MaventaError: no answer about any of them
        """
        company = self.account_company_id
        with company._maventa_client() as client:
            held = client.list_invoices(self.mapped("remote_id"))
        for transfer in self:
            transfer = transfer.with_context(lang=transfer.create_uid.lang)
            if invoice := held.get(transfer.remote_id):
                transfer._note_remote(invoice)
            else:  # deleted at Maventa, perhaps; nothing to conclude from
                transfer.checked_at = fields.Datetime.now()

    def _note_remote(self, invoice):
        """Write down how Maventa shows the invoice, and what that means."""
        self.write(
            {
                "checked_at": fields.Datetime.now(),
                "remote_status": invoice.status_text,
                "destination": invoice.destination,
                "actions": [
                    [action.happened_at, action.type, action.channel, action.message]
                    for action in invoice.actions
                ],
            }
        )
        pending = "delivered" if self.state == "delivered" else "accepted"
        state = FINAL.get(invoice.status, pending)
        if state == self.state:
            return
        if state == "failed":
            text = self.env._(
                "Maventa could not deliver it: %s", invoice.failure or "-"
            )
            self._end_badly("failed", text)
            return
        done = state == "delivered" and fields.Datetime.now()
        self.write({"state": state, "finished_at": done, "error": False})
        company = self.account_company_id
        if self.move_id.maventa_status_id == company.maventa_status_after_error_id:
            # Rerouted at Maventa after it had failed
            self.move_id._maventa_set_status(company.maventa_status_after_transfer_id)
        self.move_id.activity_unlink(["account_maventa.mail_activity_type_error"])
        if done:
            way = self.destination_label or "-"
            text = self.env._("Delivered by Maventa (%s).", way)
            self._stop_waiting()
        else:
            text = self.env._("Rerouted at Maventa: it is on its way again.")
            self._wait()
        self._note("info", text)
        self.move_id._message_log(body=text)

    def _follow_up_now(self):
        """Ask at once about transfers that somebody looks at.

        :raise UserError: Maventa cannot be asked, or there is nobody to ask
        """
        away = self.filtered(lambda row: row._is_of_another_account())
        if away and away == self:
            raise UserError(away[0]._stranded_text())
        for transfer in self - away:
            company = transfer.account_company_id
            if transfer.state == "queued" or not transfer._lock():
                continue
            if transfer.state in LIVE:
                transfer._run()
            elif transfer.remote_id:
                try:
                    transfer._follow_up()
                except MaventaError as error:
                    raise UserError(company._maventa_explain(error)) from error
            transfer._commit()
