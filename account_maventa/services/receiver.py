"""Fetch what Maventa has received: listed, downloaded, booked, each exactly once.

The truth is our table of receipts, not a mark at Maventa: a row is committed before its
file is fetched, the file before the bill is made, and the bill together with its link.
A worker that dies at any moment leaves something that the next run finishes.
"""

import logging
from datetime import UTC, datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import LazyTranslate

from ..exceptions import TransferProblem
from ..guards import internal
from ..maventa_api import (
    MaventaError,
    NotFoundError,
    RejectedError,
    ReturnFormat,
    SetupError,
    TemporaryError,
)
from ..maventa_api.inbound import PAGE
from ..models.point_kinds import Label, PointKind, Remedy, declare, point
from ..models.receipt_state import UNFINISHED, ReceiptState
from .remote_call import begin, commit, fenced, remote_call
from .time_budget import TimeBudget

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__)

OVERLAP = timedelta(days=3)  # bounds and clocks of the list are not known exactly
LOOK_BACK = timedelta(days=30)  # for ids that appear late
# When each was done last, how often it is due, how far back it reads
LOOKS = (
    ("looked_back_at", timedelta(days=7), LOOK_BACK),
    ("overlapped_at", timedelta(days=1), OVERLAP),
)
BELL_SECONDS = 60
# Minutes until the next try of one document that cannot be fetched
NEXT_TRY = (10, 60, 360, 1440)
TRIES_OF_A_FILE = 3
MOST_INTERRUPTED = 3  # tries that have ended the worker, until a person is asked
LISTING_SECONDS = 40  # of one run of the job, which has to book as well
ONE_DOCUMENT = (
    *("no_file", "answer_cut", "answer_limit"),
    *("other_invoice", "unreadable_answer"),
)

declare(
    PointKind(
        "put_off",
        Label.PUT_OFF,
        _lt(
            "Odoo could not take this invoice over in %(tries)s tries, and tries again "
            "once a day. Its row in the list of received invoices says why."
        ),
        remedies=(Remedy(_lt("Read again"), "action_read_again"),),
    )
)


@internal
class MaventaReceiver(models.AbstractModel):
    """List, download, and have booked; an account with trouble stops no other."""

    _name = "maventa.receiver"
    _description = "Receiver of Invoices"

    # === PUBLIC === #

    @api.model
    def _run_job(self):
        """Fetch for all accounts that receive; who was tried longest ago is first."""
        for account in self._accounts():
            has_time = True
            with fenced(account):
                account.receive_tried_at = fields.Datetime.now()
                commit(self.env)
                has_time = self._receive(account)
            if not has_time:
                self.env.ref("account_maventa.ir_cron_maventa_receive")._trigger()
                return
        self.env["maventa.receipt.digest"]._send()

    @api.model
    def _fetch_now(self, account):
        """Fetch for one account while a user waits; the job fetches the rest.

        :return: whether all was fetched
        :raise UserError: it does not receive, or Maventa cannot be reached
        """
        if not account._may_receive() or account.state != "verified":
            raise UserError(
                self.env._(
                    "Receiving by Maventa is switched off for this company (Settings, "
                    "Maventa), or its account is not verified."
                )
            )
        try:
            is_whole = self._receive(account, TimeBudget())
        except (MaventaError, TransferProblem) as error:
            text = self.env["maventa.messages"]._explain(error, account)
            raise UserError(text) from error
        if not is_whole:
            self._leave_to_job()
        return is_whole

    @api.model
    def _count_period(self, account, start, end):
        """Return how many invoices Maventa has of a period, if it says so.

        :raise UserError: Maventa cannot be reached, or does not allow it
        """
        none = account.browse()
        try:
            with remote_call(account, none, receives=True) as client:
                return client.count_inbound(_aware(start), _aware(end))
        except (MaventaError, TransferProblem) as error:
            text = self.env["maventa.messages"]._explain(error, account)
            raise UserError(text) from error

    @api.model
    def _fetch_period(self, account, start, end):
        """List a period, also before the start date; the job fetches the rest.

        :return: whether the list was read to its end while a user waits
        :raise UserError: Maventa cannot be reached, or does not allow it
        """
        try:
            is_whole = self._list_pages(account, start, end, budget=TimeBudget())
        except (MaventaError, TransferProblem) as error:
            text = self.env["maventa.messages"]._explain(error, account)
            raise UserError(text) from error
        self._leave_to_job()
        return is_whole

    @api.model
    def _read_again(self, receipts):
        """Make drafts anew, and fetch again what could not be read.

        What does not fit into the time of a user who waits is left to the job.

        :raise UserError: a bill is posted, or the receipt is ignored with its bill
        """
        for receipt in receipts:
            if receipt._is_of_another():
                receipt.move_id = False  # of another document, or typed by hand
            if receipt.move_id and receipt.move_id.state != "draft":
                raise UserError(
                    self.env._(
                        "The bill of %s is not a draft. Reset it to draft first.",
                        receipt.display_name,
                    )
                )
            fetch = (
                not receipt.document_id
                or receipt.missing_files
                or receipt.state == ReceiptState.UNREADABLE
            )
            state = ReceiptState.LISTED if fetch else ReceiptState.STORED
            values = dict.fromkeys(("next_try", "error", "ignored_reason"), False)
            receipt.write({**values, "state": state, "attempts": 0, "interrupted": 0})
            receipt._tell("info", lambda env: env._("Read again by %s", env.user.name))
        budget = TimeBudget()
        for receipt in receipts:
            if budget.is_spent:
                self._leave_to_job()
                return
            try:
                self._advance(receipt, by_job=False)
            except (MaventaError, TransferProblem) as error:
                account = receipt.account_id
                text = self.env["maventa.messages"]._explain(error, account)
                raise UserError(text) from error

    @api.model
    def _ring(self, account):
        """Let the job run soon: something may have come; often is once a minute."""
        now = fields.Datetime.now()
        latest = account.rung_at
        if latest and latest > now - timedelta(seconds=BELL_SECONDS):
            return False
        account.rung_at = now
        self._leave_to_job()
        return True

    def _leave_to_job(self):
        self.env.ref("account_maventa.ir_cron_maventa_receive").sudo()._trigger()

    # === LIST === #

    def _accounts(self):
        accounts = self.env["maventa.account"].search(
            [("receives", "=", True), ("state", "=", "verified")],
            order="receive_tried_at NULLS FIRST, id",
        )
        return accounts.filtered(
            lambda account: account._can_call() and account._may_receive()
        )

    def _receive(self, account, budget=None):
        """List, then work off; return whether time is left.

        :param budget: the time of a user who waits; None for the job
        """
        now = fields.Datetime.now()
        due = {
            name: reach
            for name, every, reach in LOOKS
            if not account[name] or account[name] <= now - every
        }
        # A list that ended its worker must not keep from booking what it has brought.
        if account.list_page and not self._work_off(account, budget):
            return False
        start = self._start(account, max(due.values(), default=None))
        try:
            is_whole = self._list_on(account, start, budget)
            if is_whole:
                account.write(dict.fromkeys(due, now))
        except (MaventaError, TransferProblem) as error:  # noted on the account
            if budget:
                raise
            # What is listed already can be fetched although the list is refused.
            return not isinstance(error, RejectedError) or self._work_off(account)
        return self._work_off(account, budget) and is_whole

    def _start(self, account, reach):
        """Return from which arrival on the list is read.

        Between the looks that are due, what was known before is no more than a page.

        :param reach: how far before the latest arrival; None if no look is due
        """
        start = fields.Datetime.to_datetime(account.receive_since)
        if latest := self._read_until(account):
            start = max(start, latest - (reach or OVERLAP))
        if latest and not reach:
            newest = self.env["maventa.receipt"].search(
                [
                    ("account_id", "=", account.id),
                    ("document_index", "=", 0),
                    ("received_at", ">=", start),
                    ("received_at", "<=", latest),
                ],
                order="received_at desc",
                limit=PAGE - 1,
            )
            if len(newest) == PAGE - 1:
                start = newest[-1].received_at
        return start

    def _read_until(self, account):
        """Return the cursor of the list; nothing if it lies in the future.

        With such a one what came meanwhile was not read: the list begins anew.
        """
        until = account.received_until
        return until if until and until <= fields.Datetime.now() else None

    def _list_on(self, account, start, budget):
        """Read the list from a moment on, or go on where an earlier run has ended.

        One page is read twice: a late arrival moves those behind it.

        :return: whether it was read to its end
        """
        goal = 1
        if account.list_page and account.list_start <= start:
            start, goal = account.list_start, account.list_page
        account.list_start = start
        return self._list_pages(account, start, goal=goal, budget=budget)

    def _list_pages(self, account, start, end=None, *, goal=1, budget=None):
        """Remember what the list has, page by page; commit after each.

        The cursor moves when the list was read to its end. Maventa may date an arrival
        in the future: the cursor is never later than our clock, or all that comes
        until then would be passed over.

        :param goal: the number of the page that is read whatever time it takes, after
            the one before it
        :return: whether it was
        """
        clock = budget or TimeBudget(LISTING_SECONDS)
        began, newest = fields.Datetime.now(), self._read_until(account)
        number, known = max(goal - 1, 1), set()
        while True:
            # Written in each transaction, so that two workers never list at once.
            intent = {"receive_tried_at": fields.Datetime.now()}
            with remote_call(
                account, intent=intent, by_job=not budget, receives=True
            ) as client:
                page = client.list_inbound(_aware(start), _aware(end), number=number)
                page.check_ends(known)
                known |= {invoice.id for invoice in page.invoices}
                self._remember(account, page.invoices)
                moments = [_naive(x.received_at) for x in page.invoices]
                moments = [min(moment, began) for moment in moments if moment]
                newest = max(filter(None, [newest, *moments]), default=newest)
                account.receive_tried_at = fields.Datetime.now()
                if page.is_last and end is None:
                    account.write({"received_until": newest, "receive_problem": False})
                if end is None:
                    account.list_page = 0 if page.is_last else number + 1
            if page.is_last:
                return True
            if number >= goal and clock.is_spent:
                return False
            number += 1

    def _remember(self, account, invoices):
        """Create rows for what is not known yet."""
        receipts = self.env["maventa.receipt"]
        key = [
            ("company_id", "=", account.company_id.id),
            ("environment", "=", account.environment),
            ("remote_id", "in", [invoice.id for invoice in invoices]),
        ]
        known = set(receipts.search(key).mapped("remote_id"))
        fresh = {one.id: one for one in invoices if one.id not in known}
        receipts.create([self._header(account, one) for one in fresh.values()])

    def _header(self, account, invoice):
        return {
            "company_id": account.company_id.id,
            "account_id": account.id,
            "environment": account.environment,
            "remote_id": invoice.id,
            "received_at": _naive(invoice.received_at) or fields.Datetime.now(),
            "number": invoice.number,
            "sender_name": invoice.sender.name,
            "sender_bid": invoice.sender.bid,
            "sender_country": invoice.sender.country,
            "date": _day(invoice.date),
            "date_due": _day(invoice.date_due),
            "currency": invoice.currency,
            "amount_net": float(invoice.sum or 0),
            "amount_total": float(invoice.sum_tax or 0),
            "origin": invoice.origin,
            "source_format": invoice.source_format,
        }

    # === WORK === #

    def _work_off(self, account, budget=None):
        """Download and book what is listed or stored; return whether time is left."""
        now = fields.Datetime.now()
        receipts = self.env["maventa.receipt"].search(
            [
                ("company_id", "=", account.company_id.id),
                ("environment", "=", account.environment),
                ("state", "in", UNFINISHED),
                "|",
                ("next_try", "=", False),
                ("next_try", "<=", now),
            ],
            # What ends the worker comes after all others.
            order="tried_at NULLS FIRST, received_at, id",
        )
        # With other keys than before, what is left is fetched by those in use.
        others = [("id", "in", receipts.ids), ("account_id", "!=", account.id)]
        receipts.search(others).account_id = account
        done, has_time = [], True
        for receipt in map(receipts.browse, receipts.ids):  # each is read alone
            has_time = self._has_time(budget)
            if not has_time:
                break
            try:
                self._advance(receipt, by_job=not budget)
            except (MaventaError, TransferProblem) as error:
                if isinstance(error, TransferProblem) and error.kind == "busy":
                    continue
                if budget:
                    raise
                break  # noted on the account
            done.append(receipt.id)
            self.env.invalidate_all()  # one document at a time in memory
        self._mark(account, receipts.browse(done))
        return has_time

    def _has_time(self, budget):
        """Commit, so that the next lock sees what others did; is time left?"""
        if self.env.context.get("ir_cron_progress_id"):
            return bool(self.env["ir.cron"]._commit_progress())
        commit(self.env)
        return not (budget and budget.is_spent)

    def _advance(self, receipt, by_job):
        """Take one receipt as far as possible; an unforeseen error stops it alone."""
        company = receipt.company_id
        lang = company.partner_id.lang or self.env.lang
        receipt = receipt.with_company(company).with_context(lang=lang)
        try:
            self._take(receipt, by_job)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self._conclude(receipt)
            raise TransferProblem("busy") from None
        except (MaventaError, TransferProblem):
            self._conclude(receipt)
            raise
        except UserError as error:  # of any addon that has a rule for bills
            self._put_off(receipt, self.env._("Odoo refuses the bill: %s", error))
        except Exception as error:
            _logger.error("Maventa receipt %s", receipt.id, exc_info=error)
            self._put_off(
                receipt,
                self.env._(
                    "Odoo could not process it (%s). The server's log has the details.",
                    type(error).__name__,
                ),
            )
        self._conclude(receipt)
        commit(self.env)

    def _take(self, receipt, by_job):
        """Download and book; what ends the worker each time is left to a person."""
        if receipt.interrupted >= MOST_INTERRUPTED:
            self._give_up(receipt)
        if receipt.state == ReceiptState.LISTED:
            self._store(receipt, by_job)
        if receipt.state == ReceiptState.STORED:
            self._book(receipt)

    def _intent(self, receipt):
        """Return the values of a try, which are committed before it."""
        return {
            "attempts": receipt.attempts + 1,
            "interrupted": receipt.interrupted + 1,
            "tried_at": fields.Datetime.now(),
        }

    def _conclude(self, receipt):
        """Record that the worker has survived a try, unless another has begun one."""
        if receipt.interrupted and receipt._lock():
            receipt.interrupted = 0

    def _give_up(self, receipt):
        """Set aside what takes longer than a worker has, without reading it."""
        begin(receipt)
        if receipt.interrupted >= MOST_INTERRUPTED and receipt.state in UNFINISHED:
            receipt.interrupted = 0
            aside = receipt.env["maventa.documents.aside"]
            aside._set_too_slow(receipt)

    def _book(self, receipt):
        """Make the bill, all in one transaction with its link."""
        begin(receipt, self._intent(receipt))
        with self.env.cr.savepoint():
            if receipt.state == ReceiptState.STORED:
                receipt.env["maventa.bill.booking"]._book(receipt)
        commit(self.env)

    def _put_off(self, receipt, text):
        """Try one document again later, ever less often; tell somebody in the end."""
        minutes = NEXT_TRY[min(max(receipt.attempts, 1), len(NEXT_TRY)) - 1]
        until = fields.Datetime.now() + timedelta(minutes=minutes)
        receipt._postpone(text, until)
        if receipt.attempts >= len(NEXT_TRY):
            receipt._ask([point("put_off", tries=receipt.attempts)])
            receipt.env["maventa.receipt.activities"]._follow(receipt)

    # === DOWNLOAD === #

    def _store(self, receipt, by_job):
        """Download a listed document with its image and attachments, and commit."""
        account, intent = receipt.account_id, self._intent(receipt)
        with remote_call(
            account, receipt, intent, by_job=by_job, receives=True
        ) as client:
            if receipt.state != ReceiptState.LISTED:
                return
            try:
                with self.env.cr.savepoint():  # all of its files, or none
                    self._download(receipt, client)
            except NotFoundError:
                self._lose(receipt)
            except MaventaError as error:
                if not _is_about_one(error, receipt):
                    raise
                text = self.env["maventa.messages"]._explain(error, account)
                self._put_off(receipt, text)

    def _lose(self, receipt):
        receipt.write({"state": ReceiptState.LOST, "error": False})
        receipt._ask([])
        self.env["maventa.receipt.activities"]._close(receipt)
        receipt._tell(
            "warning", lambda env: env._("Maventa does not have this invoice any more.")
        )

    def _download(self, receipt, client):
        invoice = client.find_inbound(receipt.remote_id)
        if invoice is None:
            self._lose(receipt)
            return
        raw = self._document(receipt, client, invoice)
        if raw:
            receipt._keep_document(raw)
        if not receipt.image_id:
            receipt.image_id = self._image(receipt, client)
        if not receipt.file_ids or receipt.missing_files:
            self._fetch_files(receipt, client, invoice)
        receipt.detects = self._detects(receipt, client)
        values = {"error": False, "next_try": False, "interrupted": 0}
        receipt.write({**values, "state": ReceiptState.STORED})
        receipt._tell("info", lambda env: env._("Fetched from Maventa."))

    def _document(self, receipt, client, invoice):
        """Return the bytes in the better format; None if there is no format of it."""
        refused = 0
        for wanted in invoice.formats(ReturnFormat(receipt.account_id.receive_format)):
            try:
                return client.download(invoice.id, wanted).data
            except NotFoundError:
                raise
            except RejectedError:
                refused += 1
            except TemporaryError as error:
                is_last = receipt.attempts >= TRIES_OF_A_FILE
                if not (_is_about_one(error, receipt) and is_last):
                    raise
                refused += 1
        return None

    def _image(self, receipt, client):
        try:
            found = client.download(
                receipt.remote_id, ReturnFormat.ORIGINAL_OR_GENERATED_IMAGE
            )
        except RejectedError:
            return receipt.image_id
        name = f"{receipt.number or receipt.remote_id}.pdf"
        return receipt._attach(name.replace("/", "-"), found.data, found.mimetype)

    def _fetch_files(self, receipt, client, invoice):
        """Keep the attachments, each once; one that cannot be had holds no bill up."""
        missing, known = [], {file.raw for file in receipt.file_ids}
        for file in invoice.files:
            try:
                found = client.download_file(invoice.id, file.id)
            except RejectedError:
                missing.append(file.filename or file.id)
            except TemporaryError as error:
                is_last = receipt.attempts >= TRIES_OF_A_FILE
                if not (_is_about_one(error, receipt) and is_last):
                    raise
                missing.append(file.filename or file.id)
            else:
                if found.data in known:
                    continue
                known.add(found.data)
                mimetype = file.mimetype or found.mimetype
                receipt.file_ids += receipt._attach(file.filename, found.data, mimetype)
        receipt.missing_files = ", ".join(missing) or False

    def _detects(self, receipt, client):
        """Return what Maventa's checks say, as values.

        Checks that are switched on and say nothing are not complete.
        """
        if not receipt.account_id.detects:
            return False
        try:
            results = client.detect_results(receipt.remote_id)
        except (RejectedError, SetupError):
            results = ()
        if not results:
            return [{"check": "Detect", "text": "", "is_pending": True}]
        return [
            {
                "check": result.check,
                "text": result.text,
                "is_warning": result.is_warning,
                "is_pending": result.is_pending,
            }
            for result in results
        ]

    def _mark(self, account, receipts):
        """Tell Maventa what is taken over: a courtesy, whose failure means nothing."""
        todo = receipts.filtered(
            lambda row: not row.is_marked and not row.document_index and row.document_id
        )
        if not todo:
            return
        none = account.browse()
        with remote_call(account, none, receives=True) as client:
            for receipt in todo:
                try:
                    client.mark_handled(receipt.remote_id)
                except MaventaError:
                    break
                receipt.is_marked = True
        commit(self.env)


def _is_about_one(error, receipt):
    """Return whether trouble is with one document, so that others can be fetched.

    The list has been read just before: keys and network hold. Where a connection
    breaks off again and again, it is because of this document.
    """
    if error.http_status == 429 or error.code == "no_connection":
        return False
    if isinstance(error, TemporaryError):
        is_known = error.code in ONE_DOCUMENT or (error.http_status or 0) >= 500
        return is_known or receipt.attempts >= TRIES_OF_A_FILE
    return isinstance(error, RejectedError) or error.http_status == 403


def _day(text):
    """Return the day of a moment as it came; the protocol package has checked it."""
    return bool(text) and datetime.fromisoformat(text).date()


def _naive(moment):
    return moment and moment.replace(tzinfo=None, microsecond=0)


def _aware(moment):
    """Return a moment of the database with its zone."""
    return moment and moment.replace(tzinfo=UTC)
