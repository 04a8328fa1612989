from odoo import api, fields, models

# Billingo's VAT code and entitlement -> the chart's tax, for sales and purchases.
# A percentage needs no entitlement; where the chart has no tax of the kind for
# sales, MISSING_SALE_TAXES makes one. What is not here has to be mapped by a person:
# a plain 0 % is used for anything.
FROM_CHART = (
    ("27%", "", "F27", "V27"),
    ("18%", "", "F18", "V18"),
    ("5%", "", "F5", "V5"),
    ("AAM", "", "FA", "VA"),
    ("TAM", "", "FT", "VT"),
    ("EU", "", "FEUT", "VEU27T"),
    ("EUK", "", "FEXT", "VIM"),
    ("ÁKK", "", "FKKS", "VKKS"),
    ("FAD", "", None, "VF"),
    ("F.AFA", "", None, "VF"),
    ("ÁTHK", "EUFAD37", None, "VEU27S"),
    ("ÁTHK", "EUFADE", None, "VEUM"),
    ("ÁTHK", "HO", "FEXS", "VIMS"),
    *(
        (code, *rest)
        for code in ("0%", "AM", "MAA")
        for rest in (
            ("AAM", "FA", "VA"),
            ("TAM", "FT", "VT"),
            ("KBAET", "FEUT", "VEU27T"),
            ("EAM", "FEXT", "VIM"),
            ("NAM_1", "FEXS", None),
            ("NAM_2", "FEXS", None),
        )
    ),
)
# l10n_hu_edi's tax type for sales on which the buyer accounts for the VAT.
MISSING_SALE_TAXES = {
    ("FAD", ""): ("DOMESTIC_REVERSE", "0% FAD"),
    ("F.AFA", ""): ("DOMESTIC_REVERSE", "0% FAD"),
    ("ÁTHK", "EUFAD37"): ("EUFAD37", "0% EUFAD37"),
    ("ÁTHK", "EUFADE"): ("EUFADE", "0% EUFADE"),
}


class BillingoTaxMap(models.Model):
    _name = "billingo.tax.map"
    _description = "Billingo VAT code to tax"
    _check_company_auto = True
    _rec_name = "vat_code"
    _order = "company_id, direction, vat_code, entitlement, id"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    direction = fields.Selection(
        [("sale", "Sales"), ("purchase", "Purchases")], required=True, default="sale"
    )
    vat_code = fields.Char("VAT at Billingo", required=True)
    entitlement = fields.Char(
        help="Billingo's title of exemption. Empty: whichever title comes."
    )
    tax_id = fields.Many2one(
        "account.tax",
        required=True,
        check_company=True,
        domain="[('type_tax_use', '=', direction)]",
    )

    _pair_uniq = models.UniqueIndex(
        "(company_id, direction, vat_code, COALESCE(entitlement, ''))",
        "This VAT code and entitlement is mapped already.",
    )

    @api.model
    def _find_tax(self, company, direction, vat_code, entitlement):
        """Return the tax for a pair; an exact title is better than any title."""
        rows = self.search(
            [
                ("company_id", "=", company.id),
                ("direction", "=", direction),
                ("vat_code", "=", vat_code),
                ("entitlement", "in", [entitlement or False, False]),
            ]
        )
        rows = rows.sorted(lambda row: not row.entitlement)
        return rows[:1].tax_id

    @api.model
    def _seed(self, company):
        """Map what the Hungarian chart has taxes for; what is mapped stays."""
        if company.chart_template != "hu":
            return
        known = {
            (row.direction, row.vat_code, row.entitlement or "")
            for row in self.search([("company_id", "=", company.id)])
        }
        values = []
        for vat_code, entitlement, sale, purchase in FROM_CHART:
            for direction, xmlid in (("sale", sale), ("purchase", purchase)):
                if (direction, vat_code, entitlement) in known:
                    continue
                tax = self._chart_tax(company, xmlid)
                if not tax and direction == "sale":
                    tax = self._sale_tax(company, vat_code, entitlement)
                if tax:
                    values.append(
                        {
                            "company_id": company.id,
                            "direction": direction,
                            "vat_code": vat_code,
                            "entitlement": entitlement,
                            "tax_id": tax.id,
                        }
                    )
        self.create(values)

    @api.model
    def _chart_tax(self, company, xmlid):
        if not xmlid:
            return self.env["account.tax"]
        chart = self.env["account.chart.template"].with_company(company)
        return chart.ref(xmlid, raise_if_not_found=False) or self.env["account.tax"]

    @api.model
    def _sale_tax(self, company, vat_code, entitlement):
        """Return the company's sale tax of a kind that the chart leaves out."""
        kind, name = MISSING_SALE_TAXES.get((vat_code, entitlement), (None, None))
        if not kind:
            return self.env["account.tax"]
        like = self._chart_tax(company, "FT")
        domain = [
            ("company_id", "=", company.id),
            ("type_tax_use", "=", "sale"),
            ("l10n_hu_tax_type", "=", kind),
        ]
        return self.env["account.tax"].search(domain, limit=1) or self.env[
            "account.tax"
        ].create(
            {
                "name": name,
                "company_id": company.id,
                "country_id": company.account_fiscal_country_id.id,
                "type_tax_use": "sale",
                "amount": 0.0,
                "tax_group_id": like.tax_group_id.id,
                "l10n_hu_tax_type": kind,
            }
        )
