"""Hand queued invoices to Maventa: documents are made here, uploads run in parallel."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..exceptions import TransferProblem
from ..guards import internal
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
from .remote_call import begin, commit, fenced, remote_call
from .time_budget import TimeBudget
from .upload_run import UploadRun

FIRST_FOLLOW_UP = timedelta(minutes=5)
NEXT_QUESTION = timedelta(minutes=1)
BATCH = 20  # documents of one call of the PDF tool
WINDOW = 500  # transfers that are read together


@internal
class MaventaUploader(models.AbstractModel):
    """From the queue to an outcome.

    Documents are made in batches: one call of the PDF tool for invoices of one company,
    report and language. Uploads go on while the next batch is made. The intent (state
    *uploading*, with the exact bytes) is committed before the upload, and the outcome
    right after it. A transfer with an intent and no outcome is looked for at Maventa by
    its UUID before anything is uploaded again.
    """

    _name = "maventa.uploader"
    _description = "Upload to Maventa"

    # === PUBLIC === #

    @api.model
    def _run_job(self):
        """Transfer everything that waits. Commits after each step of each transfer.

        One that breaks off does not stop the others.

        :raise ExceptionGroup: at the end, for transfers that broke off
        """
        accounts = self._usable_accounts()
        for account in accounts:
            with fenced(account):
                self._queue_waiting(account)
        cron = self.env["ir.cron"]
        transfers = self.env["maventa.transfer"]
        waiting = transfers.search(
            self._waiting_domain(accounts), order="attempted_at NULLS FIRST, id"
        )
        cron._commit_progress(remaining=len(waiting))
        with UploadRun(self) as run:
            for batch in self._batches(waiting):
                run.take(batch)
                if not cron._commit_progress(len(batch)):
                    break
        self._finish_job(run.touched.exists())
        run.raise_errors()

    @api.model
    def _transfer_now(self, transfer, with_pdf=False):
        """Take one live transfer as far as possible; commits as the job does.

        Does nothing if another worker has it.

        :param with_pdf: the invoice has a PDF that was made in this request
        :raise UserError: the transfer is switched off, or its account is not verified
        """
        account = transfer.account_id
        if account.state != "verified":
            problem = TransferProblem("not_verified")
            text = self.env["maventa.messages"]._explain(problem, account)
            raise UserError(account.problem or text)
        if transfer._lock():
            self.with_context(maventa_with_pdf=with_pdf)._run(transfer)
            commit(self.env)

    @api.model
    def _transfer_some(self, transfers):
        """Take live transfers as far as possible while a user waits.

        Those that do not fit into this time are queued for the job.

        :raise UserError: as :meth:`_transfer_now`
        """
        budget = TimeBudget()
        for transfer in transfers:
            if budget.is_spent:
                return
            if transfer.state in LIVE:
                self._transfer_now(transfer)

    # === SELECTION === #

    def _usable_accounts(self):
        """Return the accounts that can be called now.

        Earlier accounts and those of archived companies are among them: what they
        have begun is brought to its end.
        """
        accounts = self.env["maventa.account"].search(
            [("state", "=", "verified")], order="tried_at NULLS FIRST, id DESC"
        )
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
        return (
            Domain("is_void", "=", False)
            & Domain("account_id", "in", accounts.ids)
            & Domain("state", "in", LIVE)
        )

    def _batches(self, waiting):
        """Yield batches of transfers: begun ones, and queued ones that fit together."""
        size = self._batch_size()
        for start in range(0, len(waiting), WINDOW):
            # Read together; after each commit the values are read anew.
            window = waiting[start : start + WINDOW].with_prefetch().exists()
            groups = {
                key: rows.ids for key, rows in window.grouped(self._batch_key).items()
            }
            for ids in groups.values():
                for first in range(0, len(ids), size):
                    yield waiting.browse(ids[first : first + size])

    def _batch_key(self, transfer):
        """Return what the transfers of a batch have in common."""
        if transfer.state != TransferState.QUEUED:
            return "begun", transfer.account_id.id, None, None
        move = transfer.move_id
        report = self.env["maventa.document.maker"]._report(move)
        return "queued", move.company_id.id, report, move.partner_id.lang

    def _batch_size(self):
        parameters = self.env["ir.config_parameter"].sudo()
        value = parameters.get_param("account_maventa.batch_size", "")
        is_size = value.isdecimal() and len(value) < 5 and int(value)
        return int(value) if is_size else BATCH

    def _due(self, transfers):
        """Return those for which there is something to do at this moment.

        A transfer that has begun is brought to its end even after it was switched off;
        an earlier transfer of the same run may have paused the account.
        """
        companies = transfers.move_id.maventa_account_company_id.sudo()
        companies.invalidate_recordset(
            ["active", "maventa_enabled", "maventa_account_id"]
        )
        transfers.account_id.invalidate_recordset(["state", "paused_until"])
        return transfers.filtered(self._is_due)

    def _is_due(self, transfer):
        if transfer.is_void or transfer.state not in LIVE:
            return False
        if transfer.state == TransferState.QUEUED:
            company = transfer.move_id.maventa_account_company_id.sudo()
            if not (company._maventa_may_send() and transfer._is_of_account_in_use()):
                return False
        return transfer.account_id._can_call()

    # === STEPS === #

    def _run(self, transfer):
        """Take a locked, live transfer as far as it goes, and wait for the outcome."""
        transfer._hold()  # the job, which the same request has triggered, leaves it
        try:
            self._run_held(transfer)
        finally:
            transfer._release()

    def _run_held(self, transfer):
        errors = []
        tasks = self._prepare(self._begin(transfer), errors)
        for error in errors:
            raise error
        for row, task in tasks:
            try:
                with row.account_id._client() as client:
                    outcome = Outcome(invoice=task.run(client))
            except (MaventaError, TransferProblem) as error:
                outcome = Outcome(error=error)
            self._record(row, task, outcome)

    def _begin(self, transfers):
        """Count the try of locked, live transfers; commit that, and lock them again.

        Written first: a transfer that breaks the code goes to the end of the queue and
        does not hold up the others.

        :return: those that are unchanged, and that nobody else works on
        """
        states, now = {row: row.state for row in transfers}, fields.Datetime.now()
        for transfer in transfers:
            transfer.attempts += 1
        transfers.attempted_at = now
        commit(self.env)
        locked = transfers._lock()
        return locked.filtered(lambda row: row.state == states[row])

    def _prepare(self, transfers, errors):
        """Return locked, live transfers that can go, each with its upload task.

        Their intents are committed together, and they are locked again. Documents are
        always new, never those of an earlier attempt. All are made in one transaction,
        so that PDF and data tell the same.

        :param errors: gets what broke off; that transfer stays in the queue
        """
        begun = transfers.filtered(lambda row: row.state in IN_FLIGHT)
        queued = transfers.filtered(lambda row: row.state == TransferState.QUEUED)
        fresh = self._make_documents(self._sift(queued), errors)
        if fresh:
            commit(self.env)
            fresh = fresh._lock()
        fresh = fresh.filtered(lambda row: row.state == TransferState.UPLOADING)
        return [
            (row, UploadTask(row._upload(), row in begun, row._has_its_document()))
            for row in begun | fresh
        ]

    def _sift(self, transfers):
        """Return queued transfers whose document is to be made; settle the others."""
        kept = transfers.browse()
        for transfer in transfers:
            # Those before it may have been settled by a commit.
            if not self._may_begin(transfer):
                continue
            move = transfer.move_id
            if not move._maventa_is_wanted():
                transfer.unlink()
                continue
            kept |= transfer
        if len(kept) < len(transfers):
            commit(self.env)
            kept = kept._lock()
        return kept.filtered(lambda row: row.state == TransferState.QUEUED)

    def _make_documents(self, transfers, errors):
        """Set the documents of queued transfers; return those that have one."""
        documents, valid = self.env["maventa.document.maker"], transfers.browse()
        for transfer in transfers:
            problems = self._texts(transfer, self._problems)
            if problems:
                transfer._fail(TransferState.INVALID, problems)
            else:
                valid |= transfer
        intents = {}
        pdfs = documents._make_pdfs(valid.move_id)
        for transfer in valid:
            pdf = pdfs.pop(transfer.move_id)
            try:
                with self.env.cr.savepoint():
                    intents[transfer] = self._make_document(transfer, pdf)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except UserError:  # of the format, or of the report
                text = self._texts(transfer, self._document_error, pdf)
                transfer._fail(TransferState.INVALID, text)
            except Exception as error:
                errors.append(error)
        made = transfers.browse().union(*intents)
        made._set_documents(intents)
        if transfers - made:
            commit(self.env)
            made = made._lock()
        return made

    def _make_document(self, transfer, pdf):
        """Return the document of a transfer, and the values of its recipient."""
        transfer = transfer.with_context(lang=transfer.create_uid.lang)
        move = transfer.move_id.with_company(transfer.company_id)
        documents = transfer.env["maventa.document.maker"]
        return documents._make(move, pdf), documents._recipient(move)

    def _document_error(self, transfer, pdf):
        """Return why the document cannot be made, in the language of the transfer."""
        move = transfer.move_id.with_company(transfer.company_id)
        try:
            with self.env.cr.savepoint():
                transfer.env["maventa.document.maker"]._make(move, pdf)
        except UserError as error:
            return str(error)
        return ""

    def _problems(self, transfer):
        """Return why the document cannot go, as one text."""
        move = transfer.move_id.with_company(transfer.company_id)
        rules = transfer.env["maventa.status.rules"]
        problems = list(filter(None, [rules._refusal(move)]))
        checks = transfer.env["maventa.upload.checks"]
        return "\n".join(problems or checks._problems(move))

    def _record(self, transfer, task, outcome, alone=True):
        """Record and commit the outcome of a task, and after that the account's state.

        The account may be locked by others, who must not make us lose the outcome.

        :param alone: no other task is running that knows better how Maventa is
        """
        account, error = transfer.account_id, outcome.error
        if error is None:
            transfer._accept({transfer: outcome.invoice})
        else:
            text = self._texts(transfer, self._explain, error)
            if isinstance(error, RejectedError):
                transfer._fail(TransferState.REJECTED, text, error.code)
            else:
                unknown = task.ask_first or isinstance(error, UnknownOutcomeError)
                transfer._postpone(text, _code(error), unknown)
        commit(self.env)
        if isinstance(error, (SetupError, TemporaryError, TransferProblem)):
            account._note_trouble(error)
        elif alone:
            account._note_success()

    def _texts(self, transfer, tell, *args):
        """Return the text of ``tell(transfer, ...)`` in all languages, if there is any.

        The requester's language is the main one.
        """
        messages = self.env["maventa.messages"]
        lang = transfer.create_uid.lang
        return messages._in_all_languages(
            lambda env: tell(transfer.with_env(env), *args), lang
        )

    def _explain(self, transfer, error):
        return transfer.env["maventa.messages"]._explain(error, transfer.account_id)

    # === DUPLICATE GUARD === #

    def _may_begin(self, transfer):
        """Return whether a queued transfer may begin.

        An earlier one that failed may have been rerouted on Maventa's website: then
        the customer receives it, and must not receive it a second time.
        """
        if transfer.again:
            return True
        failed = transfer.move_id._maventa_transfers().filtered(
            lambda row: row.state == TransferState.FAILED and row.remote_id
        )
        for account, rows in failed.grouped("account_id").items():
            if account != transfer.account_id and account.state != "verified":
                # Odoo cannot see whether that one is delivered meanwhile.
                error = TransferProblem("earlier_account", name=account.display_name)
                text = self._texts(transfer, self._explain, error)
                transfer._fail(TransferState.INVALID, text, _code(error))
                return False
            try:
                with remote_call(account, account.browse(), by_job=True) as client:
                    held = client.list_invoices(rows.mapped("remote_id"))
            except (MaventaError, TransferProblem) as error:
                begin(transfer)
                text = self._texts(transfer, self._explain, error)
                transfer._postpone(text, _code(error), unknown=False)
                commit(self.env)
                return False
            if self._give_way(transfer, rows, held):
                return False
        return True

    def _give_way(self, transfer, rows, held):
        """Drop the transfer and follow earlier ones, if Maventa delivers those.

        A corrected invoice must not reach the customer beside the one that is on its
        way under the same number: what differs is told, and a person decides.
        """
        active = rows.filtered(
            lambda row: (
                row.remote_id in held
                and held[row.remote_id].status is not InvoiceStatus.FAILED
            )
        )
        if not active:
            return False
        transfer.unlink()
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
