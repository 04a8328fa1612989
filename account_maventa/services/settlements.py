"""What of an invoice is paid, and what the books have settled in another way.

A document says what was paid in advance (EN 16931, BT-113): money that came in, by a
payment, the bank, or a till. A discount that the invoice grants for early payment is
settled with it. A credit note that is set off in the books is a document of its own for
the customer.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from odoo import api, models
from odoo.tools import formatLang

from ..guards import internal
from .check_finding import Finding

CENT = Decimal("0.01")
SETTLED = ("asset_receivable", "liability_payable")
MONEY = ("asset_cash", "liability_credit_card")
PAID, ASKED = "paid", "asked"  # answers on the invoice


@dataclass(frozen=True)
class Settlement:
    """One entry that an invoice is reconciled with, and how much of it is money."""

    partial_id: int
    entry: models.BaseModel
    amount: Decimal
    money: Decimal

    @property
    def is_credit_note(self):
        return self.entry.move_type == "out_refund"

    @property
    def rest(self):
        """What no money stands behind: written off, set off, taken off as discount."""
        return self.amount - self.money


@internal
class MaventaSettlements(models.AbstractModel):
    """Amounts in the currency of the invoice. Of a credit note nothing is settled."""

    _name = "maventa.settlements"
    _description = "Payments of Invoices for Maventa"

    # === PUBLIC === #

    @api.model
    def _paid(self, move):
        """Return what was paid, and what a person has called so."""
        return sum((amount for _row, amount in self._counted(move)), Decimal(0))

    @api.model
    def _payable(self, move):
        """Return what the document asks for: its total without what was paid."""
        return _money(move.amount_total) - self._paid(move)

    @api.model
    def _payments(self, move):
        """Return what counts as paid as Odoo prints it: its own rows, other amounts."""
        amounts = {row.partial_id: amount for row, amount in self._counted(move)}
        widget = move.sudo().invoice_payments_widget or {"content": []}
        return [
            {**row, "amount": float(amounts[row["partial_id"]])}
            for row in widget["content"]
            if amounts.get(row["partial_id"]) and not row["is_exchange"]
        ]

    @api.model
    def _discount_text(self, move):
        """Return how much of what is paid was taken off for early payment, as text."""
        rests = [row.rest for row in self._discounted(move)]
        if not rests:
            return ""
        amount = formatLang(self.env, float(sum(rests)), currency_obj=move.currency_id)
        return self.env._(
            "A cash discount of %s was taken off the payment.",
            " ".join(amount.split()),
        )

    @api.model
    def _is_open(self, move):
        """Return whether only a person knows what the document may ask for."""
        return bool(self._unclear(move)) or self._is_credited(move)

    @api.model
    def _findings(self, move):
        """Return that the books owe something else than the document asks for."""
        if self._is_credited(move) and move.maventa_settled_as != ASKED:
            return [Finding(self._credited_text(move), move)]
        unclear = self._unclear(move)
        if unclear and not move.maventa_settled_as:
            return [Finding(self._unclear_text(move, unclear), move)]
        return []

    # === HELPERS === #

    def _counted(self, move):
        """Return pairs of :class:`Settlement` and what of it counts as paid."""
        is_paid = move.maventa_settled_as == PAID
        discounted = self._discounted(move)
        return [
            (
                row,
                row.amount
                if row in discounted or is_paid and not row.is_credit_note
                else row.money,
            )
            for row in self._settlements(move)
        ]

    def _unclear(self, move):
        """Return what is neither a payment nor a credit note: a write-off, ..."""
        discounted = self._discounted(move)
        return [row for row in self._without_money(move) if row not in discounted]

    def _without_money(self, move):
        return [
            row
            for row in self._settlements(move)
            if row.rest and not row.is_credit_note
        ]

    def _discounted(self, move):
        """Return payments in time that took off no more than the invoice grants."""
        cash = self.env["maventa.document.values"]._cash_discount(move)
        if not cash:
            return []
        rows = [
            row
            for row in self._without_money(move)
            if row.money and row.entry.date <= cash.day
        ]
        return rows if sum(row.rest for row in rows) <= cash.amount else []

    def _is_credited(self, move):
        """Return whether its own credit notes make up all of it.

        Others, of another sale, are set off in the books alone: this one is owed.
        """
        original_of = self.env["maventa.document.values"]._original
        credited = sum(
            row.amount
            for row in self._settlements(move)
            if row.is_credit_note and original_of(row.entry) == move
        )
        return bool(credited) and credited >= _money(move.amount_total)

    def _settlements(self, move):
        if move.move_type != "out_invoice" or move.state != "posted":
            return []
        found = []
        for row in move.sudo()._get_all_reconciled_invoice_partials():
            if row["is_exchange"]:
                continue
            amount = _money(row["amount"])
            money = (amount * self._share(row["aml"].move_id)).quantize(
                CENT, ROUND_HALF_UP
            )
            entry = row["aml"].move_id
            found.append(Settlement(row["partial_id"], entry, amount, money))
        return found

    def _share(self, entry):
        """Return how much of what an entry settles is money: from 0 to 1."""
        liquidity = self._liquidity(entry)
        settled = entry.line_ids.filtered(
            lambda line: line.account_type in SETTLED and line not in liquidity
        )
        owed = -_money(sum(settled.mapped("balance")))
        money = _money(sum(liquidity.mapped("balance")))
        if not owed:
            return Decimal(0)
        return min(max(money / owed, Decimal(0)), Decimal(1))

    def _liquidity(self, entry):
        """Return the lines of an entry that stand for money, or for what will be."""
        if payment := entry.origin_payment_id:
            return payment._seek_for_lines()[0]
        if line := entry.statement_line_id:
            liquidity, suspense, _others = line._seek_for_lines()
            return liquidity | suspense
        # What a till has taken in is due from the till, which is nobody's debt.
        till = entry.company_id.account_default_pos_receivable_account_id
        return entry.line_ids.filtered(
            lambda line: (
                line.account_type in MONEY
                or (line.account_id == till and not line.partner_id)
            )
        )

    # === TEXTS === #

    def _credited_text(self, move):
        return self.env._(
            "%(invoice)s is credited, so that nothing is to be paid. If the customer "
            "has neither of the documents, none of them has to be sent. To send it "
            'together with its credit note, choose "The document asks for it" in the '
            "tab Other Info.",
            invoice=move.display_name,
        )

    def _unclear_text(self, move, rows):
        amount = float(sum((row.rest for row in rows), Decimal(0)))
        return self.env._(
            "The books have settled %(amount)s of %(invoice)s by %(entries)s, which is "
            "no payment: a write-off, a discount, or a set-off. Say in the tab Other "
            "Info whether the customer has paid it, or the document asks for it; or "
            "undo the reconciliation.",
            amount=formatLang(self.env, amount, currency_obj=move.currency_id),
            invoice=move.display_name,
            entries=", ".join(dict.fromkeys(row.entry.display_name for row in rows)),
        )


def _money(value):
    """Return an amount of Odoo as it is shown, without the float's error."""
    return Decimal(f"{value:.2f}")
