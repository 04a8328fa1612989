"""Numbers of documents with a series: ``FT A2026/1``, one after the other for ever."""

from odoo import api, models


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.depends("l10n_pt_atcud_series_id")
    def _compute_name_placeholder(self):
        # EXTENDS 'account'
        super()._compute_name_placeholder()

    @api.depends(
        "l10n_pt_atcud_series_id.first_number", "l10n_pt_atcud_series_id.numbered_until"
    )
    def _compute_made_sequence_gap(self):
        # EXTENDS 'account': what stands before the first number is no gap
        super()._compute_made_sequence_gap()
        for move in self:
            series = move.l10n_pt_atcud_series_id
            if (
                series
                and move.state == "posted"
                and move.sequence_number == series.sudo()._start_number()
            ):
                move.made_sequence_gap = False

    @api.model
    def _deduce_sequence_number_reset(self, name):
        # EXTENDS 'account': digits of an identifier are neither a year nor a month
        if self.l10n_pt_atcud_series_id:
            return "never"
        return super()._deduce_sequence_number_reset(name)

    def _get_last_sequence_domain(self, relaxed=False):
        # EXTENDS 'account'
        if self.country_code != "PT" or self.journal_id.type != "sale":
            return super()._get_last_sequence_domain(relaxed)
        self.flush_model(["journal_id", "l10n_pt_atcud_series_id"])
        if not self.l10n_pt_atcud_series_id:
            # Entries of the same journal must not go on with the numbers of a series.
            where, parameters = super()._get_last_sequence_domain(relaxed)
            return f"{where} AND l10n_pt_atcud_series_id IS NULL", parameters
        return (
            "WHERE journal_id = %(journal_id)s AND name != '/'"
            " AND l10n_pt_atcud_series_id = %(series_id)s",
            {
                "journal_id": self.journal_id.id,
                "series_id": self.l10n_pt_atcud_series_id.id,
            },
        )

    def _get_starting_sequence(self):
        # EXTENDS 'account'
        series = self.l10n_pt_atcud_series_id.sudo()
        if series:
            return f"{series._number_prefix()}{series._start_number() - 1}"
        return super()._get_starting_sequence()

    def _get_next_sequence_format(self):
        # EXTENDS 'account': the prefix is the series', whatever it looks like, and
        # the first number is the one that AT was told
        series = self.l10n_pt_atcud_series_id.sudo()
        if not series:
            return super()._get_next_sequence_format()
        prefix = series._number_prefix()
        last = self._get_last_sequence(with_prefix=prefix)
        number = int(last[len(prefix) :]) if last else series._start_number() - 1
        return "{prefix}{seq:d}", {"prefix": prefix, "seq": number}
