"""Dates that do not fit a series: said on the draft, and left to the user.

A series is communicated before it is used (DL 28/2019, art. 35), and its documents
follow one another by date (Despacho 8632/2014).
"""

from odoo import api, models
from odoo.tools import format_date

from ..at_series import lisbon_date


class AccountMove(models.Model):
    _inherit = "account.move"

    # Computes

    @api.depends("invoice_date", "l10n_pt_atcud_series_id.start_date")
    def _compute_alerts(self):
        # EXTENDS 'account'
        super()._compute_alerts()

    # Business

    def _get_alerts(self):
        # EXTENDS 'account'
        alerts = super()._get_alerts()
        remark = self._l10n_pt_atcud_date_remark()
        if remark:
            alerts["l10n_pt_atcud_date"] = {"level": "warning", "message": remark}
        return alerts

    # Private functions

    def _l10n_pt_atcud_date_remark(self):
        """Return what is unusual about the date of this draft, or ``None``."""
        series = self.l10n_pt_atcud_series_id.sudo()
        if (
            self.state != "draft"
            or self.l10n_pt_atcud_value
            or series.state != "registered"
        ):
            return None
        date = self.invoice_date or lisbon_date()
        words = {"series": series.display_name}
        if series.registered_on and date < series.registered_on:
            return self.env._(
                "The date of this document lies before the day on which the series "
                "%(series)s was registered with AT (%(day)s).",
                day=format_date(self.env, series.registered_on),
                **words,
            )
        if date < series.start_date:
            return self.env._(
                "AT was told that the series %(series)s is used from %(day)s on. The "
                "date of this document lies before.",
                day=format_date(self.env, series.start_date),
                **words,
            )
        later = self._l10n_pt_atcud_issued_after(date)
        if later:
            return self.env._(
                "%(document)s of %(day)s was issued already. Documents of a series "
                "follow one another by date.",
                document=later.name,
                day=format_date(self.env, later.invoice_date),
            )
        return None

    def _l10n_pt_atcud_issued_after(self, date):
        """Return the last document of the series with a later date, if any."""
        return self.sudo().search(
            [
                ("l10n_pt_atcud_series_id", "=", self.l10n_pt_atcud_series_id.id),
                ("l10n_pt_atcud_value", "!=", False),
                ("invoice_date", ">", date),
            ],
            order="invoice_date desc, sequence_number desc",
            limit=1,
        )
