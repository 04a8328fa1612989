"""The dialog that finalises or annuls a series, which cannot be undone."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..guards import ensure_one, guarded
from ..models.number_field import EnteredNumber
from ..services.password_prompt import prompts_for_password


@guarded()
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
    last_number = EnteredNumber(
        compute="_compute_last_number",
        store=True,
        compute_sudo=False,
        precompute=True,  # the number that was shown when the dialog was opened
        readonly=False,
        help="The number of the last document that was issued in this series.",
    )
    is_entered = fields.Boolean(compute="_compute_is_entered")
    annul_until = fields.Date(string="Possible until", compute="_compute_annul_until")
    reason = fields.Text(help="At most 4000 characters; it is sent to AT.")
    declaration = fields.Boolean(string="No document was issued in this series")

    # === CONSTRAINTS === #

    @api.constrains("reason")
    def _check_reason(self):
        for wizard in self:
            if len(wizard.reason or "") > 4000:
                raise UserError(self.env._("A reason has at most 4000 characters."))

    # === COMPUTES === #

    @api.depends("series_id")
    def _compute_last_number(self):
        for wizard in self:
            wizard.last_number = wizard.series_id._find_last_number()

    @api.depends("series_id")
    def _compute_is_entered(self):
        for wizard in self:
            wizard.is_entered = wizard.series_id._is_numbered_elsewhere()

    @api.depends("series_id")
    def _compute_annul_until(self):
        for wizard in self:
            wizard.annul_until = wizard.series_id._annulment_deadline()

    # === ACTIONS === #

    @prompts_for_password(lambda wizard: ensure_one(wizard).series_id._connections())
    def action_confirm(self):
        """Close the series at AT."""
        self.ensure_one()
        self.series_id.check_access("write")
        if self.closing == "annul" and not self.declaration:
            raise UserError(
                self.env._(
                    "To annul a series, declare that no document was issued in it."
                )
            )
        error = self.env["l10n_pt_atcud.series_closing"].close(
            self.series_id,
            self.closing,
            last_number=self.last_number,
            reason=self.reason,
        )
        if error:
            self.series_id._raise_for(error)
        return {"type": "ir.actions.act_window_close"}
