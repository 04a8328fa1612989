"""One run of the upload job, with uploads in parallel to the making of documents."""

from contextlib import contextmanager

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..exceptions import TransferProblem
from ..maventa_api import MaventaError, Outcome, UploadPool
from ..models.transfer_state import IN_FLIGHT
from .remote_call import commit

TRIES = 5  # to record an outcome while a user edits the invoice


class UploadRun:
    """Threads get bytes and a client; everything else happens in the worker's thread.

    A transfer is held (``_hold``) from its intent until its outcome is committed. One
    that breaks the code does not stop the others.
    """

    def __init__(self, uploader):
        self._uploader = uploader
        self._env = uploader.env
        self._pools = {}  # by account
        self._held = set()  # transfers that are prepared or running
        self._running = set()  # transfers that are in a pool
        self._troubled = set()  # accounts whose pause a late success must not end
        self._errors = []
        self.touched = self._env["maventa.transfer"]

    def __enter__(self):
        return self

    def __exit__(self, *_exc_info):
        try:
            for pool in self._pools.values():
                while len(pool):
                    self._collect(pool, block=True)
        finally:
            for pool in self._pools.values():
                pool.close()

    def raise_errors(self):
        """Raise what broke off, now that the other transfers are done."""
        if self._errors:
            raise ExceptionGroup("Transfers to Maventa broke off", self._errors)

    def take(self, transfer):
        """Prepare and start one transfer, if it is still due."""
        for pool in self._pools.values():
            self._collect(pool)
        with self._isolated():
            if transfer._lock() and self._uploader._is_due(transfer):
                self.touched |= transfer
                if task := self._uploader._prepare(transfer):
                    transfer._hold()
                    self._held.add(transfer)
                    self._start(transfer, task)
        if transfer in self._held - self._running:
            self._let_go(transfer)

    def _start(self, transfer, task):
        account = transfer.account_id
        if account not in self._pools:
            self._pools[account] = UploadPool(account._client)
        pool = self._pools[account]
        while not pool.has_room():
            self._collect(pool, block=True)
        if not self._uploader._is_due(transfer):  # an outcome has paused the account
            if not task.ask_first and transfer._lock():
                transfer._requeue()
                commit(self._env)
            return
        try:
            pool.start((transfer, task), task)
        except (MaventaError, TransferProblem) as error:
            self._record(transfer, task, Outcome(error=error))
        else:
            self._running.add(transfer)

    def _collect(self, pool, block=False):
        for (transfer, task), outcome in pool.finished(block=block):
            self._running.discard(transfer)
            with self._isolated():
                self._record(transfer, task, outcome)
            self._let_go(transfer)

    def _record(self, transfer, task, outcome):
        """Record an outcome; one that cannot be recorded is asked for next time."""
        account = transfer.account_id
        if outcome.error:
            self._troubled.add(account)
            if not isinstance(outcome.error, (MaventaError, TransferProblem)):
                raise outcome.error
        alone = account not in self._troubled
        for _try in range(TRIES):
            try:
                commit(self._env)
                if transfer._lock().state in IN_FLIGHT:
                    self._uploader._record(transfer, task, outcome, alone)
                commit(self._env)
                return
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self._env.cr.rollback()

    def _let_go(self, transfer):
        self._held.discard(transfer)
        transfer._release()

    @contextmanager
    def _isolated(self):
        """Keep an error in here away from the other transfers."""
        try:
            yield
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self._env.cr.rollback()  # another worker or user has it
        except Exception as error:
            self._env.cr.rollback()
            self._errors.append(error)
