"""Series that AT knows and Odoo does not: told once, with the way to take them over."""

from markupsafe import Markup
from odoo import fields, models

from ..at_series import Estado, MeioProcessamento


class ResCompany(models.Model):
    _inherit = "res.company"

    # environment/type/identifier of the unknown series that somebody was told of
    l10n_pt_atcud_told_of = fields.Json(
        readonly=True, copy=False, groups="base.group_system"
    )

    # Business

    def _l10n_pt_atcud_tell_of_unknown(self, known):
        """Tell an administrator of active series that another program registered.

        Those of the portal and of other means number no documents of a program.

        :param known: what AT knows of this taxpayer
        """
        ours = self._l10n_pt_atcud_known_names()
        told = set(self.l10n_pt_atcud_told_of or ())
        fresh = {
            f"{self.l10n_pt_atcud_environment}/{info.tipo_doc}/"
            f"{info.serie.casefold()}": f"{info.tipo_doc} {info.serie}"
            for info in known
            if info.estado == Estado.ACTIVE
            and info.meio_processamento == MeioProcessamento.PROGRAM
            and (str(info.tipo_doc), info.serie.casefold()) not in ours
        }
        fresh = {key: name for key, name in fresh.items() if key not in told}
        if not fresh:
            return
        self.l10n_pt_atcud_told_of = sorted({*told, *fresh})
        text = self.env._(
            "AT knows series of %(company)s that Odoo does not: %(series)s. If they "
            "are to be used here, import them.",
            company=self.display_name,
            series=", ".join(fresh.values()),
        )
        self._l10n_pt_atcud_alert(
            Markup('%s <a href="/odoo/at-series">%s</a>')
            % (text, self.env._("Import from AT"))
        )

    # Private functions

    def _l10n_pt_atcud_known_names(self):
        """Return type and identifier of what AT and Odoo both know."""
        series = self.env["l10n_pt_atcud.series"].sudo()
        ours = series.with_context(active_test=False).search(
            [
                ("nif", "=", self._l10n_pt_atcud_nif()),
                ("environment", "=", self.l10n_pt_atcud_environment),
                ("state", "!=", "draft"),
            ]
        )
        return {(one.document_type, one.identifier.casefold()) for one in ours}
