from odoo import fields, models


class BillingoSimulatorState(models.Model):
    """What the simulated Billingo of the environment "Demo" remembers."""

    _name = "billingo.simulator.state"
    _description = "Billingo Simulator State"
    _log_access = False

    key = fields.Char(required=True, readonly=True)
    value = fields.Json(readonly=True)

    _key_uniq = models.UniqueIndex("(key)")
