"""Odoo's payment dialog, with Billingo's exchange rate of the payment."""

from odoo import models


class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    def _create_payment_vals_from_wizard(self, batch_result):
        # EXTENDS 'account': the rate that Billingo recorded with the payment.
        values = super()._create_payment_vals_from_wizard(batch_result)
        balance = self.env.context.get("billingo_payment_balance")
        if balance:
            values["force_balance"] = self.company_currency_id.round(balance)
        return values
