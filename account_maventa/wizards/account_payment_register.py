"""*Pay* for received bills: only what is left, and to no account by itself."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    # === COMPUTES === #

    @api.depends("line_ids", "partner_bank_id", "payment_date")
    def _compute_actionable_errors(self):
        # EXTENDS 'account'
        super()._compute_actionable_errors()
        for wizard in self:
            found = dict(wizard.actionable_errors or {})
            if wizard._maventa_held():
                found["maventa_paid"] = {
                    "level": "danger",
                    "message": wizard._maventa_why(),
                }
            unknown = wizard._maventa_without_account(wizard.line_ids)
            if unknown and not wizard.partner_bank_id:
                found["maventa_account"] = {
                    "level": "warning",
                    "message": wizard.env._(
                        "%s: no account to pay to is confirmed. Compare the invoice "
                        "before you choose one.",
                        ", ".join(unknown.mapped("display_name")),
                    ),
                }
            wizard.actionable_errors = found

    def _compute_amount(self):
        # EXTENDS 'account'
        super()._compute_amount()
        for wizard in self:
            if wizard.currency_id and not wizard.custom_user_amount:
                if wizard._maventa_held():
                    wizard.amount = min(wizard.amount, wizard._maventa_rest())

    def _compute_partner_bank_id(self):
        # EXTENDS 'account': Odoo takes the first account of the supplier
        super()._compute_partner_bank_id()
        for wizard in self:
            if wizard._maventa_without_account(wizard.line_ids):
                wizard.partner_bank_id = False

    # === OVERRIDES === #

    def _get_batch_account(self, batch_result):
        # EXTENDS 'account'
        if self._maventa_without_account(batch_result["lines"]):
            return self.partner_bank_id
        return super()._get_batch_account(batch_result)

    def _create_payment_vals_from_batch(self, batch_result):
        # EXTENDS 'account'
        values = super()._create_payment_vals_from_batch(batch_result)
        if self._maventa_without_account(batch_result["lines"]):
            values["partner_bank_id"] = False
        return values

    def _create_payments(self):
        # EXTENDS 'account'
        if self._maventa_held():
            lines = self.batches[0]["lines"]
            is_one = self.can_edit_wizard and (len(lines) == 1 or self.group_payment)
            rest = self._maventa_rest()
            is_more = self.currency_id.compare_amounts(self.amount, rest) > 0
            if not is_one or is_more or self.currency_id.is_zero(rest):
                raise UserError(self._maventa_why())
        return super()._create_payments()

    # === HELPERS === #

    def _maventa_held(self):
        """Return the bills that are not to be paid in full.

        Who records a payment of the past records what the invoice says.
        """
        payments, day = self.env["maventa.bill.payments"], self.payment_date
        is_past = day and day < fields.Date.context_today(self)
        return self.line_ids.move_id._origin.filtered(
            lambda move: (
                payments._withheld(move)
                and not (is_past and move.invoice_date and day <= move.invoice_date)
            )
        )

    def _maventa_rest(self):
        """Return what may be paid, in the dialog's currency; nothing of several bills.

        Which of several bills a payment is for, nobody could tell.
        """
        held = self._maventa_held()
        if self.line_ids.move_id._origin != held or len(held) != 1:
            return 0
        total = self._get_total_amounts_to_pay(self.batches)["full_amount"]
        withheld = held.currency_id._convert(
            self.env["maventa.bill.payments"]._withheld(held),
            self.currency_id,
            self.company_id,
            self.payment_date,
        )
        return self.currency_id.round(max(total - withheld, 0))

    def _maventa_why(self):
        """Return which bills are paid already, and what to do about it."""
        lines = [self._maventa_why_of(move) for move in self._maventa_held()]
        lines.append(
            self.env._(
                "Only the rest is to be paid, one bill at a time. If this is wrong, "
                "decide so in the banner of the bill."
            )
        )
        return "\n".join(lines)

    def _maventa_why_of(self, move):
        payments = self.env["maventa.bill.payments"]
        if any(receipt._is_withdrawal() for receipt, _row in payments._told(move)):
            return self.env._(
                "%s: the sender has withdrawn the invoice.", move.display_name
            )
        return self.env._(
            "%(bill)s: as the invoice says, %(amount)s of it is paid already.",
            bill=move.display_name,
            amount=move.currency_id.format(payments._withheld(move)),
        )

    def _maventa_without_account(self, lines):
        """Return the received bills of lines that no confirmed account belongs to."""
        payments = self.env["maventa.bill.payments"]
        return payments._without_account(lines.move_id._origin)
