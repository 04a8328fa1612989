"""Reports of documents: none of an unsigned one, and a second print says so."""

from odoo import models

from ..guards import guarded


@guarded()
class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_rendering_context(self, report, docids, data):
        # EXTENDS 'base': all reports come through here, as PDF, HTML or text
        if report.model == "account.move":
            moves = self.env["account.move"].browse(docids)
            self.env["l10n_pt_atcud.signed_printing"].check(moves)
        return super()._get_rendering_context(report, docids, data)

    def _pre_render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        # EXTENDS 'base': prints and files for the customer come through here
        result = super()._pre_render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        if self._is_invoice_report(report_ref):
            moves = self.env["account.move"].browse(res_ids)
            self.env["l10n_pt_atcud.signed_printing"].count(moves)
        return result
