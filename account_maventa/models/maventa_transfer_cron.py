from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..maventa_api import MaventaError
from .maventa_transfer import CARRIED, LIVE
from .transfer_run import TransferRun

BATCH = 100  # what Maventa takes in one list request
FIRST_LOOK = timedelta(minutes=5)
NEXT_QUESTION = timedelta(minutes=1)


class MaventaTransfer(models.Model):
    _inherit = "maventa.transfer"

    # === CRON === #

    @api.model
    def _cron_maventa_transfer(self):
        """Transfer what waits, whatever becomes of each.

        Uploads go on while the next documents are made.
        """
        companies = self._cron_companies()
        for company in companies:
            self._cron_queue(company)
        cron = self.env["ir.cron"]
        waiting = self.search(
            Domain.OR(map(self._cron_domain, companies)) & Domain("state", "in", LIVE),
            order="attempted_at NULLS FIRST, id",
        ).filtered(lambda transfer: transfer._is_due())
        cron._commit_progress(remaining=len(waiting))
        with TransferRun(self.env) as run:
            for transfer in waiting:
                # Alone: after each commit the others would be read anew with it.
                run.take(transfer.with_prefetch())
                if not cron._commit_progress(1):
                    break
        self._cron_after(run.touched.exists())
        run.raise_errors()

    @api.model
    def _cron_maventa_follow_up(self):
        """Ask what became of the accepted ones, a hundred at a time."""
        cron = self.env["ir.cron"]
        for company in self._cron_companies():
            accepted = self.search(
                self._cron_domain(company) & Domain("state", "=", "accepted"),
                order="checked_at NULLS FIRST, id",
            )
            for start in range(0, len(accepted), BATCH):
                if not cron._commit_progress():
                    # The rest has waited longest and comes first next time.
                    self.env.ref("account_maventa.ir_cron_maventa_follow_up")._trigger()
                    cron._commit_progress()
                    return
                batch = accepted[start : start + BATCH].with_prefetch()._lock()
                batch = batch.filtered(lambda row: row.state == "accepted")
                if not self._cron_ask(company, batch):
                    break
                cron._commit_progress(len(batch))

    # === BUSINESS === #

    def _cron_companies(self):
        """Return the companies whose account can be used now.

        Of an archived one, what is under way is brought to its end.
        """
        companies = self.env["res.company"].with_context(active_test=False)
        companies = companies.search([("maventa_account_state", "=", "verified")])
        return companies.filtered(lambda company: company._maventa_can_call())

    def _cron_domain(self, company):
        return Domain("account_company_id", "=", company.id) & Domain(
            "account_ref", "in", [False, company._maventa_account_ref()]
        )

    def _cron_queue(self, company):
        """Queue what was put into the transfer status while the switch was off."""
        if not company._maventa_may_send():
            return
        moves = self.env["account.move"].search(
            Domain("maventa_status_id", "=", company.maventa_status_to_transfer_id.id)
            & Domain("state", "=", "posted")
            & Domain("maventa_state", "not in", (*CARRIED, "queued"))
        )
        moves._maventa_queue()

    def _is_due(self):
        """Tell whether there is something to do, as things are at this moment.

        What was begun is brought to its end even after the switch was turned off;
        an earlier transfer of the same run may have made the company pause.
        """
        company = self.account_company_id
        company.invalidate_recordset(
            ["active", "maventa_enabled", "maventa_account_state"]
            + ["maventa_paused_until"]
        )
        wanted = self.state in LIVE and (
            self.state != "queued" or company._maventa_may_send()
        )
        return wanted and company._maventa_can_call()

    def _cron_ask(self, company, batch):
        if not batch:
            return True
        try:
            batch._follow_up()
        except MaventaError as error:
            company._maventa_note_trouble(error)
            return False
        return True

    def _cron_after(self, touched):
        """Come back for what is not finished."""
        now = fields.Datetime.now()
        if any(transfer.state == "unknown" for transfer in touched):
            cron = self.env.ref("account_maventa.ir_cron_maventa_transfer")
            cron._trigger(at=now + NEXT_QUESTION)
        if any(transfer.state == "accepted" for transfer in touched):
            cron = self.env.ref("account_maventa.ir_cron_maventa_follow_up")
            cron._trigger(at=now + FIRST_LOOK)
        self.env["ir.cron"]._commit_progress()
        self._cron_tell()
        self.env["ir.cron"]._commit_progress()
