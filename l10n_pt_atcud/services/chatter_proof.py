"""What remains as proof: in the chatter of each document, also without this addon."""

from markupsafe import Markup
from odoo import api, models
from odoo.tools import format_date

from ..guards import internal


@internal
class L10nPtAtcudChatterProof(models.AbstractModel):
    """Writes to the chatter. Commits nothing."""

    _name = "l10n_pt_atcud.chatter_proof"
    _description = "AT: proof of a document's series"

    # === PUBLIC === #

    @api.model
    def keep(self, moves):
        """Write series, ATCUD, code and registration of documents to their chatter.

        :param moves: documents that have just got their ATCUD
        """
        bodies = {}
        for series, documents in moves.grouped("l10n_pt_atcud_series_id").items():
            facts = self._facts(series.sudo())
            for move in documents:
                atcud = self.env._("ATCUD: %s", move.l10n_pt_atcud_value)
                bodies[move.id] = Markup("<br/>").join((atcud, *facts))
        moves._message_log_batch(bodies)

    # === HELPERS === #

    def _facts(self, series):
        """Return what all documents of a series have in common, a line for each."""
        day = series.registered_on and format_date(self.env, series.registered_on)
        facts = (
            (self.env._("AT series: %s"), series.display_name),
            (self.env._("Validation code: %s"), series.validation_code),
            (self.env._("Registered with AT on: %s"), day),
            (self.env._("Tax number: %s"), series.nif),
        )
        return [text % value for text, value in facts if value]
