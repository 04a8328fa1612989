"""The dialog that moves the counter of a series forward, with a reason."""

from odoo import api, fields, models

from ..guards import guarded
from ..models.number_field import EnteredNumber


@guarded()
class L10nPtAtcudSeriesCounter(models.TransientModel):
    _name = "l10n_pt_atcud.series.counter"
    _description = "Move the counter of an AT series forward"

    series_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.series",
        string="AT series",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    known_number = fields.Integer(
        string="Last Number in Odoo", compute="_compute_known_number"
    )
    last_number = EnteredNumber(
        string="Last Number Issued",
        required=True,
        help="The last number that AT or a paper shows. Odoo continues after it.",
    )
    reason = fields.Char(required=True, help="It is kept in the history of the series.")

    # === COMPUTES === #

    @api.depends("series_id")
    def _compute_known_number(self):
        self.series_id.check_access("read")
        for wizard in self:
            wizard.known_number = wizard.series_id._find_last_number()

    # === ACTIONS === #

    def action_confirm(self):
        """Move the counter."""
        self.ensure_one()
        self.series_id._move_counter(self.last_number, self.reason)
        return {"type": "ir.actions.act_window_close"}
