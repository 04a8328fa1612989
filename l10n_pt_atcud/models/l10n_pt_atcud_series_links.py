"""Where a series leads: to its documents, and to what was said about it."""

from odoo import fields, models


class L10nPtAtcudSeries(models.Model):
    _inherit = "l10n_pt_atcud.series"

    move_ids = fields.One2many(
        comodel_name="account.move", inverse_name="l10n_pt_atcud_series_id"
    )
    move_count = fields.Integer(string="Documents", compute="_compute_move_count")

    # Computes

    def _compute_move_count(self):
        counts = dict(
            self.env["account.move"]._read_group(
                [("l10n_pt_atcud_series_id", "in", self.ids)],
                ["l10n_pt_atcud_series_id"],
                ["__count"],
            )
        )
        for series in self:
            series.move_count = counts.get(series, 0)

    # Actions

    def action_open_moves(self):
        """Open the documents of the series."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Documents"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("l10n_pt_atcud_series_id", "in", self.ids)],
            "context": {"create": False},
        }

    def action_open_exchanges(self):
        """Open what was said between Odoo and AT about the series."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Exchanges with AT"),
            "res_model": "l10n_pt_atcud.exchange",
            "view_mode": "list,form",
            "domain": [("series_id", "in", self.ids)],
        }
