"""The state of the simulated Billingo in the environment "Demo"."""

from odoo import fields, models

from ..guards import guarded


@guarded("key", "value")
class BillingoSimulatorState(models.Model):
    _name = "billingo.simulator.state"
    _description = "Billingo simulator state"
    _log_access = False

    key = fields.Char(required=True, readonly=True)
    value = fields.Json(readonly=True)

    _key_uniq = models.UniqueIndex("(key)")
