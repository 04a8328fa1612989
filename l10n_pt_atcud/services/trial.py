"""Trials: documents of Demo and of AT's test service, which have no fiscal value.

A document issued in a trial says so wherever it is shown, for ever: its series never
leaves its environment. It can be reset to draft and deleted, and its number, which
begins with DEMO or TEST, is never one of a real series.
"""

from odoo import api, models

from ..models.l10n_pt_atcud_connection import TRIALS


class L10nPtAtcudTrial(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.trial"
    _description = "AT: documents without fiscal value"

    # === PUBLIC === #

    @api.model
    def label(self, environment):
        """Return the name of an environment, in the user's language."""
        connections = self.env["l10n_pt_atcud.connection"]
        field = connections._fields["environment"]
        return dict(field._description_selection(self.env)).get(environment, "")

    @api.model
    def remark(self, environment, lang=None):
        """Return the mark of what belongs to a trial, or ``""``.

        :param lang: of the document; by default the user's
        """
        env = self.with_context(lang=lang or self.env.lang).env
        if environment == "demo":
            return env._(
                "Demo: the validation code is invented, and this document has no "
                "fiscal value."
            )
        if environment == "test":
            return env._(
                "Test: the validation code comes from AT's test service, and this "
                "document has no fiscal value."
            )
        return ""

    @api.model
    def notice(self, environment):
        """Return what a journal or a list of series says of its trial, or ``""``."""
        if environment == "demo":
            return self.env._(
                "Demo: a simulator inside Odoo invents the validation codes. Documents "
                "have no fiscal value."
            )
        if environment == "test":
            return self.env._(
                "Test: the validation codes come from AT's test service. Documents "
                "have no fiscal value."
            )
        return ""

    @api.model
    def environment_of(self, move):
        """Return the environment whose mark a document carries, or ``False``.

        What was issued keeps its own; a draft has that of the connection in use.
        """
        if move.l10n_pt_atcud_value:
            environment = move.l10n_pt_atcud_series_id.sudo().environment
        elif move.state == "draft" and move._l10n_pt_atcud_is_required():
            connection = move.company_id._l10n_pt_atcud_connection().sudo()
            environment = connection.environment
        else:
            return False
        return environment in TRIALS and environment

    @api.model
    def forget(self, moves):
        """Make drafts anew of trial documents that were reset: no number, no ATCUD."""
        trials = moves.filtered(
            lambda move: (
                move.state == "draft"
                and move.l10n_pt_atcud_value
                and self.environment_of(move)
            )
        )
        if not trials:
            return
        names = ("l10n_pt_atcud_value", "l10n_pt_atcud_series_id", "posted_before")
        with self.env.protecting([trials._fields[name] for name in names], trials):
            for name in names:
                trials[name] = False
        trials.name = False
        self.env.add_to_compute(trials._fields["l10n_pt_atcud_series_id"], trials)
