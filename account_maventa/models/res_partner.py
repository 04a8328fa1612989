from odoo import api, fields, models

from ..maventa_api import organisation_number


class ResPartner(models.Model):
    _inherit = "res.partner"

    invoice_sending_method = fields.Selection(
        selection_add=[("maventa", "by Maventa")],
    )
    maventa_format = fields.Selection(
        "_selection_maventa_format",
        company_dependent=True,
        help="Empty: as the company's settings say.",
    )

    @api.model
    def _selection_maventa_format(self):
        return self.env["account.edi.xml.maventa"]._maventa_selection()

    def _maventa_finnish_business_id(self):
        """Return the business id (Y-tunnus) of a Finnish company, or nothing."""
        if self.country_code != "FI":
            return ""
        return organisation_number("FI", self.vat or "") or organisation_number(
            "FI", self.company_registry or ""
        )
