"""What Billingo sent stays: the data and the original PDF of a document."""

from odoo import api, models
from odoo.exceptions import UserError

from ..kept import (
    CONTENT,
    DATA,
    PLACE,
    changed_files,
    entries_of_files,
    notes_with_files,
)

# In the context of what takes what Billingo sends now in place of what was there. An
# object: no request from outside can carry it.
REPLACING = object()


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        attachments = super().create(vals_list)
        attachments._billingo_check_place()
        return attachments

    def write(self, vals):
        # EXTENDS 'base'
        if CONTENT & vals.keys():
            self.check_access("write")  # a refusal names the document
            changed_files(self, vals)._billingo_check_original()
            notes_with_files(changed_files(self, vals, DATA))._billingo_check_proof()
        result = super().write(vals)
        if PLACE & vals.keys():
            self._billingo_check_place()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_original_of_billingo(self):
        self._billingo_check_original()
        notes_with_files(self)._billingo_check_proof()

    # === HELPERS === #

    def _billingo_replacing(self):
        """Return these in a context in which they may give way to newer ones."""
        return self.with_context(billingo_replacing=REPLACING)

    def _billingo_check_place(self):
        """Raise a user error for files that a user gives to an invoice of Billingo."""
        if not self.env.su:
            moves = entries_of_files(self)
            moves.filtered(lambda x: x._billingo_is_issued_there())._billingo_refuse()

    def _billingo_check_original(self):
        """Raise a user error for the PDF of a posted entry, whoever writes.

        The same goes for the data and the original that are stored with a document.
        """
        if self.env.context.get("billingo_replacing") is REPLACING:
            return
        self._billingo_check_documents()
        entries = self.sudo().filtered(
            lambda x: x.res_model == "account.move" and x.res_id
        )
        moves = self.env["account.move"].sudo()
        for attachment in entries:
            move = moves.browse(attachment.res_id).exists()
            original = move.billingo_document_id.pdf_attachment_id
            is_original = original and original.checksum == attachment.checksum
            is_printed = attachment.res_field and move._billingo_is_issued_there()
            if move.state == "posted" and (is_original or is_printed):
                move._billingo_refuse()

    def _billingo_check_documents(self):
        files = self.sudo().filtered(lambda x: x.res_model == "billingo.document")
        documents = self.env["billingo.document"].sudo()
        for document in documents.browse(files.mapped("res_id")).exists():
            if files & document._files():
                raise UserError(
                    self.env._(
                        "The files of %s are what Billingo sent, and stay.",
                        document.display_name,
                    )
                )
