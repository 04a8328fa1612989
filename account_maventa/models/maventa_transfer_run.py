import hashlib

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ..maventa_api import (
    Errand,
    InvoiceFormat,
    InvoiceUpload,
    MaventaError,
    Outcome,
    RejectedError,
    Route,
    SetupError,
    TemporaryError,
    UnknownOutcomeError,
)


class MaventaTransfer(models.Model):
    _inherit = "maventa.transfer"

    def _run(self):
        """Take a locked, live transfer as far as it goes, and wait for that.

        Commits its intent before the upload, and its outcome after it.
        """
        self.ensure_one()
        if not (errand := self._make_ready()):
            return
        try:
            with self.account_company_id._maventa_client() as client:
                outcome = Outcome(invoice=errand.run(client))
        except MaventaError as error:
            outcome = Outcome(error=error)
        self._conclude(errand, outcome)

    def _make_ready(self):
        """Return the errand of a locked, live transfer, if there is one.

        The intent is committed then, and the transfer locked again.
        """
        self.ensure_one()
        self = self.with_context(lang=self.create_uid.lang)
        ask_first = self.state != "queued"
        if ask_first and self._is_of_another_account():
            return None  # that one knows nothing of it, and would take it once more
        # Written down first, so that one that breaks the code itself goes to the
        # end of the queue and never holds up the others.
        self.write(
            {"attempts": self.attempts + 1, "attempted_at": fields.Datetime.now()}
        )
        state = self.state
        if self._commit_and_lock().state != state:
            return None
        if not ask_first:
            if not self._may_begin():
                return None
            self._prepare()
            if not self.exists() or self.state != "uploading":
                return None
            if self._commit_and_lock().state != "uploading":
                return None
        return Errand(self._upload(), ask_first)

    def _prepare(self):
        """Make the documents: always new ones, never files of an earlier attempt."""
        move = self.move_id.with_company(self.company_id)
        if not move._maventa_is_wanted():
            self.unlink()
            return
        problems = list(filter(None, [move._maventa_refusal()]))
        problems = problems or move._maventa_problems()
        document = None
        if not problems:
            try:
                with self.env.cr.savepoint():
                    document = move._maventa_document()
            except UserError as error:  # of the builder, or of the report
                problems = [str(error)]
        if problems:
            self._end_badly("invalid", "\n".join(problems))
            return
        self._keep_document(document, move._maventa_recipient())

    def _keep_document(self, document, recipient):
        previous = self.attachment_id
        kind = "zip" if document.filename.endswith(".zip") else "xml"
        # As the superuser: for anybody else Odoo would call the XML plain text.
        attachment = (
            self.env["ir.attachment"]
            .with_user(SUPERUSER_ID)
            .create(
                {
                    "name": document.filename,
                    "raw": document.file,
                    "mimetype": f"application/{kind}",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        self.write(
            {
                "state": "uploading",
                "account_ref": self.account_company_id._maventa_account_ref(),
                "attachment_id": attachment.id,
                "sha256": hashlib.sha256(document.file).hexdigest(),
                "document_format": document.format,
                "error": False,
                "error_code": False,
                **recipient,
            }
        )
        for remark in document.remarks:
            self._note("info", remark)
        previous.unlink()  # of an attempt that surely never reached Maventa

    def _conclude(self, errand, outcome, alone=True):
        """Note what came of the errand.

        The outcome is committed before the company's own record is touched: others
        may be writing that one, and must not make us forget the outcome.

        :param alone: nothing else is under way that knows better how Maventa is
        """
        self = self.with_context(lang=self.create_uid.lang)
        company, error = self.account_company_id, outcome.error
        if error is None:
            self._accept(outcome.invoice)
        elif isinstance(error, RejectedError):
            text = company._maventa_explain(error)
            self._end_badly("rejected", text, error.code)
        else:
            self._postpone(error, errand.ask_first)
        self._commit()
        if isinstance(error, (SetupError, TemporaryError)):
            company._maventa_note_trouble(error)
        elif alone:
            company._maventa_note_success()

    def _put_back(self):
        """Return one that is ready, but was not uploaded, to the queue."""
        self.write({"state": "queued", "account_ref": False})

    def _upload(self):
        routes = (self.disabled_routes or "").split()
        return InvoiceUpload(
            uuid=self.uuid,
            file=self.attachment_id.raw,
            filename=self.attachment_id.name,
            format=InvoiceFormat(self.document_format),
            recipient_eia=self.recipient_eia or "",
            recipient_email=self.recipient_email or "",
            disabled_routes=tuple(map(Route, routes)),
        )

    def _postpone(self, error, ask_first):
        """Nothing came of it now; find out later, or try later."""
        unknown = ask_first or isinstance(error, UnknownOutcomeError)
        text = self.account_company_id._maventa_explain(error)
        self.write(
            {
                "state": "unknown" if unknown else "queued",
                "account_ref": self.account_ref if unknown else False,
                "error": text,
                "error_code": error.code,
            }
        )
        self._note("warning", text)

    def _accept(self, invoice):
        """Maventa has it: from now on it is followed, and never sent again."""
        company = self.account_company_id
        self.write(
            {
                "state": "accepted",
                "accepted_at": fields.Datetime.now(),
                "remote_id": invoice.id,
                "error": False,
                "error_code": False,
            }
        )
        self.move_id._maventa_set_status(company.maventa_status_after_transfer_id)
        self.move_id.activity_unlink(["account_maventa.mail_activity_type_error"])
        text = self.env._("Handed to Maventa.")
        self.move_id._message_log(body=text)
        self._note("info", text)
        self._wait()
        self._note_remote(invoice)

    def _end_badly(self, state, text, code=False):
        """The document has to be corrected: show why, and tell the salesperson."""
        company, move = self.account_company_id, self.move_id
        self.write(
            {
                "state": state,
                "finished_at": fields.Datetime.now(),
                "error": text,
                "error_code": code,
                "told": False,
            }
        )
        move._maventa_set_status(company.maventa_status_after_error_id)
        # What failed later was transferred, and the text says what came of that.
        told = self.env._("Not transferred to Maventa: %s", text)
        move._message_log(body=text if state == "failed" else told)
        self._note("error", text)
        self._stop_waiting()
        move.activity_unlink(["account_maventa.mail_activity_type_error"])
        move.activity_schedule(
            "account_maventa.mail_activity_type_error",
            note=plaintext2html(self._shortened(text)),
            user_id=(move.invoice_user_id or self.create_uid).id,
        )
