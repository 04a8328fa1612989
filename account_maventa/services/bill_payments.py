"""What is left to pay of received bills whose invoices say that they are paid.

Who pays is not who checked the bill: what the invoice says counts until payments cover
the bill, or until a person decides that it is paid in full all the same.
"""

from odoo import api, models

from ..guards import internal
from ..models.receipt_state import CHECKED

UNPAID = ("not_paid", "partial")
PAID = ("paid", "partly_paid", "collected")


@internal
class MaventaBillPayments(models.AbstractModel):
    _name = "maventa.bill.payments"
    _description = "Payments of Received Bills"

    # === PUBLIC === #

    @api.model
    def _told(self, move):
        """Return ``(receipt, point)`` where an open bill is paid, or is withdrawn."""
        if move.move_type != "in_invoice" or move.currency_id.is_zero(self._open(move)):
            return []
        receipts = move.sudo().maventa_receipt_ids
        withdrawals = receipts.filtered(lambda row: row._is_withdrawal())
        return [
            *((receipt, row) for receipt in withdrawals for row in receipt._stops()),
            *(
                (receipt, row)
                for receipt in receipts
                if receipt.state in CHECKED and not receipt.is_payable_in_full
                for row in receipt._points()
                if row["code"] in PAID
            ),
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
        taken = self.env["maventa.bill.advances"]._taken(move)
        covered = self._covered(move) - sum(taken.mapped("price_total"))
        return min(max(max(amounts) - covered, 0), self._open(move))

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

    @api.model
    def _is_open(self, move):
        """Return whether a posted bill is still to be paid, at least in part."""
        return (
            move.state == "posted"
            and move.move_type == "in_invoice"
            and move.payment_state in UNPAID
        )

    @api.model
    def _open_points(self, receipt):
        """Return what is to be decided about a posted bill.

        That is the account until it is paid; a withdrawal until it is credited.
        """
        if receipt._is_withdrawal():
            is_credited = receipt.move_id.payment_state == "reversed"
            return [] if is_credited else receipt._stops()
        if receipt.state not in CHECKED or not self._is_open(receipt.move_id):
            return []
        messages = self.env["maventa.receipt.messages"]
        return messages._about_accounts(receipt._stops())

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
