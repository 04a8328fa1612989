from odoo import fields, models


class BillingoConnection(models.Model):
    """Receipts: cash sales that may name nobody."""

    _inherit = "billingo.connection"

    has_receipts = fields.Boolean("Receipts", help="With the stornos of receipts.")
    receipt_partner_id = fields.Many2one(
        "res.partner",
        "Partner for receipts",
        check_company=True,
        help="For receipts that name nobody. Only their stornos need one.",
    )

    def write(self, vals):
        if "has_receipts" in vals:
            # What was passed over before may be wanted now: read from the start.
            vals = {**vals, "fetched_until": False, "fetch_page": 0}
        return super().write(vals)

    def _has_any_kind(self):
        return super()._has_any_kind() or self.has_receipts
