"""Fetching: pages of documents come in, one step and one commit per page."""

from datetime import timedelta
from functools import partial

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..billingo_api import errors
from ..client_actions import notification
from ..guards import internal
from .connection_domains import working
from .document_store import digest

OVERLAP = timedelta(days=7)  # documents issued late are still in the window
SPENDING_OVERLAP = timedelta(days=60)  # they come late, and no list has changes
CHANGE_OVERLAP = timedelta(days=1)  # Billingo's time zone is not documented
PAUSE = timedelta(minutes=1)  # a finished run does not start again in its own slot
WHOLE_INTERVAL = timedelta(days=7)  # then a longer time is read, for what was deleted
WHOLE = timedelta(days=366)
MOST_SINGLE = 50  # documents of a kind that are requested one by one in a step
LONGEST = timedelta(seconds=30)  # of requests one by one, before the job looks up
MORE, ASK = "more", "ask"  # what is to be done after a page
TURNS = "tried_at NULLS FIRST, id"
REREADS = 2  # of a list that shrank while it was read
FETCH_JOB = "account_billingo_import.ir_cron_billingo_fetch"
PROCESS_JOB = "account_billingo_import.ir_cron_billingo_process"


@internal
class BillingoFetcher(models.AbstractModel):
    _name = "billingo.fetcher"
    _description = "Fetching of Billingo documents"

    # === PUBLIC === #

    def _cron_billingo_fetch(self):
        """Continue with every connection that is due; commits after each page."""
        connections = self.env["billingo.connection"]
        order = "tried_at NULLS FIRST, last_success_at, name, id"
        due = connections.search(self._due_domain(), order=order)
        calls = self.env["billingo.remote.call"]
        calls._run_steps(due, self._step, self._pages_left)

    def _fetch_by_hand(self, connection):
        """Fetch for a few seconds; the job does the rest. Commits after each page.

        :return: a notification for the user
        """
        failures = connection.env["billingo.connection.failures"]
        reason = failures._reason_not_to_call(connection)
        if reason:
            return notification(reason, "warning")
        connection.next_fetch_at = connection.unstored_ids.next_try_at = False
        if connection.state == "active":
            calls = self.env["billingo.remote.call"]
            calls._run_steps_by_hand(connection, self._step, FETCH_JOB)
        if connection.state != "active":
            message = connection.error or self.env._("Activate the connection first.")
        else:
            message = connection.error or self._result(connection)
        is_whole = not connection.error and not connection.count_unstored
        return notification(message, "success" if is_whole else "warning")

    def _step(self, session, connection):
        """Read and store one page; return whether there are more.

        The lock is for one page, so that a click and the scheduled job can meet. What
        is a request of its own has a lock and a commit of its own: neither the end of
        a worker nor trouble with one document takes the others along.
        """
        page = place = outcome = None
        with self._locked(session, connection) as ours:
            if ours:
                page = self._read_page(session.client, ours)
            if page and ours.mode != "spending":
                outcome = self._turn_page(ours, page)
            place = self._place(ours)
        if page and session.is_kept and connection.mode == "spending":
            outcome = self._read_spendings(session, connection, place, page)
        if outcome == ASK and session.is_kept:
            outcome = self._read_singles(session, connection, place)
        return outcome == MORE

    def _read_again(self, document):
        """Read one document as Billingo has it now; commits it.

        :raise UserError: Billingo does not answer, or the document is processed
        """
        connection = document.connection_id
        failures = connection.env["billingo.connection.failures"]
        reason = failures._reason_not_to_call(connection)
        if reason:
            raise UserError(reason)
        calls = self.env["billingo.remote.call"]
        with calls._session(connection, postpones=False) as session:
            with session.locked(document) as locked:
                is_known = document.source == "connection"
                if not locked or (document.state == "processed" and is_known):
                    raise UserError(
                        self.env._("None of these documents is to be processed.")
                    )
                parsed = self._read_one(session.client, document)
                self.env["billingo.document.store"]._update(document, parsed)
        if session.error:
            raise UserError(
                self.env["billingo.messages"]._error_text(session.error)
            ) from session.error

    # === STEPS === #

    def _read_page(self, client, connection):
        """Store a page of the list; return it, or None where the key is of no use."""
        if not connection.fetch_page:
            self._begin(connection)
        check = self.env["billingo.connection.check"]
        if not connection.checked_at and not check._verify(client, connection):
            return None
        page = connection._read_list(
            client, connection.fetch_page, **self._filters(connection)
        )
        self._check_page(connection, page)
        store = self.env["billingo.document.store"]
        is_listed = connection.mode == "spending"
        keep = store._store_listed if is_listed else store._store
        connection.run_id._add_page(keep(connection, page.documents))
        return page

    def _read_spendings(self, session, connection, place, page):
        """Read the lines of new and changed ones; return as ``_turn_page``."""
        end = fields.Datetime.now() + LONGEST
        listed = {document.id: document for document in page.documents}
        for record in self._unread(connection, listed):
            other = listed[record.billingo_id]
            read = partial(self._read_single, session.client, record, other)
            if not self._visit(session, connection, place, record, read):
                return None
            if fields.Datetime.now() > end:
                return MORE
        outcome = None
        with self._locked(session, connection) as ours:
            if self._place(ours) == place:
                outcome = self._turn_page(ours, page)
        return outcome

    def _unread(self, connection, listed):
        """Return what is stored otherwise than listed, and was not tried in this run.

        :param listed: the documents of the list, by their id
        """
        unstored = self.env["billingo.unstored"]._of(connection, listed.values())
        ids = [x for x in listed if x not in unstored or unstored[x]._is_due()]
        records = self.env["billingo.document"].search(
            self._untried(connection) & Domain("billingo_id", "in", ids),
            order=TURNS,
        )
        return records.filtered(
            lambda x: (
                (x.changed_digest or x.digest) != digest(listed[x.billingo_id].raw)
            )
        )

    def _check_page(self, connection, page):
        """Refuse a page that is the one before, since the list would never end."""
        try:
            page.check_differs(connection.fetch_page_digest)
        except errors.TemporaryError:
            connection.fetch_page = 0  # the next run begins again
            raise

    def _begin(self, connection):
        start = connection.start_date
        if connection.fetched_until:
            is_spending = connection.mode == "spending"
            overlap = SPENDING_OVERLAP if is_spending else OVERLAP
            since = connection.fetched_until - overlap
            if self._is_whole_due(connection):
                since = min(since, fields.Datetime.now() - WHOLE)
            start = max(start, since.date())
        connection.run_id._end("stopped")
        start = connection.refetch_from or start
        connection.write(
            {
                "fetch_started_at": fields.Datetime.now(),
                "fetch_from": start,
                "fetch_to": connection.refetch_to,
                "fetch_changes": False,
                "fetch_pages": 0,
                "fetch_rereads": 0,
                "run_id": self.env["billingo.run"]._begin(
                    connection, start, connection.refetch_to
                ),
                **self._first_page(),
            }
        )

    def _filters(self, connection):
        if connection.fetch_changes:
            since = connection.fetched_until - CHANGE_OVERLAP
            return {"modified_since": since.replace(hour=0, minute=0, second=0)}
        return {
            "start_date": connection.fetch_from,
            "end_date": connection.fetch_to or None,
        }

    def _turn_page(self, connection, page):
        """Move on within the run, or end it.

        :return: ``MORE`` to read, or on the last page ``ASK`` for what it did not have
        """
        connection.env["billingo.connection.failures"]._recover(connection)
        values = {
            "fetch_pages": page.last_page,
            "fetch_total": page.total,
            "fetch_seen": connection.fetch_seen + len(page.documents),
        }
        if connection.fetch_total > page.total:
            # A document left the list: those behind it moved up, perhaps onto a page
            # that was read before.
            values["fetch_shrunk"] = True
        connection.write(values)
        if connection.fetch_page < page.last_page:
            connection.fetch_page += 1
            connection.fetch_page_digest = page.digest
            return MORE
        if page.documents and connection.fetch_seen < page.total:
            # A page was shorter than it should be. (A list that Billingo does not count
            # ends with an empty page.)
            connection.fetch_shrunk = True
        if connection.fetch_shrunk and connection.fetch_rereads < REREADS:
            rereads = connection.fetch_rereads + 1
            connection.write(self._first_page(fetch_rereads=rereads))
            return MORE
        is_whole = not connection.fetch_shrunk
        if is_whole and self._has_changes_to_read(connection):
            connection.write(self._first_page(fetch_changes=True))
            return MORE
        if self._missing(connection) or self._unstored(connection):
            return ASK
        self._end(connection)
        return None

    def _end(self, connection):
        """End the run; the mark does not move when the list kept shrinking.

        What could not be stored is noted with all that the list said: it is tried again
        however far the mark is.
        """
        is_whole = not connection.fetch_shrunk
        values = {"next_fetch_at": fields.Datetime.now() + PAUSE, "fetch_page": 0}
        if not is_whole:
            values["error_source"] = self.env["billingo.messages"]._known_source(
                "shrinking_list"
            )
        elif connection.fetch_to:
            values |= {"refetch_from": False, "refetch_to": False, "fetch_to": False}
        else:
            values["fetched_until"] = connection.fetch_started_at
            values["last_success_at"] = connection.fetch_started_at
            since = (connection.fetch_started_at - WHOLE).date()
            if connection.fetch_from <= max(since, connection.start_date):
                values["fetched_whole_at"] = connection.fetch_started_at
        connection.write(values)
        whole = "incomplete" if connection.unstored_ids else "done"
        connection.run_id._end(whole if is_whole else "stopped")
        connection.unstored_ids._report()
        if connection.count_fetched:
            self.env.ref(PROCESS_JOB)._trigger()

    def _read_singles(self, session, connection, place):
        """Ask for single documents, then end the run; return as ``_turn_page``.

        These are stored documents that the list should have had, and documents that
        could not be stored.
        """
        for document in self._missing(connection):
            read = partial(self._read_single, session.client, document)
            if not self._visit(session, connection, place, document, read):
                return None
        for row in self._unstored(connection):
            read = partial(self._read_unstored, session.client, row)
            if not self._visit(session, connection, place, row, read):
                return None
        if self._unstored(connection):
            return MORE
        with self._locked(session, connection) as ours:
            if self._place(ours) == place:
                self._end(ours)
        return None

    def _missing(self, connection):
        """Return stored documents that the list did not have, and nobody asked for."""
        if connection.fetch_shrunk:
            return self.env["billingo.document"]
        domain = self._untried(connection) & Domain(
            [
                ("invoice_date", ">=", connection.fetch_from),
                ("seen_at", "<", connection.fetch_started_at),
                ("is_deleted", "=", False),
            ]
        )
        if connection.fetch_to:
            domain &= Domain("invoice_date", "<=", connection.fetch_to)
        documents = self.env["billingo.document"]
        return documents.search(domain, limit=MOST_SINGLE, order=TURNS)

    def _unstored(self, connection):
        """Return what could not be stored, and was not tried again in this run."""
        domain = self._untried(connection) & (
            Domain("next_try_at", "=", False)
            | Domain("next_try_at", "<=", fields.Datetime.now())
        )
        rows = self.env["billingo.unstored"]
        return rows.search(domain, limit=MOST_SINGLE, order=TURNS)

    def _visit(self, session, connection, place, record, read):
        """Read one document under the connection's lock; commits it.

        :param place: of the run; elsewhere, another worker has gone on
        :param record: of the document; its try is noted
        :param read: requests and stores it
        :return: whether the step goes on
        """
        # Whatever this document leads to, others come first from now on.
        self.env["billingo.remote.call"]._note_try(record)
        with self._locked(session, connection) as ours:
            if self._place(ours) != place:
                return False
            read()
        return session.is_open

    def _read_single(self, client, document, listed=None):
        """Store one document as Billingo has it now, or note that it is deleted.

        :param listed: it, as the list has it; None: the list does not have it
        :raise BillingoError: the connection may be of no use for others either
        """
        store = self.env["billingo.document.store"]
        try:
            if listed:
                parsed = client.spending(listed)
            else:
                parsed = self._read_one(client, document)
        except errors.RejectedError as error:
            # What the list still has keeps its error: the next list tells.
            if error.code == "404" and not listed:
                store._set_deleted(document)
            return
        counts = store._store(document.connection_id, [parsed])
        if not counts["failed"]:
            document.tried_at = False

    def _read_unstored(self, client, row):
        """Try again to store a document, as Billingo has it now.

        :raise BillingoError: the connection may be of no use for others either
        """
        if not row.exists():
            return  # the comparison of numbers has stored it
        try:
            parsed = self._read_one(client, row)
        except errors.RejectedError:
            parsed = row._parsed()  # what the list said is all that is known
        except errors.TemporaryError:
            row._wait()  # the next run does not stop here again
            raise
        self.env["billingo.document.store"]._store(row.connection_id, [parsed])

    # === HELPERS === #

    def _result(self, connection):
        """Return what a run has found, for the user who waits."""
        text = self.env._(
            "%(new)s new documents, %(known)s already stored.",
            new=connection.last_new,
            known=connection.last_known,
        )
        if not connection.count_unstored:
            return text
        failed = self.env._("Could not be stored: %s.", connection.count_unstored)
        return f"{text} {failed}"

    def _is_whole_due(self, connection):
        at = connection.fetched_whole_at
        return not at or at < fields.Datetime.now() - WHOLE_INTERVAL

    def _due_domain(self):
        now = fields.Datetime.now()
        return working() & (
            Domain("next_fetch_at", "=", False) | Domain("next_fetch_at", "<=", now)
        )

    def _locked(self, session, connection):
        domain = self._due_domain()
        return session.locked(connection, domain, allow_referencing=True)

    def _place(self, connection):
        """Return where the run of a connection is; of none it is nowhere."""
        return connection.ids and (
            connection.fetch_started_at,
            connection.fetch_page,
            connection.fetch_changes,
            connection.fetch_rereads,
        )

    def _untried(self, connection):
        before = Domain("tried_at", "<", connection.fetch_started_at)
        untried = Domain("tried_at", "=", False) | before
        return Domain("connection_id", "=", connection.id) & untried

    def _pages_left(self, connection):
        return max(connection.fetch_pages - connection.fetch_page + 1, 1)

    def _first_page(self, **values):
        return {
            "fetch_page": 1,
            "fetch_total": 0,
            "fetch_shrunk": False,
            "fetch_seen": 0,
            "fetch_page_digest": False,
            **values,
        }

    def _has_changes_to_read(self, connection):
        if connection.mode == "spending" or connection.fetch_to:
            return False
        return connection.fetched_until and not connection.fetch_changes

    def _read_one(self, client, document):
        if document.mode == "spending":
            return client.spending(document._parsed())
        return client.document(document.billingo_id)
