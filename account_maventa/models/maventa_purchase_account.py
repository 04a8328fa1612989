"""Which expense account belongs to the received invoices of a supplier.

Rows are learned when a bill is posted; accounting managers change them.
"""

from odoo import api, fields, models

from ..guards import guarded


@guarded("is_learned")
class MaventaPurchaseAccount(models.Model):
    _name = "maventa.purchase.account"
    _description = "Account of Received Invoices"
    _order = "company_id, partner_id, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner", "Supplier", required=True, index=True, check_company=True
    )
    account_id = fields.Many2one(
        "account.account",
        "Expense account",
        required=True,
        check_company=True,
        domain="[('account_type', 'not in', ('asset_receivable', 'liability_payable', "
        "'asset_cash', 'liability_credit_card', 'off_balance'))]",
    )
    is_learned = fields.Boolean("Learned", readonly=True, copy=False)

    _key_uniq = models.UniqueIndex(
        "(company_id, partner_id)", "There is an account for this supplier already."
    )

    # === COMPUTES === #

    @api.depends("partner_id", "account_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.partner_id.name}: {row.account_id.display_name}"
