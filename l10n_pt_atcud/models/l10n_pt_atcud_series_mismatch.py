"""AT knows the series, but not as it was asked for: the user decides.

What AT has is taken over only when somebody has seen it beside what was asked for, and
only what a program may number by: an active series of this taxpayer for programs.
"""

from odoo import fields, models

from ..at_series import (
    Estado,
    RejectedError,
    SeriesError,
    SetupError,
    TipoSerie,
)

_ASKED_FOR = frozenset("identifier document_type kind first_number".split())
# AT's elements that can be taken over from AT.
_ADOPTABLE = frozenset("serie tipoSerie numInicialSeq numCertSWFatur".split())


class L10nPtAtcudSeries(models.Model):
    _inherit = "l10n_pt_atcud.series"

    # AT's element -> [what AT has, what was asked for], and what it was used for
    mismatch = fields.Json(readonly=True, copy=False)

    # CRUD

    def write(self, vals):
        result = super().write(vals)
        if _ASKED_FOR & vals.keys():
            # It is about what was asked for, which is another thing now.
            self.filtered("mismatch").sudo().write(
                {"mismatch": False, "result_code": False, "result_message": False}
            )
        return result

    # Actions

    def action_mismatch(self):
        """Show what AT has beside what was asked for."""
        self.ensure_one()
        wizard = self.env["l10n_pt_atcud.series.mismatch"].create(
            {"series_id": self.id}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("AT has another series with this identifier"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "views": [[False, "form"]],
            "target": "new",
        }

    # Business

    def _adopt_as_it_is(self, numbered_until):
        """Take over what AT has now, although something else was asked for.

        :param numbered_until: the last number that was given elsewhere
        :return: ``None``, or the error that stands in the way
        """
        self.ensure_one()
        series = self.sudo()
        series._lock()
        if series.state != "draft":
            return None
        try:
            client = series.company_id._l10n_pt_atcud_client(series)
        except SetupError as error:
            return error
        outcome, known = None, None
        with client:
            try:
                known = client.find(series._new_series())
            except SeriesError as error:
                outcome = error
        result = outcome or series._take_as_it_is(known, numbered_until)
        series._commit()
        series.company_id._l10n_pt_atcud_note(outcome)
        return result

    # Private functions

    def _note_mismatch(self, info, differences):
        """Keep what was found at AT, for the dialog."""
        self.mismatch = {
            "differences": differences,
            "used": info.seq_ultimo_doc_emitido or 0,
        }

    def _question(self):
        """Return the dialog for who may answer it, when there is something to ask."""
        if len(self) == 1 and self.mismatch and self.result_code == "different":
            return self.action_mismatch() if self.has_access("write") else None
        return None

    def _take_as_it_is(self, known, numbered_until):
        if not known:
            return RejectedError(code="unknown_code")
        if known.estado != Estado.ACTIVE:
            return RejectedError(code="burnt")
        nif = self.company_id._l10n_pt_atcud_nif()
        differences = known.differences(self._new_series(), nif)
        kept = {
            name: pair for name, pair in differences.items() if name not in _ADOPTABLE
        }
        if kept or not known.is_complete or not isinstance(known.tipo_serie, TipoSerie):
            return self._different(kept or differences)
        taxpayer = self.company_id._l10n_pt_atcud_taxpayer()
        self.write(
            {
                "environment": taxpayer.l10n_pt_atcud_environment,
                "identifier": known.serie,
                "kind": known.tipo_serie.name.lower(),
                "first_number": known.num_inicial_seq,
                "software_number": known.num_cert_sw_fatur,
            }
        )
        self.numbered_until = max(
            numbered_until, known.seq_ultimo_doc_emitido or 0, self._find_numbered()
        )
        return self._record_registered(known)


def is_adoptable(mismatch):
    """Tell whether all that differs can be taken over from AT."""
    differences = mismatch["differences"]
    kind = differences.get("tipoSerie", [TipoSerie.NORMAL])[0]
    return set(differences) <= _ADOPTABLE and kind in set(TipoSerie)
