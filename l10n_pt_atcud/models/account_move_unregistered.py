"""Posting without a registered series, where a company wants a warning and no refusal.

Such a document stays outside all series: it has no ATCUD and a number of Odoo's own,
as if the addon were not there, so that a series that is registered later begins where
AT was told, and no number of it lacks its ATCUD.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    _inherit = "res.company"

    l10n_pt_atcud_without_series = fields.Selection(
        selection=[("refuse", "Refuse to post"), ("warn", "Warn and post")],
        string="Without a registered AT series",
        default="refuse",
        required=True,
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    l10n_pt_atcud_without_series = fields.Selection(
        related="company_id.l10n_pt_atcud_without_series", readonly=False
    )


class AccountMove(models.Model):
    _inherit = "account.move"

    l10n_pt_atcud_is_missing = fields.Boolean(
        string="Posted without ATCUD", readonly=True, copy=False
    )

    # Computes

    @api.depends("l10n_pt_atcud_is_missing")
    def _compute_l10n_pt_atcud_is_required(self):
        # EXTENDS: see _l10n_pt_atcud_is_required()
        super()._compute_l10n_pt_atcud_is_required()

    @api.depends("l10n_pt_atcud_is_missing")
    def _compute_alerts(self):
        # EXTENDS 'account'
        super()._compute_alerts()

    # Business

    def _get_alerts(self):
        # EXTENDS 'account'
        alerts = super()._get_alerts()
        if self.l10n_pt_atcud_is_missing and self.state == "posted":
            alerts["l10n_pt_atcud_missing"] = {
                "level": "warning",
                "message": self.env._(
                    "This document has no ATCUD: it was posted without a registered "
                    "AT series."
                ),
            }
        return alerts

    def _l10n_pt_atcud_obstacle(self):
        # EXTENDS: what will be posted all the same says so
        alert = super()._l10n_pt_atcud_obstacle()
        if alert and self._l10n_pt_atcud_warns():
            alert["message"] += " " + self.env._(
                "Posted now, the document gets no ATCUD, and a number outside all AT "
                "series."
            )
        return alert

    def _post(self, soft=True):
        # EXTENDS 'account'
        today = fields.Date.context_today(self)
        obstacles = {}
        for move in self:
            if move._l10n_pt_atcud_warns() and (not soft or move.date <= today):
                obstacle = move._l10n_pt_atcud_obstacle()
                if obstacle:
                    obstacles[move] = obstacle["message"]
        outside = self.browse().union(*obstacles)
        if outside:
            outside.l10n_pt_atcud_is_missing = True
            outside.l10n_pt_atcud_series_id = False
        posted = super()._post(soft=soft)
        for move in posted & outside:
            move._l10n_pt_atcud_check_outside()
            move._message_log(body=obstacles[move])
        return posted

    # Private functions

    def _l10n_pt_atcud_is_required(self):
        # EXTENDS: what was posted without a series does not get one later
        return (
            not self.l10n_pt_atcud_is_missing and super()._l10n_pt_atcud_is_required()
        )

    def _l10n_pt_atcud_warns(self):
        """Tell whether the company wants a warning where others want a refusal."""
        return self.company_id.sudo().l10n_pt_atcud_without_series == "warn"

    def _get_last_sequence_domain(self, relaxed=False):
        # EXTENDS 'account': what has no series does not go on with one's numbers
        where, parameters = super()._get_last_sequence_domain(relaxed)
        prefixes = not self.l10n_pt_atcud_series_id and self._l10n_pt_atcud_prefixes()
        if not prefixes:
            return where, parameters
        return (
            f"{where} AND lower(sequence_prefix) != ALL(%(atcud_prefixes)s)",
            {**parameters, "atcud_prefixes": prefixes},
        )

    def _l10n_pt_atcud_prefixes(self):
        """Return what numbers of this journal begin with that AT was told of."""
        if self.country_code != "PT" or self.journal_id.type != "sale":
            return []
        series = self.env["l10n_pt_atcud.series"].sudo()
        told = series.with_context(active_test=False).search(
            [("journal_id", "=", self.journal_id.id), ("state", "!=", "draft")]
        )
        return [one._number_prefix().lower() for one in told]

    def _l10n_pt_atcud_check_outside(self):
        """Raise when a document without a series has a number of one."""
        if (self.sequence_prefix or "").lower() in self._l10n_pt_atcud_prefixes():
            raise UserError(
                self.env._(
                    "The number %s belongs to an AT series, and this document does "
                    "not. Clear the number.",
                    self.name,
                )
            )
