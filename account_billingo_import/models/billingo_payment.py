from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

JOB = "account_billingo_import.ir_cron_billingo_payments"


class BillingoPayment(models.Model):
    """One payment as Billingo has it, and what became of it here."""

    _name = "billingo.payment"
    _description = "Payment at Billingo"
    _check_company_auto = True
    _order = "date, id"

    document_id = fields.Many2one(
        "billingo.document",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="document_id.company_id", store=True)
    currency_id = fields.Many2one(related="document_id.currency_id")
    date = fields.Date(required=True, readonly=True)
    amount = fields.Monetary(readonly=True)
    method = fields.Char("Billingo's word for the method", readonly=True)
    voucher_number = fields.Char("Voucher", readonly=True)
    conversion_rate = fields.Float("Rate", digits=(16, 6), readonly=True)
    # STATE DIAGRAM
    # * waiting --(its entry is posted and open)--> registered
    # * waiting --(its entry is paid already)--> settled
    # * waiting --(cannot be)--> stopped --[try again]--> waiting
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("registered", "Registered"),
            ("settled", "Paid in Odoo already"),
            ("stopped", "Not registered"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    error = fields.Text("Why not", readonly=True)
    is_gone = fields.Boolean("Not at Billingo any more", readonly=True)
    payment_id = fields.Many2one("account.payment", readonly=True, check_company=True)

    def _key(self):
        return (self.date, self.currency_id.round(self.amount), self.method or "")

    @api.model
    def _take_over(self, document, payments):
        """Keep what Billingo says now; return whether something is gone.

        Payments have no id at Billingo: two of a day, an amount and a method are two.
        """
        now = Counter()
        for payment in payments:
            amount = document.currency_id.round(float(payment.price))
            now[payment.date, amount, payment.payment_method] += 1
        gone = self.browse()
        for row in document.payment_ids:
            if now[row._key()] > 0:
                now[row._key()] -= 1
                row.is_gone = False
            else:
                gone |= row
        known_gone = gone.filtered("is_gone")
        gone.filtered(lambda row: row.state != "registered").unlink()
        gone = gone.exists()
        gone.is_gone = True
        for payment in payments:
            amount = document.currency_id.round(float(payment.price))
            key = (payment.date, amount, payment.payment_method)
            if now[key] > 0:
                now[key] -= 1
                self._note(document, payment, amount)
        return bool(gone - known_gone)

    @api.model
    def _note(self, document, payment, amount):
        return self.create(
            {
                "document_id": document.id,
                "date": payment.date,
                "amount": amount,
                "method": payment.payment_method,
                "voucher_number": payment.voucher_number,
                "conversion_rate": float(payment.conversion_rate or 0),
            }
        )

    def _try_again(self):
        stopped = self.filtered(lambda row: row.state == "stopped")
        if stopped:
            stopped.write({"state": "waiting", "error": False})
            self.env.ref(JOB).sudo()._trigger()

    def _register_all(self):
        for row in self:
            row._register_one()

    def _register_one(self):
        """Register one payment as a user would, or write down why not."""
        self.ensure_one()
        row = self.with_company(self.company_id)
        move = row.document_id.move_id
        if move.state != "posted" or row.state != "waiting":
            return
        if move.payment_state in ("paid", "in_payment"):
            row.state = "settled"
            return
        try:
            with self.env.cr.savepoint():
                row.write({"payment_id": row._pay(move).id, "state": "registered"})
        except (UserError, ValidationError) as error:
            row.write({"state": "stopped", "error": str(error.args[0])})

    def _pay(self, move):
        """Pay with Odoo's own wizard, exactly this amount on exactly this day."""
        journal = self.document_id.connection_id._payment_journal(self.method)
        self._check_payable(move, journal)
        sign = 1 if self.document_id.gross_total >= 0 else -1
        wizard = (
            self.env["account.payment.register"]
            .with_context(
                active_model="account.move",
                active_ids=move.ids,
                billingo_payment_balance=self.amount * sign * self.conversion_rate
                if self.currency_id != self.company_id.currency_id
                else 0,
            )
            .create(
                {
                    "journal_id": journal.id,
                    "payment_date": self._day(journal),
                    "currency_id": self.currency_id.id,
                    "amount": self.amount * sign,
                    "communication": self.voucher_number or move.payment_reference,
                    "payment_difference_handling": "open",
                    "installments_mode": "full",
                }
            )
        )
        return wizard._create_payments()

    def _check_payable(self, move, journal):
        open_amount = move.amount_residual
        sign = 1 if self.document_id.gross_total >= 0 else -1
        if self.document_id.payment_ids.filtered("is_gone"):
            problem = self.env._(
                "Billingo took back a payment that is registered here. Compare "
                "them first."
            )
        elif not journal:
            problem = self.env._(
                "No journal is chosen for payments by %s. Choose one on the "
                "connection.",
                self.method_text or "?",
            )
        elif self.amount * sign < 0:
            problem = self.env._("Billingo has it as paid back. Register it by hand.")
        elif self.currency_id.compare_amounts(self.amount * sign, open_amount) > 0:
            problem = self.env._(
                "Only %s of the entry is open: a part is settled otherwise. Register "
                "it by hand.",
                self.currency_id.format(open_amount),
            )
        else:
            return
        raise UserError(problem)

    def _day(self, journal):
        """Return Billingo's day, or what the connection says for closed periods."""
        document = self.document_id
        locks = document._locks(self.date, journal, has_tax=False)
        if not locks:
            return self.date
        if document.connection_id.closed_policy == "first_open":
            return document._first_open_day(self.date, journal, has_tax=False)
        raise UserError(
            self.env._(
                "%(date)s is in a closed period: %(locks)s. Open it, or register the "
                "payment by hand.",
                date=self.date,
                locks=self.env["res.company"]._format_lock_dates(locks),
            )
        )
