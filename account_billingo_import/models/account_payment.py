"""A payment has an entry of its own: no document of Billingo becomes one."""

from odoo import api, models
from odoo.exceptions import UserError

from ..guards import guarded


@guarded()
class AccountPayment(models.Model):
    _inherit = "account.payment"

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account'
        payments = super().create(vals_list)
        payments._billingo_check_entry()
        return payments

    def write(self, vals):
        # EXTENDS 'account'
        result = super().write(vals)
        if "move_id" in vals:
            self._billingo_check_entry()
        return result

    # === HELPERS === #

    def _billingo_check_entry(self):
        """Raise a user error if a document of Billingo is the entry of a payment."""
        for move in self.sudo().move_id.filtered("billingo_document_id"):
            raise UserError(
                self.env._(
                    "%s came from Billingo, and cannot be the entry of a payment. "
                    "Register the payment with the button Pay.",
                    move.display_name,
                )
            )
