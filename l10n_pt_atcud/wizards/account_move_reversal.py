"""Credit notes: the reason of the dialog is that of the note."""

from odoo import models

from ..guards import guarded


@guarded()
class AccountMoveReversal(models.TransientModel):
    _name = "account.move.reversal"
    _inherit = ["account.move.reversal", "l10n_pt_atcud.correction.reason"]

    # === OVERRIDES === #

    def reverse_moves(self, is_modify=False):
        # EXTENDS 'account'
        self._l10n_pt_atcud_check_reason()
        return super().reverse_moves(is_modify=is_modify)

    # === HELPERS === #

    def _prepare_default_reversal(self, move):
        # EXTENDS 'account'
        values = super()._prepare_default_reversal(move)
        return self._l10n_pt_atcud_add_reason(move, values)
