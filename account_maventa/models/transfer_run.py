from contextlib import contextmanager

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..maventa_api import Lanes, MaventaError, Outcome

TRIES = 5  # to write an outcome down beside somebody who edits the invoice


class TransferRun:
    """One run of the schedule: documents are made here, uploads go on beside that.

    Threads get bytes and a client; everything else happens in the worker's own
    thread. What is under way is held (``_hold``) until its outcome is committed.
    One transfer that breaks the code stops none of the others.
    """

    def __init__(self, env):
        self._env = env
        self._lanes = {}  # by company and account: keys may change meanwhile
        self._held = set()  # transfers that are ready, or under way
        self._away = set()  # those under way
        self._troubled = set()  # companies whose pause a late success must not end
        self._errors = []
        self.touched = env["maventa.transfer"]

    def __enter__(self):
        return self

    def __exit__(self, *_exc_info):
        try:
            for lanes in self._lanes.values():
                while len(lanes):
                    self._collect(lanes, block=True)
        finally:
            for lanes in self._lanes.values():
                lanes.close()

    def raise_errors(self):
        """Let the schedule know of what broke off, now that the others are done."""
        if self._errors:
            raise ExceptionGroup("Transfers to Maventa broke off", self._errors)

    def take(self, transfer):
        """Make one ready and send it off, if it is still there to be sent."""
        for lanes in self._lanes.values():
            self._collect(lanes)
        with self._apart():
            if transfer._lock() and transfer._is_due():
                self.touched |= transfer
                if errand := transfer._make_ready():
                    transfer._hold()
                    self._held.add(transfer)
                    self._send_off(transfer, errand)
        if transfer in self._held - self._away:
            self._let_go(transfer)

    def _send_off(self, transfer, errand):
        company = transfer.account_company_id
        key = company, transfer.account_ref
        if key not in self._lanes:
            self._lanes[key] = Lanes(company._maventa_client)
        lanes = self._lanes[key]
        while not lanes.has_room():
            self._collect(lanes, block=True)
        if not transfer._is_due():  # what came back has made the company pause
            if not errand.ask_first and transfer._lock():
                transfer._put_back()
                transfer._commit()
            return
        try:
            lanes.start((transfer, errand), errand)
        except MaventaError as error:
            self._conclude(transfer, errand, Outcome(error=error))
        else:
            self._away.add(transfer)

    def _collect(self, lanes, block=False):
        for (transfer, errand), outcome in lanes.finished(block=block):
            self._away.discard(transfer)
            with self._apart():
                self._conclude(transfer, errand, outcome)
            self._let_go(transfer)

    def _conclude(self, transfer, errand, outcome):
        """Write an outcome down; what cannot be written is asked for next time."""
        company = transfer.account_company_id
        if outcome.error:
            self._troubled.add(company)
            if not isinstance(outcome.error, MaventaError):
                raise outcome.error
        alone = company not in self._troubled
        for _try in range(TRIES):
            try:
                if transfer._commit_and_lock().state in ("uploading", "unknown"):
                    transfer._conclude(errand, outcome, alone)
                transfer._commit()
                return
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self._env.cr.rollback()

    def _let_go(self, transfer):
        self._held.discard(transfer)
        transfer._release()

    @contextmanager
    def _apart(self):
        """Keep what breaks in here away from the other transfers."""
        try:
            yield
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self._env.cr.rollback()  # somebody else has it in hand
        except Exception as error:
            self._env.cr.rollback()
            self._errors.append(error)
