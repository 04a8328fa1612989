"""The report of all numbers per series: on screen, as PDF and as spreadsheet."""

import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..at_series import lisbon_date
from ..guards import guarded
from ..models.number_field import EnteredNumber


@guarded()
class L10nPtAtcudSeriesReport(models.TransientModel):
    _name = "l10n_pt_atcud.series.report"
    _description = "Report per AT series"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    year = EnteredNumber(
        required=True,
        default=lambda self: lisbon_date().year,
        help="All series that began in this year or were used in it.",
    )
    series_ids = fields.Many2many(
        comodel_name="l10n_pt_atcud.series",
        string="AT series",
        check_company=True,
        help="Only these series. Empty: all of the year.",
    )
    line_ids = fields.One2many(
        comodel_name="l10n_pt_atcud.series.report.line", inverse_name="report_id"
    )

    # === ACTIONS === #

    def action_show(self):
        """Show the numbers on the screen, grouped by series."""
        self.ensure_one()
        self._fill()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report per series"),
            "res_model": "l10n_pt_atcud.series.report.line",
            "view_mode": "list",
            "domain": [("report_id", "=", self.id)],
            "context": {"search_default_group_by_series": True, "create": False},
        }

    def action_pdf(self):
        """Print the numbers."""
        self.ensure_one()
        self._fill()
        return self.env.ref(
            "l10n_pt_atcud.action_report_l10n_pt_atcud_series"
        ).report_action(self)

    def action_xlsx(self):
        """Download the numbers as a spreadsheet, with a sheet per series."""
        self.ensure_one()
        self._fill()
        content = self.env["l10n_pt_atcud.series_reporter"].xlsx(self.line_ids)
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{self._title()}.xlsx",
                "datas": base64.b64encode(content),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    # === HELPERS === #

    def _title(self):
        return self.env._("AT series %s", self.year)

    def _fill(self):
        """Read the numbers of the series anew."""
        service = self.env["l10n_pt_atcud.series_reporter"]
        all_series = self.series_ids or service.series_of(self.company_id, self.year)
        if not all_series:
            raise UserError(self.env._("No series was used in the year %s.", self.year))
        self.line_ids.unlink()
        values = []
        for series in all_series:
            for row in service.rows(series):
                problems = row.pop("problems")
                values.append(
                    {
                        **row,
                        "report_id": self.id,
                        "series_id": series.id,
                        "problem": self._describe(problems),
                    }
                )
        self.env["l10n_pt_atcud.series.report.line"].create(values)

    def _describe(self, problems):
        texts = {
            "gap": self.env._("The number is missing."),
            "backward": self.env._("The date is before that of an earlier number."),
            "no_code": self.env._("The document has no ATCUD."),
            "reset": self.env._("The document was reset to draft."),
        }
        return " ".join(texts[problem] for problem in problems) or False


@guarded()
class L10nPtAtcudSeriesReportLine(models.TransientModel):
    _name = "l10n_pt_atcud.series.report.line"
    _description = "Number of an AT series"
    _order = "series_id, number, id"

    report_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.series.report",
        required=True,
        ondelete="cascade",
        index=True,
    )
    series_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.series",
        string="AT series",
        required=True,
        ondelete="cascade",
    )
    environment = fields.Selection(related="series_id.environment", related_sudo=False)
    number = fields.Integer(string="First Number", aggregator=None)
    last_number = fields.Integer(aggregator=None)
    numbers = fields.Char(string="Number", compute="_compute_numbers")
    move_id = fields.Many2one(
        comodel_name="account.move", string="Entry", ondelete="cascade"
    )
    # A document that is no entry: a receipt, or one of another model.
    res_model = fields.Char()
    res_id = fields.Many2oneReference(model_field="res_model")
    name = fields.Char()
    document = fields.Char(compute="_compute_document")
    date = fields.Date()
    status = fields.Selection(
        selection=[
            ("posted", "Issued"),
            ("cancel", "Cancelled"),
            ("elsewhere", "Issued elsewhere"),
            ("missing", "Missing"),
        ],
        string="State",
    )
    atcud = fields.Char(string="ATCUD")
    currency_id = fields.Many2one(
        related="series_id.company_id.currency_id", related_sudo=False
    )
    total = fields.Monetary()
    problem = fields.Char()

    # === COMPUTES === #

    @api.depends("number", "last_number")
    def _compute_numbers(self):
        for line in self:
            numbers = dict.fromkeys((line.number, line.last_number))
            line.numbers = " – ".join(str(number) for number in numbers)

    @api.depends("move_id", "name")
    def _compute_document(self):
        for line in self:
            line.document = line.move_id.name or line.name

    # === ACTIONS === #

    def action_open_move(self):
        """Open the document."""
        self.ensure_one()
        document = self.move_id
        mixin = self.env["l10n_pt_atcud.document.mixin"]
        if self.res_model in mixin._l10n_pt_atcud_models():
            document = self.env[self.res_model].browse(self.res_id)
        return document._get_records_action()
