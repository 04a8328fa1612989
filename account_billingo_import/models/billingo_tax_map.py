"""The map from Billingo's VAT codes and entitlements to taxes, per company."""

from odoo import api, fields, models, tools

# Billingo's VAT code and entitlement -> the chart's tax, for sales and purchases.
# A percentage needs no entitlement; where the chart has no tax of the kind,
# MISSING_TAXES makes one. A user maps everything else: a plain 0 % can mean anything.
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
    ("ÁTHK", "EUE", None, None),
    ("ÁTHK", "HO", "FEXS", "VIMS"),
    *(
        ("K.AFA", kind, None, None)
        for kind in ("TRAVEL_AGENCY", "SECOND_HAND", "ARTWORK", "ANTIQUES")
    ),
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
# Taxes that the chart lacks, by l10n_hu_edi's tax type: sales on which the buyer, or
# the seller in another member state, accounts for the VAT, and the margin schemes,
# whose VAT is not shown and not deductible.
SALE, BOTH = ("sale",), ("sale", "purchase")
MISSING_TAXES = {
    ("FAD", ""): ("DOMESTIC_REVERSE", "0% FAD", SALE),
    ("F.AFA", ""): ("DOMESTIC_REVERSE", "0% FAD", SALE),
    ("ÁTHK", "EUFAD37"): ("EUFAD37", "0% EUFAD37", SALE),
    ("ÁTHK", "EUFADE"): ("EUFADE", "0% EUFADE", SALE),
    ("ÁTHK", "EUE"): ("EUE", "0% EUE", SALE),
    ("K.AFA", "TRAVEL_AGENCY"): ("TRAVEL_AGENCY", "0% K.AFA travel agency", BOTH),
    ("K.AFA", "SECOND_HAND"): ("SECOND_HAND", "0% K.AFA second-hand", BOTH),
    ("K.AFA", "ARTWORK"): ("ARTWORK", "0% K.AFA artwork", BOTH),
    ("K.AFA", "ANTIQUES"): ("ANTIQUES", "0% K.AFA antiques", BOTH),
}


class BillingoTaxMap(models.Model):
    _name = "billingo.tax.map"
    _description = "Billingo VAT code mapping"
    _check_company_auto = True
    _rec_name = "vat_code"
    _order = "company_id, direction, vat_code, entitlement, id"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    direction = fields.Selection(
        [("sale", "Sales"), ("purchase", "Purchases")], required=True, default="sale"
    )
    vat_code = fields.Char("VAT code at Billingo", required=True)
    entitlement = fields.Char(
        help="Billingo's entitlement (reason for exemption). Leave empty for any."
    )
    tax_id = fields.Many2one(
        "account.tax",
        required=True,
        check_company=True,
        domain="[('type_tax_use', '=', direction)]",
    )

    # === CONSTRAINTS === #

    _pair_uniq = models.UniqueIndex(
        "(company_id, direction, vat_code, COALESCE(entitlement, ''))",
        "This VAT code with this entitlement is already mapped.",
    )

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        self.env.registry.clear_cache()
        rows._release_documents()
        return rows

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        self._release_documents()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    # === ACTIONS === #

    def action_map_and_process(self):
        """Process the document whose error opened this form."""
        self.ensure_one()
        document = self.env["billingo.document"].browse(
            self.env.context.get("billingo_document_id")
        )
        # The answer reloads the document behind this form, and closes the form.
        return document.action_process()

    # === HELPERS === #

    @api.model
    def _find_tax(self, company, direction, vat_code, entitlement):
        """Return the tax for a pair; an exact entitlement comes before any."""
        found = self.sudo()._tax_id(company.id, direction, vat_code, entitlement or "")
        return self.env["account.tax"].browse(found)

    @api.model
    @tools.ormcache("company_id", "direction", "vat_code", "entitlement")
    def _tax_id(self, company_id, direction, vat_code, entitlement):
        rows = self.search(
            [
                ("company_id", "=", company_id),
                ("direction", "=", direction),
                ("vat_code", "=", vat_code),
                ("entitlement", "in", [entitlement or False, False]),
            ]
        )
        rows = rows.sorted(lambda row: not row.entitlement)
        return rows[:1].tax_id.id

    @api.model
    def _seed(self, company):
        """Add the taxes of the Hungarian chart; existing rows stay as they are."""
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
                if not tax:
                    tax = self._own_tax(company, direction, vat_code, entitlement)
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
    def _own_tax(self, company, direction, vat_code, entitlement):
        """Return the company's tax of a kind that the chart lacks."""
        kind, name, directions = MISSING_TAXES.get(
            (vat_code, entitlement), ("", "", ())
        )
        if direction not in directions:
            return self.env["account.tax"]
        like = self._chart_tax(company, "FT" if direction == "sale" else "VT")
        domain = [
            ("company_id", "=", company.id),
            ("type_tax_use", "=", direction),
            ("l10n_hu_tax_type", "=", kind),
            ("amount", "=", 0.0),
        ]
        return self.env["account.tax"].search(domain, limit=1) or self.env[
            "account.tax"
        ].create(
            {
                "name": name,
                "company_id": company.id,
                "country_id": company.account_fiscal_country_id.id,
                "type_tax_use": direction,
                "amount": 0.0,
                "tax_group_id": like.tax_group_id.id,
                "l10n_hu_tax_type": kind,
            }
        )

    def _release_documents(self):
        """Let documents that wait for these pairs be processed again."""
        waiting = (
            self.env["billingo.document"]
            .sudo()
            .search(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("state", "=", "error"),
                    ("error_kind", "=", "tax"),
                ]
            )
        )
        pairs = {row._key(row.entitlement) for row in self}
        pairs_of_any = {row._key("") for row in self if not row.entitlement}
        released = waiting.filtered(
            lambda document: (
                document._tax_key(True) in pairs
                or document._tax_key(False) in pairs_of_any
            )
        )
        if released:
            released.write({"state": "fetched"})
            cron = self.env.ref("account_billingo_import.ir_cron_billingo_process")
            cron.sudo()._trigger()

    def _key(self, entitlement):
        return (self.company_id, self.direction, self.vat_code, entitlement or "")
