"""What becomes of a taxpayer's series when another environment is used."""

from odoo import api, models

from ..guards import internal
from ..models.l10n_pt_atcud_signing import TRAINING_NUMBER


@internal
class L10nPtAtcudEnvironmentSwitch(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.environment_switch"
    _description = "AT: series after a switch of the environment"

    # === PUBLIC === #

    @api.model
    def follow(self, taxpayer, connection):
        """Let the series of a taxpayer follow the connection that is used from now on.

        A code of one environment is worth nothing in another: drafts go along, trials
        of other environments are hidden, and drafts of documents choose again.
        """
        series = self.env["l10n_pt_atcud.series"].sudo()
        series = series.with_context(active_test=False).search(
            [("company_id", "child_of", taxpayer.ids)]
        )
        # Branches with a tax number of their own have their own connections.
        series = series.filtered(lambda one: one._current_connection() == connection)
        self._free_drafts(series, connection).connection_id = connection
        self._hide_trials(series, connection)
        series._offer_to_drafts()
        if connection.environment == "production":
            self._leave_training(taxpayer.sudo())

    # === HELPERS === #

    def _leave_training(self, taxpayer):
        """Let Demo's number and key sign nothing that is real.

        Signing is switched off: it goes on with the number and key of the producer.
        """
        if taxpayer.l10n_pt_atcud_software_number != TRAINING_NUMBER:
            return
        signing = taxpayer._l10n_pt_atcud_signing()
        if signing:
            signing.state = "off"
            signing._message_log(
                body=self.env._(
                    "Signing was switched off: number and key were those of Demo. "
                    "Enter those of the producer, and switch it on again."
                )
            )
        taxpayer.l10n_pt_atcud_software_number = False

    def _free_drafts(self, series, connection):
        """Return the drafts whose identifier no series of ``connection`` has."""
        there = series.filtered(lambda one: one.environment == connection.environment)
        taken = {self._identity(one) for one in there}
        free = series.browse()
        for draft in (series - there).filtered(lambda one: one.state == "draft"):
            if self._identity(draft) not in taken:
                taken.add(self._identity(draft))
                free += draft
        return free

    def _identity(self, series):
        """Return what AT takes for one and the same series of a register."""
        return series.nif, series.document_type, (series.identifier or "").lower()

    def _hide_trials(self, series, connection):
        """Archive the trials that ``connection`` does not belong to; show its own.

        What a user has archived stays archived.
        """
        registered = series.filtered(lambda one: one.state != "draft")
        hidden = registered.filtered(
            lambda one: (
                one.active and one._is_trial() and one.connection_id != connection
            )
        )
        hidden.write({"active": False, "is_hidden_trial": True})
        shown = registered.filtered(
            lambda one: one.is_hidden_trial and one.connection_id == connection
        )
        shown.write({"active": True, "is_hidden_trial": False})
