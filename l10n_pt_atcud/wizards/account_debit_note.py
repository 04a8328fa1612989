"""Debit notes: the reason of the dialog is that of the note."""

from odoo import models

from ..guards import guarded


@guarded()
class AccountDebitNote(models.TransientModel):
    _name = "account.debit.note"
    _inherit = ["account.debit.note", "l10n_pt_atcud.correction.reason"]

    # === OVERRIDES === #

    def create_debit(self):
        # EXTENDS 'account_debit_note'
        self._l10n_pt_atcud_check_reason()
        return super().create_debit()

    # === HELPERS === #

    def _prepare_default_values(self, move):
        # EXTENDS 'account_debit_note'
        values = super()._prepare_default_values(move)
        return self._l10n_pt_atcud_add_reason(move, values)
