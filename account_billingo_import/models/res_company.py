"""A change of country can show or hide the Billingo menu."""

from odoo import models

from ..guards import guarded


@guarded()
class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        # EXTENDS 'account'
        result = super().write(vals)
        if {"country_id", "account_fiscal_country_id"} & set(vals):
            # The menus of all users are cached.
            self.env.registry.clear_cache()
        return result
