from datetime import timedelta

from odoo import api, fields, models

KEPT = timedelta(days=180)
COUNTS = ("new", "known", "kind", "block", "early", "foreign")


class BillingoRun(models.Model):
    """What one run of fetching met: the log that a connection shows."""

    _name = "billingo.run"
    _description = "Run of a Billingo connection"
    _order = "started_at desc, id desc"
    _rec_name = "started_at"

    connection_id = fields.Many2one(
        "billingo.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    started_at = fields.Datetime("Started", required=True)
    ended_at = fields.Datetime("Ended")
    date_from = fields.Date("Issued from")
    date_to = fields.Date("Issued until", help="Only when a period is fetched again.")
    # STATE DIAGRAM
    # * running --(last page is stored)--> done
    # * running --(401, 402, 403, switched off, started anew)--> stopped
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("stopped", "Stopped")],
        default="running",
        required=True,
    )
    error = fields.Text()
    pages = fields.Integer("Pages read")
    count_new = fields.Integer("New")
    count_known = fields.Integer("Stored already")
    count_kind = fields.Integer("Kind not wanted")
    count_block = fields.Integer("Block not wanted")
    count_early = fields.Integer("Issued before the start date")
    count_foreign = fields.Integer("Not addressed to us")

    def _add(self, counts):
        """Count one page."""
        self.ensure_one()
        values = {
            f"count_{name}": self[f"count_{name}"] + counts[name]
            for name in COUNTS
            if counts[name]
        }
        self.write({**values, "pages": self.pages + 1})

    @api.autovacuum
    def _gc_runs(self):
        limit = fields.Datetime.now() - KEPT
        self.search([("started_at", "<", limit), ("state", "!=", "running")]).unlink()
