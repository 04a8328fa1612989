from odoo import api, fields, models
from odoo.exceptions import UserError

from ..maventa_api import safe_filename
from ..maventa_api.attachments import LARGEST_PACKAGE, MEGABYTE


class AccountMove(models.Model):
    """The PDF and the files that go along."""

    _inherit = "account.move"

    maventa_sends_files = fields.Boolean(compute="_compute_maventa_sends_files")

    # === COMPUTE === #

    @api.depends("company_id")
    def _compute_maventa_sends_files(self):
        for move in self:
            company = move.maventa_account_company_id.sudo()
            move.maventa_sends_files = company.maventa_send_pdf

    # === BUSINESS === #

    def _maventa_files(self):
        """Return name, mimetype and bytes of each: none if data alone is wanted."""
        if not self.maventa_account_company_id.sudo().maventa_send_pdf:
            return []
        chosen = self._maventa_chosen_files()
        return [self._maventa_pdf()] + [
            (attachment.name, attachment.mimetype, attachment.raw)
            for attachment in chosen
        ]

    def _maventa_chosen_files(self):
        """Return the attachments that somebody has ticked, the oldest first."""
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("maventa_send", "=", True),
                ],
                order="id",
            )
        )

    def _maventa_pdf(self):
        """Return name, mimetype and bytes of the invoice as Odoo prints it now."""
        report = self.env["account.move.send"]._get_default_pdf_report_id(self)
        reports = self.env["ir.actions.report"].with_company(self.company_id)
        content, kind = reports._pre_render_qweb_pdf(report.report_name, self.ids)
        pdf = reports._get_splitted_report(report.report_name, content, kind)[self.id]
        if not pdf.startswith(b"%PDF-"):
            raise UserError(self.env._("The PDF of the invoice could not be made."))
        name = self._get_invoice_report_filename(report=report)
        return safe_filename(name), "application/pdf", pdf

    def _maventa_file_problems(self):
        """Return why ticked files cannot go along, in words for the user."""
        if not self.maventa_account_company_id.sudo().maventa_send_pdf:
            return []
        packed = self._maventa_builder()._maventa_packs_files
        files = self._maventa_chosen_files()
        problems = [file._maventa_problem(packed=packed) for file in files]
        if sum(files.mapped("file_size")) > LARGEST_PACKAGE:
            problems.append(
                self.env._(
                    "The files that go along are larger than %s MB together.",
                    LARGEST_PACKAGE // MEGABYTE,
                )
            )
        return [problem for problem in problems if problem]
