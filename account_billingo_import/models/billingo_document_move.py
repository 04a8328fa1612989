from decimal import Decimal

from odoo import models
from odoo.fields import Command

from ..billingo_api import Original, book, messages
from ..billingo_api.errors import MismatchError
from .problem import DocumentProblem

# Billingo's payment methods as NAV calls them (sheet 5.9); others stay empty.
PAYMENT_MODES = {
    **dict.fromkeys(
        ("wire_transfer", "elore_utalas", "transferwise", "revolut"), "TRANSFER"
    ),
    **dict.fromkeys(("bankcard", "online_bankcard", "szep_card", "ep_kartya"), "CARD"),
    **dict.fromkeys(("cash", "cash_on_delivery"), "CASH"),
    **dict.fromkeys(("coupon", "utalvany"), "VOUCHER"),
}


class BillingoDocument(models.Model):
    _inherit = "billingo.document"

    def _check_amounts(self, document, relatives):
        """Return the booking and the document that this one follows, if known."""
        if not self.currency_id.active:
            raise DocumentProblem(
                "currency",
                self.env._(
                    "The currency %s is not active in Odoo. Activate it and "
                    "process again.",
                    document.currency or "?",
                ),
                currency_id=self.currency_id.id,
            )
        record = self._original(relatives)
        original = None
        if record:
            parsed = record._parsed()
            original = Original(
                type=parsed.type,
                gross_total=parsed.gross_total or Decimal(0),
                is_final=parsed.type == "invoice" and bool(parsed.related_documents),
            )
        booking = book(
            document,
            step=Decimal(str(self.currency_id.rounding)),
            local_step=Decimal(str(self.company_id.currency_id.rounding)),
            original=original,
        )
        return booking, record

    def _prepare_move(self, document, booking, original):
        """Return the values of the entry.

        The rate and the delivery date go in together: setting the date afterwards
        would make Odoo take its own rate again.
        """
        connection = self.connection_id
        lines = [self._prepare_line(line, booking) for line in booking.lines]
        # Whatever may be refused comes before a partner is made.
        partner = self._partner_of(document, booking, original)
        values = {
            "move_type": self._move_type(document, booking),
            "company_id": self.company_id.id,
            "journal_id": connection.journal_id.id,
            "billingo_document_id": self.id,
            "partner_id": partner.id,
            **self._prepare_bank(document, partner),
            "currency_id": self.currency_id.id,
            "invoice_date": document.invoice_date,
            "date": self._accounting_date(document),
            "delivery_date": document.fulfillment_date or document.invoice_date,
            "invoice_date_due": document.due_date or document.invoice_date,
            "invoice_payment_term_id": False,
            "invoice_cash_rounding_id": self._find_rounding(booking).id,
            "payment_reference": document.invoice_number,
            "narration": document.comment or False,
            "invoice_line_ids": [Command.create(line) for line in lines],
            **self._prepare_origin(document, booking, original),
        }
        mode = PAYMENT_MODES.get(document.payment_method)
        if mode:
            values["l10n_hu_payment_mode"] = mode
        if self.currency_id != self.company_id.currency_id:
            values["invoice_currency_rate"] = float(1 / booking.rate)
        if connection.mode == "customer":
            values["name"] = document.invoice_number
            values["ref"] = document.order_number or False
        else:
            values["ref"] = document.invoice_number
        return values

    def _prepare_line(self, line, booking):
        """Return a line that the tax engine leaves exactly as Billingo has it."""
        connection = self.connection_id
        fix = self._line_correction(line, booking)
        tax = fix.get("tax") or self._find_tax(line)
        self._check_tax(line, tax)
        quantity, price = float(line.quantity), float(line.unit_price)
        vat, local_vat = line.vat, line.local_vat
        if not vat and tax.amount and not line.has_rate:
            # The buyer accounts for the VAT: Billingo shows none, the books have
            # both sides of it.
            rate = Decimal(str(tax.amount)) / 100
            vat = _round(line.net * rate, self.currency_id)
            local_vat = _round(line.local_net * rate, self.company_id.currency_id)
        amounts = {
            "tax_amount_currency": float(vat),
            "tax_amount": float(local_vat),
            "base_amount_currency": float(line.net),
            "base_amount": float(line.local_net),
        }
        account = fix.get("account") or (
            connection.advance_account_id if line.is_advance else connection.account_id
        )
        return {
            "name": "\n".join(filter(None, (line.name, line.comment))),
            "quantity": quantity,
            "price_unit": price,
            "account_id": account.id,
            "tax_ids": [Command.set(tax.ids)],
            "is_imported": True,
            "extra_tax_data": {
                "currency_id": self.currency_id.id,
                "price_unit": price,
                "discount": 0.0,
                "quantity": quantity,
                "rate": float(1 / booking.rate),
                "manual_total_excluded_currency": float(line.net),
                "manual_total_excluded": float(line.local_net),
                "manual_tax_amounts": {str(tax.id): amounts},
            },
        }

    def _prepare_origin(self, document, booking, original):
        """Link a storno or correction with the entry that it changes."""
        move = original.move_id
        if not move or document.type not in messages.FOLLOWERS:
            return {}
        if document.type == "modification" and not booking.is_refund:
            return {"debit_origin_id": move.id}
        return {"reversed_entry_id": move.id}

    def _check_move(self, move, booking):
        """Compare the entry with Billingo to the last unit, in both currencies."""
        lines = move.line_ids
        products = lines.filtered(lambda line: line.display_type == "product")
        rounding = lines.filtered(lambda line: line.display_type == "rounding")
        taxes = lines.filtered(lambda line: line.display_type == "tax")
        sign = move.direction_sign
        pairs = (
            ("net", booking.net, sum(products.mapped("amount_currency")) * sign),
            ("vat", booking.vat, sum(taxes.mapped("amount_currency")) * sign),
            (
                "rounding",
                booking.rounding,
                sum(rounding.mapped("amount_currency")) * sign,
            ),
            ("total", booking.gross, move.amount_total),
        )
        local = (
            ("local", booking.local_net, sum(products.mapped("balance")) * sign),
            ("local", booking.local_vat, sum(taxes.mapped("balance")) * sign),
        )
        for currency, checks in (
            (move.currency_id, pairs),
            (move.company_currency_id, local),
        ):
            for code, wanted, got in checks:
                if currency.compare_amounts(float(wanted), got):
                    raise MismatchError(code, code, wanted, round(got, 4))
        if self.mode == "customer" and move.name != self.name:
            raise DocumentProblem(
                "other",
                self.env._(
                    "Odoo would number this entry %(odoo)s instead of %(billingo)s. "
                    "Use a journal of its own for Billingo.",
                    odoo=move.name,
                    billingo=self.name,
                ),
            )


def _round(value, currency):
    step = Decimal(str(currency.rounding))
    return (value / step).to_integral_value("ROUND_HALF_UP") * step
