"""The dialog that shows a series as requested beside the data that AT has."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..guards import ensure_one, guarded
from ..models.number_field import EnteredNumber
from ..services.password_prompt import prompts_for_password
from ..services.stored_values import read_mismatch


@guarded()
class L10nPtAtcudSeriesMismatch(models.TransientModel):
    _name = "l10n_pt_atcud.series.mismatch"
    _description = "AT series that differs from the request"

    series_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.series",
        string="AT series",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    line_ids = fields.One2many(
        comodel_name="l10n_pt_atcud.series.mismatch.line",
        inverse_name="wizard_id",
        compute="_compute_line_ids",
        store=True,
        compute_sudo=False,
        readonly=True,
    )
    is_adoptable = fields.Boolean(compute="_compute_is_adoptable")
    numbered_until = EnteredNumber(
        string="Last Number Elsewhere",
        compute="_compute_numbered_until",
        store=True,
        compute_sudo=False,
        precompute=True,
        readonly=False,
        help="The last number that another program issued in this series. Odoo "
        "continues after it.",
    )

    # === COMPUTES === #

    @api.depends("series_id")
    def _compute_line_ids(self):
        for wizard in self:
            labels = wizard._labels()
            differences = wizard._mismatch()["differences"]
            wizard.line_ids = [
                fields.Command.create(
                    {
                        "name": labels.get(name, name),
                        "requested": requested,
                        "at_at": at_at,
                    }
                )
                for name, (at_at, requested) in differences.items()
            ]

    @api.depends("series_id.mismatch")
    def _compute_is_adoptable(self):
        registration = self.env["l10n_pt_atcud.series_registration"]
        for wizard in self:
            differences = wizard._mismatch()["differences"]
            wizard.is_adoptable = bool(
                wizard.series_id.mismatch
            ) and registration.is_adoptable(differences)

    @api.depends("series_id")
    def _compute_numbered_until(self):
        for wizard in self:
            wizard.numbered_until = max(
                wizard._mismatch()["used"], wizard.series_id._find_numbered()
            )

    # === ACTIONS === #

    @prompts_for_password(lambda wizard: ensure_one(wizard).series_id._connections())
    def action_adopt(self):
        """Ask AT once more, and take over the data that it has."""
        self.ensure_one()
        self.series_id.check_access("write")
        if self.numbered_until < 0:
            raise UserError(self.env._("The last number elsewhere is at least 0."))
        registration = self.env["l10n_pt_atcud.series_registration"]
        error = registration.adopt(self.series_id, self.numbered_until)
        if error:
            self.series_id._raise_for(error)
        return {"type": "ir.actions.act_window_close"}

    def action_open_series(self):
        """Open the series, so that another identifier can be chosen."""
        self.ensure_one()
        return self.series_id._get_records_action()

    # === HELPERS === #

    def _mismatch(self):
        return read_mismatch(self.series_id.mismatch)

    def _labels(self):
        """Return readable names of AT's elements."""
        return {
            "serie": self.env._("Series"),
            "tipoSerie": self.env._("Kind (N normal, F training, R recovery)"),
            "numInicialSeq": self.env._("First number"),
            "numCertSWFatur": self.env._("Software certificate number"),
            "meioProcessamento": self.env._(
                "Made with (PI program, PF portal, OM other means)"
            ),
            "estado": self.env._("State"),
            "nifComunicou": self.env._("Tax number that registered it"),
        }


@guarded()
class L10nPtAtcudSeriesMismatchLine(models.TransientModel):
    _name = "l10n_pt_atcud.series.mismatch.line"
    _description = "Difference between the request for an AT series and AT's data"

    wizard_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.series.mismatch", required=True, ondelete="cascade"
    )
    name = fields.Char(string="Field", readonly=True)
    requested = fields.Char(string="In Odoo", readonly=True)
    at_at = fields.Char(string="At AT", readonly=True)
