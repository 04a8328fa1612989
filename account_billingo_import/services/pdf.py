"""The original PDF of a document: downloaded, stored, and attached to the entry."""

import logging
from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain
from psycopg2 import OperationalError

from ..billingo_api import errors
from ..guards import internal
from .connection_domains import answering, working

_logger = logging.getLogger(__name__)

# Minutes until the next try, by tries made. After the last one a user has to press the
# button.
SCHEDULE = (1, 5, 30, 120, 24 * 60, 24 * 60, 24 * 60)
PDF_JOB = "account_billingo_import.ir_cron_billingo_pdf"


@internal
class BillingoPdf(models.AbstractModel):
    _name = "billingo.pdf"
    _description = "Original PDFs of Billingo documents"

    # === PUBLIC === #

    def _cron_billingo_pdf(self, batch_size=100):
        """Download the PDFs that are due; commits after each."""
        documents = self.env["billingo.document"]
        domain = self._due_domain()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=documents.search_count(domain))
        order = "tried_at NULLS FIRST, pdf_next_try, id"
        due = documents.search(domain, limit=batch_size, order=order)
        calls = self.env["billingo.remote.call"]
        if not calls._visit(due, self._get, domain, is_job=True):
            return
        cron._commit_progress(remaining=documents.search_count(self._due_domain()))
        self._schedule_next()

    def _download_by_hand(self, documents):
        """Download what is missing, for a user who waits; commits after each.

        :return: the documents that now have their original, and those that do not
        """
        wanted = documents.filtered(lambda x: x.pdf_state or self._is_wanted(x))
        self._download(wanted)
        attached = wanted.filtered("pdf_attachment_id")
        return attached, wanted - attached

    def _download(self, documents):
        """Download what is missing; commits after each document."""
        wanted = documents.filtered(self._is_wanted)
        self.env["billingo.remote.call"]._visit(wanted, self._get)

    def _attach(self, document, pdf=None):
        """Attach the original where Odoo prints and sends from, or shows a bill's.

        What goes wrong with it is logged, counted as a try, and keeps nothing else.

        :param pdf: the original, if it was downloaded just now
        """
        if not pdf and not document.pdf_attachment_id:
            return
        try:
            with self.env.cr.savepoint():
                if pdf:
                    self._keep(document, pdf)
                if document.move_id:
                    self._put(document)
        except OperationalError:
            # Of the database, not of the file: the next run begins again.
            raise
        except Exception:
            _logger.exception("PDF of Billingo document %s", document.billingo_id)
            self._try_later(document)

    def _put(self, document):
        move = document.move_id
        is_sale = move.is_sale_document(include_receipts=True)
        if is_sale and move.invoice_pdf_report_id:
            # What Odoo printed before stays as a file of its own.
            printed = move.invoice_pdf_report_id.sudo()._billingo_replacing()
            printed.res_field = False
        attachment = self.env["ir.attachment"].create(
            {
                "name": self._file_name(document),
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file" if is_sale else False,
                "raw": document.pdf_attachment_id.with_context(bin_size=False).raw,
                "mimetype": "application/pdf",
            }
        )
        if is_sale:
            move.invalidate_recordset(
                ["invoice_pdf_report_id", "invoice_pdf_report_file"]
            )
        move.message_main_attachment_id = attachment
        self._set_attached(document)

    def _restore(self, document):
        """Attach the original again to an entry that was a draft."""
        if not self._is_attached(document):
            self._attach(document)

    def _restore_later(self, documents):
        """Have the PDFs attached again that Odoo detached from drafts."""
        detached = documents.filtered(
            lambda x: x.pdf_state == "attached" and not self._is_attached(x)
        )
        if detached:
            detached.write(
                {
                    "pdf_state": "waiting",
                    "pdf_tries": 0,
                    "pdf_next_try": fields.Datetime.now(),
                }
            )

    def _drop(self, document):
        """Forget the original of a document that Billingo has changed since."""
        document.sudo().pdf_attachment_id._billingo_replacing().unlink()

    def _is_attached(self, document):
        """Tell whether the entry has the original where it belongs."""
        move, original = document.move_id, document.pdf_attachment_id
        if not move or not original:
            return False
        # Another PDF may be there, printed by Odoo or uploaded by a user.
        checksum = original.sudo().checksum
        if move.is_sale_document(include_receipts=True):
            return move.invoice_pdf_report_id.sudo().checksum == checksum
        same = [
            ("res_model", "=", "account.move"),
            ("res_id", "=", move.id),
            ("checksum", "=", checksum),
        ]
        return bool(self.env["ir.attachment"].sudo().search_count(same, limit=1))

    # === HELPERS === #

    def _is_wanted(self, document):
        """Tell whether a PDF can be downloaded, before or after booking."""
        if document.mode == "spending" or document.skip_reason == "recorded":
            return False
        if document.move_id:
            return document.pdf_state in ("waiting", "missing")
        return not document.pdf_attachment_id

    def _due_domain(self):
        # Connections that are suspended, or have to wait, are not used.
        now = fields.Datetime.now()
        return (
            Domain("pdf_state", "=", "waiting")
            & Domain("pdf_next_try", "<=", now)
            & answering("connection_id.")
        )

    def _schedule_next(self):
        waiting = Domain("pdf_state", "=", "waiting") & working("connection_id.")
        documents = self.env["billingo.document"]
        first = documents.search(waiting, order="pdf_next_try", limit=1).pdf_next_try
        if first:
            at = max(first, fields.Datetime.now() + timedelta(minutes=1))
            self.env.ref(PDF_JOB)._trigger(at=at)

    def _get(self, client, document):
        """Have one PDF where it belongs.

        :raise BillingoError: the connection cannot be used for others either
        """
        if self._is_attached(document):
            self._set_attached(document)
            return
        pdf = None
        if not document.pdf_attachment_id:
            pdf = self._request(client, document)
            if not pdf:
                self._try_later(document)
                return
        self._attach(document, pdf)

    def _request(self, client, document):
        """Return the PDF, or None where it is not available yet."""
        try:
            return client.download(document.billingo_id)
        except errors.RejectedError:
            return None  # 404: perhaps not yet, the schedule decides
        except errors.TemporaryError as error:
            if error.code == "not_pdf":
                return None
            self._step_back(document, error)
            raise

    def _step_back(self, document, error):
        """Let other documents go first; only errors of this PDF count as a try."""
        if error.code.startswith("5"):
            self._try_later(document)
        elif document.move_id:
            wait = timedelta(minutes=SCHEDULE[0])
            document.pdf_next_try = fields.Datetime.now() + wait

    def _try_later(self, document):
        if not document.move_id:
            return  # a user wanted to look at it before it is booked
        tries = document.pdf_tries
        if tries >= len(SCHEDULE):
            document.write({"pdf_state": "missing", "pdf_next_try": False})
            return
        wait = timedelta(minutes=SCHEDULE[tries])
        document.write(
            {
                "pdf_state": "waiting",
                "pdf_tries": tries + 1,
                "pdf_next_try": fields.Datetime.now() + wait,
            }
        )

    def _keep(self, document, pdf):
        """Store the original at the document, where it is shown beside the data."""
        document.pdf_attachment_id = self.env["ir.attachment"].create(
            {
                "name": self._file_name(document),
                "res_model": document._name,
                "res_id": document.id,
                "raw": pdf,
                "mimetype": "application/pdf",
            }
        )
        document.message_main_attachment_id = document.pdf_attachment_id

    def _file_name(self, document):
        name = document.name or document.billingo_id
        return f"{name.replace('/', '-').replace(' ', '')}.pdf"

    def _set_attached(self, document):
        document.write({"pdf_state": "attached", "pdf_next_try": False})
