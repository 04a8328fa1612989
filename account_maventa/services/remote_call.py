"""The one way to call Maventa.

Lock, write the intent, commit, lock again, call, write the outcome, commit, note
trouble. Odoo repeats a request after a serialization failure
(``odoo.service.model.retrying``), and a process can die at any moment. A change at
Maventa cannot be rolled back; therefore its intent is committed before the call, and
its outcome right after it.
"""

import logging
from contextlib import contextmanager

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..exceptions import TransferProblem
from ..maventa_api import MaventaError

_logger = logging.getLogger(__name__)


def commit(env):
    """Commit, in a scheduled job with its progress; tests commit nothing."""
    if env.context.get("ir_cron_progress_id"):
        env["ir.cron"]._commit_progress()
    elif env["account.move"]._can_commit():
        env.cr.commit()  # pylint: disable=invalid-commit


def lock(records):
    """Lock the records, whose values are read again.

    :raise TransferProblem: ``busy``, another worker or user has one of them
    """
    if records._lock() != records:
        raise TransferProblem("busy")


def begin(records, intent=None):
    """Lock the records, write and commit the intent, and lock them again.

    :param intent: values that tell a later attempt what was about to happen
    :raise TransferProblem: ``busy``
    """
    lock(records)
    if intent:
        records.write(intent)
        commit(records.env)
        lock(records)


@contextmanager
def remote_call(
    account, records=None, intent=None, registrar=False, by_job=False, receives=False
):
    """Yield a client of ``account``; the body calls it and writes the outcome.

    Commits the intent before the call and the outcome after it. When the body raises,
    what it has written is rolled back and trouble is noted on the account.

    :param records: locked during the call, by default the account; an empty recordset
        for a call that changes nothing on either side, which then commits nothing
    :param intent: see :func:`begin`
    :param registrar: yield the client that opens accounts instead
    :param by_job: no user is waiting: pause after trouble, notify the administrator
    :param receives: yield a client that may fetch invoices
    :raise MaventaError: from the call
    :raise TransferProblem: there is no client, or the records are busy
    """
    env = account.env
    records = account if records is None else records
    begin(records, intent)
    try:
        options = {"receives": True} if receives else {}
        opened = account._registrar() if registrar else account._client(**options)
        with opened as client, env.cr.savepoint():
            yield client
    except (MaventaError, TransferProblem) as error:
        if not registrar:
            account._note_trouble(error, by_job=by_job, receives=receives)
            commit(env)
        raise
    if records:
        commit(env)


@contextmanager
def fenced(account):
    """Keep an unforeseen error with one account away from the others of a job.

    What the block left uncommitted is undone. The error is logged and pauses the
    account; a conflict with another worker only ends the block.
    """
    env = account.env
    try:
        yield
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        env.cr.rollback()
    except Exception as error:
        env.cr.rollback()
        _logger.error("Maventa account %s", account.id, exc_info=error)
        account._note_unforeseen(error)
        commit(env)
