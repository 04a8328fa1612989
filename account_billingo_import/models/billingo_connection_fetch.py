from contextlib import nullcontext
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..billingo_api import errors
from .raw_content import digest

OVERLAP = timedelta(days=7)  # documents issued late are still in the window
SPENDING_OVERLAP = timedelta(days=60)  # they come late, and no list tells of changes
CHANGE_OVERLAP = timedelta(days=1)  # Billingo's time zone is not documented
PAUSE = timedelta(minutes=1)  # a run that is over is not begun again in its own slot
REREADS = 2


class BillingoConnection(models.Model):
    _inherit = "billingo.connection"

    last_success_at = fields.Datetime("Last success", readonly=True, copy=False)
    next_fetch_at = fields.Datetime("Not before", readonly=True, copy=False)
    # A run reads the pages upwards, since new documents push the others down: they
    # may then come twice, never not at all. Where it is stands here, committed with
    # the page, so that a run that was interrupted goes on. `fetched_until` moves only
    # when the last page is stored.
    fetched_until = fields.Datetime(readonly=True, copy=False)
    fetch_started_at = fields.Datetime(readonly=True, copy=False)
    fetch_from = fields.Date(readonly=True, copy=False)
    fetch_to = fields.Date(readonly=True, copy=False)
    fetch_changes = fields.Boolean(readonly=True, copy=False)
    fetch_page = fields.Integer("Next page", readonly=True, copy=False)
    fetch_pages = fields.Integer("Pages", readonly=True, copy=False)
    fetch_total = fields.Integer(readonly=True, copy=False)
    fetch_shrunk = fields.Boolean(readonly=True, copy=False)
    fetch_rereads = fields.Integer(readonly=True, copy=False)
    # A period that somebody wants to be read again, by the next run that begins.
    again_from = fields.Date(readonly=True, copy=False)
    again_to = fields.Date(readonly=True, copy=False)

    @api.model
    def _cron_billingo_fetch(self):
        """Go on with every connection that is due, page by page."""
        due = self.search(self._due_domain(), order="last_success_at, name, id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for index, connection in enumerate(due):
            others = len(due) - index - 1
            with connection._try_client() as client:
                has_more = True
                while has_more:
                    has_more = client and connection._try_fetch_step(client)
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

    def _try_client(self):
        """Return a client as a context manager, without one None instead."""
        try:
            return self._client()
        except UserError as error:
            self._stumble(error)
            return nullcontext()

    def _try_fetch_step(self, client):
        """Do one step; whatever goes wrong concerns this connection alone."""
        try:
            return self._fetch_step(client)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Somebody who pressed "Fetch now" is at this very page, and goes on.
            self.env.cr.rollback()
            return False
        except Exception as error:
            # A page that cannot be stored must not keep the other companies from
            # theirs. The place in the list is kept, and nothing of the page.
            self._stumble(error)
            return False

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
            if not self.checked_at and not self._verify(client):
                return False
            page = self._read_page(client, self.fetch_page, **self._fetch_filters())
            if not page.documents and self.fetch_page < page.last_page:
                # Ending here would leave out what stands on the pages behind.
                raise errors.TemporaryError(code="empty_page")
            documents = self._with_lines(client, page.documents)
        except errors.SetupError as error:
            self._suspend(error)
            return False
        except errors.BillingoError as error:
            self._postpone(error)
            return False
        self.run_id._add(self.env["billingo.document"]._store(self, documents))
        return self._turn_page(page)

    def _begin_fetch(self):
        start = self.start_date
        if self.fetched_until:
            overlap = SPENDING_OVERLAP if self.mode == "spending" else OVERLAP
            start = max(start, (self.fetched_until - overlap).date())
        self._end_run("stopped")
        now = fields.Datetime.now()
        self.write(
            {
                "fetch_started_at": now,
                "fetch_from": self.again_from or start,
                "fetch_to": self.again_to,
                "fetch_changes": False,
                "fetch_pages": 0,
                "fetch_rereads": 0,
                "run_id": self._begin_run(now, self.again_from or start, self.again_to),
                **self._first_page(),
            }
        )

    def _fetch_filters(self):
        if self.fetch_changes:
            since = (self.fetched_until - CHANGE_OVERLAP).replace(
                hour=0, minute=0, second=0
            )
            return {"modified_since": since}
        return {"start_date": self.fetch_from, "end_date": self.fetch_to or None}

    def _turn_page(self, page):
        """Move on within the run, or end it; return whether there is more to read."""
        self._recover()
        values = {"fetch_pages": page.last_page}
        if self.fetch_total > page.total:
            # Something went from the list: what stood behind it moved up, perhaps
            # onto a page that had been read.
            values["fetch_shrunk"] = True
        values["fetch_total"] = page.total
        self.write(values)
        if self.fetch_page < page.last_page:
            self.fetch_page += 1
            return True
        if self.fetch_shrunk and self.fetch_rereads < REREADS:
            self.write(self._first_page(fetch_rereads=self.fetch_rereads + 1))
            return True
        is_whole = not self.fetch_shrunk
        if is_whole and self._has_changes_to_read():
            self.write(self._first_page(fetch_changes=True))
            return True
        self._end_fetch(is_whole)
        return False

    def _has_changes_to_read(self):
        if self.mode == "spending":
            return False
        return self.fetched_until and not self.fetch_changes and not self.fetch_to

    def _read_page(self, client, page, **filters):
        """Read from the list that the mode is about."""
        read = client.spendings if self.mode == "spending" else client.documents
        return read(page, **filters)

    def _with_lines(self, client, documents):
        """Ask for the lines of spendings that are new or changed."""
        if self.mode != "spending":
            return documents
        known = {
            record.billingo_id: record.changed_digest or record.digest
            for record in self.env["billingo.document"].search(
                [
                    ("connection_id", "=", self.id),
                    ("billingo_id", "in", [document.id for document in documents]),
                ]
            )
        }
        return [
            document
            if known.get(document.id) == digest(document.raw)
            else client.spending(document)
            for document in documents
        ]

    def _first_page(self, **values):
        return {"fetch_page": 1, "fetch_total": 0, "fetch_shrunk": False, **values}

    def _end_fetch(self, is_whole):
        """End the run; the mark stays where a list that kept shrinking was read."""
        values = {"next_fetch_at": fields.Datetime.now() + PAUSE, "fetch_page": 0}
        if not is_whole:
            values["error"] = self.env._(
                "Billingo's list kept changing while it was read. What was found is "
                "stored; the same period is read again in the next run."
            )
        if is_whole and self.fetch_to:
            values |= {"again_from": False, "again_to": False, "fetch_to": False}
        elif is_whole:
            values["fetched_until"] = self.fetch_started_at
            values["last_success_at"] = self.fetch_started_at
        self.write(values)
        self._end_run("done" if is_whole else "stopped")
        if self.count_fetched:
            self.env.ref("account_billingo_import.ir_cron_billingo_process")._trigger()
