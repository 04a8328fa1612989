"""The dialog to fetch a period of issue dates again; nothing is stored twice."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..client_actions import closing
from ..guards import guarded


@guarded()
class BillingoFetchPeriod(models.TransientModel):
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

    # === ACTIONS === #

    def action_fetch(self):
        """Request the period, and begin at once."""
        self.ensure_one()
        self.connection_id.check_access("read")
        self.env["account.move"].check_access("create")
        connection = self.connection_id.sudo()
        self._check_period(connection)
        connection.write(
            {
                "refetch_from": self.date_from,
                "refetch_to": self.date_to,
                # A run in progress starts again later: its mark has not moved.
                "fetch_page": 0,
            }
        )
        return closing(self.connection_id.action_fetch())

    # === HELPERS === #

    def _check_period(self, connection):
        if connection.state != "active":
            raise UserError(self.env._("Activate the connection first."))
        if self.date_from > self.date_to:
            raise UserError(self.env._("The end of the period is before its start."))
        if self.date_from < connection.start_date:
            raise UserError(
                self.env._(
                    "This connection fetches documents issued on or after %s. To fetch "
                    "older documents, change the connection's start date; all "
                    "documents are then read again.",
                    connection.start_date,
                )
            )
