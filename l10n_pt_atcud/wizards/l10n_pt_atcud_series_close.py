"""The question before a series is closed for ever."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.asked_password import asks_for_password


class L10nPtAtcudSeriesClose(models.TransientModel):
    _name = "l10n_pt_atcud.series.close"
    _description = "Finalise or annul an AT series"

    series_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.series",
        string="AT series",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    closing = fields.Selection(
        selection=[("finalise", "Finalise"), ("annul", "Annul")],
        required=True,
        readonly=True,
    )
    last_number = fields.Integer(
        compute="_compute_last_number",
        store=True,
        precompute=True,  # what was shown when the question was asked
        readonly=False,
        help="Of the documents that were issued in this series.",
    )
    is_stated = fields.Boolean(compute="_compute_is_stated")
    annul_until = fields.Date(string="Possible Until", compute="_compute_annul_until")
    reason = fields.Text(help="At most 4000 characters; AT keeps it.")
    declaration = fields.Boolean(string="No document was issued in this series")

    # Constraints

    @api.constrains("reason")
    def _check_reason(self):
        for wizard in self:
            if len(wizard.reason or "") > 4000:
                raise UserError(self.env._("AT takes a reason of 4000 characters."))

    # Computes

    @api.depends("series_id")
    def _compute_last_number(self):
        for wizard in self:
            wizard.last_number = wizard.series_id._find_last_number()

    @api.depends("series_id")
    def _compute_is_stated(self):
        for wizard in self:
            wizard.is_stated = wizard.series_id._is_numbered_elsewhere()

    @api.depends("series_id")
    def _compute_annul_until(self):
        for wizard in self:
            wizard.annul_until = wizard.series_id._annul_until()

    # Actions

    @asks_for_password(lambda wizard: wizard.series_id.company_id)
    def action_confirm(self):
        """Close the series at AT."""
        self.ensure_one()
        self.series_id.check_access("write")
        if self.closing == "annul" and not self.declaration:
            raise UserError(
                self.env._(
                    "AT annuls a series only when you declare that no document was "
                    "issued in it."
                )
            )
        error = self.series_id._close(
            self.closing, last_number=self.last_number, reason=self.reason
        )
        if error:
            self.series_id._raise_for(error)
        return {"type": "ir.actions.act_window_close"}
