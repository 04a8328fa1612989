"""What is left to pay of received bills whose invoices say that they are paid.

Who pays is not who checked the bill: what the invoice says counts until payments cover
the bill, or until a person decides that it is paid in full all the same.
"""

from odoo import api, models

from ..guards import internal
from ..models.receipt_state import CHECKED

PAID = ("paid", "partly_paid", "collected")


@internal
class MaventaBillPayments(models.AbstractModel):
    _name = "maventa.bill.payments"
    _description = "Payments of Received Bills"

    # === PUBLIC === #

    @api.model
    def _told(self, move):
        """Return ``(receipt, point)`` wherever an open bill is said to be paid."""
        if move.move_type != "in_invoice" or move.currency_id.is_zero(self._open(move)):
            return []
        return [
            (receipt, row)
            for receipt in move.sudo().maventa_receipt_ids
            if receipt.state in CHECKED and not receipt.is_payable_in_full
            for row in receipt._points()
            if row["code"] in PAID
        ]

    @api.model
    def _withheld(self, move):
        """Return what is not to be paid of the open amount, in the bill's currency."""
        amounts = [
            float(row["values"].get("amount") or 0)
            if row["code"] == "partly_paid"
            else move.amount_total
            for _receipt, row in self._told(move)
        ]
        if not amounts:
            return 0
        return min(max(max(amounts) - self._covered(move), 0), self._open(move))

    @api.model
    def _without_account(self, moves):
        """Return the received bills that name no account to pay to."""
        return moves.filtered(
            lambda move: (
                move.move_type == "in_invoice"
                and move.sudo().maventa_receipt_ids
                and not move.partner_bank_id
            )
        )

    # === HELPERS === #

    def _open(self, move):
        return abs(move.amount_residual)

    def _covered(self, move):
        """Return what was paid until the invoice was written, and is booked."""
        payable = move.line_ids.filtered(
            lambda x: x.account_type == "liability_payable"
        )
        day = move.invoice_date or move.date
        earlier = payable.matched_debit_ids.filtered(
            lambda row: row.debit_move_id.date <= day
        )
        return sum(earlier.mapped("credit_amount_currency"))
