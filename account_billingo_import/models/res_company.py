"""What a company has to do with Billingo: its menu, and how it accounts for VAT."""

from odoo import fields, models

from ..guards import guarded


@guarded()
class ResCompany(models.Model):
    _inherit = "res.company"

    # The company itself accounts for VAT when paid (Act CXXVII of 2007, XIII/A).
    billingo_cash_from = fields.Date("Cash accounting from")
    billingo_cash_until = fields.Date("Cash accounting until")

    # === OVERRIDES === #

    def write(self, vals):
        # EXTENDS 'account': a change of country can show or hide the Billingo menu.
        result = super().write(vals)
        if {"country_id", "account_fiscal_country_id"} & set(vals):
            # The menus of all users are cached.
            self.env.registry.clear_cache()
        return result

    # === HELPERS === #

    def _billingo_is_cash_accounting(self, day):
        """Tell whether VAT of supplies on a day is due and deductible when paid."""
        since, until = self.billingo_cash_from, self.billingo_cash_until
        return bool(day and since and since <= day and (not until or day <= until))
