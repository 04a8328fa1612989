"""The one way to call Billingo: under a lock, with its outcome written and committed.

Billingo is only read. A request that Odoo repeats after a serialization failure
therefore changes nothing there; what must not happen twice is here: a document stored,
a failure counted, a person notified. All of that is written after the answer, in the
transaction that holds the lock, and is committed before the next request goes out.
"""

import logging
from contextlib import contextmanager
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..billingo_api import errors
from ..guards import internal

_logger = logging.getLogger(__name__)

BY_HAND = timedelta(seconds=20)  # a user who pressed a button waits so long at most


def commit(env):
    """Commit one complete unit, so that a later failure cannot undo it.

    Inside Odoo's tests the test decides what is committed.
    """
    if env["account.move"]._can_commit():
        env.cr.commit()  # pylint: disable=invalid-commit


class Session:
    """A client of one connection, and how its calls ended.

    :ivar client: None where no client could be made; the connection has the reason
    :ivar error: the error that ended the session, an exception or None
    :ivar is_kept: whether the last step was committed as a whole
    """

    def __init__(self, service, connection, client, is_job, postpones):
        self.client = client
        self.error = None
        self.is_kept = False
        self._service = service
        self._connection = connection
        self._is_job = is_job
        self._postpones = postpones

    @property
    def is_open(self):
        """Tell whether the connection may be used for more requests now."""
        return self.client is not None and self.error is None

    @contextmanager
    def locked(self, record, domain=None, *, allow_referencing=False):
        """Lock, let the body ask and write the outcome, note trouble, commit.

        Yields the locked record, or an empty recordset where another worker has it or
        where ``domain`` does not hold any more: the body then has nothing to do.

        * ``SetupError`` suspends the connection; other errors of Billingo postpone it,
          unless the session was opened without that. ``error`` has them afterwards.
        * In a job, a conflict with another worker ends the step, and any other
          exception is logged and postpones the connection: the other connections
          continue. In a button both are raised.
        """
        self.is_kept = False
        try:
            yield self._lock(record, domain, allow_referencing)
            commit(record.env)
            self.is_kept = True
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            if not self._is_job:
                raise  # Odoo repeats the request
            # Another worker is at this very step, and continues.
            record.env.cr.rollback()
        except errors.BillingoError as error:
            self.error = error
            self._service._note(self._connection, error, self._postpones)
            commit(record.env)
        except Exception as error:
            if not self._is_job:
                raise
            self.error = error
            self._service._note_unforeseen(self._connection, error)
            commit(record.env)

    def _lock(self, record, domain, allow_referencing):
        try:
            found = record.try_lock_for_update(allow_referencing=allow_referencing)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            if not self._is_job:
                raise
            # Another worker has changed it since this transaction began.
            record.env.cr.rollback()
            return record.browse()
        return found if domain is None else found.filtered_domain(domain)


@internal
class BillingoRemoteCall(models.AbstractModel):
    _name = "billingo.remote.call"
    _description = "Calls of Billingo"

    # === PUBLIC === #

    @contextmanager
    def _session(self, connection, *, is_job=False, postpones=True):
        """Open a :class:`Session` for one connection.

        :param is_job: a scheduled job: trouble concerns this connection alone
        :param postpones: whether temporary errors put off the connection's next fetch
        :raise UserError: no client can be made (not in a job)
        """
        try:
            client = connection._client()
        except UserError as error:
            if not is_job:
                raise
            self._note_unforeseen(connection, error)
            yield Session(self, connection, None, is_job, postpones)
            return
        with client:
            yield Session(self, connection, client, is_job, postpones)

    def _run_steps(self, connections, step, steps_left=lambda _connection: 1):
        """Let a job continue with each connection; commits after each step.

        :param step: takes session and connection, returns whether there are more
        :param steps_left: of a connection that has more, for the scheduler's progress
        """
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(connections))
        for index, connection in enumerate(connections):
            others = len(connections) - index - 1
            self._note_try(connection)
            with self._session(connection, is_job=True) as session:
                has_more = True
                while has_more:
                    has_more = session.is_open and step(session, connection)
                    left = steps_left(connection) if has_more else 0
                    if not cron._commit_progress(1, remaining=left + others):
                        return

    def _run_steps_by_hand(self, connection, step, job):
        """Continue with one connection for a few seconds, then leave it to the job.

        Commits after each step.
        """
        end = fields.Datetime.now() + BY_HAND
        with self._session(connection) as session:
            while step(session, connection):
                if fields.Datetime.now() > end:
                    self.env.ref(job)._trigger()
                    break

    def _visit(self, documents, visit, domain=None, *, is_job=False):
        """Visit documents, each under its lock; commits after each.

        The documents of a connection that meets trouble are left out from then on.

        :param visit: takes client and document
        :param domain: what has to hold for a document when it is locked
        :return: whether a job has time left
        """
        cron = self.env["ir.cron"]
        for connection, found in documents.grouped("connection_id").items():
            failures = connection.env["billingo.connection.failures"]
            if failures._reason_not_to_call(connection):
                continue
            with self._session(connection, is_job=is_job) as session:
                for document in found:
                    if not session.is_open:
                        break
                    if is_job:
                        self._note_try(document)
                    with session.locked(document, domain) as locked:
                        if locked:
                            visit(session.client, locked)
                    if is_job and not cron._commit_progress(1):
                        return False
        return True

    # === HELPERS === #

    def _note_try(self, record):
        """Write a job's try down before it calls, so that others come first later.

        A service that drips, or a worker that is ended by its time limit, comes to no
        outcome. A record that another worker has needs no note.
        """
        try:
            locked = record.try_lock_for_update(allow_referencing=True)
            locked.tried_at = fields.Datetime.now()
            locked.flush_recordset(["tried_at"])
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            record.env.cr.rollback()
        commit(record.env)

    def _note(self, connection, error, postpones):
        """Write on the connection what an error of Billingo means for it."""
        source = self.env["billingo.messages"]._source(error)
        failures = connection.env["billingo.connection.failures"]
        if isinstance(error, errors.SetupError):
            failures._suspend(connection, source)
        elif postpones:
            failures._postpone(connection, source, getattr(error, "retry_after", None))
        elif getattr(error, "retry_after", None):
            wait = timedelta(seconds=error.retry_after)
            connection.wait_until = fields.Datetime.now() + wait

    def _note_unforeseen(self, connection, error):
        """Log an error of our own, and try again later."""
        connection.env.cr.rollback()
        _logger.error("Billingo connection %s", connection.id, exc_info=error)
        source = self.env["billingo.messages"]._source(error)
        connection.env["billingo.connection.failures"]._postpone(connection, source)
