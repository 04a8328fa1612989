from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..billingo_api import errors

# Minutes until the next try, by tries made. After the last one somebody has to press
# the button.
SCHEDULE = (1, 5, 30, 120, 24 * 60, 24 * 60, 24 * 60)


class BillingoDocument(models.Model):
    _inherit = "billingo.document"

    pdf_attachment_id = fields.Many2one("ir.attachment", "Original", readonly=True)

    @api.model
    def _cron_billingo_pdf(self, batch_size=100):
        """Get the PDFs that are due; no connection stands in another's way."""
        domain = self._pdf_domain()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        for connection, documents in (
            self.search(domain, limit=batch_size, order="pdf_next_try, id")
            .grouped("connection_id")
            .items()
        ):
            with connection._client() as client:
                for document in documents:
                    document = document.try_lock_for_update().filtered_domain(domain)
                    if document and not document._get_pdf(client):
                        break
                    if not cron._commit_progress(1):
                        return
            cron._commit_progress(remaining=self.search_count(self._pdf_domain()))
        self._schedule_next_pdfs()

    def _pdf_domain(self):
        # Whoever was told to wait, or is switched off, is not asked.
        now = fields.Datetime.now()
        return (
            Domain("pdf_state", "=", "waiting")
            & Domain("pdf_next_try", "<=", now)
            & Domain("connection_id.state", "=", "active")
            & (
                Domain("connection_id.failures", "=", 0)
                | Domain("connection_id.next_fetch_at", "<=", now)
            )
        )

    def _schedule_next_pdfs(self):
        waiting = [
            ("pdf_state", "=", "waiting"),
            ("connection_id.state", "=", "active"),
        ]
        first = self.search(waiting, order="pdf_next_try", limit=1).pdf_next_try
        if first:
            at = max(first, fields.Datetime.now() + timedelta(minutes=1))
            self.env.ref("account_billingo_import.ir_cron_billingo_pdf")._trigger(at=at)

    def _get_pdfs(self):
        """Get what is not there yet, for a user who waits."""
        wanted = self.filtered(lambda x: x._wants_pdf())
        for connection, documents in wanted.grouped("connection_id").items():
            with connection._client() as client:
                for document in documents:
                    document = document.try_lock_for_update()
                    if document and not document._get_pdf(client):
                        break
                    self._keep()

    def _wants_pdf(self):
        """Tell whether a PDF can be got: of what is booked, or to look at before."""
        if self.mode == "spending" or self.skip_reason == "recorded":
            return False
        if self.move_id:
            return self.pdf_state in ("waiting", "missing")
        return not self.pdf_attachment_id

    def _get_pdf(self, client):
        """Have one PDF where it belongs; return whether others may be asked for."""
        self.ensure_one()
        if self._has_pdf():
            self._pdf_is_there()
            return True
        goes_on = bool(self.pdf_attachment_id) or self._download_pdf(client)
        self._attach_pdf()
        return goes_on

    def _download_pdf(self, client):
        """Ask Billingo and keep what comes; return whether others may be asked for."""
        try:
            pdf = client.download(self.billingo_id)
        except errors.SetupError as error:
            self.connection_id._suspend(error)
            return False
        except errors.TemporaryError as error:
            if error.code != "not_pdf":
                self.connection_id._postpone(error)
                self._step_back(error)
                return False
            pdf = None
        except errors.RejectedError:
            pdf = None  # 404: perhaps not yet, the schedule decides
        if pdf:
            self._keep_pdf(pdf)
        else:
            self._pdf_later()
        return True

    def _step_back(self, error):
        """Let the others go first; only an answer about this PDF uses up a try."""
        if error.code.startswith("5"):
            self._pdf_later()
        elif self.move_id:
            self.pdf_next_try = fields.Datetime.now() + timedelta(minutes=SCHEDULE[0])

    def _pdf_later(self):
        if not self.move_id:
            return  # somebody wanted to look at it before it is booked
        tries = self.pdf_tries
        if tries >= len(SCHEDULE):
            self.write({"pdf_state": "missing", "pdf_next_try": False})
            return
        wait = timedelta(minutes=SCHEDULE[tries])
        self.write(
            {
                "pdf_state": "waiting",
                "pdf_tries": tries + 1,
                "pdf_next_try": fields.Datetime.now() + wait,
            }
        )

    def _has_pdf(self):
        """Tell whether the entry has the original where it belongs."""
        move = self.move_id
        if move.is_sale_document(include_receipts=True):
            return bool(move.invoice_pdf_report_id)
        return move.message_main_attachment_id.mimetype == "application/pdf"

    def _keep_pdf(self, pdf):
        """Keep the original beside the data, to be seen there and attached again."""
        self.pdf_attachment_id = self.env["ir.attachment"].create(
            {
                "name": self._pdf_name(),
                "res_model": self._name,
                "res_id": self.id,
                "raw": pdf,
                "mimetype": "application/pdf",
            }
        )
        self.message_main_attachment_id = self.pdf_attachment_id

    def _drop_pdf(self):
        """Forget the original of what Billingo has changed since."""
        self.sudo().pdf_attachment_id.unlink()

    def _pdf_name(self):
        name = self.name or self.billingo_id
        return f"{name.replace('/', '-').replace(' ', '')}.pdf"

    def _attach_pdf(self):
        """Put the original where Odoo prints and sends from, or shows a bill's."""
        move = self.move_id
        if not (move and self.pdf_attachment_id):
            return
        is_sale = move.is_sale_document(include_receipts=True)
        attachment = self.env["ir.attachment"].create(
            {
                "name": self._pdf_name(),
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file" if is_sale else False,
                "raw": self.pdf_attachment_id.with_context(bin_size=False).raw,
                "mimetype": "application/pdf",
            }
        )
        if is_sale:
            move.invalidate_recordset(
                ["invoice_pdf_report_id", "invoice_pdf_report_file"]
            )
        move.message_main_attachment_id = attachment
        self._pdf_is_there()

    def _pdf_is_there(self):
        self.write({"pdf_state": "attached", "pdf_next_try": False})
