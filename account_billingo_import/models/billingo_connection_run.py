from datetime import timedelta

from odoo import api, fields, models

BY_HAND_SECONDS = 20


class BillingoConnection(models.Model):
    """Fetching as people see it: by hand, its progress, and the log of runs."""

    _inherit = "billingo.connection"

    run_id = fields.Many2one(
        "billingo.run", "Last run", readonly=True, copy=False, ondelete="set null"
    )
    run_ids = fields.One2many("billingo.run", "connection_id", "Runs")
    last_new = fields.Integer("New", related="run_id.count_new")
    last_known = fields.Integer("Stored already", related="run_id.count_known")
    last_unwanted = fields.Integer("Kind not wanted", related="run_id.count_kind")
    last_block = fields.Integer("Block not wanted", related="run_id.count_block")
    last_early = fields.Integer(
        "Issued before the start date", related="run_id.count_early"
    )
    last_foreign = fields.Integer("Not addressed to us", related="run_id.count_foreign")
    fetch_progress = fields.Float("Progress", compute="_compute_fetch_progress")

    next_run_at = fields.Datetime("Next run", compute="_compute_next_run_at")

    @api.depends("state", "next_fetch_at")
    def _compute_next_run_at(self):
        job = self.env.ref("account_billingo_import.ir_cron_billingo_fetch").sudo()
        for connection in self:
            times = (job.nextcall, connection.next_fetch_at or job.nextcall)
            is_on = connection.state == "active" and job.active
            # A failure makes a run of its own before the next regular one.
            at = times[1] if connection.failures else max(times)
            connection.next_run_at = is_on and at

    @api.depends("fetch_page", "fetch_pages")
    def _compute_fetch_progress(self):
        for connection in self:
            done = connection.fetch_page - 1
            pages = connection.fetch_pages
            connection.fetch_progress = 100.0 * done / pages if pages > 0 < done else 0

    def action_fetch(self):
        """Fetch now, as far as a click may take; the scheduled job does the rest."""
        self.ensure_one()
        self.env["account.move"].check_access("create")
        connection = self.sudo()
        connection.next_fetch_at = False
        if connection.state == "active":
            connection._fetch_by_hand()
        message = connection.error or self.env._(
            "%(new)s new documents, %(known)s stored already.",
            new=connection.last_new,
            known=connection.last_known,
        )
        if connection.state != "active":
            message = connection.error or self.env._("Switch the connection on first.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if connection.error else "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_runs(self):
        """Open the log of runs."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_billingo_import.action_billingo_run"
        )
        action["domain"] = [("connection_id", "=", self.id)]
        return action

    def _fetch_by_hand(self):
        cron = self.env.ref("account_billingo_import.ir_cron_billingo_fetch")
        end = fields.Datetime.now() + timedelta(seconds=BY_HAND_SECONDS)
        with self._client() as client:
            while self._fetch_step(client):
                self._keep()
                if fields.Datetime.now() > end:
                    cron._trigger()
                    break
        self._keep()

    def _keep(self):
        """Commit a page: what was read stays although a later page may fail."""
        if self.env["account.move"]._can_commit():
            # Each page is complete in itself, and reading it again costs requests.
            self.env.cr.commit()  # pylint: disable=invalid-commit

    def _begin_run(self, now, date_from, date_to):
        return self.env["billingo.run"].create(
            {
                "connection_id": self.id,
                "started_at": now,
                "date_from": date_from,
                "date_to": date_to,
            }
        )

    def _end_run(self, state, error=False):
        if self.run_id.state == "running":
            self.run_id.write(
                {"state": state, "ended_at": fields.Datetime.now(), "error": error}
            )
