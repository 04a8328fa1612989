"""Odoo's dialog of debit notes: what Billingo issued is corrected there as well."""

from odoo import models

from ..guards import guarded


@guarded()
class AccountDebitNote(models.TransientModel):
    _inherit = "account.debit.note"

    def create_debit(self):
        # EXTENDS 'account_debit_note': NAV has these invoices, and their corrections,
        # from Billingo.
        self.move_ids._billingo_check_amended()
        return super().create_debit()
