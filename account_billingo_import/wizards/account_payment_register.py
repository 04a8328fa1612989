"""Odoo's payment dialog, with Billingo's exchange rate of the payment."""

from odoo import models
from odoo.exceptions import UserError

from ..guards import guarded


@guarded()
class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    def _create_payments(self):
        # EXTENDS 'account': what is settled already is not paid again.
        for move in self.line_ids.move_id:
            if move.is_billingo_nothing_to_pay and move.payment_state == "blocked":
                raise UserError(
                    self.env._(
                        "%s is settled without a payment, according to Billingo. "
                        "Unblock it first if you want to pay it.",
                        move.display_name,
                    )
                )
        return super()._create_payments()

    def _create_payment_vals_from_wizard(self, batch_result):
        # EXTENDS 'account': the rate that Billingo recorded with the payment.
        values = super()._create_payment_vals_from_wizard(batch_result)
        balance = self.env.context.get("billingo_payment_balance")
        if balance:
            values["force_balance"] = self.company_currency_id.round(balance)
        return values
