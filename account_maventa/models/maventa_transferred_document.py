"""From the status of an invoice to its transfer, and what the user is shown of it."""

import os

from odoo import fields, models
from odoo.exceptions import MissingError, UserError

from ..exceptions import TransferProblem
from ..guards import as_service
from ..remote_text import as_html
from .maventa_frozen_document import PRINTED
from .maventa_transfer import ERROR_ACTIVITY, PENDING_ACTIVITY
from .transfer_state import HELD, IN_FLIGHT, LIVE, TO_CORRECT, TransferState


class MaventaTransferredDocument(models.AbstractModel):
    """The part of an invoice that follows its status for Maventa."""

    _name = "maventa.transferred.document"
    _description = "Document that Maventa Transfers"

    # === STATUS === #

    def _maventa_check_enabled(self):
        if not self.maventa_account_company_id.sudo().maventa_enabled:
            problem = TransferProblem("switched_off")
            account = self.env["maventa.account"]
            raise UserError(self.env["maventa.messages"]._explain(problem, account))

    def _maventa_with_other_status(self, vals):
        """Return those that get another status by these values.

        :raise UserError: the upload of one of them has no outcome yet
        """
        if "maventa_status_id" not in vals:
            return self.browse()
        status = self.env["maventa.invoice.status"].browse(vals["maventa_status_id"])
        changed = self.filtered(lambda move: move.maventa_status_id != status)
        changed._maventa_check_not_in_flight()
        return changed

    def _maventa_check_not_in_flight(self):
        """Raise a user error for documents whose upload has no outcome yet."""
        in_flight = self.filtered(lambda move: move.maventa_state in IN_FLIGHT)
        if in_flight and not self.env.su:
            raise UserError(
                self.env._(
                    "The upload of %s to Maventa has started. Wait for the answer.",
                    ", ".join(in_flight.mapped("name")),
                )
            )

    def _maventa_confirm(self):
        """Record that the user wants a transfer of what was sent another way."""
        asked = self.filtered(self.env["maventa.status.rules"]._is_question)
        as_service(asked.sudo()).maventa_is_confirmed = True
        body = self.env._(
            "Confirmed by %s: Maventa sends the invoice, although the customer has "
            "received it another way.",
            self.env.user.name,
        )
        asked._message_log_batch(bodies=dict.fromkeys(asked.ids, body))

    def _maventa_log_taken_out(self):
        """Say in the chatter of formerly queued documents that they are not sent."""
        out = self.filtered(lambda move: move.maventa_state != TransferState.QUEUED)
        body = self.env._("Taken out of the queue for Maventa: it is not sent.")
        out._message_log_batch(bodies=dict.fromkeys(out.ids, body))

    def _maventa_may_send_again(self):
        """Return whether a second transfer would be a repetition at Maventa."""
        reached = self._maventa_transfers().filtered(lambda row: row.remote_id)
        return bool(reached) and self.maventa_state in (*HELD, *TO_CORRECT)

    def _maventa_is_wanted(self):
        """Return whether the invoice is in the transfer status."""
        company = self.maventa_account_company_id.sudo()
        wanted = company.maventa_status_to_transfer_id
        return bool(wanted) and self.maventa_status_id == wanted

    def _maventa_set_status(self, status):
        """Set a status because of Maventa's answer, not because of a user.

        What is not posted has none.
        """
        changed = self.sudo().filtered(
            lambda move: move.state == "posted" and move.maventa_status_id != status
        )
        if status and changed:
            # The lines stay as they are, and the chatter has the answer itself.
            quick = {"skip_invoice_sync": True, "mail_notrack": True}
            changed.with_context(**quick).maventa_status_id = status

    def _maventa_mark_sent(self, status):
        """Let documents count as sent, or not any more, as their new status says."""
        counted = self.sudo()
        if status.sent:
            fresh = counted.filtered(lambda move: not move.is_move_sent)
            as_service(fresh).write(
                {"is_move_sent": True, "maventa_counts_as_sent": True}
            )
            return
        returned = counted.filtered(
            lambda move: (
                move.maventa_counts_as_sent and not move._maventa_is_handed_over()
            )
        )
        values = {"is_move_sent": False, "maventa_counts_as_sent": False}
        as_service(returned).write(values)

    def _maventa_goes_when_posted(self):
        """Return whether posting alone sets the transfer status.

        A customer with another sending method keeps that.
        """
        self.ensure_one()
        company = self.maventa_account_company_id.sudo()
        partner = self.commercial_partner_id.with_company(self.company_id)
        return (
            self.maventa_is_available
            and company.maventa_enabled
            and company.maventa_on_posting
            and partner.invoice_sending_method in (False, "maventa")
            and not self.maventa_status_id
            and not self.env["maventa.status.rules"]._refusal(self)
        )

    def _maventa_follow_sent_posting(self):
        """Queue what goes by being posted, and compare what Maventa has of others."""
        for move in self.filtered(lambda move: move._maventa_goes_when_posted()):
            company = move.maventa_account_company_id.sudo()
            move.maventa_status_id = company.maventa_status_to_transfer_id
        self.env["maventa.sent.content"]._compare(self.filtered("maventa_state"))

    def _maventa_send_by_status(self):
        """Set the transfer status, or log the reason against it in the chatter."""
        if self._maventa_is_wanted():
            return
        company = self.maventa_account_company_id.sudo()
        if not company.maventa_enabled:
            reason = self.env._("the transfer to Maventa is switched off.")
        else:
            reason = self.env["maventa.status.rules"]._refusal(self)
        if reason:
            text = self.env._("Not transferred to Maventa: %s", reason)
            self._message_log(body=as_html(text))
            return
        self.maventa_status_id = company.maventa_status_to_transfer_id

    def _maventa_compare_with_sent(self, vals):
        """Look whether a change makes invoices again what Maventa delivers."""
        if PRINTED & vals.keys():
            held = self.filtered(lambda move: move.maventa_state in HELD)
            self.env["maventa.sent.content"]._compare(held)

    # === QUEUE === #

    def _maventa_follow_status(self):
        """Queue documents in the transfer status; take others out of the queue."""
        for status, moves in self.grouped("maventa_status_id").items():
            moves._maventa_mark_sent(status)
        wanted = self.filtered(lambda move: move._maventa_is_wanted())
        others = (self - wanted).sudo().maventa_transfer_ids
        others.filtered(lambda row: row.state == TransferState.QUEUED).unlink()
        wanted.filtered(
            lambda move: move.maventa_account_company_id.sudo().maventa_enabled
        )._maventa_queue()

    def _maventa_take_out(self):
        """Let these not go out by themselves in an environment chosen later."""
        self.with_context(maventa_silent=True).maventa_status_id = False
        body = self.env._(
            "The environment of Maventa was changed: the invoice was taken out of the "
            "queue, and can be transferred again."
        )
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))

    def _maventa_forget_demo(self):
        """Let these count as not sent: they were only handed over in Demo."""
        if not self:
            return
        self.with_context(maventa_silent=True).maventa_status_id = False
        self.activity_unlink([ERROR_ACTIVITY, PENDING_ACTIVITY])
        body = self.env._(
            "Maventa is not in Demo any more. Nothing was sent in Demo: the invoice "
            "counts as not sent, and can be transferred."
        )
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))

    def _maventa_queue(self):
        """Queue these once, if they may be transferred, and start the job."""
        rules = self.env["maventa.status.rules"]
        self.sudo().filtered(
            lambda move: (
                all(row.state not in LIVE for row in move._maventa_transfers())
                and not rules._refusal(move)
            )
        )._maventa_enqueue()

    def _maventa_enqueue(self, again=False):
        # Without an account it is queued by the job when one is configured.
        accounts = {
            move: account
            for move in self
            if (account := move.maventa_account_company_id.sudo().maventa_account_id)
        }
        if not accounts:
            return
        # The index that allows one live row looks at the database.
        self.env["maventa.transfer"].flush_model(["state", "is_void"])
        self.env["maventa.transfer"].sudo().create(
            [
                {"move_id": move.id, "account_id": account.id, "again": again}
                for move, account in accounts.items()
            ]
        )
        self.env.ref("account_maventa.ir_cron_maventa_transfer").sudo()._trigger()

    # === FILES === #

    def _maventa_detach_pdf(self):
        """Keep an earlier PDF of the invoice as a plain attachment."""
        earlier = self.sudo().invoice_pdf_report_id._maventa_replacing()
        for attachment in earlier:
            stem, ending = os.path.splitext(attachment.name)
            day = fields.Date.to_string(attachment.create_date)
            attachment.write({"res_field": False, "name": f"{stem} ({day}){ending}"})

    def _maventa_sends_all_files(self):
        """Return whether attachments go along that nobody has chosen."""
        company = self.maventa_account_company_id.sudo()
        partner = self.commercial_partner_id.with_company(self.company_id)
        choice = partner.maventa_attachments
        return choice == "all" or (not choice and company.maventa_all_attachments)

    def _maventa_sent_files(self):
        """Return the attachments that the customer receives, the oldest first."""
        none = self.env["ir.attachment"]
        return self._maventa_chosen_files() if self.maventa_sends_files else none

    def _maventa_chosen_files(self):
        """Return the attachments that are selected for sending, the oldest first."""
        domain = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        files = self.env["ir.attachment"].sudo().search(domain, order="id")
        return files.filtered("maventa_send")

    # === ANSWERS TO THE USER === #

    def _maventa_status_of_client(self, status_id):
        """Return the status with an id that the status bar has sent.

        :raise MissingError: it is no id of a status that the user may read
        """
        statuses = self.env["maventa.invoice.status"].with_context(active_test=False)
        if type(status_id) is int:
            statuses = statuses.search([("id", "=", status_id)])
        if not statuses:
            raise MissingError(self.env._("These records do not exist."))
        return statuses.with_env(self.env)

    def _maventa_toast(self):
        states = dict(self._fields["maventa_state"]._description_selection(self.env))
        lines = [f"{move.name}: {states.get(move.maventa_state, '-')}" for move in self]
        fine = all(
            move.maventa_state in HELD
            and not move.sudo().maventa_transfer_id.is_contradicted
            for move in self
        )
        return self._maventa_notification(fine, "\n".join(lines))

    def _maventa_notification(self, fine, message):
        is_demo = any(move.maventa_is_demo for move in self)
        title = self.env._("Maventa (Demo)") if is_demo else self.env._("Maventa")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if fine else "warning",
                "title": title,
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _maventa_result(self, ready, problems):
        """Return the toast, or the dialog that lists what was left out and why."""
        rules = self.env["maventa.status.rules"]
        companies = ready.grouped("maventa_account_company_id").values()
        obstacles = filter(None, (rules._obstacle(moves[0]) for moves in companies))
        obstacle = "\n".join(dict.fromkeys(obstacles))
        if problems:
            return self.env["maventa.transfer.result"]._show(ready, problems, obstacle)
        message = self.env._("Invoices to transfer: %s", len(ready))
        return self._maventa_notification(
            not obstacle, f"{message}\n{obstacle}".strip()
        )
