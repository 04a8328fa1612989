"""Odoo's *Send* dialog of one invoice: by Maventa it is transferred at once."""

from odoo import api, models
from odoo.exceptions import UserError

from ..guards import guarded
from ..models.account_move_send import without_doubles


@guarded()
class AccountMoveSendWizard(models.TransientModel):
    _inherit = "account.move.send.wizard"

    # === COMPUTES === #

    @api.depends("sending_methods")
    def _compute_mail_attachments_widget(self):
        # EXTENDS 'account': by Maventa, the files chosen on the invoice go along
        super()._compute_mail_attachments_widget()
        for wizard in self.filtered(
            lambda row: "maventa" in (row.sending_methods or ())
        ):
            listed = wizard.mail_attachments_widget or []
            ids = {row["id"] for row in listed}
            wizard.mail_attachments_widget = listed + [
                {
                    "id": file.id,
                    "name": file.name,
                    "mimetype": file.mimetype,
                    "placeholder": False,
                    "protect_from_deletion": True,  # the tab Maventa excludes it
                }
                for file in wizard.move_id._maventa_sent_files()
                if file.id not in ids
            ]

    # === OVERRIDES === #

    def _get_default_sending_methods(self, move):
        # EXTENDS 'account': after all modules, in any order of loading
        return without_doubles(move, super()._get_default_sending_methods(move))

    def action_send_and_print(self, allow_fallback_pdf=False):
        # EXTENDS 'account'
        if "maventa" not in (self.sending_methods or ()):
            return super().action_send_and_print(allow_fallback_pdf=allow_fallback_pdf)
        move = self.move_id
        rules = self.env["maventa.status.rules"]
        if rules._is_sent_otherwise(move) and not move.maventa_is_confirmed:
            # The dialog has shown the warning.
            move._maventa_confirm()
        is_printed = bool(move.invoice_pdf_report_id)
        result = super().action_send_and_print(allow_fallback_pdf=allow_fallback_pdf)
        return self._maventa_transfer_now(move, with_pdf=not is_printed) or result

    # === HELPERS === #

    def _maventa_transfer_now(self, move, with_pdf):
        """Transfer the queued invoice; return the toast with the outcome.

        The PDF that Odoo has just made goes out, an earlier one does not. If the
        transfer is not possible now, the job does it later.
        """
        transfer = move.sudo().maventa_transfer_id
        if transfer.state != "queued":
            return None
        try:
            self.env["maventa.uploader"]._transfer_now(transfer, with_pdf=with_pdf)
        except UserError:
            return None  # shown on the invoice
        toast = move._maventa_toast()
        toast["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return toast
