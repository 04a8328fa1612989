from odoo import fields, models

from ..maventa_api import FileProblem, file_problem


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    maventa_send = fields.Boolean(
        "Goes along to Maventa",
        copy=False,
        help="The customer gets this file together with the invoice.",
    )

    def _maventa_problem(self, *, packed):
        """Return why the file cannot go along, in words; or nothing."""
        self.ensure_one()
        words = {
            FileProblem.TYPE: self.env._(
                "this type of file is not taken. PDF, PNG, JPEG, XLSX and ODS are."
            ),
            FileProblem.SIZE: self.env._("it is larger than 10 MB."),
            FileProblem.EMPTY: self.env._("it is empty."),
        }
        problem = file_problem(self.mimetype or "", self.file_size, packed=packed)
        if self.type != "binary":
            problem = FileProblem.TYPE
        if not problem:
            return ""
        return self.env._(
            'The file "%(name)s" cannot go along: %(reason)s',
            name=self.name,
            reason=words[problem],
        )
