"""Sales taxes whose VAT category for e-invoices is not known, and a proposal."""

from odoo import api, fields, models

from ..guards import guarded


@guarded()
class AccountTax(models.Model):
    _inherit = "account.tax"

    maventa_category_proposal = fields.Char(
        "Proposed Category",
        compute="_compute_maventa_category_proposal",
        help="The tax category that fits the countries and the scope of the tax. "
        "Empty if they do not decide it.",
    )

    # === COMPUTES === #

    @api.depends(
        "amount",
        "country_id",
        "fiscal_position_ids",
        "tax_scope",
        "ubl_cii_tax_category_code",
    )
    def _compute_maventa_category_proposal(self):
        categories = self.env["maventa.vat.category"]
        for tax in self:
            known = tax.ubl_cii_tax_category_code
            proposal = "" if known else categories._proposal(tax)
            tax.maventa_category_proposal = proposal

    # === ACTIONS === #

    def action_maventa_use_proposal(self):
        """Set the proposed category on the taxes that have none."""
        self.check_access("write")
        for tax in self:
            if tax.maventa_category_proposal and not tax.ubl_cii_tax_category_code:
                tax.ubl_cii_tax_category_code = tax.maventa_category_proposal
        return True
