"""Series of documents that are not issued in Odoo's journals, but kept here too."""

from odoo import api, models
from odoo.exceptions import ValidationError

# The types that a sales journal issues; others are kept without a journal.
ISSUED_HERE = frozenset("FT FS FR NC ND".split())


class L10nPtAtcudSeries(models.Model):
    _inherit = "l10n_pt_atcud.series"

    # Constraints

    @api.constrains("journal_id", "document_type")
    def _check_is_issued_here(self):
        for series in self:
            if series.journal_id and series.document_type not in ISSUED_HERE:
                raise ValidationError(
                    self.env._(
                        "No journal of Odoo issues documents of type %(type)s, so it "
                        "would number none of them. Leave the journal of the series "
                        "%(series)s empty: it can be registered and kept here for the "
                        "program that issues them.",
                        type=dict(
                            self._fields["document_type"]._description_selection(
                                self.env
                            )
                        )[series.document_type],
                        series=series.display_name,
                    )
                )
