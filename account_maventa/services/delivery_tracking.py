"""Follow accepted invoices until they are delivered, and reroute failed ones."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..exceptions import TransferProblem
from ..guards import internal
from ..maventa_api import (
    InvoiceStatus,
    MaventaError,
    RejectedError,
    UnknownOutcomeError,
)
from ..models.transfer_state import LIVE, TransferState
from .remote_call import commit, fenced, remote_call
from .time_budget import TimeBudget

BATCH = 100  # the most ids in one list request of Maventa
REFUSED_AGAIN = timedelta(hours=1)  # until Maventa is asked again


@internal
class MaventaDeliveryTracking(models.AbstractModel):
    """Each transfer is followed by the account that uploaded it, with its own keys."""

    _name = "maventa.delivery.tracking"
    _description = "Delivery by Maventa"

    # === PUBLIC === #

    @api.model
    def _run_job(self):
        """Ask for the status of accepted transfers, a hundred at a time.

        Commits after each request. An account with trouble does not stop the others.
        """
        cron = self.env["ir.cron"]
        for account in self.env["maventa.uploader"]._usable_accounts():
            has_time = True
            with fenced(account):
                account.tried_at = fields.Datetime.now()
                commit(self.env)
                has_time = self._follow(account)
            if not has_time:
                # The rest has waited longest and comes first next time.
                self.env.ref("account_maventa.ir_cron_maventa_follow_up")._trigger()
                cron._commit_progress()
                return

    @api.model
    def _refresh(self, transfers):
        """Ask at once for the status of transfers; commits after each.

        What does not fit into the time of a user who waits is left to the job.

        :raise UserError: Maventa cannot be reached, or refuses
        """
        budget = TimeBudget()
        for transfer in transfers:
            if budget.is_spent:
                return
            if transfer.state == TransferState.QUEUED or not transfer._lock():
                continue
            account = transfer.account_id
            if transfer.state in LIVE:
                self.env["maventa.uploader"]._run(transfer)
                commit(self.env)
            elif transfer.remote_id:
                try:
                    self._update(account, transfer)
                except (MaventaError, TransferProblem) as error:
                    text = self.env["maventa.messages"]._explain(error, account)
                    raise UserError(text) from error

    @api.model
    def _reroute(self, transfer, target):
        """Have Maventa send a failed document by another channel, once.

        Commits the channel before the call and the outcome after it. After a lost
        answer, the next attempt looks at Maventa first.

        :param target: ``maventa_api.Reroute``
        :raise UserError: it cannot be rerouted, or the outcome is unknown
        """
        transfer.ensure_one()
        if transfer.state != TransferState.FAILED:
            raise UserError(
                self.env._(
                    "Only an invoice that Maventa could not deliver can be resent by "
                    "another channel."
                )
            )
        content = self.env["maventa.sent.content"]
        if problem := content._no_resending(transfer):
            raise UserError(problem)
        account, is_repeated = transfer.account_id, bool(transfer.reroute_pending)
        intent = {"reroute_pending": target.route.value}
        try:
            with remote_call(account, transfer, intent) as client:
                is_failed = transfer.state == TransferState.FAILED
                if not (is_failed and content._is_same(transfer)):
                    raise TransferProblem("busy")
                if is_repeated and self._find_active(client, transfer):
                    return
                client.reroute(transfer.remote_id, target)
                self._record_reroute(transfer, target)
        except UnknownOutcomeError as error:
            raise UserError(
                self.env._(
                    "Maventa did not answer clearly; the invoice may have been resent. "
                    "Press Refresh in a minute before you do anything else."
                )
            ) from error
        except (MaventaError, TransferProblem) as error:
            if isinstance(error, MaventaError):
                transfer.reroute_pending = False
                commit(self.env)
            text = self.env["maventa.messages"]._explain(error, account)
            raise UserError(text) from error

    # === HELPERS === #

    def _follow(self, account):
        """Ask about all accepted transfers of an account; return whether time is left.

        Whom the job has tried longest ago comes first.
        """
        cron, now = self.env["ir.cron"], fields.Datetime.now()
        accepted = self.env["maventa.transfer"].search(
            [
                ("account_id", "=", account.id),
                ("state", "=", TransferState.ACCEPTED),
                ("is_void", "=", False),
                "|",
                ("follow_next_try", "=", False),
                ("follow_next_try", "<=", now),
            ],
            order="follow_tried_at NULLS FIRST, checked_at NULLS FIRST, id",
        )
        for start in range(0, len(accepted), BATCH):
            if not cron._commit_progress():
                return False
            batch = accepted[start : start + BATCH].with_prefetch()
            try:
                self._follow_batch(account, batch)
            except (MaventaError, TransferProblem):
                break  # noted on the account
            cron._commit_progress(len(batch))
        return True

    def _follow_batch(self, account, transfers):
        """Ask about a batch; where Maventa refuses some of it, about each half apart.

        One that is refused alone waits, and holds up no other.
        """
        batch = transfers._lock()
        batch = batch.filtered(lambda row: row.state == TransferState.ACCEPTED)
        intent = {"follow_tried_at": fields.Datetime.now()}
        if self._update(account, batch, by_job=True, intent=intent):
            return
        half = len(batch) // 2
        for part in (batch[:half], batch[half:]):
            self._follow_batch(account, part)

    def _update(self, account, transfers, by_job=False, intent=None):
        """Ask about locked transfers of one account, and record the answers.

        :return: whether that is done; else one of several is refused to the job
        """
        if not transfers:
            return True
        with remote_call(account, transfers, intent, by_job=by_job) as client:
            try:
                held = client.list_invoices(transfers.mapped("remote_id"))
            except MaventaError as error:
                if not (by_job and _is_about_one(error)):
                    raise
                if len(transfers) > 1:
                    return False
                self._put_off(transfers, error)
                return True
            transfers.filtered("follow_next_try").follow_next_try = False
            for transfer in transfers:
                transfer = transfer.with_context(lang=transfer.create_uid.lang)
                if invoice := held.get(transfer.remote_id):
                    transfer._update_from_remote(invoice)
                else:  # perhaps deleted at Maventa; no conclusion from that
                    transfer.checked_at = fields.Datetime.now()
                self.env["maventa.overdue.warning"]._warn_if_overdue(transfer)
        return True

    def _put_off(self, transfer, error):
        """Ask later about what Maventa refuses to tell, and say so once."""
        if not transfer.follow_next_try:
            words = self.env["maventa.messages"]._quote(error)
            transfer._tell(
                "warning",
                lambda env: env._(
                    "Maventa does not tell how the delivery goes, and is asked again: "
                    "%s",
                    words,
                ),
            )
        transfer.follow_next_try = fields.Datetime.now() + REFUSED_AGAIN
        self.env["maventa.overdue.warning"]._warn_if_overdue(transfer)

    def _find_active(self, client, transfer):
        """Record a reroute whose answer was lost; return whether there was one."""
        held = client.list_invoices([transfer.remote_id])
        invoice = held.get(transfer.remote_id)
        if not invoice or invoice.status is InvoiceStatus.FAILED:
            return False
        transfer._update_from_remote(invoice)
        return True

    def _record_reroute(self, transfer, target):
        transfer._note_delivery(TransferState.ACCEPTED)
        transfer._tell("info", lambda env: self._rerouted_text(env, target))
        transfer._start_waiting()
        transfer._settle()

    def _rerouted_text(self, env, target):
        channel = env["maventa.messages"]._channel(target.route.value)
        return env._("Resent by Maventa by another channel: %s", channel)


def _is_about_one(error):
    """Return whether Maventa does not answer because of one of the transfers."""
    codes = ("other_invoice", "unreadable_row")
    return isinstance(error, RejectedError) or error.code in codes
