from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..billingo_api import errors
from ..billingo_api.numbers import NumberRange

BY_HAND_SECONDS = 20
INTERVAL = timedelta(days=6, hours=12)  # the job comes once a week
JOB = "account_billingo_import.ir_cron_billingo_gaps"
SHOWN = 20  # ranges that a message names


class BillingoConnection(models.Model):
    """Does every number that Billingo gave have its document here?

    Only of our own invoices: of a supplier's, most are not addressed to us. What is
    missing between the stored ones is asked for by its number, whatever its date.
    """

    _inherit = "billingo.connection"

    gap_ids = fields.One2many("billingo.gap", "connection_id", "Missing numbers")
    count_gaps = fields.Integer(
        "Numbers that never came", compute="_compute_count_gaps"
    )
    # A check that was interrupted goes on: what it found out since it began stands
    # in its gaps.
    gaps_started_at = fields.Datetime(readonly=True, copy=False)
    gaps_checked_at = fields.Datetime("Numbers compared", readonly=True, copy=False)
    gaps_found = fields.Integer(readonly=True, copy=False)

    @api.depends("gap_ids.state")
    def _compute_count_gaps(self):
        groups = self.env["billingo.gap"]._read_group(
            [("connection_id", "in", self.ids), ("state", "=", "missing")],
            ["connection_id"],
            ["__count"],
        )
        counts = dict(groups)
        for connection in self:
            connection.count_gaps = counts.get(connection, 0)

    @api.model
    def _cron_billingo_gaps(self):
        """Compare the numbers of every connection that is due, window by window."""
        due = self.search(self._gaps_domain() & self._gaps_due_domain())
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for index, connection in enumerate(due):
            others = len(due) - index - 1
            with connection._try_client() as client:
                has_more = True
                while has_more:
                    has_more = bool(client) and connection._try_gap_step(client)
                    if not cron._commit_progress(1, remaining=has_more + others):
                        return

    def _gaps_domain(self):
        """Where a fetch is complete, and Billingo does not want us to wait."""
        return (
            Domain("state", "=", "active")
            & Domain("mode", "=", "customer")
            & Domain("fetched_until", "!=", False)
            & Domain("fetch_page", "=", 0)
            & Domain("failures", "=", 0)
        )

    def _gaps_due_domain(self):
        before = fields.Datetime.now() - INTERVAL
        return Domain("gaps_checked_at", "=", False) | Domain(
            "gaps_checked_at", "<", before
        )

    def _try_gap_step(self, client):
        """Do one step; whatever goes wrong concerns this connection alone."""
        try:
            return self._gap_step(client)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            return False
        except Exception as error:
            self._stumble(error)
            return False

    def _gap_step(self, client):
        """Ask for one window of numbers; return whether there may be more.

        The caller commits.
        """
        self.ensure_one()
        locked = self.try_lock_for_update(allow_referencing=True)
        if not locked.filtered_domain(self._gaps_domain()):
            return False
        if not self.gaps_started_at:
            self.write({"gaps_started_at": fields.Datetime.now(), "gaps_found": 0})
        gaps = self.env["billingo.gap"]
        found = gaps._next(self)
        if not found:
            self._end_gaps()
            return False
        beside, ranges = found
        asked = NumberRange(beside.year, ranges[0][0], ranges[-1][1])
        try:
            documents = [*client.all_documents(numbers=asked)]
        except errors.SetupError as error:
            self._suspend(error)
            return False
        except errors.BillingoError as error:
            self._postpone(error)
            return False
        self.gaps_found += gaps._settle(self, beside, ranges, documents)
        return True

    def _end_gaps(self):
        """End the check; tell of numbers that are nowhere, each once."""
        self.write({"gaps_started_at": False, "gaps_checked_at": fields.Datetime.now()})
        if self.gaps_found:
            self.env.ref("account_billingo_import.ir_cron_billingo_process")._trigger()
        news = self.gap_ids.filtered(lambda x: x.state == "missing" and not x.is_told)
        if not news:
            return
        news.is_told = True
        shown = news[:SHOWN].mapped("numbers")
        more = ["…"] if len(news) > SHOWN else []
        self._notify(
            "mt_document_error",
            self.env._("Billingo: numbers are missing"),
            self.env._(
                "No document has come with these numbers, and Billingo does not know "
                "them either: %s. Ask whoever issues your invoices what became of "
                "them.",
                ", ".join(shown + more),
            ),
        )

    def action_compare_numbers(self):
        """Look for missing numbers now, as far as a click may take."""
        self.ensure_one()
        self.env["account.move"].check_access("create")
        connection = self.sudo()
        if not connection.filtered_domain(connection._gaps_domain()):
            raise UserError(
                self.env._(
                    "Numbers are compared when all documents were fetched. Press "
                    "Fetch now, and wait until the fetch is over."
                )
            )
        connection._compare_by_hand()
        message = connection.error or self.env._(
            "Documents found that had not come: %(found)s. Gaps in Billingo's own "
            "numbers: %(missing)s.",
            found=connection.gaps_found,
            missing=connection.count_gaps,
        )
        if connection.gaps_started_at and not connection.error:
            message = self.env._("There is much to compare: it goes on by itself.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if connection.error else "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _compare_by_hand(self):
        self.gaps_checked_at = False
        end = fields.Datetime.now() + timedelta(seconds=BY_HAND_SECONDS)
        with self._client() as client:
            while self._gap_step(client):
                self._keep()
                if fields.Datetime.now() > end:
                    self.env.ref(JOB)._trigger()
                    break
        self._keep()

    def action_open_gaps(self):
        """Open the numbers that never came."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_billingo_import.action_billingo_gap"
        )
        action["domain"] = [("connection_id", "=", self.id)]
        return action
