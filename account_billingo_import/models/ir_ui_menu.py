"""The Billingo menu shows in Hungary, and where a connection exists."""

from odoo import models

from ..guards import guarded


@guarded()
class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        # EXTENDS 'web': the list of menus is kept per user, so all companies of the
        # user count.
        hidden = super()._load_menus_blacklist()
        companies = self.env.user.company_ids.sudo()
        countries = companies.mapped(lambda x: x.account_fiscal_country_id.code or "HU")
        connections = self.env["billingo.connection"].sudo()
        if "HU" not in countries and not connections.search_count(
            [("company_id", "in", companies.ids)], limit=1
        ):
            hidden.append(self.env.ref("account_billingo_import.menu_billingo").id)
        return hidden
