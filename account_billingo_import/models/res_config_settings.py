"""Settings of a company that concern Billingo's documents."""

from odoo import fields, models

from ..guards import guarded


@guarded()
class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    billingo_cash_from = fields.Date(
        related="company_id.billingo_cash_from", readonly=False
    )
    billingo_cash_until = fields.Date(
        related="company_id.billingo_cash_until", readonly=False
    )
