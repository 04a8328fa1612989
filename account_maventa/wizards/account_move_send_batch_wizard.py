"""Odoo's *Send* dialog of several invoices."""

from odoo import models

from ..guards import guarded
from ..models.account_move_send import without_doubles


@guarded()
class AccountMoveSendBatchWizard(models.TransientModel):
    _inherit = "account.move.send.batch.wizard"

    # === OVERRIDES === #

    def _get_default_sending_methods(self, move):
        # EXTENDS 'account': after all modules, in any order of loading
        return without_doubles(move, super()._get_default_sending_methods(move))
