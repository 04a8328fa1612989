"""The memory of the simulator in the environment Demo."""

from odoo import fields, models

from ..guards import guarded


@guarded("key", "value")
class MaventaSimulatorState(models.Model):
    _name = "maventa.simulator.state"
    _description = "Maventa Simulator State"
    _log_access = False

    key = fields.Char(required=True, readonly=True)
    value = fields.Json(readonly=True)

    _key_uniq = models.UniqueIndex("(key)")
