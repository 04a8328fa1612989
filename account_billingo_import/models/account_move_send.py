"""Sending an invoice that Billingo issued: with its original, and with no other."""

from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    @api.model
    def _hook_invoice_document_before_pdf_report_render(self, invoice, invoice_data):
        # EXTENDS 'account'
        super()._hook_invoice_document_before_pdf_report_render(invoice, invoice_data)
        if invoice._billingo_is_issued_there() and not invoice._billingo_original():
            invoice_data["error"] = {
                "error_title": self.env._("The invoice cannot be sent yet:"),
                "errors": [invoice._billingo_original_text()],
            }
