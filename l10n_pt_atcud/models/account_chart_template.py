"""The exemption reasons of the Portuguese chart's sales taxes of 0 %."""

from odoo import models
from odoo.addons.account.models.chart_template import template

# What each tax of the chart is made for: operations exempt inside Portugal, supplies of
# goods to taxable persons in the EU, exports.
_REASONS = {
    "iva_pt_sale_isenta": "l10n_pt_atcud.exemption_reason_m07",
    "iva_pt_sale_eu_isenta": "l10n_pt_atcud.exemption_reason_m16",
    "iva_pt_sale_non_eu_isenta": "l10n_pt_atcud.exemption_reason_m05",
}


class AccountChartTemplate(models.AbstractModel):
    _inherit = "account.chart.template"

    # === HELPERS === #

    @template("pt", "account.tax")
    def _get_pt_l10n_pt_atcud_account_tax(self):
        return {
            tax: {"l10n_pt_atcud_exemption_reason_id": reason}
            for tax, reason in _REASONS.items()
        }

    def _l10n_pt_atcud_fill_exemption_reasons(self):
        """Give the taxes of charts that exist their reasons, where they have none."""
        companies = self.env["res.company"].with_context(active_test=False)
        for company in companies.search([("chart_template", "=", "pt")]):
            chart = self.with_company(company)
            for name, reason in _REASONS.items():
                tax = chart.ref(name, raise_if_not_found=False)
                if tax and not tax.l10n_pt_atcud_exemption_reason_id:
                    tax.l10n_pt_atcud_exemption_reason_id = self.env.ref(reason)
