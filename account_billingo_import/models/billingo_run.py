"""The fetch log: one row per run of a connection, with what it found."""

from datetime import timedelta

from odoo import api, fields, models

from ..guards import guarded

KEPT = timedelta(days=180)
COUNTS = ("new", "known", "kind", "block", "early", "foreign", "failed")


@guarded(
    *"connection_id company_id started_at ended_at date_from date_to".split(),
    *"state error_source pages count_new count_known count_kind count_block".split(),
    *"count_early count_foreign count_failed".split(),
)
class BillingoRun(models.Model):
    _name = "billingo.run"
    _description = "Fetch log of a Billingo connection"
    _order = "started_at desc, id desc"
    _rec_name = "started_at"

    connection_id = fields.Many2one(
        "billingo.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    started_at = fields.Datetime("Started", required=True)
    ended_at = fields.Datetime("Ended")
    date_from = fields.Date("Issued from")
    date_to = fields.Date(
        "Issued until", help="Set only when a period is fetched again."
    )
    # STATE DIAGRAM
    # * running --(last page is stored)--> done
    # * running --(last page is read, but not all could be stored)--> incomplete
    # * running --(suspended, or started again)--> stopped
    state = fields.Selection(
        [
            ("running", "Running"),
            ("done", "Done"),
            ("incomplete", "Incomplete"),
            ("stopped", "Stopped"),
        ],
        default="running",
        required=True,
    )
    # The source of the text, see `billingo.messages`: readers differ in language.
    error_source = fields.Text()
    error = fields.Text(compute="_compute_error")
    pages = fields.Integer("Pages read")
    count_new = fields.Integer("New")
    count_known = fields.Integer("Already stored")
    count_kind = fields.Integer("Type not selected")
    count_block = fields.Integer("Block not selected")
    count_early = fields.Integer("Issued before the start date")
    count_foreign = fields.Integer("Not addressed to us")
    count_failed = fields.Integer("Not stored")

    # === COMPUTES === #

    @api.depends("error_source")
    @api.depends_context("lang")
    def _compute_error(self):
        for run in self:
            run.error = self.env["billingo.messages"]._text(run.error_source) or False

    # === HELPERS === #

    @api.model
    def _begin(self, connection, date_from, date_to):
        """Return a new row for a run of this connection."""
        return self.create(
            {
                "connection_id": connection.id,
                "started_at": fields.Datetime.now(),
                "date_from": date_from,
                "date_to": date_to,
            }
        )

    def _end(self, state, error=False):
        """Close the row of a run that is going on, if it is one.

        :param error: source of a text, see ``billingo.messages``
        """
        if self.state == "running":
            self.write(
                {
                    "state": state,
                    "ended_at": fields.Datetime.now(),
                    "error_source": error,
                }
            )

    def _add_page(self, counts):
        """Add what one page had, a ``Counter`` with the names in ``COUNTS``."""
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
