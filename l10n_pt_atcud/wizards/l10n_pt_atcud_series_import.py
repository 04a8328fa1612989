"""The dialog with the series at AT that do not exist in Odoo, before an import."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..at_series import Estado, MeioProcessamento
from ..guards import ensure_one, guarded
from ..models.number_field import EnteredNumber
from ..services.call_outcome import storable
from ..services.password_prompt import prompts_for_password

_STATUSES = {
    Estado.ACTIVE: "active",
    Estado.FINALISED: "finalised",
    Estado.ANNULLED: "annulled",
}


@guarded()
class L10nPtAtcudSeriesImport(models.TransientModel):
    _name = "l10n_pt_atcud.series.import"
    _description = "Import AT series"

    journal_id = fields.Many2one(
        comodel_name="account.journal",
        required=True,
        domain=[("type", "=", "sale"), ("country_code", "=", "PT")],
        help="The imported series number the documents of this journal.",
    )
    line_ids = fields.One2many(
        comodel_name="l10n_pt_atcud.series.import.line", inverse_name="import_id"
    )

    # === ACTIONS === #

    @prompts_for_password(
        lambda wizard: ensure_one(
            wizard
        ).journal_id.company_id._l10n_pt_atcud_connection()
    )
    def action_confirm(self):
        """Ask AT once more, and import the selected series as they are now."""
        self.ensure_one()
        series = self.env["l10n_pt_atcud.series"]
        series.check_access("create")
        service = self.env["l10n_pt_atcud.importer"]
        known = service.fetch_importable(self.journal_id.company_id)
        for line in self.line_ids.filtered("is_selected"):
            info = known.get((line.document_type, line.identifier.casefold()))
            if not info:
                raise UserError(
                    self.env._(
                        "AT no longer knows the series %s. Reload and try again.",
                        line.identifier,
                    )
                )
            line._check_last_number()
            series |= service.import_series(self.journal_id, info, line.numbered_until)
        if not series:
            raise UserError(self.env._("Select the series to import."))
        return {
            **series._get_records_action(name=self.env._("AT series")),
            "views": [[False, "list"], [False, "form"]],
            "domain": [("id", "in", series.ids)],
            "res_id": False,
        }

    # === HELPERS === #

    @api.model
    def _propose(self, journal):
        """Ask AT, and return a dialog with the series that do not exist in Odoo."""
        self.check_access("create")
        service = self.env["l10n_pt_atcud.importer"]
        company = journal.company_id
        lines = []
        for info in service.fetch_importable(company).values():
            series = service.find_known(company, info)
            if not series or series.state == "draft":
                lines.append(self._line_values(info, series))
        return self.create(
            {
                "journal_id": journal.id,
                "line_ids": [fields.Command.create(values) for values in lines],
            }
        )

    def _line_values(self, info, series):
        is_of_program = info.meio_processamento == MeioProcessamento.PROGRAM
        last = storable(info.seq_ultimo_doc_emitido) or 0
        # Odoo would begin with the first number, and nobody knows whether the other
        # program has issued it: the user says so first.
        is_known = bool(last) or not self._is_issued_here(info)
        return {
            "is_selected": info.estado == Estado.ACTIVE and is_of_program and is_known,
            "document_type": info.tipo_doc.value,
            "identifier": info.serie,
            "validation_code": info.cod_validacao_serie,
            "first_number": info.num_inicial_seq,
            "numbered_until": last,
            "registered_on": info.data_registo,
            "at_status": _STATUSES[info.estado],
            "has_draft": bool(series),
        }

    def _is_issued_here(self, info):
        series = self.env["l10n_pt_atcud.series"]
        return series._is_issued_by_journals(info.tipo_doc.value)


@guarded()
class L10nPtAtcudSeriesImportLine(models.TransientModel):
    _name = "l10n_pt_atcud.series.import.line"
    _description = "AT series to import"

    import_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.series.import",
        string="Dialog",
        required=True,
        ondelete="cascade",
    )
    is_selected = fields.Boolean(string="Import")
    document_type = fields.Char(readonly=True)
    identifier = fields.Char(string="Series", readonly=True)
    validation_code = fields.Char(readonly=True)
    first_number = fields.Integer(readonly=True)
    numbered_until = EnteredNumber(
        string="Last Number Elsewhere",
        help="The last number that another program issued in this series. Odoo "
        "continues after it.",
    )
    is_unused = fields.Boolean(
        string="Not Used Yet", help="No program has issued a document in this series."
    )
    registered_on = fields.Date(readonly=True)
    at_status = fields.Selection(
        selection=[
            ("active", "Active"),
            ("finalised", "Finalised"),
            ("annulled", "Annulled"),
        ],
        string="Status at AT",
        readonly=True,
    )
    has_draft = fields.Boolean(string="Draft in Odoo", readonly=True)

    # === COMPUTES === #

    @api.onchange("numbered_until", "is_unused")
    def _onchange_last_number(self):
        if self.numbered_until or self.is_unused:
            self.is_selected = True

    # === HELPERS === #

    def _check_last_number(self):
        """Raise unless it is known where Odoo continues."""
        series = self.env["l10n_pt_atcud.series"]
        if (
            self.at_status == "active"
            and series._is_issued_by_journals(self.document_type)
            and self.numbered_until < max(self.first_number, 1)
            and not self.is_unused
        ):
            raise UserError(
                self.env._(
                    "Enter the last number that the other program issued in the series "
                    "%s, or tick “Not used yet”. Otherwise Odoo would issue numbers a "
                    "second time.",
                    f"{self.document_type} {self.identifier}",
                )
            )
