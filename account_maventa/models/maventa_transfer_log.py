from odoo import api, fields, models

from ..maventa_api import PAGES
from .maventa_transfer import TROUBLED

LONGEST_WORDS = 300  # characters of an error outside of the log


class MaventaTransfer(models.Model):
    """What has happened to a transfer, for people who read the log."""

    _inherit = "maventa.transfer"

    # Only ever added to: moment (UTC, as in the database), level, words
    history = fields.Json(readonly=True, copy=False)
    level = fields.Selection(
        [("info", "Information"), ("warning", "Warning"), ("error", "Error")],
        compute="_compute_level",
        store=True,
        index=True,
    )
    remote_url = fields.Char("Maventa's pages", compute="_compute_remote_url")

    # === COMPUTE === #

    @api.depends("state", "error", "warned_at")
    def _compute_level(self):
        for transfer in self:
            late = transfer.state == "accepted" and transfer.warned_at
            held_up = transfer.state in ("queued", "unknown") and transfer.error
            if transfer.state in TROUBLED:
                transfer.level = "error"
            else:
                transfer.level = "warning" if late or held_up else "info"

    @api.depends("account_ref", "remote_id")
    def _compute_remote_url(self):
        for transfer in self:
            environment = (transfer.account_ref or "").partition("/")[0]
            transfer.remote_url = transfer.remote_id and PAGES.get(environment)

    # === ACTIONS === #

    def action_open_remote(self):
        """Open Maventa's own pages, where the invoice is found by its number.

        An address of one invoice there is not documented.
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": self.remote_url,
            "target": "new",
        }

    # === BUSINESS === #

    def _shortened(self, text):
        """Return the beginning of a very long text; the log has all of it."""
        text = (text or "").strip()
        if len(text) <= LONGEST_WORDS:
            return text
        beginning = text[:LONGEST_WORDS].rstrip()
        return self.env._("%s… (the whole text is in the log of transfers)", beginning)

    def _note(self, level, text):
        """Add a line to the history."""
        now = fields.Datetime.to_string(fields.Datetime.now())
        for transfer in self:
            transfer.history = [*(transfer.history or []), [now, level, text]]
