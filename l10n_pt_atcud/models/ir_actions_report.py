"""Reports of documents: none of an unsigned one, and a second print says so."""

from odoo import models

from ..guards import guarded


@guarded()
class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_rendering_context(self, report, docids, data):
        # EXTENDS 'base': all reports come through here, as PDF, HTML or text
        printing = self.env["l10n_pt_atcud.signed_printing"]
        documents = printing.documents(report.model, docids)
        printing.check(documents)
        context = super()._get_rendering_context(report, docids, data)
        if any(one._l10n_pt_atcud_certificate_mention() for one in documents):
            # Odoo calls what was never sent a pro forma; this one is issued.
            context["proforma"] = False
        return context

    def _pre_render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        # EXTENDS 'base': prints and files for the customer come through here
        printing = self.env["l10n_pt_atcud.signed_printing"]
        reports = super(IrActionsReport, printing.counted(self))
        result = reports._pre_render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        model = self._get_report(report_ref).model
        printing.count(printing.documents(model, res_ids))
        return result
