from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..billingo_api import errors

OVERLAP = timedelta(days=7)  # documents issued late are still in the window
CHANGE_OVERLAP = timedelta(days=1)  # Billingo's time zone is not documented
PAUSE = timedelta(minutes=1)  # a run that is over is not begun again in its own slot
BACK_OFF = (1, 5, 15, 60, 120)  # minutes, by failures in a row
REREADS = 2
BY_HAND_SECONDS = 20


class BillingoConnection(models.Model):
    _inherit = "billingo.connection"

    last_success_at = fields.Datetime("Last success", readonly=True, copy=False)
    next_fetch_at = fields.Datetime("Not before", readonly=True, copy=False)
    failures = fields.Integer("Failures in a row", readonly=True, copy=False)
    # A run reads the pages upwards, since new documents push the others down: they
    # may then come twice, never not at all. Where it is stands here, committed with
    # the page, so that a run that was interrupted goes on. `fetched_until` moves only
    # when the last page is stored.
    fetched_until = fields.Datetime(readonly=True, copy=False)
    fetch_started_at = fields.Datetime(readonly=True, copy=False)
    fetch_from = fields.Date(readonly=True, copy=False)
    fetch_changes = fields.Boolean(readonly=True, copy=False)
    fetch_page = fields.Integer("Next page", readonly=True, copy=False)
    fetch_pages = fields.Integer("Pages", readonly=True, copy=False)
    fetch_total = fields.Integer(readonly=True, copy=False)
    fetch_shrunk = fields.Boolean(readonly=True, copy=False)
    fetch_rereads = fields.Integer(readonly=True, copy=False)
    fetch_progress = fields.Float("Progress", compute="_compute_fetch_progress")
    last_new = fields.Integer("New", readonly=True, copy=False)
    last_known = fields.Integer("Stored already", readonly=True, copy=False)
    last_unwanted = fields.Integer("Kind not wanted", readonly=True, copy=False)
    last_foreign = fields.Integer("Not addressed to us", readonly=True, copy=False)

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

    @api.model
    def _cron_billingo_fetch(self):
        """Go on with every connection that is due, page by page."""
        due = self.search(self._due_domain())
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for index, connection in enumerate(due):
            others = len(due) - index - 1
            with connection._client() as client:
                has_more = True
                while has_more:
                    has_more = connection._fetch_step(client)
                    left = connection._pages_left() if has_more else 0
                    if not cron._commit_progress(1, remaining=left + others):
                        return

    def _due_domain(self):
        now = fields.Datetime.now()
        return Domain("state", "=", "active") & (
            Domain("next_fetch_at", "=", False) | Domain("next_fetch_at", "<=", now)
        )

    def _pages_left(self):
        return max(self.fetch_pages - self.fetch_page + 1, 1)

    def _fetch_step(self, client):
        """Read and store one page under a lock; return whether there are more.

        The caller commits: the lock is for one page, so that a click and the
        scheduled job can meet without harm.
        """
        self.ensure_one()
        locked = self.try_lock_for_update(allow_referencing=True)
        if not locked.filtered_domain(self._due_domain()):
            return False
        if not self.fetch_page:
            self._begin_fetch()
        try:
            page = client.documents(self.fetch_page, **self._fetch_filters())
        except errors.SetupError as error:
            self._suspend(error)
            return False
        except errors.BillingoError as error:
            self._postpone(error)
            return False
        self._count(self.env["billingo.document"]._store(self, page.documents))
        return self._turn_page(page)

    def _begin_fetch(self):
        start = self.start_date
        if self.fetched_until:
            start = max(start, (self.fetched_until - OVERLAP).date())
        self.write(
            {
                "fetch_started_at": fields.Datetime.now(),
                "fetch_from": start,
                "fetch_changes": False,
                "fetch_page": 1,
                "fetch_pages": 0,
                "fetch_total": 0,
                "fetch_shrunk": False,
                "fetch_rereads": 0,
                "last_new": 0,
                "last_known": 0,
                "last_unwanted": 0,
                "last_foreign": 0,
            }
        )

    def _fetch_filters(self):
        if self.fetch_changes:
            since = (self.fetched_until - CHANGE_OVERLAP).replace(
                hour=0, minute=0, second=0
            )
            return {"modified_since": since}
        return {"start_date": self.fetch_from}

    def _count(self, counts):
        for name in ("new", "known", "unwanted", "foreign"):
            self[f"last_{name}"] += counts[name]

    def _turn_page(self, page):
        """Move on within the run, or end it; return whether there is more to read."""
        values = {"failures": 0, "error": False, "fetch_pages": page.last_page}
        if self.fetch_total > page.total:
            # Something went from the list: what stood behind it moved up, perhaps
            # onto a page that had been read.
            values["fetch_shrunk"] = True
        values["fetch_total"] = page.total
        self.write(values)
        if page.documents and self.fetch_page < page.last_page:
            self.fetch_page += 1
            return True
        if self.fetch_shrunk and self.fetch_rereads < REREADS:
            self.write(self._first_page(fetch_rereads=self.fetch_rereads + 1))
            return True
        if self.fetched_until and not self.fetch_changes:
            self.write(self._first_page(fetch_changes=True))
            return True
        self._end_fetch()
        return False

    def _first_page(self, **values):
        return {"fetch_page": 1, "fetch_total": 0, "fetch_shrunk": False, **values}

    def _end_fetch(self):
        self.write(
            {
                "fetched_until": self.fetch_started_at,
                "last_success_at": self.fetch_started_at,
                "next_fetch_at": fields.Datetime.now() + PAUSE,
                "fetch_page": 0,
            }
        )
        if self.count_fetched:
            self.env.ref("account_billingo_import.ir_cron_billingo_process")._trigger()

    def _postpone(self, error):
        """Come back later, not before Billingo allows it; the place is kept."""
        minutes = BACK_OFF[min(self.failures, len(BACK_OFF) - 1)]
        wait = timedelta(minutes=minutes)
        asked = getattr(error, "retry_after", None)
        if asked:
            wait = max(timedelta(seconds=asked), timedelta(minutes=1))
        at = fields.Datetime.now() + wait
        self.write(
            {
                "failures": self.failures + 1,
                "error": self._explain(error),
                "next_fetch_at": at,
            }
        )
        self.env.ref("account_billingo_import.ir_cron_billingo_fetch")._trigger(at=at)
