"""The addresses of a customer that Maventa's directory knows."""

from odoo import api, fields, models

from ..guards import guarded

NETWORKS = [
    ("INTERNAL", "Maventa"),
    ("EXTERNAL", "Banks and operators"),
    ("PEPPOL", "Peppol"),
]


@guarded()
class MaventaLookup(models.TransientModel):
    _name = "maventa.lookup"
    _description = "Look-up of an E-invoice Address"

    partner_id = fields.Many2one("res.partner", required=True, readonly=True)
    line_ids = fields.One2many("maventa.lookup.line", "lookup_id", readonly=True)
    may_use = fields.Boolean(compute="_compute_may_use")

    # === COMPUTES === #

    @api.depends("partner_id")
    @api.depends_context("uid")
    def _compute_may_use(self):
        for lookup in self:
            lookup.may_use = lookup.partner_id.has_access("write")


@guarded()
class MaventaLookupLine(models.TransientModel):
    _name = "maventa.lookup.line"
    _description = "E-invoice Address at Maventa"

    lookup_id = fields.Many2one("maventa.lookup", required=True, ondelete="cascade")
    network = fields.Selection(NETWORKS)
    address = fields.Char("E-invoice Address")
    operator = fields.Char()
    name = fields.Char()
    business_id = fields.Char("Business Id")
    country = fields.Char()

    # === ACTIONS === #

    def action_use(self):
        """Set this address on the customer."""
        self.ensure_one()
        partner = self.lookup_id.partner_id
        partner.check_access("write")
        operator = self.operator and partner._maventa_operator(self.operator)
        partner.write({"edicode": self.address, "einvoice_operator_id": operator})
        return {"type": "ir.actions.act_window_close"}

    # === HELPERS === #

    @api.model
    def _values(self, receiver):
        """Return the values of a line for a ``maventa_api.Receiver``."""
        return {
            "network": receiver.network.value,
            "address": receiver.eia,
            "operator": receiver.operator,
            "name": receiver.name,
            "business_id": receiver.bid,
            "country": receiver.country,
        }
