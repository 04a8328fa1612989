"""Imports series that AT knows and Odoo does not."""

from odoo import api, models
from odoo.exceptions import UserError

from ..at_series import Estado, TipoDoc, TipoSerie, lisbon_date
from ..guards import internal
from .call_outcome import storable


@internal
class L10nPtAtcudImporter(models.AbstractModel):
    """Commits before the request to AT; imported series are committed by Odoo."""

    _name = "l10n_pt_atcud.importer"
    _description = "AT: import of series"

    # === PUBLIC === #

    @api.model
    def fetch_importable(self, company):
        """Return the series at AT that can be imported, by type and identifier.

        :raise UserError: AT cannot be called; for administrators a RedirectWarning
        """
        connection = company._l10n_pt_atcud_connection()
        known = self.env["l10n_pt_atcud.series_comparison"].fetch(connection, company)
        return {
            (info.tipo_doc.value, info.serie.casefold()): info
            for info in known
            if isinstance(info.tipo_doc, TipoDoc)
            and isinstance(info.tipo_serie, TipoSerie)
            and isinstance(info.estado, Estado)
            and info.is_complete
            and info.serie
            and storable(info.num_inicial_seq)
        }

    @api.model
    def find_known(self, company, info):
        """Return Odoo's series for what AT knows, in upper or lower case, or none."""
        connection = company._l10n_pt_atcud_connection().sudo()
        return self.env["l10n_pt_atcud.series"]._find_by_name(
            connection.nif, connection.environment, info.tipo_doc.value, info.serie
        )

    @api.model
    def import_series(self, journal, info, numbered_until):
        """Take over a series from AT's register, new or in the place of a draft.

        :param numbered_until: the last number that was issued elsewhere
        :return: the series
        :raise UserError: a draft has other data
        """
        series = self.find_known(journal.company_id, info)
        if series and series.state != "draft":
            return series
        if series:
            self.env["l10n_pt_atcud.remote_call"].lock(series)
            problem = self.env["l10n_pt_atcud.series_registration"].code_problem(
                series, info.cod_validacao_serie, info
            )
            if problem:
                raise UserError(series._explain(problem))
        else:
            series = series.create(self._values(journal, info))
        number = max(numbered_until, series._find_numbered())
        series.write(
            {"numbered_until": number, "software_number": info.num_cert_sw_fatur or 0}
        )
        self.env["l10n_pt_atcud.call_outcome"].record_registered(series, info)
        if self.env["l10n_pt_atcud.call_outcome"].is_closed(info):
            self.env["l10n_pt_atcud.call_outcome"].record_closed(
                series, info.estado, info
            )
        return series

    # === HELPERS === #

    def _values(self, journal, info):
        document_type = info.tipo_doc.value
        start = info.data_inicio_prev_utiliz or info.data_registo or lisbon_date()
        series = self.env["l10n_pt_atcud.series"]
        return {
            "journal_id": series._is_issued_by_journals(document_type) and journal.id,
            "company_id": journal.company_id.id,
            "document_type": document_type,
            "identifier": info.serie,
            "kind": info.tipo_serie.name.lower(),
            "first_number": info.num_inicial_seq,
            "start_date": start,
        }
