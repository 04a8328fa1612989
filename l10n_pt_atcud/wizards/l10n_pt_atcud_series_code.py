"""The dialog for a validation code that was obtained on AT's portal."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..at_series import is_valid_code, lisbon_date
from ..guards import ensure_one, guarded
from ..models.number_field import EnteredNumber
from ..services.password_prompt import prompts_for_password


@guarded()
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
    numbered_until = EnteredNumber(
        string="Last Number Elsewhere",
        compute="_compute_numbered_until",
        store=True,
        compute_sudo=False,
        precompute=True,
        readonly=False,
        help="The last number of this series that was issued before, in Odoo or "
        "elsewhere. Odoo continues after it.",
    )

    will_be_compared = fields.Boolean(compute="_compute_will_be_compared")
    trial_remark = fields.Char(compute="_compute_will_be_compared")

    # === COMPUTES === #

    @api.depends("series_id")
    def _compute_numbered_until(self):
        self.series_id.check_access("read")
        for wizard in self:
            wizard.numbered_until = wizard.series_id._find_numbered()

    @api.depends("series_id")
    def _compute_will_be_compared(self):
        registration = self.env["l10n_pt_atcud.series_registration"]
        trial = self.env["l10n_pt_atcud.demo_documents"]
        self.series_id.check_access("read")
        for wizard in self:
            company = wizard.series_id.sudo().company_id
            connection = registration.find_code_connection(wizard.series_id)
            problem = connection and connection._setup_problem()
            wizard.will_be_compared = bool(connection) and not problem
            used = company._l10n_pt_atcud_connection()
            wizard.trial_remark = used._is_trial() and trial.label(used.environment)

    # === ACTIONS === #

    @prompts_for_password(
        lambda wizard: wizard.env[
            "l10n_pt_atcud.series_registration"
        ].find_code_connection(ensure_one(wizard).series_id)
    )
    def action_confirm(self):
        """Use the code, unless AT's register contradicts it."""
        self.ensure_one()
        self.series_id.check_access("write")
        code = (self.validation_code or "").strip().upper()
        if not is_valid_code(code):
            raise UserError(
                self.env._(
                    "“%s” is not a validation code. A code has at least 8 letters and "
                    "digits, without blanks or hyphens.",
                    self.validation_code,
                )
            )
        error = self.env["l10n_pt_atcud.series_registration"].enter_code(
            self.series_id, code, self.registered_on, self.numbered_until
        )
        if error:
            self.series_id._raise_for(error)
        return {"type": "ir.actions.act_window_close"}
