from odoo import api, fields, models

# Billingo's payment methods (its specification 3.0.15).
METHODS = [
    ("aruhitel", "Hire purchase"),
    ("bankcard", "Bank card"),
    ("barion", "Barion"),
    ("barter", "Barter"),
    ("cash", "Cash"),
    ("cash_on_delivery", "Cash on delivery"),
    ("cod_balance", "Balance of cash on delivery"),
    ("combined", "Combined"),
    ("coupon", "Coupon"),
    ("credit", "Credit"),
    ("ebay", "eBay"),
    ("elore_utalas", "Transfer in advance"),
    ("ep_kartya", "Health fund card"),
    ("kompenzacio", "Compensation"),
    ("levonas", "Deduction"),
    ("online_bankcard", "Bank card online"),
    ("other", "Other"),
    ("paylike", "Paylike"),
    ("payoneer", "Payoneer"),
    ("paypal", "PayPal"),
    ("paypal_utolag", "PayPal afterwards"),
    ("payu", "PayU"),
    ("pick_pack_pont", "Pick Pack Pont"),
    ("postai_csekk", "Postal cheque"),
    ("postautalvany", "Postal money order"),
    ("revolut", "Revolut"),
    ("skrill", "Skrill"),
    ("stripe", "Stripe"),
    ("szep_card", "SZÉP card"),
    ("transferwise", "Wise"),
    ("upwork", "Upwork"),
    ("utalvany", "Voucher"),
    ("valto", "Bill of exchange"),
    ("wire_transfer", "Transfer"),
]


class BillingoPaymentJournal(models.Model):
    """Where payments by one of Billingo's methods go."""

    _name = "billingo.payment.journal"
    _description = "Journal for a payment method of Billingo"
    _check_company_auto = True
    _rec_name = "journal_id"
    _order = "connection_id, method nulls last, id"

    connection_id = fields.Many2one(
        "billingo.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    method = fields.Selection(
        METHODS,
        "Payment method",
        help="Empty: every method that has no line of its own.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        required=True,
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash', 'credit'))]",
    )

    _method_uniq = models.UniqueIndex(
        "(connection_id, COALESCE(method, ''))",
        "This payment method has a journal already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.connection_id._release_payments()
        return rows

    def write(self, vals):
        result = super().write(vals)
        self.connection_id._release_payments()
        return result
