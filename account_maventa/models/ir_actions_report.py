"""Printing an invoice that Maventa has: the file that the customer has.

Any other print is Odoo's: what the books have settled is paid, whoever is asked what
the e-invoice says of it. The file that goes along with the e-invoice says the same.
"""

import io

from odoo import models

# In the context of printing alone: a PDF that is made to be sent is always new.
PRINTING = object()
# In the context of making the file that goes along.
_ALONG = object()


def with_e_invoice(records):
    """Return ``records`` in an environment that prints what an e-invoice says."""
    return records.with_context(maventa_along=_ALONG)


def goes_with_e_invoice(records):
    """Return whether these are printed to go along with an e-invoice."""
    return records.env.context.get("maventa_along") is _ALONG


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        # EXTENDS 'base'
        if self._is_invoice_report(report_ref):
            self = self.with_context(maventa_printing=PRINTING)
        return super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        # EXTENDS 'account'
        kept = self._maventa_kept(res_ids)
        others = [res_id for res_id in res_ids or () if res_id not in kept]
        streams = {}
        if others or not kept:
            streams = super()._render_qweb_pdf_prepare_streams(
                report_ref, data, res_ids=others if kept else res_ids
            )
        if not kept:
            return streams
        streams |= {
            res_id: {"stream": io.BytesIO(pdf.raw), "attachment": pdf}
            for res_id, pdf in kept.items()
        }
        return {res_id: streams[res_id] for res_id in dict.fromkeys(res_ids)}

    # === HELPERS === #

    def _maventa_kept(self, res_ids):
        """Return the PDFs of those invoices that Maventa has, by invoice."""
        if self.env.context.get("maventa_printing") is not PRINTING or not res_ids:
            return {}
        moves = self.env["account.move"].browse(res_ids).exists()
        moves.check_access("read")
        held = moves.sudo().filtered(
            lambda move: move.invoice_pdf_report_id and move._maventa_is_handed_over()
        )
        return {move.id: move.invoice_pdf_report_id for move in held}
