"""The customer's page of a document: a certified program shows signed ones only."""

from odoo.addons.account.controllers.portal import PortalAccount
from odoo.http import request, route


class AtcudPortal(PortalAccount):
    @route()
    def portal_my_invoice_detail(self, invoice_id, *args, **kwargs):
        move = request.env["account.move"].sudo().browse(invoice_id).exists()
        if move and move._l10n_pt_atcud_is_withheld():
            return request.redirect("/my")
        return super().portal_my_invoice_detail(invoice_id, *args, **kwargs)
