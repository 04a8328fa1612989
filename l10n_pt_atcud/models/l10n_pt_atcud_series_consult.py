"""Comparing with AT's register when somebody wants to know, not at night."""

from odoo import models
from odoo.exceptions import UserError

from ..at_series import RejectedError
from .asked_password import asks_for_password


class L10nPtAtcudSeries(models.Model):
    _inherit = "l10n_pt_atcud.series"

    # Actions

    @asks_for_password(lambda series: series.company_id)
    def action_consult(self):
        """Ask AT about these series, and take over what was changed there."""
        self._check_may_register()
        asked = self.filtered(
            lambda series: (
                series.state in ("pending", "registered", "closing")
                and not series._elsewhere_obstacle()
            )
        )
        if not asked:
            raise UserError(
                self.env._("AT was told of none of these series, or closed them.")
            )
        taxpayers = self.env["res.company"]
        for company in asked.company_id:
            taxpayers |= company._l10n_pt_atcud_taxpayer()
        lines = []
        for taxpayer in taxpayers:
            known = {
                (info.tipo_doc, info.serie.casefold()): info
                for info in taxpayer._l10n_pt_atcud_all_series()
            }
            nif = taxpayer._l10n_pt_atcud_nif()
            for series in asked.filtered_domain([("nif", "=", nif)]):
                name = series.document_type, series.identifier.casefold()
                series.sudo()._compare(known.get(name))
                lines.append(series._consulted())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "className": "text-prewrap",
                "title": self.env._("Series at AT"),
                "message": "\n".join(lines),
                "sticky": True,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # Private functions

    def _consulted(self):
        """Return what the comparison has found, in one line."""
        states = dict(self._fields["state"]._description_selection(self.env))
        line = f"{self.display_name}: {states[self.state]}"
        if self.state == "registered" and self.result_code:
            line += f". {self._explain(RejectedError(code=self.result_code))}"
        return line
