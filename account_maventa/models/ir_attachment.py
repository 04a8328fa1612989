"""Attachments of an invoice that Maventa sends with it."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..guards import as_service, guarded
from ..maventa_api import FileProblem, file_problem
from .transfer_state import CARRIED

# What makes a file: nobody changes it in a PDF that went out
CONTENT = {
    *("raw", "datas", "db_datas", "store_fname", "file_size", "checksum", "type"),
    *("url", "mimetype", "name", "res_model", "res_id", "res_field", "public"),
}


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

    def write(self, vals):
        # EXTENDS 'base'
        if CONTENT & vals.keys():
            self._maventa_check_sent()
        # An earlier PDF or XML of the invoice is no attachment that users have chosen.
        if "res_field" in vals and not vals["res_field"]:
            own = self.filtered(lambda row: row.res_field)
            own = own.filtered(lambda row: row.res_model == "account.move")
            as_service(own).maventa_choice = "keep"
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent_by_maventa(self):
        self._maventa_check_sent()

    # === HELPERS === #

    def _maventa_check_sent(self):
        """Raise a user error for the PDF of an invoice as Maventa has it."""
        if self.env.su:
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
