"""The receipt of a customer payment: RG, or RC in the VAT cash scheme.

Life cycle: where the journal issues receipts, a customer payment gets one when it is
confirmed, with the invoices that it settles. An RG is dated the day on which it is
issued, and the day of the payment stands on it; an RC is dated the day of the payment,
and names the VAT that becomes due with it. The payment of an invoice-receipt (FR) gets
none: the invoice is its receipt.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import formatLang

from ..guards import guarded
from .l10n_pt_atcud_document_mixin import MIXIN, TECHNICAL

_CONFIRMED = ("in_process", "paid")
# Set while the payments of the register dialog wait for their invoices. An object: no
# request from outside can carry it.
LATER = object()


@guarded(*TECHNICAL)
class AccountPayment(models.Model):
    _name = "account.payment"
    _inherit = ["account.payment", MIXIN]

    l10n_pt_atcud_is_locked = fields.Boolean(
        string="Issued for good",
        compute="_compute_l10n_pt_atcud_is_locked",
        help="The receipt, or the invoice-receipt that the payment is a part of, is "
        "issued: it can be cancelled, with a reason.",
    )

    # === CONSTRAINTS === #

    @api.constrains("move_id", "partner_type", "payment_type")
    def _check_l10n_pt_atcud_move(self):
        for payment in self.sudo().filtered("move_id"):
            entry = payment.move_id
            is_receipt = (
                payment.company_id.account_fiscal_country_id.code == "PT"
                and payment.payment_type == "inbound"
                and payment.partner_type == "customer"
            )
            is_foreign = is_receipt and entry.origin_payment_id != payment
            if is_foreign or entry._l10n_pt_atcud_is_document():
                raise ValidationError(
                    self.env._(
                        "%s is not the entry of this payment. Leave the entry empty: "
                        "Odoo makes it when the payment is confirmed.",
                        entry.display_name,
                    )
                )

    # === COMPUTES === #

    @api.depends(
        "invoice_ids.state",
        "l10n_pt_atcud_series_id.environment",
        "l10n_pt_atcud_value",
        "reconciled_invoice_ids.state",
        "state",
    )
    def _compute_l10n_pt_atcud_is_locked(self):
        for payment in self:
            payment.l10n_pt_atcud_is_locked = payment._l10n_pt_atcud_is_final()

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        payments = super().create(vals_list)
        payments._l10n_pt_atcud_issue_receipts()
        return payments

    def write(self, vals):
        if "state" in vals and vals["state"] not in _CONFIRMED:
            for payment in self:
                if (
                    payment._l10n_pt_atcud_is_final()
                    and payment.state != vals["state"]
                    and not payment._l10n_pt_atcud_is_cancelling()
                ):
                    raise payment._l10n_pt_atcud_frozen_error()
        if vals.get("state") in _CONFIRMED:
            for payment in self:
                if payment.l10n_pt_atcud_cancelled_on:
                    raise payment._l10n_pt_atcud_frozen_error()
        fixed = self._l10n_pt_atcud_links() if "invoice_ids" in vals else {}
        result = super().write(vals)
        self._l10n_pt_atcud_check_links(fixed)
        if vals.get("state") in _CONFIRMED:
            self._l10n_pt_atcud_issue_receipts()
        return result

    # === HELPERS === #

    def _l10n_pt_atcud_is_final(self):
        # EXTENDS 'l10n_pt_atcud.document.mixin': part of an issued document
        return super()._l10n_pt_atcud_is_final() or bool(
            self.state in _CONFIRMED and self._l10n_pt_atcud_invoice_receipts()
        )

    def _l10n_pt_atcud_frozen_error(self, documents=None):
        # EXTENDS 'l10n_pt_atcud.document.mixin'
        documents = documents or self._l10n_pt_atcud_invoice_receipts()
        if self.l10n_pt_atcud_value or not documents:
            return super()._l10n_pt_atcud_frozen_error()
        return UserError(
            self.env._(
                "The payment %(payment)s is part of %(documents)s and stays with it. "
                "Cancel the invoice-receipt, with a reason.",
                payment=self.name or self.memo or "",
                documents=", ".join(documents.mapped("name")),
            )
        )

    def _l10n_pt_atcud_linked(self):
        """Return the documents that the payment is linked to or reconciled with."""
        payment = self.sudo()
        return payment.invoice_ids | payment.reconciled_invoice_ids

    def _l10n_pt_atcud_invoice_receipts(self):
        """Return the standing invoice-receipts (FR) that the payment is a part of."""
        return self._l10n_pt_atcud_linked().filtered(
            lambda move: (
                move.l10n_pt_atcud_document_type == "FR"
                and move.state == "posted"
                and move._l10n_pt_atcud_is_final()
            )
        )

    def _l10n_pt_atcud_fixed(self):
        """Return the documents that the payment must go on settling.

        An invoice-receipt (FR) that it is a part of, and what its standing receipt
        names.
        """
        fixed = self._l10n_pt_atcud_invoice_receipts()
        is_receipt = self.l10n_pt_atcud_value and self._l10n_pt_atcud_is_final()
        if is_receipt and not self.l10n_pt_atcud_cancelled_on:
            rows = (self.l10n_pt_atcud_content or {}).get("invoices", ())
            named = {row.get("id") for row in rows}
            fixed |= self._l10n_pt_atcud_linked().filtered(lambda one: one.id in named)
        return fixed

    def _l10n_pt_atcud_links(self):
        """Return what no change of links may take away: payment -> documents."""
        return {payment: payment._l10n_pt_atcud_fixed() for payment in self}

    def _l10n_pt_atcud_check_links(self, fixed):
        """Raise when a payment has lost a document that it must go on settling."""
        # Odoo does not notice that what it reconciles depends on the links.
        self.browse().union(*fixed).invalidate_recordset(["reconciled_invoice_ids"])
        for payment, documents in fixed.items():
            if documents - payment._l10n_pt_atcud_linked():
                raise payment._l10n_pt_atcud_frozen_error(documents)

    def _l10n_pt_atcud_issue_receipts(self):
        """Issue the receipts of those payments that are confirmed and get one."""
        if self.env.context.get("l10n_pt_atcud_receipt") is LATER:
            return
        # With a draft entry a payment is only prepared, whatever its state says.
        confirmed = self.filtered(
            lambda payment: (
                payment.state in _CONFIRMED and payment.move_id.state != "draft"
            )
        )
        for payment in confirmed._l10n_pt_atcud_issue().filtered("move_id"):
            payment._l10n_pt_atcud_check_amount()
            payment._l10n_pt_atcud_check_period()

    def _l10n_pt_atcud_check_period(self):
        """Raise when the VAT of a receipt (RC) is booked in another period."""
        if self._l10n_pt_atcud_document_type() != "RC":
            return
        dates = self.env["l10n_pt_atcud.issue_dates"]
        problem = dates.period_problem(self.l10n_pt_atcud_date, self.move_id.date)
        if problem and self.company_id.sudo().l10n_pt_atcud_document_rules != "warn":
            raise UserError(problem)
        if problem:
            self._message_log(body=problem)

    def _l10n_pt_atcud_check_amount(self):
        """Raise when the receipt names another amount than the entry has."""
        money, _customer, _others = self._seek_for_lines()
        booked = sum(money.mapped("amount_currency"))
        if self.currency_id.compare_amounts(booked, self.amount):
            raise UserError(
                self.env._(
                    "The receipt would name an amount of %(amount)s, and the entry "
                    "%(entry)s has %(booked)s.",
                    amount=formatLang(
                        self.env, self.amount, currency_obj=self.currency_id
                    ),
                    booked=formatLang(self.env, booked, currency_obj=self.currency_id),
                    entry=self.move_id.display_name,
                )
            )

    def _l10n_pt_atcud_document_type(self):
        # EXTENDS 'l10n_pt_atcud.document.mixin'
        if (
            self.payment_type != "inbound"
            or self.partner_type != "customer"
            or self.company_id.account_fiscal_country_id.code != "PT"
            or self._l10n_pt_atcud_is_part_of_invoices()
        ):
            return ""
        return self.journal_id.l10n_pt_atcud_receipt_type or ""

    def _l10n_pt_atcud_is_withheld(self):
        # EXTENDS 'l10n_pt_atcud.document.mixin': a receipt without a number is none
        return bool(
            self.payment_type == "inbound"
            and self.partner_type == "customer"
            and not self.l10n_pt_atcud_value
            and self.company_id._l10n_pt_atcud_signing()
        )

    def _l10n_pt_atcud_is_part_of_invoices(self):
        """Return whether all that it settles are invoice-receipts (FR)."""
        series = self._l10n_pt_atcud_settled().l10n_pt_atcud_series_id.sudo()
        return bool(series) and set(series.mapped("document_type")) == {"FR"}

    def _l10n_pt_atcud_settled(self):
        """Return the invoices that the payment settles now.

        Without an entry of its own it is only linked to them.
        """
        if not self.move_id:
            return self.invoice_ids.filtered(lambda move: move.is_sale_document(True))
        return self.reconciled_invoice_ids

    def _l10n_pt_atcud_series_domain(self):
        # EXTENDS 'l10n_pt_atcud.document.mixin': not those for other programs
        return [("journal_id.type", "in", ("bank", "cash", "credit"))]

    def _l10n_pt_atcud_series_key(self):
        # EXTENDS 'l10n_pt_atcud.document.mixin'
        return self.journal_id

    def _l10n_pt_atcud_prefer(self, series):
        # EXTENDS 'l10n_pt_atcud.document.mixin': the journal's own, or the company's
        return series.sorted(lambda one: one.journal_id != self.journal_id)

    def _l10n_pt_atcud_issue_date(self):
        # EXTENDS 'l10n_pt_atcud.document.mixin': no receipt for what is still to come.
        # One of the cash scheme has the date of its payment (DL 71/2013, art. 6(4)).
        if self._l10n_pt_atcud_document_type() == "RC":
            return self.date
        return max(super()._l10n_pt_atcud_issue_date(), self.date)

    def _l10n_pt_atcud_total(self):
        # EXTENDS 'l10n_pt_atcud.document.mixin'
        return self.currency_id._convert(
            self.amount, self.company_currency_id, self.company_id, self.date
        )

    def _l10n_pt_atcud_frozen_fields(self):
        # EXTENDS 'l10n_pt_atcud.document.mixin'
        return super()._l10n_pt_atcud_frozen_fields() | frozenset(
            "amount currency_id date journal_id memo move_id name partner_type "
            "payment_method_line_id payment_reference payment_type".split()
        )

    def _l10n_pt_atcud_is_change(self, name, value):
        # EXTENDS 'l10n_pt_atcud.document.mixin': it gets its entry once
        is_first = name == "move_id" and not self.move_id
        return not is_first and super()._l10n_pt_atcud_is_change(name, value)

    def _l10n_pt_atcud_snapshot(self):
        # EXTENDS 'l10n_pt_atcud.document.mixin'
        currency = self.currency_id
        return {
            "payment_date": fields.Date.to_string(self.date),
            "amount": self.amount,
            "currency": currency.id,
            "payment_method": self.payment_method_line_id.name or "",
            "memo": self.memo or "",
            "invoices": self._l10n_pt_atcud_settled_rows(),
        }

    def _l10n_pt_atcud_related(self):
        # EXTENDS 'l10n_pt_atcud.document.mixin'
        return self._l10n_pt_atcud_settled()

    def _l10n_pt_atcud_settled_rows(self):
        """Return the invoices that the payment settles, with the amounts, for print."""
        amounts = self._l10n_pt_atcud_settled_amounts()
        rows = []
        for move in self._l10n_pt_atcud_settled().sorted("invoice_date"):
            row = {
                "id": move.id,
                "name": move.name,
                "date": fields.Date.to_string(move.invoice_date),
                "currency": move.currency_id.id,
                "total": move.amount_total,
                "amount": amounts.get(move),
            }
            if self._l10n_pt_atcud_document_type() == "RC":
                row["rates"] = self._l10n_pt_atcud_settled_rates(move, row["amount"])
            rows.append(row)
        return rows

    def _l10n_pt_atcud_settled_amounts(self):
        """Return what is settled: invoice -> amount in its currency.

        A payment without an entry of its own says it for a single invoice only.
        """
        amounts = {}
        for line in self.move_id.line_ids:
            for partial in line.matched_debit_ids:
                move = partial.debit_move_id.move_id
                amount = partial.debit_amount_currency
                amounts[move] = amounts.get(move, 0.0) + amount
        move = self._l10n_pt_atcud_settled()
        is_plain = len(move) == 1 and move.currency_id == self.currency_id
        if not self.move_id and is_plain:
            amounts[move] = min(self.amount, move.amount_total)
        return amounts

    def _l10n_pt_atcud_settled_rates(self, move, amount):
        """Return the VAT in what is settled of an invoice, for a receipt RC.

        :raise UserError: nothing says how much of the invoice is settled
        """
        if amount is None:
            raise UserError(
                self.env._(
                    "A receipt of the VAT cash scheme (RC) names the VAT of what was "
                    "paid, and it is not known how much of %s was paid. Register a "
                    "payment for each invoice.",
                    move.name,
                )
            )
        earlier = (move.reconciled_payment_ids | move.matched_payment_ids) - self
        before = sum(
            row["amount"] or 0.0
            for payment in earlier
            if not payment.l10n_pt_atcud_cancelled_on
            for row in (payment.l10n_pt_atcud_content or {}).get("invoices", ())
            if row.get("id") == move.id
        )
        return self.env["l10n_pt_atcud.settled_vat"].rows(move, before, amount)

    def _l10n_pt_atcud_cancel_document(self):
        # EXTENDS 'l10n_pt_atcud.document.mixin'
        self._message_log(
            body=self.env._(
                "The receipt %(number)s was cancelled. Reason: %(reason)s",
                number=self.l10n_pt_atcud_number,
                reason=self.l10n_pt_atcud_cancel_reason,
            )
        )
        self.action_cancel()

    def _l10n_pt_atcud_receipt(self):
        """Return what the receipt shows, or ``None`` where the payment has none."""
        content = self.l10n_pt_atcud_content
        if not content:
            return None
        currencies = self.env["res.currency"]
        return {
            **content,
            "title": self._l10n_pt_atcud_title(),
            "date": self.l10n_pt_atcud_date,
            "payment_date": fields.Date.to_date(content["payment_date"]),
            "currency": currencies.browse(content["currency"]),
            "company_currency": self.company_id.currency_id,
            "invoices": [
                {
                    **row,
                    "date": fields.Date.to_date(row["date"]),
                    "currency": currencies.browse(row["currency"]),
                }
                for row in content["invoices"]
            ],
        }
