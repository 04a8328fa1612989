"""The journal in which payments by one of Billingo's methods are registered."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..guards import guarded

# Billingo's payment methods (its specification 3.0.15).
METHODS = [
    ("aruhitel", "Hire purchase"),
    ("bankcard", "Bank card"),
    ("barion", "Barion"),
    ("barter", "Barter"),
    ("cash", "Cash"),
    ("cash_on_delivery", "Cash on delivery"),
    ("cod_balance", "Cash on delivery balance"),
    ("combined", "Combined"),
    ("coupon", "Coupon"),
    ("credit", "Credit"),
    ("ebay", "eBay"),
    ("elore_utalas", "Advance transfer"),
    ("ep_kartya", "Health fund card"),
    ("kompenzacio", "Compensation"),
    ("levonas", "Deduction"),
    ("online_bankcard", "Online bank card"),
    ("other", "Other"),
    ("paylike", "Paylike"),
    ("payoneer", "Payoneer"),
    ("paypal", "PayPal"),
    ("paypal_utolag", "PayPal (paid later)"),
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
    ("wire_transfer", "Bank transfer"),
]


@guarded("company_id")
class BillingoPaymentJournal(models.Model):
    _name = "billingo.payment.journal"
    _description = "Journal of a Billingo payment method"
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
        help="Leave empty for all methods without a line of their own.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        required=True,
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash', 'credit'))]",
    )

    # === CONSTRAINTS === #

    _method_uniq = models.UniqueIndex(
        "(connection_id, COALESCE(method, ''))",
        "This payment method already has a journal.",
    )

    # === OVERRIDES === #

    @api.model
    def name_create(self, name):
        # EXTENDS 'base': its name is that of its journal
        raise UserError(self.env._("“%s” is not created by a name.", self._description))

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._release_payments()
        return rows

    def write(self, vals):
        result = super().write(vals)
        self._release_payments()
        return result

    # === HELPERS === #

    def _release_payments(self):
        """Let payments that had no journal be registered again."""
        stopped = [
            ("document_id.connection_id", "in", self.connection_id.ids),
            ("state", "=", "stopped"),
        ]
        self.env["billingo.payment"].sudo().search(stopped)._retry()
