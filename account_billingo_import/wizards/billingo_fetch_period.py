from odoo import fields, models
from odoo.exceptions import UserError


class BillingoFetchPeriod(models.TransientModel):
    """Read a period of issue dates again: what is stored stays once."""

    _name = "billingo.fetch.period"
    _description = "Fetch a period of Billingo documents again"

    connection_id = fields.Many2one(
        "billingo.connection",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    date_from = fields.Date(
        "Issued from",
        required=True,
        default=lambda self: fields.Date.start_of(fields.Date.today(), "month"),
    )
    date_to = fields.Date("Issued until", required=True, default=fields.Date.today)

    def action_fetch(self):
        """Ask for the period, and begin at once."""
        self.ensure_one()
        self.connection_id.check_access("read")
        self.env["account.move"].check_access("create")
        connection = self.connection_id.sudo()
        self._check_period(connection)
        connection.write(
            {
                "again_from": self.date_from,
                "again_to": self.date_to,
                # A run that is under way is begun anew later: its mark has not moved.
                "fetch_page": 0,
            }
        )
        answer = self.connection_id.action_fetch()
        answer["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return answer

    def _check_period(self, connection):
        if connection.state != "active":
            raise UserError(self.env._("Switch the connection on first."))
        if self.date_from > self.date_to:
            raise UserError(self.env._("The period ends before it begins."))
        if self.date_from < connection.start_date:
            raise UserError(
                self.env._(
                    "This connection takes documents issued on %s or later. For older "
                    "ones, move its start date back: everything is read again then.",
                    connection.start_date,
                )
            )
