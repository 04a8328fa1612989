"""The register of the simulator that answers in the Demo environment."""

from odoo import fields, models

from ..guards import guarded


@guarded("key", "value")
class L10nPtAtcudSimulatorState(models.Model):
    _name = "l10n_pt_atcud.simulator.state"
    _description = "AT simulator: register of the Demo environment"
    _log_access = False

    key = fields.Char(required=True, readonly=True)
    value = fields.Json(readonly=True)

    _key_uniq = models.UniqueIndex("(key)")
