"""What was asked for beside what AT has, and what to do about it."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.asked_password import asks_for_password
from ..models.l10n_pt_atcud_series_mismatch import is_adoptable


class L10nPtAtcudSeriesMismatch(models.TransientModel):
    _name = "l10n_pt_atcud.series.mismatch"
    _description = "AT series that is not as asked for"

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
        readonly=True,
    )
    is_adoptable = fields.Boolean(compute="_compute_is_adoptable")
    numbered_until = fields.Integer(
        string="Last Number Elsewhere",
        compute="_compute_numbered_until",
        store=True,
        precompute=True,
        readonly=False,
        help="The last number that another program gave in this series; Odoo goes on "
        "after it.",
    )

    # Computes

    @api.depends("series_id")
    def _compute_line_ids(self):
        for wizard in self:
            names = wizard._names()
            differences = (wizard.series_id.mismatch or {}).get("differences", {})
            wizard.line_ids = [
                fields.Command.create(
                    {"name": names.get(name, name), "at_at": at, "asked_for": asked}
                )
                for name, (at, asked) in differences.items()
            ]

    @api.depends("series_id.mismatch")
    def _compute_is_adoptable(self):
        for wizard in self:
            mismatch = wizard.series_id.mismatch
            wizard.is_adoptable = bool(mismatch) and is_adoptable(mismatch)

    @api.depends("series_id")
    def _compute_numbered_until(self):
        for wizard in self:
            mismatch = wizard.series_id.mismatch or {}
            wizard.numbered_until = max(
                mismatch.get("used", 0), wizard.series_id._find_numbered()
            )

    # Actions

    @asks_for_password(lambda wizard: wizard.series_id.company_id)
    def action_adopt(self):
        """Ask AT once more, and take over the series as it is there."""
        self.ensure_one()
        self.series_id.check_access("write")
        if self.numbered_until < 0:
            raise UserError(self.env._("The last number elsewhere is at least 0."))
        error = self.series_id._adopt_as_it_is(self.numbered_until)
        if error:
            self.series_id._raise_for(error)
        return {"type": "ir.actions.act_window_close"}

    def action_leave(self):
        """Lead to the series, so that another identifier can be chosen."""
        self.ensure_one()
        return self.series_id._get_records_action()

    # Private functions

    def _names(self):
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


class L10nPtAtcudSeriesMismatchLine(models.TransientModel):
    _name = "l10n_pt_atcud.series.mismatch.line"
    _description = "Difference between an AT series and AT's"

    wizard_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.series.mismatch", required=True, ondelete="cascade"
    )
    name = fields.Char(string="What", readonly=True)
    asked_for = fields.Char(readonly=True)
    at_at = fields.Char(string="AT Has", readonly=True)
