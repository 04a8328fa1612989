"""The dialog that creates the taxes of a rate which the chart of accounts lacks."""

from decimal import Decimal

from odoo import api, fields, models

from ..guards import guarded


@guarded()
class MaventaRateRenewal(models.TransientModel):
    _name = "maventa.rate.renewal"
    _description = "Taxes of a New VAT Rate"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    rate = fields.Float("New rate (%)", required=True, readonly=True)
    source_ids = fields.Many2many(
        "account.tax",
        string="Copied from",
        compute="_compute_source_ids",
        compute_sudo=False,
    )

    # === COMPUTES === #

    @api.depends("company_id", "rate")
    def _compute_source_ids(self):
        for dialog in self:
            sources = dialog.env["maventa.vat.renewal"]._sources(
                dialog.company_id, dialog._new_rate()
            )
            dialog.source_ids = sources

    # === ACTIONS === #

    def action_create(self):
        """Create the taxes, and list them."""
        self.ensure_one()
        renewal = self.env["maventa.vat.renewal"]
        taxes = renewal._renew(self.company_id, self._new_rate())
        action = taxes._get_records_action(name=self.env._("New taxes"))
        return {**action, "context": {"active_test": False}}

    # === HELPERS === #

    def _new_rate(self):
        return Decimal(str(self.rate))
