"""Attachments of an invoice that Maventa sends with it."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..guards import as_service, guarded
from ..kept import (
    CONTENT,
    DATA,
    PLACE,
    changed_files,
    entries_of_files,
    notes_with_files,
)
from ..maventa_api import FileProblem, file_problem
from .transfer_state import CARRIED

# In the context of what replaces a PDF by the one that goes out. An object: no request
# from outside can carry it.
REPLACING = object()


@guarded(*"maventa_choice".split())
class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    maventa_choice = fields.Selection(
        [("send", "Send"), ("keep", "Do not send")], copy=False, readonly=True
    )
    maventa_send = fields.Boolean(
        "Send by Maventa",
        compute="_compute_maventa_send",
        inverse="_inverse_maventa_send",
        help="The customer receives this file together with the invoice.",
    )

    # === COMPUTES === #

    @api.depends("maventa_choice", "res_model", "res_id", "res_field")
    def _compute_maventa_send(self):
        """A user's choice comes first, then the setting of customer and company."""
        open_rows = self.filtered(
            lambda row: (
                not row.maventa_choice
                and row.res_model == "account.move"
                and row.res_id
                and not row.res_field
            )
        )
        moves = self.env["account.move"].sudo().browse(open_rows.mapped("res_id"))
        all_sent = moves.exists().filtered(lambda move: move._maventa_sends_all_files())
        for attachment in self:
            attachment.maventa_send = attachment.maventa_choice == "send" or (
                attachment in open_rows and attachment.res_id in all_sent._ids
            )

    def _inverse_maventa_send(self):
        for attachment in self:
            choice = "send" if attachment.maventa_send else "keep"
            as_service(attachment).maventa_choice = choice

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': Odoo makes the files of a document with sudo
        attachments = super().create(vals_list)
        attachments._maventa_check_place()
        return attachments

    def write(self, vals):
        # EXTENDS 'base'
        if CONTENT & vals.keys():
            self.check_access("write")  # a refusal names the document
            changed = changed_files(self, vals)
            changed._maventa_check_sent()
            changed._maventa_check_received()
            notes_with_files(changed_files(self, vals, DATA))._maventa_check_proof()
        # An earlier PDF or XML of the invoice is no attachment that users have chosen.
        if "res_field" in vals and not vals["res_field"]:
            own = self.filtered(lambda row: row.res_field)
            own = own.filtered(lambda row: row.res_model == "account.move")
            as_service(own).maventa_choice = "keep"
        result = super().write(vals)
        if PLACE & vals.keys():
            self._maventa_check_place()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent_by_maventa(self):
        self._maventa_check_sent()
        self._maventa_check_received()
        notes_with_files(self)._maventa_check_proof()

    # === HELPERS === #

    def _maventa_replacing(self):
        """Return these in a context in which they may give way to the PDF sent."""
        return self.with_context(maventa_replacing=REPLACING)

    def _maventa_check_place(self):
        """Raise a user error for files that a user gives to a document sent."""
        if not self.env.su:
            moves = entries_of_files(self)
            moves.filtered(lambda x: x._maventa_is_frozen())._maventa_raise_frozen()

    def _maventa_check_sent(self):
        """Raise a user error for the PDF of an invoice as Maventa has it."""
        if self.env.context.get("maventa_replacing") is REPLACING:
            return
        transfers = self.env["maventa.transfer"].sudo()
        domain = [
            ("pdf_attachment_id", "in", self.ids),
            ("is_void", "=", False),
            ("state", "in", CARRIED),
        ]
        if sent := transfers.search(domain, limit=1):
            raise UserError(
                self.env._(
                    "The PDF of %s went out by Maventa. It stays as it was sent.",
                    sent.move_id.display_name,
                )
            )

    def _maventa_check_received(self):
        """Raise a user error for what came with an invoice, and lies beside its bill.

        Who pays looks at it.
        """
        moves = self.env["account.move"].browse(
            self._maventa_received().mapped("res_id")
        )
        moves._maventa_raise_received()

    def _maventa_received(self):
        """Return the copies of files that came with the invoices of their bills."""
        files = self.sudo().filtered(
            lambda x: x.res_model == "account.move" and x.res_id and not x.res_field
        )
        receipts = self.env["maventa.receipt"].sudo()
        receipts = receipts.search([("move_id", "in", files.mapped("res_id"))])
        came = {
            move.id: {
                file.checksum
                for row in rows
                for file in row.document_id + row.image_id + row.file_ids
            }
            for move, rows in receipts.grouped("move_id").items()
        }
        return files.filtered(lambda x: x.checksum in came.get(x.res_id, ()))

    def _maventa_problem(self, *, packed):
        """Return why the file cannot be sent, or nothing.

        :param packed: whether files are sent in a ZIP beside the document
        """
        self.ensure_one()
        problem = file_problem(self.mimetype or "", self.file_size, packed=packed)
        if self.type != "binary":
            problem = FileProblem.TYPE
        if not problem:
            return ""
        return self.env._(
            'The attachment "%(name)s" cannot be sent: %(reason)s If it must not go '
            'along, clear "Send" on the tab Maventa.',
            name=self.name,
            reason=self.env["maventa.messages"]._file_problem(problem),
        )
