"""Odoo's dialog of credit notes, which a client can also call without its button."""

from odoo import models

from ..guards import guarded


@guarded()
class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def reverse_moves(self, is_modify=False):
        # EXTENDS 'account': NAV has these invoices, and their stornos, from Billingo.
        self.move_ids._billingo_check_amended()
        return super().reverse_moves(is_modify)
