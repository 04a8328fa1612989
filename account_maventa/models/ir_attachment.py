"""Attachments of an invoice that Maventa sends with it."""

from odoo import fields, models

from ..maventa_api import FileProblem, file_problem


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    maventa_send = fields.Boolean(
        "Send by Maventa",
        copy=False,
        help="The customer receives this file together with the invoice.",
    )

    # === HELPERS === #

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
            'The attachment "%(name)s" cannot be sent: %(reason)s',
            name=self.name,
            reason=self.env["maventa.messages"]._file_problem(problem),
        )
