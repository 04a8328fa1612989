from odoo import models
from odoo.exceptions import UserError

from .billingo_document import document_order


class BillingoDocument(models.Model):
    _inherit = "billingo.document"

    def action_process(self):
        """Process by hand; get the PDF of what is processed at once."""
        self._check_bookkeeper()
        documents = self.sudo()
        waiting = documents.filtered(lambda document: document.state != "processed")
        if not waiting:
            raise UserError(self.env._("Nothing here waits for processing."))
        for document in waiting.sorted(document_order):
            # Somebody else may be at it: the lock also shows what he made of it.
            document = document.try_lock_for_update()
            if document and document.state != "processed":
                document._process()
            document._keep()
        documents.filtered("move_id")._get_pdfs()
        failed = waiting.filtered(lambda document: document.state == "error")
        return self._tell(
            self.env._(
                "%(done)s processed, %(failed)s with errors.",
                done=len(waiting.filtered(lambda x: x.state == "processed")),
                failed=len(failed),
            ),
            "warning" if failed else "success",
        )

    def action_skip(self):
        """Leave documents out of the books."""
        self._check_bookkeeper()
        for document in self.sudo().filtered(lambda x: x.state in ("fetched", "error")):
            document._settle_as("skipped", skip_reason="user")
        return True

    def action_get_pdf(self):
        """Ask Billingo for the PDFs that are not there yet."""
        self._check_bookkeeper()
        documents = self.sudo()
        documents = documents.filtered(lambda x: x.pdf_state or x._wants_pdf())
        documents._get_pdfs()
        missing = documents.filtered(lambda x: not x.pdf_attachment_id)
        return self._tell(
            self.env._(
                "%(there)s PDFs attached, %(missing)s not there yet.",
                there=len(documents - missing),
                missing=len(missing),
            ),
            "warning" if missing else "success",
        )

    def action_open_move(self):
        """Open the entry."""
        self.ensure_one()
        return self.move_id._get_records_action()

    def _check_bookkeeper(self):
        """What is done here becomes entries: whoever may not write them may not."""
        self.check_access("read")
        self.env["account.move"].check_access("create")

    def _tell(self, message, kind):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _keep(self):
        """Commit one document, so that the next one cannot take it along."""
        if self.env["account.move"]._can_commit():
            # A PDF is asked for next, and the entry must be there before.
            self.env.cr.commit()  # pylint: disable=invalid-commit
