"""Payments: their entry is never a document that Maventa carries."""

from odoo import api, models

from ..guards import guarded


@guarded()
class AccountPayment(models.Model):
    _inherit = "account.payment"

    # === CONSTRAINTS === #

    @api.constrains("move_id")
    def _check_maventa_move(self):
        self.move_id._maventa_check_no_payment()
