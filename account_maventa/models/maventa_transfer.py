"""One attempt to hand one invoice to Maventa.

Rows are only added: a corrected invoice gets a new row. Users do not write them; a
queued row is deleted when the user takes the invoice out of the transfer status.
"""

import hashlib
from uuid import uuid4

from markupsafe import Markup
from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime

from ..guards import guarded
from ..maventa_api import PAGES, InvoiceFormat, InvoiceStatus, InvoiceUpload, Route
from ..remote_text import as_html
from .localized_text import in_language
from .stored_rows import read_moment, read_rows
from .transfer_state import CARRIED, LIVE, STATES, TO_CORRECT, TransferState

FINAL = {
    InvoiceStatus.DELIVERED: TransferState.DELIVERED,
    InvoiceStatus.FAILED: TransferState.FAILED,
}
ERROR_ACTIVITY = "account_maventa.mail_activity_type_error"
PENDING_ACTIVITY = "account_maventa.mail_activity_type_pending"
COLOURS = {"warning": "text-warning", "error": "text-danger"}
# The first of the two numbers of our advisory locks; the second is the row's id.
LOCK_SPACE = 0x4D617665


@guarded(
    "follow_tried_at",
    "follow_next_try",
    *"move_id company_id partner_id account_id uuid state again attempts".split(),
    *"attempted_at accepted_at finished_at checked_at pending_since".split(),
    *"warned_at attachment_id sha256 document_format recipient_eia".split(),
    *"recipient_operator recipient_email payment_instruction".split(),
    *"disabled_routes remote_id remote_status destination actions".split(),
    *"reroute_pending error error_code is_reported history level".split(),
    *"is_void pdf_attachment_id lang sender_comment".split(),
    *"content_hash sent_total sent_currency_id is_contradicted".split(),
)
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
    # It belongs to the account that was in use when it was queued: it begins only while
    # that account is in use, and ends there, whatever account is in use later.
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
    #       (is_contradicted if the invoice is another one meanwhile)
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
    is_demo = fields.Boolean("Demo", compute="_compute_is_demo")
    is_void = fields.Boolean(
        "Before going live",
        readonly=True,
        copy=False,
        default=False,
        help="Made in Demo before the company used a real environment: nothing was "
        "sent, and the transfer does not count any more.",
    )
    number = fields.Integer("Attempt", compute="_compute_number")
    attempts = fields.Integer("Tries", readonly=True, copy=False)
    attempted_at = fields.Datetime("Last try", readonly=True, copy=False)
    accepted_at = fields.Datetime("Accepted on", readonly=True, copy=False)
    finished_at = fields.Datetime("Finished on", readonly=True, copy=False)
    checked_at = fields.Datetime("Last checked on", readonly=True, copy=False)
    # Written before the job calls: who was tried longest ago comes first next time.
    follow_tried_at = fields.Datetime(readonly=True, copy=False)
    # Of one about which Maventa refuses to tell: when the job asks again
    follow_next_try = fields.Datetime(readonly=True, copy=False)
    pending_since = fields.Datetime(readonly=True, copy=False)
    warned_at = fields.Datetime("Overdue since", readonly=True, copy=False)
    # The document and the recipient, as uploaded; indexed, for the database looks here
    # whenever any attachment is deleted
    attachment_id = fields.Many2one(
        "ir.attachment",
        "Document",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    # The PDF in it, which becomes the PDF of the invoice when Maventa has accepted it
    pdf_attachment_id = fields.Many2one(
        "ir.attachment",
        "PDF",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    sha256 = fields.Char("SHA-256", readonly=True, copy=False)
    # The invoice that the document was made of
    content_hash = fields.Char(readonly=True, copy=False)
    sent_total = fields.Monetary(
        "Total as sent", "sent_currency_id", readonly=True, copy=False
    )
    sent_currency_id = fields.Many2one("res.currency", readonly=True, copy=False)
    is_contradicted = fields.Boolean(
        "Differs from the invoice",
        readonly=True,
        copy=False,
        help="Maventa delivers the document, but the invoice in Odoo was changed, "
        "reset or cancelled after its transfer had failed.",
    )
    document_format = fields.Char("Format code", readonly=True, copy=False)
    document_format_label = fields.Char("Format", compute="_compute_labels")
    recipient_eia = fields.Char("E-invoice Address", readonly=True, copy=False)
    recipient_operator = fields.Char("E-invoice Operator", readonly=True, copy=False)
    recipient_email = fields.Char("E-mail", readonly=True, copy=False)
    payment_instruction = fields.Char(
        "Payment Instruction Id", readonly=True, copy=False
    )
    lang = fields.Char("Language code", readonly=True, copy=False)
    sender_comment = fields.Text("Comment in the e-mail", readonly=True, copy=False)
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
    error = fields.Text(readonly=True, copy=False, translate=True)
    error_code = fields.Char(readonly=True, copy=False)
    is_reported = fields.Boolean("Failure reported", readonly=True, copy=False)
    # Only ever added to: moment (UTC, as in the database), level, text (plain, or by
    # language)
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
        "(move_id) WHERE state IN ('queued', 'uploading', 'unknown') "
        "AND is_void IS NOT TRUE",
        "A transfer of this invoice to Maventa is already in progress.",
    )

    # === COMPUTES === #

    @api.depends("move_id.name", "number")
    def _compute_display_name(self):
        for transfer in self:
            transfer.display_name = f"{transfer.move_id.name} / {transfer.number}"

    @api.depends("account_id.environment")
    def _compute_is_demo(self):
        for transfer in self:
            transfer.is_demo = transfer.account_id.environment == "demo"

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
                " ".join(filter(None, action)) for action in transfer._remote_actions()
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

    @api.depends("state", "error", "warned_at", "is_contradicted")
    def _compute_level(self):
        waiting = (TransferState.QUEUED, TransferState.UNKNOWN)
        for transfer in self:
            overdue = transfer.state == TransferState.ACCEPTED and transfer.warned_at
            delayed = transfer.state in waiting and transfer.error
            if transfer.state in TO_CORRECT or transfer.is_contradicted:
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
        self.env["maventa.delivery.tracking"]._refresh(self.sudo())
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
                "SELECT id FROM unnest(%s::int[]) AS wanted(id) "
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
        """Keep these locked ones beyond the transaction, until :meth:`_release`."""
        if not self:
            return
        self.env.execute_query(
            SQL(
                "SELECT pg_advisory_lock(%s, id) FROM unnest(%s::int[]) AS wanted(id)",
                LOCK_SPACE,
                self.ids,
            )
        )

    def _release(self):
        """Let others work on these again."""
        self.env.execute_query(
            SQL(
                "SELECT pg_advisory_unlock(%s, id) "
                "FROM unnest(%s::int[]) AS wanted(id)",
                LOCK_SPACE,
                self.ids,
            )
        )

    # === STEPS === #

    def _is_of_account_in_use(self):
        """Return whether the invoice's company still uses the transfer's account."""
        company = self.move_id.maventa_account_company_id.sudo()
        return company.maventa_account_id == self.account_id

    def _follow_account(self):
        """Hand queued transfers over to another account of the same environment.

        :return: the invoices of those that no account of their environment can take,
            which are not queued any more
        """
        left = self.browse()
        for transfer in self:
            company = transfer.move_id.maventa_account_company_id.sudo()
            account = company.maventa_account_id
            if account.environment == transfer.account_id.environment:
                transfer.account_id = account
            else:
                left |= transfer
        moves = left.move_id
        left.unlink()
        return moves

    def _set_documents(self, documents):
        """Keep the documents that are going to be uploaded: the intents.

        :param documents: by transfer, the
            :class:`~..services.document_maker.Document` and the values of the
            recipient's fields
        """
        content = self.env["maventa.sent.content"]
        previous = self.attachment_id | self.pdf_attachment_id.filtered(self._owns)
        xml = self._attach(
            {
                row: (document.filename, document.file, document.mimetype)
                for row, (document, _recipient) in documents.items()
            }
        )
        pdfs = self._attach(
            {
                row: (document.pdf.name, document.pdf.raw, "application/pdf")
                for row, (document, _recipient) in documents.items()
                if document.pdf and not document.pdf.attachment
            }
        )
        for row, (document, recipient) in documents.items():
            kept = document.pdf and document.pdf.attachment  # made earlier
            row.write(
                {
                    "state": TransferState.UPLOADING,
                    "attachment_id": xml[row].id,
                    "pdf_attachment_id": pdfs[row].id
                    if row in pdfs
                    else kept and kept.id,
                    "sha256": hashlib.sha256(document.file).hexdigest(),
                    "document_format": document.format,
                    "error": False,
                    "error_code": False,
                    **content._values(row.move_id),
                    **recipient,
                }
            )
            for remark in document.remarks:
                row._log("info", remark)
        previous.unlink()  # of an attempt that surely never reached Maventa

    def _attach(self, files):
        """Keep a file with each transfer; return the attachments by transfer.

        :param files: name, bytes and type by transfer
        """
        # As the superuser: for anybody else Odoo would call the XML plain text.
        attachments = self.env["ir.attachment"].with_user(SUPERUSER_ID)
        made = attachments.create(
            [
                {
                    "name": name,
                    "raw": raw,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": row.id,
                }
                for row, (name, raw, mimetype) in files.items()
            ]
        )
        return dict(zip(files, made, strict=True))

    def _owns(self, attachment):
        return attachment.res_model == self._name

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
            lang=self.lang or "",
            sender_comment=self.sender_comment or "",
            disabled_routes=tuple(map(Route, routes)),
        )

    def _has_its_document(self):
        """Return whether the file is the one that was recorded before the upload.

        A database may have been restored without its files.
        """
        raw = self.attachment_id.raw or b""
        return hashlib.sha256(raw).hexdigest() == self.sha256

    def _requeue(self):
        """Return a transfer that was prepared, but not uploaded, to the queue."""
        self.state = TransferState.QUEUED

    def _postpone(self, text, code, unknown):
        """Record that there is no outcome: ask later, or try later.

        :param unknown: Maventa may have the invoice
        """
        state = TransferState.UNKNOWN if unknown else TransferState.QUEUED
        self.write({"state": state, "error_code": code})
        self._set_error(text)
        self._log("warning", text)

    def _accept(self, invoices):
        """Record that Maventa has these invoices: from now on they are followed.

        :param invoices: ``maventa_api.Invoice`` by transfer
        """
        now = fields.Datetime.now()
        self.write(
            {
                "state": TransferState.ACCEPTED,
                "accepted_at": now,
                "pending_since": now,
                "warned_at": False,
                "error": False,
                "error_code": False,
            }
        )
        for transfer in self:
            transfer.remote_id = invoices[transfer].id
        counted = self.filtered(lambda row: not row.is_void)
        for company, rows in counted.grouped(
            lambda row: row.account_id.company_id
        ).items():
            status = company.maventa_status_after_transfer_id
            rows.move_id._maventa_set_status(status)
        counted._keep_pdf()
        counted.move_id.activity_unlink([ERROR_ACTIVITY, PENDING_ACTIVITY])
        for demo, rows in self.grouped("is_demo").items():
            rows._tell(
                "info", self._demo_accepted_text if demo else self._accepted_text
            )
        for transfer in self:
            transfer._update_from_remote(invoices[transfer])

    def _accepted_text(self, env):
        return env._("Handed over to Maventa.")

    def _demo_accepted_text(self, env):
        return env._(
            "Demo: handed over to the simulator in Odoo. Nothing was sent to Maventa."
        )

    def _keep_pdf(self):
        """Make the PDF that went out the PDF of the invoice, as Odoo keeps it."""
        for transfer in self.filtered("pdf_attachment_id"):
            move, pdf = transfer.move_id, transfer.pdf_attachment_id.sudo()
            if pdf.res_field:
                continue  # it is that already
            name = pdf.name
            if not transfer._owns(pdf):  # named so when the invoice was reset to draft
                name = move._get_invoice_report_filename()
            move._maventa_detach_pdf()
            pdf._maventa_replacing().write(
                {
                    "res_model": move._name,
                    "res_id": move.id,
                    "res_field": "invoice_pdf_report_file",
                    "name": name,
                }
            )
            move.invalidate_recordset(
                ["invoice_pdf_report_id", "invoice_pdf_report_file"], flush=False
            )
            quick = move.with_context(skip_invoice_sync=True, mail_notrack=True)
            quick.message_main_attachment_id = pdf

    def _fail(self, state, text, code=False):
        """Record that the document has to be corrected, and notify the salesperson.

        :param state: one of ``TO_CORRECT``
        :param text: plain, or :class:`~.localized_text.LocalizedText`
        """
        self = self.with_context(lang=self.create_uid.lang)
        company, move = self.account_id.company_id, self.move_id
        self.write(
            {
                "state": state,
                "finished_at": fields.Datetime.now(),
                "error_code": code,
                "is_reported": False,
                "is_contradicted": False,
            }
        )
        self._set_error(text)
        self._log("error", text)
        if state != TransferState.FAILED:  # the document did not go out
            self.pdf_attachment_id.filtered(self._owns).unlink()
        if self.is_void:
            return
        move._maventa_set_status(company.maventa_status_after_error_id)
        # A transfer that failed later was transferred; its text says what happened.
        text = str(text)
        not_transferred = self.env._("Not transferred to Maventa: %s", text)
        failed = state == TransferState.FAILED
        move._message_log(
            body=as_html(self._marked(text if failed else not_transferred))
        )
        self._stop_waiting()
        self._notify_salesperson(text)

    def _notify_salesperson(self, text):
        """Give the salesperson an activity with the text; an earlier one ends."""
        self.move_id.activity_unlink([ERROR_ACTIVITY])
        short = self.env["maventa.messages"]._shorten(text)
        self.move_id.activity_schedule(
            ERROR_ACTIVITY,
            note=as_html(self._marked(short)),
            user_id=(self.move_id.invoice_user_id or self.create_uid).id,
        )

    def _set_error(self, text):
        """Keep the error in all languages that the text has."""
        self.with_context(lang="en_US").error = in_language(text, "en_US")
        if isinstance(text, dict):
            for lang, translated in text.items():
                if lang != "en_US":
                    self.with_context(lang=lang).error = translated

    def _marked(self, text):
        """Return the text, which says so if all this happens in Demo."""
        return self.env._("Demo: %s", text) if self.is_demo else text

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
            if self.reroute_pending:  # Maventa has not resent it
                self.reroute_pending = False
            self._agree()
        elif state == TransferState.FAILED:
            reason = invoice.failure or "-"
            self._fail(
                state, self._localized(lambda env: self._failed_text(env, reason))
            )
        else:
            self._recover(state)

    def _failed_text(self, env, reason):
        return env._("Maventa could not deliver it: %s", reason)

    def _recover(self, state):
        """Record a delivery, or that Maventa delivers again after a failure."""
        delivered = state == TransferState.DELIVERED
        # What Maventa had all the time could not be changed here.
        could_change = self.state == TransferState.FAILED or self.is_contradicted
        self._note_delivery(state)
        if self.is_void:
            return
        if delivered:
            self._stop_waiting()
        else:
            self._start_waiting()
        self._tell("info", self._delivered_text if delivered else self._rerouted_text)
        if could_change and not self.env["maventa.sent.content"]._is_same(self):
            self._contradict()
        else:
            self._settle()

    def _note_delivery(self, state):
        """Record that Maventa delivers the document, or has delivered it."""
        delivered = state == TransferState.DELIVERED
        self.write(
            {
                "state": state,
                "finished_at": delivered and fields.Datetime.now(),
                "error": False,
                "reroute_pending": False,
            }
        )

    # === SAME AS THE INVOICE === #

    def _settle(self):
        """Record that the invoice is what Maventa delivers."""
        company, status = self.account_id.company_id, self.move_id.maventa_status_id
        is_open = status in (
            company.maventa_status_to_transfer_id,
            company.maventa_status_after_error_id,
        )
        if self.is_contradicted:
            self.is_contradicted, is_open = False, is_open or not status
        if is_open:
            self._set_status(company.maventa_status_after_transfer_id)
        self.move_id.activity_unlink([ERROR_ACTIVITY])
        held = self.move_id._maventa_transfers().filtered(
            lambda row: row.state in CARRIED
        )
        if self == held[-1:]:  # or it was sent again, with another PDF
            self._keep_pdf()

    def _contradict(self):
        """Say that the customer receives another document than the books have."""
        self = self.with_context(lang=self.create_uid.lang)
        self.is_contradicted = True
        self._set_status(self.account_id.company_id.maventa_status_after_error_id)
        if self.pdf_attachment_id == self.move_id.sudo().invoice_pdf_report_id:
            self.move_id._maventa_detach_pdf()
        self._tell("error", self._contradiction_text)
        self._notify_salesperson(self._contradiction_text(self.env))

    def _set_status(self, status):
        """Set the status of the invoice, unless a user wants it to be sent again."""
        rows = self.move_id._maventa_transfers()
        if not any(row.again and row.state in LIVE for row in rows):
            self.move_id._maventa_set_status(status)

    def _contradiction_text(self, env):
        return env["maventa.sent.content"]._contradiction(self.with_env(env))

    def _agree(self):
        """Forget differences of invoices that are what Maventa delivers again."""
        content = self.env["maventa.sent.content"]
        for transfer in self.filtered("is_contradicted"):
            if content._is_same(transfer):
                transfer._settle()
                transfer._tell("info", transfer._agreed_text)

    def _agreed_text(self, env):
        return env._("The invoice is what Maventa has again.")

    def _delivered_text(self, env):
        channel = env["maventa.messages"]._channel(self.destination) or "-"
        if self.is_demo:
            return env._("Demo: delivered by the simulator (%s).", channel)
        return env._("Delivered by Maventa (%s).", channel)

    def _rerouted_text(self, env):
        return env._("Rerouted at Maventa: delivery has started again.")

    def _start_waiting(self):
        """Wait for the delivery from now on."""
        self.write({"pending_since": fields.Datetime.now(), "warned_at": False})
        self._stop_waiting()

    def _stop_waiting(self):
        self.move_id.activity_unlink([PENDING_ACTIVITY])

    def _overdue_text(self):
        return self.env._(
            "Maventa received it on %s and has not delivered it yet. Check on "
            "Maventa's website whether it is held back there, or contact Maventa's "
            "support.",
            fields.Date.to_string(self.pending_since),
        )

    # === LOG === #

    def _log(self, level, text):
        """Add a line to the history.

        :param text: plain, or by language
        """
        now = fields.Datetime.to_string(fields.Datetime.now())
        for transfer in self:
            transfer.history = [*(transfer.history or []), [now, level, text]]

    def _tell(self, level, tell):
        """Add a line to the history and to the chatter of the invoices.

        :param tell: takes an environment, and returns the text in its language
        """
        bodies = {}
        for lang, rows in self.grouped(lambda row: row.create_uid.lang).items():
            text = rows._localized(tell, lang)
            rows._log(level, text)
            body = as_html(str(text))
            bodies |= {row.move_id.id: body for row in rows if not row.is_void}
        self.move_id.browse(bodies)._message_log_batch(bodies=bodies)

    def _localized(self, tell, lang=None):
        messages = self.env["maventa.messages"]
        return messages._in_all_languages(tell, lang or self.create_uid.lang)

    def _timeline(self):
        """Return the events of this attempt, the oldest first, as HTML."""
        rows = sorted(
            [*self._own_events(), *self._remote_events()], key=lambda row: row[0]
        )
        lines = Markup().join(
            Markup('<li class="%s"><span class="text-muted me-2">%s</span>%s</li>')
            % (COLOURS.get(level, ""), format_datetime(self.env, moment), as_html(text))
            for moment, level, text in rows
        )
        title = self.env._("Attempt %s", self.number)
        if self.is_demo:
            title = self.env._("Attempt %s (Demo: nothing was sent)", self.number)
        return Markup(
            '<div class="o_maventa_attempt mb-3"><strong>%s</strong>'
            '<ul class="list-unstyled mb-0">%s</ul></div>'
        ) % (title, lines)

    def _own_events(self):
        """Yield moment, level and text of Odoo's events."""
        requested = self.env._("Requested by %s", self.create_uid.name)
        # The history has no fractions of a second, and must not come before this.
        yield self.create_date.replace(microsecond=0), "info", requested
        for moment, level, text in read_rows(self.history, 3):
            yield self._moment(moment), level, in_language(text, self.env.lang)

    def _remote_events(self):
        """Yield moment, level and text of the events that Maventa reports."""
        messages = self.env["maventa.messages"]
        for happened_at, kind, channel, message in self._remote_actions():
            moment = self._moment(happened_at)
            text = messages._event(kind)
            if channel:
                text = f"{text} ({messages._channel(channel)})"
            text = f"{text}: {message}" if message else text
            yield moment, "error" if kind == "ERROR" else "info", text

    def _remote_actions(self):
        """Return the events at Maventa as four texts each, whatever is stored."""
        return read_rows(self.actions, 4)

    def _moment(self, text):
        """Return a stored moment in UTC; the last check's where it is unreadable."""
        return read_moment(text, self.checked_at or self.create_date)
