"""Which purchase tax belongs to a VAT rate and category of received invoices.

Rows are learned when a bill is posted; accounting managers change them.
"""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..guards import guarded


@guarded("is_learned")
class MaventaPurchaseTax(models.Model):
    _name = "maventa.purchase.tax"
    _description = "Tax of Received Invoices"
    _check_company_auto = True
    _order = "company_id, place, code, rate, partner_id, id"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Supplier",
        check_company=True,
        index="btree_not_null",
        help="Empty: all suppliers.",
    )
    place = fields.Selection(
        [("domestic", "Same country"), ("eu", "EU"), ("abroad", "Other countries")],
        "Seller's place",
        required=True,
        default="domestic",
    )
    code = fields.Char("VAT category", help="As the invoice says: S, Z, E, AE, K …")
    rate = fields.Float("VAT rate", digits=(5, 2))
    supply = fields.Selection(
        [("goods", "Goods"), ("services", "Services"), ("unclear", "Signs of both")],
        help="What the lines of sellers abroad are about. Empty: whatever they are.",
    )
    tax_id = fields.Many2one(
        "account.tax",
        check_company=True,
        ondelete="restrict",
        domain="[('type_tax_use', '=', 'purchase')]",
        help="Empty: the lines have no tax.",
    )
    is_learned = fields.Boolean("Learned", readonly=True, copy=False)

    _key_uniq = models.UniqueIndex(
        "(company_id, COALESCE(partner_id, 0), place, COALESCE(code, ''), rate, "
        "COALESCE(supply, ''))",
        "There is a tax for this supplier, place, category and rate already.",
    )

    # === CONSTRAINTS === #

    @api.constrains("tax_id")
    def _check_tax_id(self):
        for row in self:
            if row.tax_id and row.tax_id.type_tax_use != "purchase":
                raise ValidationError(self.env._("Choose a purchase tax."))

    # === COMPUTES === #

    @api.depends("code", "rate", "tax_id")
    def _compute_display_name(self):
        for row in self:
            name = row.tax_id.name or self.env._("No tax")
            row.display_name = f"{row.code or ''} {row.rate:g} %: {name}"
