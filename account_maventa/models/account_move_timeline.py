from datetime import UTC, datetime

from markupsafe import Markup
from odoo import api, fields, models
from odoo.tools import format_datetime

COLOURS = {"warning": "text-warning", "error": "text-danger"}


class AccountMove(models.Model):
    """The story of all attempts, on the invoice."""

    _inherit = "account.move"

    maventa_timeline = fields.Html(
        "What happened", compute="_compute_maventa_timeline", sanitize=False
    )
    maventa_remote_url = fields.Char(related="maventa_transfer_id.remote_url")

    # === COMPUTE === #

    @api.depends("maventa_transfer_ids.history", "maventa_transfer_ids.actions")
    @api.depends_context("lang", "tz")
    def _compute_maventa_timeline(self):
        for move in self:
            stories = [
                row._timeline() for row in move.maventa_transfer_ids.sorted("id")[::-1]
            ]
            move.maventa_timeline = Markup().join(stories)

    @api.depends("maventa_transfer_id.warned_at")
    def _compute_alerts(self):
        # EXTENDS 'account'
        super()._compute_alerts()

    # === ACTIONS === #

    def action_maventa_open_remote(self):
        """Open Maventa's own pages."""
        self.ensure_one()
        return self.maventa_transfer_id.action_open_remote()

    # === BUSINESS === #

    def _get_alerts(self):
        # EXTENDS 'account'
        alerts = super()._get_alerts()
        transfer = self.maventa_transfer_id
        if self.maventa_is_available and self.maventa_state == "accepted":
            if transfer.warned_at:
                alerts["maventa_pending"] = {
                    "level": "warning",
                    "message": transfer._pending_text(),
                }
        return alerts


class MaventaTransfer(models.Model):
    _inherit = "maventa.transfer"

    timeline = fields.Html("What happened", compute="_compute_timeline", sanitize=False)

    @api.depends("history", "actions")
    @api.depends_context("lang", "tz")
    def _compute_timeline(self):
        for transfer in self:
            transfer.timeline = transfer._timeline()

    def _timeline(self):
        """Return what happened to this attempt, the oldest first, as HTML."""
        rows = sorted(
            [*self._own_events(), *self._remote_events()], key=lambda row: row[0]
        )
        lines = Markup().join(
            Markup('<li class="%s"><span class="text-muted me-2">%s</span>%s</li>')
            % (COLOURS.get(level, ""), format_datetime(self.env, moment), text)
            for moment, level, text in rows
        )
        return Markup(
            '<div class="o_maventa_attempt mb-3"><strong>%s</strong>'
            '<ul class="list-unstyled mb-0">%s</ul></div>'
        ) % (self.env._("Attempt %s", self.number), lines)

    def _own_events(self):
        """Yield moment, level and words of what we did."""
        asked = self.env._("Requested by %s", self.create_uid.name)
        # The history has no fractions of a second, and must not come before this.
        yield self.create_date.replace(microsecond=0), "info", asked
        for moment, level, text in self.history or []:
            yield fields.Datetime.to_datetime(moment), level, text

    def _remote_events(self):
        """Yield moment, level and words of what Maventa did, as far as it says."""
        for happened_at, kind, channel, message in self.actions or []:
            try:
                moment = datetime.fromisoformat(happened_at)
            except ValueError:
                moment = self.checked_at or self.create_date
            if moment.tzinfo:
                moment = moment.astimezone(UTC).replace(tzinfo=None)
            words = self._action_words(kind)
            if channel:
                way = self.env["maventa.words"]._channel(channel)
                words = f"{words} ({way})"
            text = f"{words}: {message}" if message else words
            yield moment, "error" if kind == "ERROR" else "info", text

    def _action_words(self, kind):
        words = {
            "RECEIVED": self.env._("Maventa: received"),
            "CREATED": self.env._("Maventa: taken in"),
            "SENT": self.env._("Maventa: sent"),
            "DELIVERED": self.env._("Maventa: delivered"),
            "INFO": self.env._("Maventa: information"),
            "ERROR": self.env._("Maventa: error"),
        }
        return words.get(kind) or f'Maventa: "{kind}"'
