"""What AT knows and Odoo does not, shown before anything is created."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..at_series import Estado, MeioProcessamento
from ..models.asked_password import asks_for_password

_FATES = {
    Estado.ACTIVE: "active",
    Estado.FINALISED: "finalised",
    Estado.ANNULLED: "annulled",
}


class L10nPtAtcudSeriesImport(models.TransientModel):
    _name = "l10n_pt_atcud.series.import"
    _description = "Import AT series"

    journal_id = fields.Many2one(
        comodel_name="account.journal",
        required=True,
        domain=[("type", "=", "sale"), ("country_code", "=", "PT")],
        help="Its documents are numbered by the series that are taken over.",
    )
    line_ids = fields.One2many(
        comodel_name="l10n_pt_atcud.series.import.line", inverse_name="import_id"
    )

    # Actions

    @asks_for_password(lambda wizard: wizard.journal_id.company_id)
    def action_confirm(self):
        """Ask AT once more, and take over the chosen series as they are now."""
        self.ensure_one()
        series = self.env["l10n_pt_atcud.series"]
        series.check_access("create")
        company = self.journal_id.company_id
        known = company._l10n_pt_atcud_register_of_at()
        for line in self.line_ids.filtered("is_chosen"):
            info = known.get((line.document_type, line.identifier.casefold()))
            if not info:
                raise UserError(
                    self.env._(
                        "AT does not know the series %s any more. Begin again.",
                        line.identifier,
                    )
                )
            series |= series._import(self.journal_id, info, line.numbered_until)
        if not series:
            raise UserError(self.env._("Choose the series to take over."))
        return {
            **series._get_records_action(name=self.env._("AT series")),
            "views": [[False, "list"], [False, "form"]],
            "domain": [("id", "in", series.ids)],
            "res_id": False,
        }

    # Business

    def _fill(self):
        """Ask AT, and show what is not in Odoo yet."""
        company = self.journal_id.company_id
        lines = []
        for info in company._l10n_pt_atcud_register_of_at().values():
            series = self.env["l10n_pt_atcud.series"]._find_known(company, info)
            if not series or series.state == "draft":
                lines.append(self._line_values(info, series))
        self.line_ids = [fields.Command.create(values) for values in lines]

    # Private functions

    def _line_values(self, info, series):
        fate = _FATES[info.estado]
        ours = info.meio_processamento == MeioProcessamento.PROGRAM
        return {
            "is_chosen": fate == "active" and ours,
            "document_type": info.tipo_doc.value,
            "identifier": info.serie,
            "validation_code": info.cod_validacao_serie,
            "first_number": info.num_inicial_seq,
            "numbered_until": info.seq_ultimo_doc_emitido or 0,
            "registered_on": info.data_registo,
            "fate": fate,
            "is_match": bool(series),
        }


class L10nPtAtcudSeriesImportLine(models.TransientModel):
    _name = "l10n_pt_atcud.series.import.line"
    _description = "AT series to import"

    import_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.series.import", required=True, ondelete="cascade"
    )
    is_chosen = fields.Boolean(string="Take Over")
    document_type = fields.Char(readonly=True)
    identifier = fields.Char(string="Series", readonly=True)
    validation_code = fields.Char(readonly=True)
    first_number = fields.Integer(readonly=True)
    numbered_until = fields.Integer(
        string="Last Number Elsewhere",
        help="The last number that another program gave in this series; Odoo goes on "
        "after it.",
    )
    registered_on = fields.Date(readonly=True)
    fate = fields.Selection(
        selection=[
            ("active", "Active"),
            ("finalised", "Finalised"),
            ("annulled", "Annulled"),
        ],
        string="At AT",
        readonly=True,
    )
    is_match = fields.Boolean(string="Drafted Here", readonly=True)
