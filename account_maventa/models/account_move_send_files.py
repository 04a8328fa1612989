from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    """Files that are attached in Odoo's send dialog go to Maventa, too."""

    _inherit = "account.move.send"

    @api.model
    def _display_attachments_widget(self, edi_format, sending_methods):
        # EXTENDS 'account'
        return "maventa" in (
            sending_methods or ()
        ) or super()._display_attachments_widget(edi_format, sending_methods)

    @api.model
    def _hook_if_success(self, moves_data, from_cron=False):
        # EXTENDS 'account'
        for move, move_data in moves_data.items():
            if "maventa" in move_data["sending_methods"]:
                self._maventa_tick_files(move, move_data)
        return super()._hook_if_success(moves_data, from_cron=from_cron)

    @api.model
    def _maventa_tick_files(self, move, move_data):
        """Keep what was attached by hand with the invoice, and have it go along."""
        ids = [
            int(row["id"])
            for row in move_data.get("mail_attachments_widget") or []
            if row.get("manual") and not row.get("skip")
        ]
        files = self.env["ir.attachment"].browse(ids).exists()
        files.check_access("read")
        for file in files.sudo():
            if (file.res_model, file.res_id) == (move._name, move.id):
                file.maventa_send = True
                continue
            place = {"res_model": move._name, "res_id": move.id, "res_field": False}
            file.copy(place | {"name": file.name}).maventa_send = True
