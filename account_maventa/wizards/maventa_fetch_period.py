"""The dialog that fetches a period, also before the start date."""

from datetime import date, datetime, time, timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ..guards import guarded


@guarded()
class MaventaFetchPeriod(models.TransientModel):
    _name = "maventa.fetch.period"
    _description = "Fetch a Period from Maventa"

    account_id = fields.Many2one(
        "maventa.account",
        required=True,
        readonly=True,
        default=lambda self: self.env.company.sudo().maventa_account_id.id,
    )
    start = fields.Date("From", required=True)
    end = fields.Date("To", required=True, default=fields.Date.context_today)
    count = fields.Char("At Maventa", readonly=True)

    # === ACTIONS === #

    def action_count(self):
        """Show how many invoices Maventa has of the period."""
        self.ensure_one()
        receiver = self.env["maventa.receiver"].sudo()
        found = receiver._count_period(self._account(), *self._moments())
        self.count = self.env._("unknown") if found is None else str(found)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_fetch(self):
        """List the period; what is not in Odoo yet is fetched by the job."""
        self.ensure_one()
        receiver = self.env["maventa.receiver"].sudo()
        close = {"type": "ir.actions.act_window_close"}
        if receiver._fetch_period(self._account(), *self._moments()):
            return close
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "Maventa has more invoices of this period than can be listed at "
                    "once. Odoo fetches those that were listed; choose shorter "
                    "periods for the others."
                ),
                "next": close,
            },
        }

    # === HELPERS === #

    def _account(self):
        """Return the account with all rights, for a user who may change it."""
        self.account_id.check_access("write")
        account = self.account_id.sudo()
        if not account._may_receive():
            raise UserError(self.env._("Switch receiving on first."))
        return account

    def _moments(self):
        if not self.start or not self.end or self.end < self.start:
            raise UserError(self.env._("The period ends before it begins."))
        if self.end == date.max:
            raise UserError(self.env._("The period has no end."))
        end = self.end + timedelta(days=1)
        return datetime.combine(self.start, time()), datetime.combine(end, time())
