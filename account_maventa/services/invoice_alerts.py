"""The banners on an invoice: state of its transfer, next step, link to the cause."""

from contextlib import suppress

from odoo import api, models
from odoo.exceptions import UserError

from ..exceptions import TransferProblem
from ..guards import internal
from ..models.transfer_state import CARRIED, FOLLOWED, TO_CORRECT, TransferState


@internal
class MaventaInvoiceAlerts(models.AbstractModel):
    """Alerts in the form that ``account.move._get_alerts`` returns."""

    _name = "maventa.invoice.alerts"
    _description = "Maventa Banners on Invoices"

    # === PUBLIC === #

    @api.model
    def _alerts(self, move):
        """Return the alerts of the invoice about Maventa, by key."""
        alerts = {}
        transfer, state = move.maventa_transfer_id, move.maventa_state
        messages = self.env["maventa.messages"]
        error = messages._shorten(move.maventa_error)
        if state in TO_CORRECT and error:
            alerts["maventa_error"] = {
                "level": "danger",
                "message": f"{error}\n{self._next_step(move)}",
                **self._link_to_cause(move, error),
            }
        elif state in (TransferState.QUEUED, TransferState.UNKNOWN) and error:
            alerts["maventa_delay"] = {"level": "warning", "message": error}
        contradicted = move._maventa_transfers().filtered("is_contradicted")[-1:]
        if contradicted and not move._maventa_is_handed_over():
            alerts["maventa_contradicted"] = self._contradiction(contradicted)
        if problem := self._account_problem(move):
            way = self.env["maventa.remedies"]._settings(move, problem)
            alerts["maventa_account"] = {"level": "danger", "message": problem} | way
        if problem := self.env["maventa.status.rules"]._unsent_original(move):
            alerts["maventa_original"] = {"level": "warning", "message": problem}
        if state == TransferState.ACCEPTED and transfer.warned_at:
            message = transfer._overdue_text()
            alerts["maventa_pending"] = {"level": "warning", "message": message}
        return alerts

    @api.model
    def _link_to_cause(self, move, problem=""):
        """Return the link to the record whose data are incomplete, if any.

        :param problem: what is wrong, for the person who has to change it
        """
        checks = self.env["maventa.upload.checks"]
        if checks._buyer_problems(move):
            record, text = move.partner_id, self.env._("Open the customer")
        elif checks._seller_problems(move):
            record = self.env["maventa.parties"]._seller(move)
            text = self.env._("Open your company's contact")
        elif renewal := self._missing_rate(move, problem):
            return renewal
        else:
            record, text = self._cause_in_document(move)
        if not record:
            return {}
        return self.env["maventa.remedies"]._open(move, record, text, problem)

    # === HELPERS === #

    def _missing_rate(self, move, problem):
        """Return the link to the dialog that creates the taxes of a missing rate."""
        rate = self.env["maventa.vat.rates"]._missing_rate(move)
        if not rate:
            return {}
        label = self.env._("Create the taxes of %s %%", f"{rate:f}")
        taxes = self.env["account.tax"]
        if not taxes.has_access("create"):
            remedies = self.env["maventa.remedies"]
            return remedies._ask_creator(move, taxes, label, problem)
        return {
            "action_text": label,
            "action": self.env["maventa.vat.renewal"]._action(move.company_id, rate),
        }

    def _cause_in_document(self, move):
        """Return the record that the format's first finding is about, and a label."""
        labels = {
            "account.tax": self.env._("Open the tax"),
            "res.partner": self.env._("Open the customer"),
            "res.partner.bank": self.env._("Open the bank account"),
            "account.fiscal.position": self.env._("Open the fiscal position"),
        }
        builder = self.env["maventa.document.maker"]._builder(move)
        with suppress(UserError):
            for finding in builder._maventa_findings(move):
                record = finding.record
                if record is not None and record._name in labels:
                    if record == self.env["maventa.parties"]._seller(move):
                        return record, self.env._("Open your company's contact")
                    return record, labels[record._name]
        return None, ""

    def _account_problem(self, move):
        """Return why an unfinished transfer does not get on, or nothing."""
        is_queued = move.maventa_state == TransferState.QUEUED
        is_held_up = move.maventa_state not in CARRIED and move._maventa_is_wanted()
        if is_queued or is_held_up:
            return self.env["maventa.status.rules"]._obstacle(move)
        account = move.maventa_transfer_id.account_id.sudo()
        if move.maventa_state in FOLLOWED and account.state != "verified":
            problem = TransferProblem("not_verified")
            text = self.env["maventa.messages"]._explain(problem, account)
            return account.problem or text
        return None

    def _contradiction(self, transfer):
        content = self.env["maventa.sent.content"]
        return {
            "level": "danger",
            "message": content._contradiction(transfer),
            "action_text": self.env._("Download what Maventa has"),
            "action": transfer.action_open_document(),
        }

    def _next_step(self, move):
        status = move.maventa_account_company_id.sudo().maventa_status_to_transfer_id
        if move.state == "cancel":
            return self.env._("The invoice is cancelled, and nothing is sent.")
        if move.state == "draft":
            return self.env._(
                'Correct the invoice, post it, and set its status to "%s" again.',
                status.name or "",
            )
        content = self.env["maventa.sent.content"]
        transfer = move.sudo().maventa_transfer_id
        if move.maventa_state == TransferState.FAILED and content._is_same(transfer):
            return self.env._(
                'Use "Resend by another channel" above. Or correct the invoice and set '
                'its status to "%s" again.',
                status.name or "",
            )
        return self.env._(
            'Correct the invoice and set its status to "%s" again.', status.name or ""
        )
