"""The reason of a credit note comes from the dialog that makes it."""

from odoo import models

from ..guards import guarded


@guarded()
class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    # === HELPERS === #

    def _prepare_default_reversal(self, move):
        # EXTENDS 'account'
        values = super()._prepare_default_reversal(move)
        if move._l10n_pt_atcud_is_document():
            values["l10n_pt_atcud_reason"] = self.reason
        return values
