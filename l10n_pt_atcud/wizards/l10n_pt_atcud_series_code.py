"""A validation code that somebody obtained on AT's portal."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..at_series import is_valid_code, lisbon_date
from ..models.asked_password import asks_for_password


class L10nPtAtcudSeriesCode(models.TransientModel):
    _name = "l10n_pt_atcud.series.code"
    _description = "Enter the validation code of an AT series"

    series_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.series",
        string="AT series",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    validation_code = fields.Char(required=True)
    registered_on = fields.Date(required=True, default=lambda self: lisbon_date())

    numbered_until = fields.Integer(
        string="Last Number Elsewhere",
        compute="_compute_numbered_until",
        store=True,
        precompute=True,
        readonly=False,
        help="When documents of this series were issued before, in Odoo or elsewhere: "
        "the last number. Odoo goes on after it.",
    )

    # Computes

    @api.depends("series_id")
    def _compute_numbered_until(self):
        for wizard in self:
            wizard.numbered_until = wizard.series_id._find_numbered()

    # Actions

    @asks_for_password(lambda wizard: wizard.series_id.company_id)
    def action_confirm(self):
        """Take the code over, unless AT knows better."""
        self.ensure_one()
        self.series_id.check_access("write")
        code = self.validation_code.strip().upper()
        if not is_valid_code(code):
            raise UserError(
                self.env._(
                    "“%s” is no validation code: those have at least 8 letters and "
                    "digits, without blanks or hyphens.",
                    self.validation_code,
                )
            )
        error = self.series_id._take_code(code, self.registered_on, self.numbered_until)
        if error:
            self.series_id._raise_for(error)
        return {"type": "ir.actions.act_window_close"}
