"""The last number of a series: known where Odoo numbers, stated where it does not."""

from odoo import models
from odoo.tools import SQL

from ..at_series import RejectedError, lisbon_date


class L10nPtAtcudSeries(models.Model):
    _inherit = "l10n_pt_atcud.series"

    # Private functions

    def _is_numbered_elsewhere(self):
        """Tell whether no journal of Odoo issues the documents of this series."""
        return not self.journal_id

    def _find_last_number(self):
        """Return the highest number that was issued, cancelled or not, or 0."""
        moves = self.env["account.move"]
        moves.flush_model(
            ["l10n_pt_atcud_series_id", "l10n_pt_atcud_value", "sequence_number"]
        )
        ((number,),) = self.env.execute_query(
            SQL(
                """
                SELECT max(sequence_number) FROM account_move
                 WHERE l10n_pt_atcud_series_id = %s
                   AND l10n_pt_atcud_value IS NOT NULL
                """,
                self.id,
            )
        )
        return max(number or 0, self.numbered_until)

    def _closing_obstacle(self):
        """Return what keeps the series from being closed, as an error, or ``None``.

        Asked after posting was shut, and anew whenever AT is about to be asked.
        """
        last = self._find_last_number()
        if self.closing == "annul":
            if last:
                return RejectedError(code="issued")
            if lisbon_date() > self._annul_until():
                return RejectedError(code="window")
            return None
        if self._is_numbered_elsewhere():
            if self.last_number < max(self.first_number, last):
                return RejectedError(
                    str(max(self.first_number, last)), code="no_last_number"
                )
            return None
        if not last:
            return RejectedError(code="unused")
        if last != self.last_number:
            return RejectedError(str(last), code="moved_on")
        return None
