"""Printing an invoice that Billingo issued: its original, and no other paper."""

import io

from odoo import models
from odoo.exceptions import UserError


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    # === OVERRIDES === #

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        # EXTENDS 'account'
        originals = self._billingo_originals(report_ref, res_ids)
        others = [res_id for res_id in res_ids or () if res_id not in originals]
        streams = {}
        if others or not originals:
            streams = super()._render_qweb_pdf_prepare_streams(
                report_ref, data, res_ids=others if originals else res_ids
            )
        if not originals:
            return streams
        streams |= {
            res_id: {"stream": io.BytesIO(pdf.raw), "attachment": pdf}
            for res_id, pdf in originals.items()
        }
        return {res_id: streams[res_id] for res_id in dict.fromkeys(res_ids)}

    def _render_qweb_html(self, report_ref, docids, data=None):
        # EXTENDS 'base': the page of the portal and the preview
        issued = self._billingo_issued(report_ref, docids)
        if not issued:
            return super()._render_qweb_html(report_ref, docids, data=data)
        values = {"docs": issued, "doc_ids": issued.ids, "doc_model": issued._name}
        page = "account_billingo_import.original_page"
        return self._render_template(page, values), "html"

    # === HELPERS === #

    def _billingo_issued(self, report_ref, res_ids):
        """Return those of the printed invoices that Billingo issued."""
        moves = self.env["account.move"]
        if not res_ids or not self._is_invoice_report(report_ref):
            return moves
        moves = moves.browse(res_ids).exists()
        return moves.filtered(
            lambda x: x.state == "posted" and x._billingo_is_issued_there()
        )

    def _billingo_originals(self, report_ref, res_ids):
        """Return the originals of the printed invoices, by invoice.

        :raise UserError: one has not come yet
        """
        issued = self._billingo_issued(report_ref, res_ids)
        issued.check_access("read")
        for move in issued:
            if not move._billingo_original():
                raise UserError(move._billingo_original_text())
        return {
            move.id: move._billingo_original().with_context(bin_size=False)
            for move in issued
        }
