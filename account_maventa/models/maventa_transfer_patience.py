from datetime import timedelta

from odoo import fields, models


class MaventaTransfer(models.Model):
    """What Maventa has had for long without delivering it: a warning, once."""

    _inherit = "maventa.transfer"

    pending_since = fields.Datetime(readonly=True, copy=False)
    warned_at = fields.Datetime("Warned on", readonly=True, copy=False)

    def _follow_up(self):
        result = super()._follow_up()
        for transfer in self:
            if transfer._is_pending_too_long():
                transfer._warn()
        return result

    def _wait(self):
        """Begin to wait for the delivery, (once more) from now on."""
        self.write({"pending_since": fields.Datetime.now(), "warned_at": False})
        self._stop_waiting()

    def _stop_waiting(self):
        kind = "account_maventa.mail_activity_type_pending"
        self.move_id.activity_unlink([kind])

    def _is_pending_too_long(self):
        days = self.account_company_id.maventa_warn_days
        limit = fields.Datetime.now() - timedelta(days=days)
        return (
            self.state == "accepted"
            and days > 0
            and not self.warned_at
            and bool(self.pending_since)
            and self.pending_since <= limit
        )

    def _warn(self):
        """Say so on the invoice, and to its salesperson; it stays as it is."""
        self = self.with_context(lang=self.create_uid.lang)
        text = self._pending_text()
        self.warned_at = fields.Datetime.now()
        self._note("warning", text)
        self.move_id._message_log(body=text)
        self.move_id.activity_schedule(
            "account_maventa.mail_activity_type_pending",
            note=text,
            user_id=(self.move_id.invoice_user_id or self.create_uid).id,
        )

    def _pending_text(self):
        return self.env._(
            "Maventa has had it since %s and has not delivered it yet. Look into "
            "Maventa's own pages whether it is held there, or ask Maventa's support.",
            fields.Date.to_string(self.pending_since),
        )
