"""Rules for accounts: which account the lines of a Billingo document are booked on.

A rule for a partner is made when a user posts an imported entry with another account;
the entry says so, and has a button to remove the rule. The last change counts. All
others are made by users.
"""

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ..billingo_api.vat_codes import vat_key
from ..guards import guarded


@guarded(*"is_learnt learnt_move_id".split())
class BillingoAccountRule(models.Model):
    _name = "billingo.account.rule"
    _description = "Billingo account rule"
    _check_company_auto = True
    _rec_name = "account_id"
    _order = "company_id, direction, sequence, id"

    sequence = fields.Integer(default=10)
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
        [("sale", "Sales"), ("purchase", "Purchases")],
        required=True,
        default="purchase",
    )
    partner_id = fields.Many2one("res.partner", check_company=True, index=True)
    category = fields.Char(
        "Spending category", help="Billingo's code of the category, such as other."
    )
    vat_code = fields.Char("VAT code at Billingo")
    text = fields.Char("Text contains", help="In the name or the comment of the line.")
    account_id = fields.Many2one(
        "account.account", required=True, check_company=True, ondelete="cascade"
    )
    is_learnt = fields.Boolean(
        "From a correction",
        readonly=True,
        help="A user changed the account of an imported entry.",
    )
    learnt_move_id = fields.Many2one(
        "account.move", "Learnt from", readonly=True, index="btree_not_null"
    )

    # === CONSTRAINTS === #

    _condition_required = models.Constraint(
        "CHECK(partner_id IS NOT NULL OR COALESCE(category, '') != '' "
        "OR COALESCE(vat_code, '') != '' OR COALESCE(text, '') != '')",
        "A rule requires a partner, a spending category, a VAT code, or a text.",
    )

    # === OVERRIDES === #

    @api.model
    def name_create(self, name):
        # EXTENDS 'base': its name is that of its account
        raise UserError(self.env._("“%s” is not created by a name.", self._description))

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create([self._normalised(vals) for vals in vals_list])

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(self._normalised(vals))

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    # === HELPERS === #

    @api.model
    def _normalised(self, vals):
        """Return values with the code as Billingo spells it."""
        if not vals.get("vat_code"):
            return vals
        return {**vals, "vat_code": vat_key(vals["vat_code"])}

    @api.model
    @tools.ormcache("company_id")
    def _exists_in(self, company_id):
        return bool(
            self.sudo().search_count([("company_id", "=", company_id)], limit=1)
        )

    @api.model
    def _candidates(self, document, partner, category):
        """Return the rules that may apply to a document, the closest first."""
        if not self._exists_in(document.company_id.id):
            return self.browse()
        found = self.sudo().search(
            [
                ("company_id", "=", document.company_id.id),
                ("direction", "=", document._tax_direction()),
                ("connection_id", "in", [document.connection_id.id, False]),
                ("partner_id", "in", [partner.commercial_partner_id.id, False]),
                ("category", "in", [category, False]),
            ]
        )
        return found.sorted(
            lambda rule: (
                not rule.partner_id,
                not rule.category,
                not rule.text,
                not rule.vat_code,
                not rule.connection_id,
                rule.is_learnt,
                rule.sequence,
                rule.id,
            )
        )

    def _applies(self, line):
        """Tell whether this rule is about a line (a ``BookedLine``)."""
        said = f"{line.name} {line.comment}".casefold()
        return self.vat_code in (False, line.vat_key) and (
            not self.text or self.text.casefold() in said
        )

    def _reason(self):
        """Return what this rule goes by, as users read it."""
        parts = (self.partner_id.display_name, self.category, self.vat_code, self.text)
        return ", ".join(filter(None, parts))

    def _learnt_text(self):
        """Return what this rule will do, for the user who caused it."""
        self.ensure_one()
        account = self.account_id.with_company(self.company_id)
        return self.env._(
            "From now on, lines of %(condition)s are booked on the account "
            "%(account)s.",
            condition=self._reason(),
            account=f"{account.code} {account.name}",
        )
