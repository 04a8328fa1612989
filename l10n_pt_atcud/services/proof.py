"""What remains as proof: in the chatter of each document, also without this addon."""

from markupsafe import Markup
from odoo import api, models
from odoo.tools import format_date

from ..guards import internal


@internal
class L10nPtAtcudProof(models.AbstractModel):
    """Writes to the chatter. Commits nothing."""

    _name = "l10n_pt_atcud.proof"
    _description = "AT: proof of a document's series"

    # === PUBLIC === #

    @api.model
    def keep(self, move):
        """Write series, ATCUD, code and registration of a document to its chatter."""
        move._message_log(body=self.text(move))

    @api.model
    def text(self, move):
        """Return the proof of one document as markup, a line for each fact."""
        series = move.l10n_pt_atcud_series_id.sudo()
        day = series.registered_on and format_date(self.env, series.registered_on)
        facts = (
            (self.env._("ATCUD: %s"), move.l10n_pt_atcud_value),
            (self.env._("AT series: %s"), series.display_name),
            (self.env._("Validation code: %s"), series.validation_code),
            (self.env._("Registered with AT on: %s"), day),
            (self.env._("Tax number: %s"), series.nif),
        )
        lines = [text % value for text, value in facts if value]
        return Markup("<br/>").join(lines)
