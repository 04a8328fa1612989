"""Which series a document of the turn of the year belongs to."""

from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    # Somebody has chosen the series; otherwise it follows journal and date.
    l10n_pt_atcud_series_chosen = fields.Boolean(copy=False)

    # Computes

    @api.depends("invoice_date")
    def _compute_l10n_pt_atcud_series_id(self):
        # EXTENDS: another date may ask for the series of another year
        super()._compute_l10n_pt_atcud_series_id()

    @api.onchange("l10n_pt_atcud_series_id")
    def _onchange_l10n_pt_atcud_series_id(self):
        self.l10n_pt_atcud_series_chosen = self._l10n_pt_atcud_is_chosen()

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        for move, vals in zip(moves, vals_list, strict=True):
            if vals.get("l10n_pt_atcud_series_id"):
                move._l10n_pt_atcud_note_choice(vals)
        return moves

    def write(self, vals):
        result = super().write(vals)
        if "l10n_pt_atcud_series_id" in vals:
            for move in self:
                move._l10n_pt_atcud_note_choice(vals)
        return result

    # Business

    def _post(self, soft=True):
        # EXTENDS: a draft without a date gets today's, which may be of another year
        field = self._fields["l10n_pt_atcud_series_id"]
        undated = self.filtered(
            lambda move: (
                not move.invoice_date
                and not move.posted_before
                and move.l10n_pt_atcud_series_id
            )
        )
        self.env.add_to_compute(field, undated)
        return super()._post(soft=soft)

    # Private functions

    def _l10n_pt_atcud_default(self, choice):
        # EXTENDS: where a series takes over from another one, the date decides
        series = super()._l10n_pt_atcud_default(choice)
        day = self.invoice_date or fields.Date.context_today(self)
        after = {
            one.predecessor_id: one
            for one in choice.sorted("id", reverse=True)
            if one.predecessor_id and one.state == "registered"
        }
        while series in after and after[series].start_date <= day:
            series = after.pop(series)
        while series.start_date and series.start_date > day:
            before = series.predecessor_id & choice
            if before.state != "registered":
                break
            series = before
        return series

    def _l10n_pt_atcud_is_chosen(self):
        """Tell whether the series is another one than would be proposed."""
        series = self.l10n_pt_atcud_series_id
        choice = self._l10n_pt_atcud_choice()
        return bool(series) and series != self._l10n_pt_atcud_default(choice)

    def _l10n_pt_atcud_note_choice(self, vals):
        if "l10n_pt_atcud_series_chosen" not in vals and not self.posted_before:
            chosen = self._l10n_pt_atcud_is_chosen()
            if self.l10n_pt_atcud_series_chosen != chosen:
                self.l10n_pt_atcud_series_chosen = chosen
