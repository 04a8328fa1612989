"""The one way to call AT: lock, intent, commit, lock, request, outcome, commit.

AT is not part of the transaction, and Odoo repeats a request after a serialization
failure. So nothing is sent before all that was written is committed, and the outcome
is committed before anything else can fail. An intent without an outcome shows that
AT must be consulted before the request is repeated.
"""

import logging
from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import LockError, UserError
from psycopg2.errors import (
    DeadlockDetected,
    LockNotAvailable,
    SerializationFailure,
)

from ..at_series import SeriesError
from ..guards import internal

_logger = logging.getLogger(__name__)

# Another transaction was faster; nothing is wrong with the record.
_BUSY = (DeadlockDetected, LockNotAvailable, SerializationFailure)
_ATTEMPTS = 3  # to write down the state of the connection


class Call:
    """One opened call.

    ``client``: speaks to AT; ``error``: what the block leaves behind, a
    :class:`~..at_series.SeriesError`, a :class:`~..exceptions.SeriesProblem` or
    ``None``.
    """

    def __init__(self, client):
        self.client = client
        self.error = None


class Fence:
    """How a fenced block ended. ``error``: the exception that left it, or ``None``."""

    error = None


@internal
class L10nPtAtcudRemoteCall(models.AbstractModel):
    """Locks, commits and the client of every call to AT.

    Each call commits before the request (with the intent, if there is one), after the
    outcome, and after the new state of the connection.
    """

    _name = "l10n_pt_atcud.remote_call"
    _description = "AT: calls of the web service"

    # === PUBLIC === #

    @contextmanager
    def open(
        self, connection, records=None, *, intent=None, message=None, checking=False
    ):
        """Commit, and run the block that sends the request and writes its outcome.

        :param connection: the connection to use
        :param records: the subject of the request; locked while the block runs
        :param intent: writes down the request before it is sent
        :param message: returns what the intent will send. It is checked before the
            intent is committed: what cannot be sent would stay open for ever
        :param checking: the request finds out whether a refusal still holds
        :return: a :class:`Call`; the block leaves the error in it
        :raise ConnectionProblem: AT cannot be called; nothing was written or sent
        :raise RejectedError, SetupError: the message cannot be written; nothing was
            written or sent
        :raise UserError: another transaction has locked the records
        """
        records = connection.browse() if records is None else records
        series = records if records._name == "l10n_pt_atcud.series" else None
        with connection._make_client(series, checking=checking) as client:
            if intent:
                self._write_intent(client, intent, message)
            self.commit()
            self.lock(records)
            call = Call(client)
            yield call
        self.commit()
        if client.last_exchange or isinstance(call.error, SeriesError):
            self._record_answer(connection, call.error)

    @api.model
    def lock(self, records):
        """Lock ``records`` until the next commit, and read them anew.

        :raise UserError: another transaction has locked them
        """
        try:
            records.lock_for_update(allow_referencing=True)
        except LockError:
            raise UserError(
                self.env._(
                    "Another user or job is working on %s at this moment. Try again "
                    "later.",
                    ", ".join(records.mapped("display_name")),
                )
            ) from None
        records.invalidate_recordset()

    @contextmanager
    def fence(self, records):
        """Keep an error with ``records`` away from the other records of a job.

        What the block left uncommitted is undone, and the error is logged.

        :return: a :class:`Fence`
        """
        fence = Fence()
        try:
            yield fence
        except _BUSY as error:
            self.rollback()
            fence.error = error
            _logger.info("AT: %s is in use elsewhere; the next run follows", records)
        except Exception as error:
            self.rollback()
            fence.error = error
            _logger.error("AT: job on %s", records, exc_info=error)

    @api.model
    def rollback(self):
        """Undo what is not committed, except in tests."""
        if self.env["account.move"]._can_commit():
            self.env.cr.rollback()

    @api.model
    def commit(self):
        """Commit, except in tests: a rollback would forget what AT has done."""
        if self.env["account.move"]._can_commit():
            self.env.cr.commit()  # pylint: disable=invalid-commit

    # === HELPERS === #

    def _write_intent(self, client, intent, message):
        """Write down the request, unless AT's schema forbids it."""
        with self.env.cr.savepoint():
            intent()
            if message:
                client.check_request(message())

    def _record_answer(self, connection, error):
        """Write down what the answer says about the connection, and commit.

        The outcome is safe by now. A conflict is no reason to repeat the request, so
        it is resolved here.
        """
        answer = error if isinstance(error, SeriesError) else None
        connection._discard_refused_password(answer)
        if not connection._state_after(answer):
            return
        for attempt in range(_ATTEMPTS):
            try:
                # Where another call holds the record, that one writes its own answer.
                locked = connection.try_lock_for_update(allow_referencing=True)
                locked._record_answer(answer)
                self.commit()
                return
            except SerializationFailure:
                if attempt + 1 == _ATTEMPTS:
                    raise
                self.env.cr.rollback()
