"""One attempt to hand one invoice to Maventa.

Rows are only added: a corrected invoice gets a new row. Users do not write them; a
queued row is deleted when the user takes the invoice out of the transfer status.
"""

import hashlib
from datetime import UTC, datetime
from uuid import uuid4

from markupsafe import Markup
from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime, plaintext2html

from ..maventa_api import PAGES, InvoiceFormat, InvoiceStatus, InvoiceUpload, Route
from .transfer_state import STATES, TO_CORRECT, TransferState

FINAL = {
    InvoiceStatus.DELIVERED: TransferState.DELIVERED,
    InvoiceStatus.FAILED: TransferState.FAILED,
}
COLOURS = {"warning": "text-warning", "error": "text-danger"}
# The first of the two numbers of our advisory locks; the second is the row's id.
LOCK_SPACE = 0x4D617665


class MaventaTransfer(models.Model):
    """One attempt: states, lock, log, recipient."""

    _name = "maventa.transfer"
    _description = "Maventa Transfer"
    _order = "id desc"

    move_id = fields.Many2one(
        "account.move", "Invoice", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="move_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(related="move_id.partner_id", store=True)
    # A queued transfer goes by the account that is in use when it begins. From then on
    # it belongs to that account, whatever account is in use later.
    account_id = fields.Many2one(
        "maventa.account",
        "Maventa Account",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    uuid = fields.Char(
        "UUID",
        required=True,
        default=lambda self: str(uuid4()),
        copy=False,
        help="Chosen by Odoo before the upload. Maventa knows the invoice by it, and "
        "Odoo finds the invoice by it after a lost answer.",
    )
    # STATE DIAGRAM
    #   (none) --status set--> queued --documents made, committed--> uploading
    #   queued --a check fails--> invalid
    #   uploading --accepted--> accepted      uploading --refused--> rejected
    #   uploading --no clear answer, or the process died--> unknown
    #   uploading --surely nothing happened (429, keys, no connection)--> queued
    #   unknown --found by its UUID--> accepted
    #   unknown --not found (404): same bytes, same UUID again--> as uploading
    #   accepted --route says so--> delivered      accepted --route refuses--> failed
    #   failed --rerouted here or at Maventa--> accepted, delivered
    state = fields.Selection(
        STATES,
        required=True,
        default=TransferState.QUEUED,
        readonly=True,
        index=True,
        copy=False,
    )
    again = fields.Boolean(
        "Again as new",
        readonly=True,
        copy=False,
        help="A user has confirmed that Maventa receives the invoice once more "
        "although it already has the invoice.",
    )
    number = fields.Integer("Attempt", compute="_compute_number")
    attempts = fields.Integer("Tries", readonly=True, copy=False)
    attempted_at = fields.Datetime("Last try", readonly=True, copy=False)
    accepted_at = fields.Datetime("Accepted on", readonly=True, copy=False)
    finished_at = fields.Datetime("Finished on", readonly=True, copy=False)
    checked_at = fields.Datetime("Last checked on", readonly=True, copy=False)
    pending_since = fields.Datetime(readonly=True, copy=False)
    warned_at = fields.Datetime("Overdue since", readonly=True, copy=False)
    # The document and the recipient, as uploaded
    attachment_id = fields.Many2one(
        "ir.attachment", "Document", readonly=True, copy=False, ondelete="restrict"
    )
    sha256 = fields.Char("SHA-256", readonly=True, copy=False)
    document_format = fields.Char("Format code", readonly=True, copy=False)
    document_format_label = fields.Char("Format", compute="_compute_labels")
    recipient_eia = fields.Char("E-invoice Address", readonly=True, copy=False)
    recipient_operator = fields.Char("E-invoice Operator", readonly=True, copy=False)
    recipient_email = fields.Char("E-mail", readonly=True, copy=False)
    payment_instruction = fields.Char(
        "Payment Instruction Id", readonly=True, copy=False
    )
    disabled_routes = fields.Char("Disabled channel codes", readonly=True, copy=False)
    disabled_routes_label = fields.Char("Disabled channels", compute="_compute_labels")
    # Maventa's information
    remote_id = fields.Char("Id at Maventa", readonly=True, copy=False, index=True)
    remote_status = fields.Char("Status code at Maventa", readonly=True, copy=False)
    remote_status_label = fields.Char("Status at Maventa", compute="_compute_labels")
    remote_url = fields.Char("Maventa website", compute="_compute_remote_url")
    destination = fields.Char("Channel code", readonly=True, copy=False)
    destination_label = fields.Char("Channel", compute="_compute_labels")
    actions = fields.Json(readonly=True, copy=False)
    actions_text = fields.Text("Events", compute="_compute_actions_text")
    # The intent: a reroute by this channel may have been sent, the answer is missing.
    reroute_pending = fields.Char(readonly=True, copy=False)
    error = fields.Text(readonly=True, copy=False)
    error_code = fields.Char(readonly=True, copy=False)
    is_reported = fields.Boolean("Failure reported", readonly=True, copy=False)
    # Only ever added to: moment (UTC, as in the database), level, text
    history = fields.Json("History lines", readonly=True, copy=False)
    level = fields.Selection(
        [("info", "Information"), ("warning", "Warning"), ("error", "Error")],
        compute="_compute_level",
        store=True,
        index=True,
    )
    timeline = fields.Html("History", compute="_compute_timeline", sanitize=False)

    _uuid_uniq = models.UniqueIndex("(uuid)")
    _live_uniq = models.UniqueIndex(
        "(move_id) WHERE state IN ('queued', 'uploading', 'unknown')",
        "A transfer of this invoice to Maventa is already in progress.",
    )

    # === COMPUTES === #

    @api.depends("move_id.name", "number")
    def _compute_display_name(self):
        for transfer in self:
            transfer.display_name = f"{transfer.move_id.name} / {transfer.number}"

    @api.depends("move_id.maventa_transfer_ids")
    def _compute_number(self):
        for transfer in self:
            siblings = transfer.move_id.maventa_transfer_ids.sorted("id")
            earlier = siblings.filtered(lambda row, mine=transfer: row.id <= mine.id)
            transfer.number = len(earlier)

    @api.depends("actions")
    def _compute_actions_text(self):
        for transfer in self:
            transfer.actions_text = "\n".join(
                " ".join(filter(None, action)) for action in transfer.actions or []
            )

    @api.depends("destination", "remote_status", "document_format", "disabled_routes")
    @api.depends_context("lang")
    def _compute_labels(self):
        messages = self.env["maventa.messages"]
        for transfer in self:
            transfer.destination_label = messages._channel(transfer.destination)
            status = messages._invoice_status(transfer.remote_status)
            transfer.remote_status_label = status
            kind = messages._document_format(transfer.document_format)
            transfer.document_format_label = kind
            routes = (transfer.disabled_routes or "").split()
            transfer.disabled_routes_label = ", ".join(map(messages._channel, routes))

    @api.depends("state", "error", "warned_at")
    def _compute_level(self):
        waiting = (TransferState.QUEUED, TransferState.UNKNOWN)
        for transfer in self:
            overdue = transfer.state == TransferState.ACCEPTED and transfer.warned_at
            delayed = transfer.state in waiting and transfer.error
            if transfer.state in TO_CORRECT:
                transfer.level = "error"
            else:
                transfer.level = "warning" if overdue or delayed else "info"

    @api.depends("account_id.environment", "remote_id")
    def _compute_remote_url(self):
        for transfer in self:
            environment = transfer.account_id.environment
            transfer.remote_url = transfer.remote_id and PAGES.get(environment)

    @api.depends("history", "actions")
    @api.depends_context("lang", "tz")
    def _compute_timeline(self):
        for transfer in self:
            transfer.timeline = transfer._timeline()

    # === OVERRIDES === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_attempted(self):
        if any(transfer.state != TransferState.QUEUED for transfer in self):
            raise UserError(
                self.env._("Transfers to Maventa that have begun cannot be deleted.")
            )

    # === ACTIONS === #

    def action_maventa_refresh(self):
        """Ask Maventa for the current status of these transfers."""
        self.check_access("read")
        self.move_id.check_access("write")
        self.env["maventa.delivery"]._refresh(self.sudo())
        return True

    def action_open_document(self):
        """Download the exact bytes that were sent."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.sudo().attachment_id.id}?download=true",
            "target": "download",
        }

    def action_open_remote(self):
        """Open Maventa's website, where the invoice is found by its number.

        Maventa documents no address for one invoice.
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": self.remote_url,
            "target": "new",
        }

    # === LOCK === #
    # A row lock ends with its transaction. While a document is being uploaded, its
    # worker commits other work; then it holds the transfer by an advisory lock, which
    # ends with the worker's connection at the latest.

    def _lock(self):
        """Return those that nobody else works on, with their current values."""
        free = self.env.execute_query(
            SQL(
                "SELECT id FROM unnest(%s) AS wanted(id) "
                "WHERE pg_try_advisory_xact_lock(%s, id)",
                self.ids,
                LOCK_SPACE,
            )
        )
        free = {row_id for (row_id,) in free}
        locked = self.filtered(lambda row: row.id in free).try_lock_for_update()
        locked.invalidate_recordset()
        return locked

    def _hold(self):
        """Keep this locked one beyond the transaction, until :meth:`_release`."""
        self.ensure_one()
        self.env.execute_query(
            SQL("SELECT pg_advisory_lock(%s, %s)", LOCK_SPACE, self.id)
        )

    def _release(self):
        """Let others work on this one again."""
        self.ensure_one()
        self.env.execute_query(
            SQL("SELECT pg_advisory_unlock(%s, %s)", LOCK_SPACE, self.id)
        )

    # === STEPS === #

    def _take_account_in_use(self):
        """Let a queued transfer go by the account that is in use now; return it."""
        account = self.move_id.maventa_account_company_id.sudo().maventa_account_id
        if account and self.account_id != account:
            self.account_id = account
        return account

    def _set_document(self, document, recipient):
        """Keep the document that is going to be uploaded: the intent.

        :param document: :class:`~..services.document.Document`
        :param recipient: values of the recipient's fields
        """
        previous = self.attachment_id
        kind = "zip" if document.filename.endswith(".zip") else "xml"
        # As the superuser: for anybody else Odoo would call the XML plain text.
        attachments = self.env["ir.attachment"].with_user(SUPERUSER_ID)
        attachment = attachments.create(
            {
                "name": document.filename,
                "raw": document.file,
                "mimetype": f"application/{kind}",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.write(
            {
                "state": TransferState.UPLOADING,
                "attachment_id": attachment.id,
                "sha256": hashlib.sha256(document.file).hexdigest(),
                "document_format": document.format,
                "error": False,
                "error_code": False,
                **recipient,
            }
        )
        for remark in document.remarks:
            self._log("info", remark)
        previous.unlink()  # of an attempt that surely never reached Maventa

    def _upload(self):
        """Return what the upload consists of, as the protocol package takes it."""
        routes = (self.disabled_routes or "").split()
        return InvoiceUpload(
            uuid=self.uuid,
            file=self.attachment_id.raw,
            filename=self.attachment_id.name,
            format=InvoiceFormat(self.document_format),
            recipient_eia=self.recipient_eia or "",
            recipient_operator=self.recipient_operator or "",
            recipient_email=self.recipient_email or "",
            payment_instruction=self.payment_instruction or "",
            disabled_routes=tuple(map(Route, routes)),
        )

    def _requeue(self):
        """Return a transfer that was prepared, but not uploaded, to the queue."""
        self.state = TransferState.QUEUED

    def _postpone(self, text, code, unknown):
        """Record that there is no outcome: ask later, or try later.

        :param unknown: Maventa may have the invoice
        """
        self.write(
            {
                "state": TransferState.UNKNOWN if unknown else TransferState.QUEUED,
                "error": text,
                "error_code": code,
            }
        )
        self._log("warning", text)

    def _accept(self, invoice):
        """Record that Maventa has the invoice: from now on it is followed.

        :param invoice: ``maventa_api.Invoice``
        """
        company = self.account_id.company_id
        self.write(
            {
                "state": TransferState.ACCEPTED,
                "accepted_at": fields.Datetime.now(),
                "remote_id": invoice.id,
                "error": False,
                "error_code": False,
            }
        )
        self.move_id._maventa_set_status(company.maventa_status_after_transfer_id)
        self.move_id.activity_unlink(["account_maventa.mail_activity_type_error"])
        text = self.env._("Handed over to Maventa.")
        self.move_id._message_log(body=text)
        self._log("info", text)
        self._start_waiting()
        self._update_from_remote(invoice)

    def _fail(self, state, text, code=False):
        """Record that the document has to be corrected, and notify the salesperson.

        :param state: one of ``TO_CORRECT``
        """
        company, move = self.account_id.company_id, self.move_id
        self.write(
            {
                "state": state,
                "finished_at": fields.Datetime.now(),
                "error": text,
                "error_code": code,
                "is_reported": False,
            }
        )
        move._maventa_set_status(company.maventa_status_after_error_id)
        # A transfer that failed later was transferred; its text says what happened.
        not_transferred = self.env._("Not transferred to Maventa: %s", text)
        failed = state == TransferState.FAILED
        move._message_log(body=text if failed else not_transferred)
        self._log("error", text)
        self._stop_waiting()
        move.activity_unlink(["account_maventa.mail_activity_type_error"])
        short = self.env["maventa.messages"]._shorten(text)
        move.activity_schedule(
            "account_maventa.mail_activity_type_error",
            note=plaintext2html(short),
            user_id=(move.invoice_user_id or self.create_uid).id,
        )

    def _update_from_remote(self, invoice):
        """Record Maventa's view of the invoice, and what follows from it.

        :param invoice: ``maventa_api.Invoice``
        """
        self.write(
            {
                "checked_at": fields.Datetime.now(),
                "remote_status": invoice.status_text,
                "destination": invoice.destination,
                "actions": [
                    [action.happened_at, action.type, action.channel, action.message]
                    for action in invoice.actions
                ],
            }
        )
        delivered = self.state == TransferState.DELIVERED
        pending = TransferState.DELIVERED if delivered else TransferState.ACCEPTED
        state = FINAL.get(invoice.status, pending)
        if state == self.state:
            return
        if state == TransferState.FAILED:
            text = self.env._(
                "Maventa could not deliver it: %s", invoice.failure or "-"
            )
            self._fail(state, text)
        else:
            self._recover(state)

    def _recover(self, state):
        """Record a delivery, or that Maventa delivers again after a failure."""
        delivered = state == TransferState.DELIVERED
        self.write(
            {
                "state": state,
                "finished_at": delivered and fields.Datetime.now(),
                "error": False,
                "reroute_pending": False,
            }
        )
        company = self.account_id.company_id
        if self.move_id.maventa_status_id == company.maventa_status_after_error_id:
            self.move_id._maventa_set_status(company.maventa_status_after_transfer_id)
        self.move_id.activity_unlink(["account_maventa.mail_activity_type_error"])
        if delivered:
            channel = self.destination_label or "-"
            text = self.env._("Delivered by Maventa (%s).", channel)
            self._stop_waiting()
        else:
            text = self.env._("Rerouted at Maventa: delivery has started again.")
            self._start_waiting()
        self._log("info", text)
        self.move_id._message_log(body=text)

    def _start_waiting(self):
        """Wait for the delivery from now on."""
        self.write({"pending_since": fields.Datetime.now(), "warned_at": False})
        self._stop_waiting()

    def _stop_waiting(self):
        kind = "account_maventa.mail_activity_type_pending"
        self.move_id.activity_unlink([kind])

    def _overdue_text(self):
        return self.env._(
            "Maventa received it on %s and has not delivered it yet. Check on "
            "Maventa's website whether it is held back there, or contact Maventa's "
            "support.",
            fields.Date.to_string(self.pending_since),
        )

    # === LOG === #

    def _log(self, level, text):
        """Add a line to the history."""
        now = fields.Datetime.to_string(fields.Datetime.now())
        for transfer in self:
            transfer.history = [*(transfer.history or []), [now, level, text]]

    def _timeline(self):
        """Return the events of this attempt, the oldest first, as HTML."""
        rows = sorted(
            [*self._own_events(), *self._remote_events()], key=lambda row: row[0]
        )
        lines = Markup().join(
            Markup('<li class="%s"><span class="text-muted me-2">%s</span>%s</li>')
            % (COLOURS.get(level, ""), format_datetime(self.env, moment), text)
            for moment, level, text in rows
        )
        return Markup(
            '<div class="o_maventa_attempt mb-3"><strong>%s</strong>'
            '<ul class="list-unstyled mb-0">%s</ul></div>'
        ) % (self.env._("Attempt %s", self.number), lines)

    def _own_events(self):
        """Yield moment, level and text of Odoo's events."""
        requested = self.env._("Requested by %s", self.create_uid.name)
        # The history has no fractions of a second, and must not come before this.
        yield self.create_date.replace(microsecond=0), "info", requested
        for moment, level, text in self.history or []:
            yield fields.Datetime.to_datetime(moment), level, text

    def _remote_events(self):
        """Yield moment, level and text of the events that Maventa reports."""
        messages = self.env["maventa.messages"]
        for happened_at, kind, channel, message in self.actions or []:
            try:
                moment = datetime.fromisoformat(happened_at)
            except ValueError:
                moment = self.checked_at or self.create_date
            if moment.tzinfo:
                moment = moment.astimezone(UTC).replace(tzinfo=None)
            text = messages._event(kind)
            if channel:
                text = f"{text} ({messages._channel(channel)})"
            text = f"{text}: {message}" if message else text
            yield moment, "error" if kind == "ERROR" else "info", text
