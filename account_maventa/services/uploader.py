"""Hand queued invoices to Maventa: documents are made here, uploads run in parallel."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..exceptions import TransferProblem
from ..maventa_api import (
    InvoiceStatus,
    MaventaError,
    Outcome,
    RejectedError,
    SetupError,
    TemporaryError,
    UnknownOutcomeError,
    UploadTask,
)
from ..models.transfer_state import CARRIED, IN_FLIGHT, LIVE, TransferState
from .remote_call import begin, commit, remote_call
from .upload_run import UploadRun

FIRST_FOLLOW_UP = timedelta(minutes=5)
NEXT_QUESTION = timedelta(minutes=1)


class MaventaUploader(models.AbstractModel):
    """From the queue to an outcome.

    The intent (state *uploading*, with the exact bytes) is committed before the
    upload, and the outcome right after it. A transfer with an intent and no outcome is
    looked for at Maventa by its UUID before anything is uploaded again.
    """

    _name = "maventa.uploader"
    _description = "Upload to Maventa"

    # === PUBLIC === #

    @api.model
    def _run_job(self):
        """Transfer everything that waits. Commits after each step of each transfer.

        Uploads go on while the next documents are made. One that breaks off does not
        stop the others.

        :raise ExceptionGroup: at the end, for transfers that broke off
        """
        accounts = self._usable_accounts()
        for account in accounts:
            self._queue_waiting(account)
        cron = self.env["ir.cron"]
        transfers = self.env["maventa.transfer"]
        waiting = transfers.search(
            self._waiting_domain(accounts), order="attempted_at NULLS FIRST, id"
        ).filtered(self._is_due)
        cron._commit_progress(remaining=len(waiting))
        with UploadRun(self) as run:
            for transfer in waiting:
                # Alone: after each commit the others would be read anew with it.
                run.take(transfer.with_prefetch())
                if not cron._commit_progress(1):
                    break
        self._finish_job(run.touched.exists())
        run.raise_errors()

    @api.model
    def _transfer_now(self, transfer):
        """Take one live transfer as far as possible; commits as the job does.

        Does nothing if another worker has it.

        :raise UserError: the transfer is switched off, or its account is not verified
        """
        account = transfer.account_id
        if transfer.state == TransferState.QUEUED:
            account = transfer._take_account_in_use()
        if account.state != "verified":
            problem = TransferProblem("not_verified" if account else "not_configured")
            messages = self.env["maventa.messages"]
            text = messages._explain(problem, account or transfer.account_id)
            raise UserError(account.problem or text)
        if transfer._lock():
            self._run(transfer)
            commit(self.env)

    # === SELECTION === #

    def _usable_accounts(self):
        """Return the accounts that can be called now.

        Earlier accounts and those of archived companies are among them: what they
        have begun is brought to its end.
        """
        accounts = self.env["maventa.account"].search([("state", "=", "verified")])
        return accounts.filtered(lambda account: account._can_call())

    def _queue_waiting(self, account):
        """Queue invoices that reached the transfer status while it was switched off."""
        company = account.company_id
        if company.maventa_account_id != account or not company._maventa_may_send():
            return
        moves = self.env["account.move"].search(
            Domain("maventa_status_id", "=", company.maventa_status_to_transfer_id.id)
            & Domain("state", "=", "posted")
            & Domain("maventa_state", "not in", (*CARRIED, TransferState.QUEUED))
        )
        moves._maventa_queue()

    def _waiting_domain(self, accounts):
        begun = Domain("account_id", "in", accounts.ids)
        queued = Domain("account_id.company_id", "in", accounts.company_id.ids)
        return (begun & Domain("state", "in", IN_FLIGHT)) | (
            queued & Domain("state", "=", TransferState.QUEUED)
        )

    def _is_due(self, transfer):
        """Return whether there is something to do at this moment.

        A transfer that has begun is brought to its end even after it was switched off;
        an earlier transfer of the same run may have paused the account.
        """
        company = transfer.move_id.maventa_account_company_id.sudo()
        company.invalidate_recordset(
            ["active", "maventa_enabled", "maventa_account_id"]
        )
        queued = transfer.state == TransferState.QUEUED
        account = company.maventa_account_id if queued else transfer.account_id
        account.invalidate_recordset(["state", "paused_until"])
        if queued and not company._maventa_may_send():
            return False
        return bool(account) and transfer.state in LIVE and account._can_call()

    # === ONE TRANSFER === #

    def _run(self, transfer):
        """Take a locked, live transfer as far as it goes, and wait for the outcome."""
        if not (task := self._prepare(transfer)):
            return
        try:
            with transfer.account_id._client() as client:
                outcome = Outcome(invoice=task.run(client))
        except (MaventaError, TransferProblem) as error:
            outcome = Outcome(error=error)
        self._record(transfer, task, outcome)

    def _prepare(self, transfer):
        """Return the upload task of a locked, live transfer, if there is one.

        Its intent is committed then, and the transfer locked again.
        """
        transfer.ensure_one()
        transfer = transfer.with_context(lang=transfer.create_uid.lang)
        ask_first, state = transfer.state != TransferState.QUEUED, transfer.state
        if not ask_first and not transfer._take_account_in_use():
            return None
        now = fields.Datetime.now()
        try:
            # Written first: a transfer that breaks the code goes to the end of the
            # queue and does not hold up the others.
            begin(transfer, {"attempts": transfer.attempts + 1, "attempted_at": now})
            if transfer.state != state:
                return None
            if not ask_first and not self._make_document(transfer):
                return None
        except TransferProblem:  # another worker has it
            return None
        return UploadTask(transfer._upload(), ask_first)

    def _make_document(self, transfer):
        """Make and commit the document of a queued transfer; return whether it may go.

        Documents are always new, never those of an earlier attempt.
        """
        if not self._may_begin(transfer):
            return False
        move = transfer.move_id.with_company(transfer.company_id)
        if not move._maventa_is_wanted():
            transfer.unlink()
            return False
        documents = self.env["maventa.document"]
        problems = list(filter(None, [move._maventa_refusal()]))
        problems = problems or self.env["maventa.validation"]._problems(move)
        if not problems:
            try:
                with self.env.cr.savepoint():
                    document = documents._make(move)
            except UserError as error:  # of the format, or of the report
                problems = [str(error)]
        if problems:
            transfer._fail(TransferState.INVALID, "\n".join(problems))
            return False
        transfer._set_document(document, documents._recipient(move))
        commit(self.env)
        begin(transfer)
        return transfer.state == TransferState.UPLOADING

    def _record(self, transfer, task, outcome, alone=True):
        """Record and commit the outcome of a task, and after that the account's state.

        The account may be locked by others, who must not make us lose the outcome.

        :param alone: no other task is running that knows better how Maventa is
        """
        transfer = transfer.with_context(lang=transfer.create_uid.lang)
        account, error = transfer.account_id, outcome.error
        text = error and self.env["maventa.messages"]._explain(error, account)
        if error is None:
            transfer._accept(outcome.invoice)
        elif isinstance(error, RejectedError):
            transfer._fail(TransferState.REJECTED, text, error.code)
        else:
            unknown = task.ask_first or isinstance(error, UnknownOutcomeError)
            transfer._postpone(text, _code(error), unknown)
        commit(self.env)
        if isinstance(error, (SetupError, TemporaryError, TransferProblem)):
            account._note_trouble(error)
        elif alone:
            account._note_success()

    # === DUPLICATE GUARD === #

    def _may_begin(self, transfer):
        """Return whether a queued transfer may begin.

        An earlier one that failed may have been rerouted on Maventa's website: then
        the customer receives it, and must not receive it a second time.
        """
        if transfer.again:
            return True
        failed = transfer.move_id.maventa_transfer_ids.filtered(
            lambda row: row.state == TransferState.FAILED and row.remote_id
        )
        for account, rows in failed.grouped("account_id").items():
            if account != transfer.account_id and account.state != "verified":
                continue  # an earlier account whose keys do not work any more
            try:
                with remote_call(account, account.browse(), by_job=True) as client:
                    held = client.list_invoices(rows.mapped("remote_id"))
            except (MaventaError, TransferProblem) as error:
                begin(transfer)
                text = self.env["maventa.messages"]._explain(error, account)
                transfer._postpone(text, _code(error), unknown=False)
                commit(self.env)
                return False
            if self._give_way(transfer, rows, held):
                return False
        return True

    def _give_way(self, transfer, rows, held):
        """Drop the transfer and follow earlier ones, if Maventa delivers those."""
        active = rows.filtered(
            lambda row: (
                row.remote_id in held
                and held[row.remote_id].status is not InvoiceStatus.FAILED
            )
        )
        if not active:
            return False
        move, company = transfer.move_id, transfer.account_id.company_id
        transfer.unlink()
        move._maventa_set_status(company.maventa_status_after_transfer_id)
        for row in active:
            row._update_from_remote(held[row.remote_id])
        return True

    # === END OF THE JOB === #

    def _finish_job(self, touched):
        """Schedule what is not finished, and report failures."""
        now = fields.Datetime.now()
        if any(transfer.state == TransferState.UNKNOWN for transfer in touched):
            cron = self.env.ref("account_maventa.ir_cron_maventa_transfer")
            cron._trigger(at=now + NEXT_QUESTION)
        if any(transfer.state == TransferState.ACCEPTED for transfer in touched):
            cron = self.env.ref("account_maventa.ir_cron_maventa_follow_up")
            cron._trigger(at=now + FIRST_FOLLOW_UP)
        self.env["ir.cron"]._commit_progress()
        self.env["maventa.failure.digest"]._send()
        self.env["ir.cron"]._commit_progress()


def _code(error):
    """Return the error's code, or the kind of a problem of ours."""
    return error.kind if isinstance(error, TransferProblem) else error.code
