"""The customer's page of a document: a certified program shows signed ones only."""

from odoo.addons.account.controllers.portal import PortalAccount
from odoo.http import request, route


class AtcudPortal(PortalAccount):
    @route()
    def portal_my_invoice_detail(self, invoice_id, *args, **kwargs):
        move = request.env["account.move"].sudo().browse(invoice_id).exists()
        printing = request.env["l10n_pt_atcud.signed_printing"]
        if move and printing.is_withheld(move):
            return request.redirect("/my")
        return super().portal_my_invoice_detail(invoice_id, *args, **kwargs)
