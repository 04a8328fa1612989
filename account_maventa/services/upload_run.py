"""One run of the upload job, with uploads in parallel to the making of documents."""

from contextlib import contextmanager

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..exceptions import TransferProblem
from ..maventa_api import MaventaError, Outcome, UploadPool
from ..models.transfer_state import IN_FLIGHT, TransferState
from .remote_call import commit

MOST_WAITING = 40  # uploads of an account, in memory, before the next batch is made
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

    def take(self, transfers):
        """Prepare and start a batch of transfers, as far as they are still due."""
        self._collect_all()
        for pool in self._pools.values():
            while len(pool) > MOST_WAITING:  # Maventa is slower than we are
                self._collect(pool, block=True)
        held = self._env["maventa.transfer"]
        with self._isolated():
            free = transfers._lock()
            held = self._uploader._due(free)
            held._hold()
            self.touched |= held
            begun = self._uploader._begin(held)
            for transfer, task in self._prepare(begun):
                with self._isolated():
                    self._start(transfer, task)
        for transfer in held:
            if transfer not in self._running:
                transfer._release()
        self._collect_all()

    def _prepare(self, transfers):
        """Return transfers and their tasks; a batch that fails is tried by halves."""
        if not transfers:
            return []
        try:
            return self._uploader._prepare(transfers, self._errors)
        except Exception as error:
            self._env.cr.rollback()
            if len(transfers) == 1:
                if not isinstance(error, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                    self._errors.append(error)
                return []  # or another worker or user has it
        half, tasks = len(transfers) // 2, []
        for part in (transfers[:half], transfers[half:]):
            tasks += self._prepare(part._lock())
        return tasks

    def _start(self, transfer, task):
        account = transfer.account_id
        if account not in self._pools:
            self._pools[account] = UploadPool(account._client)
        pool = self._pools[account]
        if pool.is_in_trouble():
            self._collect(pool)
        # An outcome of this run may have paused the account.
        if account in self._troubled and not self._uploader._due(transfer):
            self._requeue(transfer, task)
            return
        try:
            pool.start((transfer, task), task)
        except (MaventaError, TransferProblem) as error:
            self._record(transfer, task, Outcome(error=error))
        else:
            self._running.add(transfer)

    def _requeue(self, transfer, task):
        if not task.ask_first and transfer._lock().state == TransferState.UPLOADING:
            transfer._requeue()
            commit(self._env)

    def _collect_all(self):
        for pool in self._pools.values():
            self._collect(pool)

    def _collect(self, pool, block=False):
        ended = [(*ticket, outcome) for ticket, outcome in pool.finished(block=block)]
        recorded = self._record_together(ended)
        for transfer, task, outcome in ended:
            self._running.discard(transfer)
            if transfer not in recorded:
                with self._isolated():
                    self._settle(transfer, task, outcome)
            transfer._release()

    def _settle(self, transfer, task, outcome):
        if outcome.dropped:
            self._requeue(transfer, task)
        else:
            self._record(transfer, task, outcome)

    def _record_together(self, ended):
        """Record successes in one transaction; return the transfers that it has."""
        invoices = {row: outcome.invoice for row, _task, outcome in ended}
        invoices = {row: invoice for row, invoice in invoices.items() if invoice}
        if len(invoices) < 2:
            return ()
        try:
            commit(self._env)
            locked = self._env["maventa.transfer"].union(*invoices)._lock()
            locked = locked.filtered(lambda row: row.state in IN_FLIGHT)
            locked._accept({row: invoices[row] for row in locked})
            commit(self._env)
        except Exception:  # each by itself then, which isolates what broke off
            self._env.cr.rollback()
            return ()
        for account in locked.account_id - self._union(self._troubled):
            with self._isolated():
                account._note_success()
                commit(self._env)
        return set(locked)

    def _union(self, accounts):
        return self._env["maventa.account"].union(*accounts)

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
