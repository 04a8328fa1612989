"""A language that is installed later has the names of the first statuses, too."""

from odoo import api, models


class ResLang(models.Model):
    _inherit = "res.lang"

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        langs = super().create(vals_list)
        langs._maventa_name_statuses()
        return langs

    def write(self, vals):
        # EXTENDS 'base'
        added = self.filtered(lambda lang: not lang.active and vals.get("active"))
        result = super().write(vals)
        added._maventa_name_statuses()
        return result

    # === HELPERS === #

    def _maventa_name_statuses(self):
        codes = self.filtered("active").mapped("code")
        self.env["maventa.invoice.status"].sudo()._translate_first(codes)
