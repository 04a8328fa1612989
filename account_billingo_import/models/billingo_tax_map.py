"""The map from Billingo's VAT codes to taxes: per company, side and partner's place.

A row answers for one group of countries only, so that one answer for ``0%`` at home
never covers services from the Union. ``services/own_taxes.py`` fills it.
"""

from odoo import api, fields, models, tools

from ..billingo_api.vat_codes import vat_key
from ..guards import guarded
from ..stored_values import read_remedy

GROUPS = [
    ("domestic", "Hungary"),
    ("eu", "Other EU member states"),
    ("other", "Outside the EU"),
]


@guarded()
class BillingoTaxMap(models.Model):
    _name = "billingo.tax.map"
    _description = "Billingo VAT code mapping"
    _check_company_auto = True
    _rec_name = "vat_code"
    _order = "company_id, direction, vat_code, entitlement, partner_group, id"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    connection_id = fields.Many2one(
        "billingo.connection",
        check_company=True,
        ondelete="cascade",
        help="Leave empty for all connections of the company.",
    )
    direction = fields.Selection(
        [("sale", "Sales"), ("purchase", "Purchases")], required=True, default="sale"
    )
    vat_code = fields.Char(
        "VAT code at Billingo",
        required=True,
        help="A hyphen (-) stands for an empty code.",
    )
    entitlement = fields.Char(
        help="Billingo's entitlement (reason for exemption). Leave empty for any."
    )
    partner_group = fields.Selection(
        GROUPS,
        "Partner in",
        required=True,
        default="domestic",
        help="Customers on sales, suppliers on purchases. A supplier with a Hungarian "
        "tax number counts as Hungarian.",
    )
    country_id = fields.Many2one(
        "res.country", help="Leave empty for all countries of the group."
    )
    tax_id = fields.Many2one(
        "account.tax",
        required=True,
        check_company=True,
        domain="[('type_tax_use', '=', direction)]",
    )
    cash_tax_id = fields.Many2one(
        "account.tax",
        "Tax under cash accounting",
        check_company=True,
        domain="[('type_tax_use', '=', direction), "
        "('tax_exigibility', '=', 'on_payment')]",
        help="Used if the seller, or the company itself, accounts for VAT when paid.",
    )
    has_box = fields.Boolean(
        "In the VAT return",
        compute="_compute_has_box",
        help="The tax has a box in Odoo's tax report.",
    )
    is_post_allowed = fields.Boolean(
        "Post without a box",
        help="Entries whose tax has no box in the tax report remain drafts, unless "
        "this is selected.",
    )

    # === CONSTRAINTS === #

    _pair_uniq = models.UniqueIndex(
        "(company_id, COALESCE(connection_id, 0), direction, vat_code, "
        "COALESCE(entitlement, ''), partner_group, COALESCE(country_id, 0))",
        "This VAT code with this entitlement is already mapped for these partners.",
    )

    # === COMPUTES === #

    @api.depends("tax_id")
    def _compute_has_box(self):
        for row in self:
            row.has_box = bool(row.tax_id.invoice_repartition_line_ids.tag_ids)

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create([self._normalised(vals) for vals in vals_list])
        self.env.registry.clear_cache()
        rows._release_documents()
        return rows

    def write(self, vals):
        result = super().write(self._normalised(vals))
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
    def _normalised(self, vals):
        """Return values with the code as Billingo spells it."""
        if "vat_code" not in vals:
            return vals
        return {**vals, "vat_code": vat_key(vals["vat_code"] or "")}

    @api.model
    def _find(
        self,
        company,
        direction,
        vat_code,
        entitlement,
        group="domestic",
        country="",
        connection=None,
    ):
        """Return the row for a code, or none.

        A connection's own row comes before the company's, a country's before the
        group's, an exact entitlement before any.

        :param country: ISO code of the partner's country, may be empty
        """
        found = self.sudo()._row_id(
            company.id,
            connection.id if connection else False,
            direction,
            vat_key(vat_code or ""),
            entitlement or "",
            group,
            country or "",
        )
        return self.browse(found)

    @api.model
    def _find_tax(self, company, direction, vat_code, entitlement, group="domestic"):
        """Return the tax of the company's row for a code, or none."""
        return (
            self._find(company, direction, vat_code, entitlement, group)
            .sudo()
            .tax_id.sudo(self.env.su)
        )

    @api.model
    @tools.ormcache(
        "company_id",
        "connection_id",
        "direction",
        "vat_code",
        "entitlement",
        "group",
        "country",
    )
    def _row_id(
        self,
        company_id,
        connection_id,
        direction,
        vat_code,
        entitlement,
        group,
        country,
    ):
        rows = self.search(
            [
                ("company_id", "=", company_id),
                ("connection_id", "in", [connection_id, False]),
                ("direction", "=", direction),
                ("vat_code", "=", vat_code),
                ("entitlement", "in", [entitlement or False, False]),
                ("partner_group", "=", group),
            ]
        )
        rows = rows.filtered(lambda x: x.country_id.code in (False, country))
        return rows.sorted(
            lambda x: (not x.connection_id, not x.country_id, not x.entitlement)
        )[:1].id

    def _release_documents(self):
        """Let documents that wait for these rows be processed again."""
        documents = self.env["billingo.document"].sudo()
        waiting = documents.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("state", "=", "error"),
                ("error_kind", "=", "tax"),
            ]
        )
        released = waiting.filtered(lambda x: any(row._answers(x) for row in self))
        if released:
            released.write({"state": "fetched"})
            cron = self.env.ref("account_billingo_import.ir_cron_billingo_process")
            cron.sudo()._trigger()

    def _answers(self, document):
        """Tell whether a document's error names what this row answers."""
        data = read_remedy(document.error_data)
        return (
            self.company_id == document.company_id
            and (not self.connection_id or self.connection_id == document.connection_id)
            and self.direction == data.get("direction")
            and self.vat_code == data.get("vat_code")
            and self.partner_group == data.get("partner_group")
            and self.entitlement in (False, data.get("entitlement"))
            and self.country_id.code in (False, data.get("country"))
        )
