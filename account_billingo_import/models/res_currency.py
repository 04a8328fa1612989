"""A currency that is activated releases the documents that waited for it."""

from odoo import models

from ..guards import guarded


@guarded()
class ResCurrency(models.Model):
    _inherit = "res.currency"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active"):
            self.env["billingo.document"]._release(
                [
                    ("currency_id", "in", self.ids),
                    ("error_code", "=", "currency_inactive"),
                ]
            )
        return result
