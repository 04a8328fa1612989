"""The dialog that proposes next year's series from this year's, by a pattern."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..guards import ensure_one, guarded
from ..services.password_prompt import prompts_for_password
from ..services.year_pattern import fill_pattern, find_pattern, propose_pattern


@guarded()
class L10nPtAtcudSeriesNextYear(models.TransientModel):
    _name = "l10n_pt_atcud.series.next_year"
    _description = "Next year's AT series"

    year = fields.Integer(required=True, readonly=True)
    line_ids = fields.One2many(
        comodel_name="l10n_pt_atcud.series.next_year.line", inverse_name="wizard_id"
    )

    # === ACTIONS === #

    @prompts_for_password(
        lambda wizard: ensure_one(wizard)._selected().source_id._connections()
    )
    def action_confirm(self):
        """Create the selected series and register them; what succeeds stays."""
        self.ensure_one()
        self.env["l10n_pt_atcud.series"].check_access("create")
        lines = self._selected()
        if not lines:
            raise UserError(self.env._("Select the series to create."))
        series = self.env["l10n_pt_atcud.series"]
        for line in lines:
            series |= line._find_or_create()
        action = series.action_register()
        if action.get("tag") == "display_notification":
            action["params"]["next"] = {
                **series._get_records_action(name=self.env._("AT series")),
                "views": [[False, "list"], [False, "form"]],
                "domain": [("id", "in", series.ids)],
                "res_id": False,
            }
        return action

    # === HELPERS === #

    @api.model
    def _propose(self, series):
        """Return a dialog that proposes a successor for each of ``series``."""
        service = self.env["l10n_pt_atcud.next_year"]
        year = service.proposed_year()
        lines = []
        for one in series:
            if not service.can_have_successor(one, year):
                continue
            pattern = propose_pattern(one.identifier, year - 1)
            known = one._find_successor(fill_pattern(pattern, year))
            if not known or known.state in ("draft", "pending"):
                lines.append(
                    {
                        "source_id": one.id,
                        "pattern": pattern,
                        "is_selected": bool(find_pattern(one.identifier, year - 1)),
                    }
                )
        return self.create(
            {
                "year": year,
                "line_ids": [fields.Command.create(values) for values in lines],
            }
        )

    def _selected(self):
        return self.line_ids.filtered("is_selected")


@guarded()
class L10nPtAtcudSeriesNextYearLine(models.TransientModel):
    _name = "l10n_pt_atcud.series.next_year.line"
    _description = "One of next year's AT series"

    wizard_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.series.next_year", required=True, ondelete="cascade"
    )
    is_selected = fields.Boolean(string="Create")
    source_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.series",
        string="This Year's Series",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    journal_id = fields.Many2one(related="source_id.journal_id", related_sudo=False)
    pattern = fields.Char(
        required=True,
        help="{year} and {yy} stand for the year, {year+1} and {yy+1} for the "
        "following one.",
    )
    identifier = fields.Char(
        string="Next Year's Series",
        compute="_compute_identifier",
        store=True,
        compute_sudo=False,
        readonly=False,
        precompute=True,
        required=True,
    )

    # === COMPUTES === #

    @api.depends("pattern", "wizard_id.year")
    def _compute_identifier(self):
        for line in self:
            line.identifier = fill_pattern(line.pattern or "", line.wizard_id.year)

    # === HELPERS === #

    def _find_or_create(self):
        """Return the series, also when an earlier attempt has created it already."""
        source = self.source_id
        known = source._find_successor(self.identifier)
        if known:
            return known.with_env(self.env)
        return source.create(
            {
                "journal_id": source.journal_id.id,
                "company_id": source.company_id.id,
                "document_type": source.document_type,
                "kind": source.kind,
                "is_cash_scheme": source.is_cash_scheme,
                "identifier": self.identifier,
                "start_date": f"{self.wizard_id.year}-01-01",
                "sequence": source.sequence,
                "predecessor_id": source.id,
            }
        )
