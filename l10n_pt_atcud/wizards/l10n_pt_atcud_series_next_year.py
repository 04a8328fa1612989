"""Next year's series, proposed from this year's by a pattern that one can see."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.asked_password import asks_for_password
from ..models.year_pattern import fill_pattern, find_pattern, propose_pattern


class L10nPtAtcudSeriesNextYear(models.TransientModel):
    _name = "l10n_pt_atcud.series.next_year"
    _description = "Next year's AT series"

    year = fields.Integer(required=True, readonly=True)
    line_ids = fields.One2many(
        comodel_name="l10n_pt_atcud.series.next_year.line", inverse_name="wizard_id"
    )

    # Actions

    @asks_for_password(lambda wizard: wizard._chosen().source_id.company_id)
    def action_confirm(self):
        """Create the chosen series and register them; what succeeds stays."""
        self.ensure_one()
        self.env["l10n_pt_atcud.series"].check_access("create")
        lines = self._chosen()
        if not lines:
            raise UserError(self.env._("Choose the series to create."))
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

    # Business

    def _fill(self, series):
        """Propose a series for each of ``series`` that ends with the year before."""
        lines = []
        for one in series:
            if not one._can_have_successor(self.year):
                continue
            line = {
                "source_id": one.id,
                "pattern": propose_pattern(one.identifier, self.year - 1),
                "is_chosen": bool(find_pattern(one.identifier, self.year - 1)),
            }
            known = one._find_named(fill_pattern(line["pattern"], self.year))
            if not known or known.state in ("draft", "pending"):
                lines.append(line)
        self.line_ids = [fields.Command.create(line) for line in lines]

    # Private functions

    def _chosen(self):
        return self.line_ids.filtered("is_chosen")


class L10nPtAtcudSeriesNextYearLine(models.TransientModel):
    _name = "l10n_pt_atcud.series.next_year.line"
    _description = "One of next year's AT series"

    wizard_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.series.next_year", required=True, ondelete="cascade"
    )
    is_chosen = fields.Boolean(string="Create")
    source_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.series",
        string="This Year's",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    journal_id = fields.Many2one(related="source_id.journal_id")
    pattern = fields.Char(
        required=True,
        help="{year} and {yy} stand for the year, {year+1} and {yy+1} for the one "
        "after it.",
    )
    identifier = fields.Char(
        string="Next Year's",
        compute="_compute_identifier",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )

    # Computes

    @api.depends("pattern", "wizard_id.year")
    def _compute_identifier(self):
        for line in self:
            line.identifier = fill_pattern(line.pattern or "", line.wizard_id.year)

    # Private functions

    def _find_or_create(self):
        """Return the series, also when an earlier try has created it already."""
        source = self.source_id
        known = source._find_named(self.identifier)
        if known:
            return known.with_env(self.env)
        return source.create(
            {
                "journal_id": source.journal_id.id,
                "company_id": source.company_id.id,
                "document_type": source.document_type,
                "kind": source.kind,
                "identifier": self.identifier,
                "start_date": f"{self.wizard_id.year}-01-01",
                "sequence": source.sequence,
                "predecessor_id": source.id,
            }
        )
