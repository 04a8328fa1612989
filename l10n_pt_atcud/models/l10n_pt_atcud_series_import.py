"""Taking over from AT's register what Odoo does not know yet."""

from odoo import models
from odoo.exceptions import UserError

from ..at_series import Estado, SeriesError, SetupError, TipoDoc, TipoSerie
from .l10n_pt_atcud_series_manual import ISSUED_HERE

_STATES = {
    Estado.ACTIVE: "registered",
    Estado.FINALISED: "finalised",
    Estado.ANNULLED: "annulled",
}


class ResCompany(models.Model):
    _inherit = "res.company"

    def _l10n_pt_atcud_all_series(self):
        """Return all that AT knows of this taxpayer.

        :raise UserError: or what leads to the settings, when AT cannot be asked
        """
        outcome, known = None, ()
        try:
            client = self._l10n_pt_atcud_client()
        except SetupError as error:
            self._l10n_pt_atcud_raise_for(error)
        with client:
            try:
                known = client.consultar_series()
            except SeriesError as error:
                outcome = error
        self._l10n_pt_atcud_note(outcome)
        if outcome:
            self._l10n_pt_atcud_raise_for(outcome)
        return known

    def _l10n_pt_atcud_register_of_at(self):
        """Return the series that can be taken over, by type and identifier."""
        return {
            (info.tipo_doc.value, info.serie.casefold()): info
            for info in self._l10n_pt_atcud_all_series()
            if isinstance(info.tipo_doc, TipoDoc)
            and isinstance(info.tipo_serie, TipoSerie)
            and info.estado in _STATES
            and info.is_complete
        }


class L10nPtAtcudSeries(models.Model):
    _inherit = "l10n_pt_atcud.series"

    def _find_known(self, company, info):
        """Return our series for what AT knows, whatever its capitals, or none."""
        company = company._l10n_pt_atcud_taxpayer()
        return self._find_by_name(
            company._l10n_pt_atcud_nif(),
            company.l10n_pt_atcud_environment,
            info.tipo_doc.value,
            info.serie,
        )

    def _find_named(self, identifier):
        """Return the series of this type and taxpayer that has this identifier."""
        self.ensure_one()
        return self._find_by_name(
            self.nif, self.environment, self.document_type, identifier
        )

    def _find_by_name(self, nif, environment, document_type, identifier):
        series = self.sudo().with_context(active_test=False)
        return series.search(
            [
                ("nif", "=", nif),
                ("environment", "=", environment),
                ("document_type", "=", document_type),
                ("identifier", "=ilike", identifier.replace("_", r"\_")),
            ],
            limit=1,
        )

    def _import(self, journal, info, numbered_until):
        """Take over a series from AT's register, new or in the place of a draft.

        :return: the series
        :raise UserError: a draft says otherwise
        """
        company = journal.company_id._l10n_pt_atcud_taxpayer()
        series = self._find_known(company, info)
        if series and series.state != "draft":
            return series
        if series:
            series._lock()
            error = series._code_obstacle(info.cod_validacao_serie, info)
            if error:
                raise UserError(series._explain(error))
        else:
            series = self.sudo().create(series._values_from(journal, info))
        number = max(numbered_until, series._find_numbered())
        series.write(
            {"numbered_until": number, "software_number": info.num_cert_sw_fatur}
        )
        series._record_registered(info)
        if info.estado != Estado.ACTIVE:
            series._record_closed(info.estado, info)
        return series

    def _values_from(self, journal, info):
        is_issued_here = info.tipo_doc.value in ISSUED_HERE
        return {
            "journal_id": is_issued_here and journal.id,
            "company_id": journal.company_id.id,
            "document_type": info.tipo_doc.value,
            "identifier": info.serie,
            "kind": info.tipo_serie.name.lower(),
            "first_number": info.num_inicial_seq,
            "start_date": info.data_inicio_prev_utiliz,
        }
