"""The currency of a received bill, its rate, and the VAT in the currency of the books.

VAT is deducted as the invoice states it in the national currency (directive
2006/112/EC, articles 168, 178 and 230), converted by the seller at the rate of the day
on which it became chargeable (article 91).
"""

from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from ..guards import internal
from ..models.point_kinds import Label, PointKind, Question, Remedy, declare, point

_lt = LazyTranslate(__name__)
TAKE_RATE = Remedy(_lt("Take the rate of the day"), "action_take_rate")
CODES = {"unknown": "no_rate", "old": "rate_old"}

declare(
    Question(
        "currency_unknown",
        Label.CURRENCY,
        _lt(
            "Odoo does not know the currency %(currency)s: the amounts are not in "
            "the currency of the bill."
        ),
    ),
    PointKind(
        "currency_inactive",
        Label.CURRENCY,
        _lt("The currency %(currency)s is not active."),
    ),
    PointKind(
        "no_rate",
        Label.RATE,
        _lt(
            "There is no rate of %(currency)s for the day of the invoice: the bill "
            "would be booked at 1:1. Enter the rate on the bill; or for the "
            "currency, and take it."
        ),
        remedies=(TAKE_RATE,),
    ),
    PointKind(
        "rate_old",
        Label.RATE,
        _lt(
            "The bill has a rate of %(currency)s that is %(days)s days older than "
            "the invoice (%(rate)s). Enter the rate of the day on the bill; or for "
            "the currency, and take it."
        ),
        remedies=(TAKE_RATE,),
    ),
    Question(
        "vat_in_books",
        Label.VAT,
        _lt(
            "The invoice states its VAT in your currency: %(amount)s %(currency)s. "
            "The bill would deduct %(total)s. Enter the rate %(rate)s on the bill, "
            "so that both are equal, or confirm."
        ),
        about=("amount", "total"),
    ),
)


@internal
class MaventaBillCurrency(models.AbstractModel):
    _name = "maventa.bill.currency"
    _description = "Currency of Received Bills"

    # === PUBLIC === #

    @api.model
    def _points(self, receipt, move, document):
        """Yield the points about the currency; those of a rate keep the bill's."""
        currency = move.currency_id
        currencies = currency.with_context(active_test=False)
        if document.currency and currency.name != document.currency:
            # A known one was changed by hand: the sums tell
            if not currencies.search_count([("name", "=", document.currency)], limit=1):
                yield point("currency_unknown", currency=document.currency)
            return
        if not currency.active:
            yield point("currency_inactive", currency=currency.name)
            return
        rates = self.env["maventa.currency.rates"]
        doubt, age = rates._doubt(move)
        if earlier := self._still_in_doubt(receipt):
            yield earlier
        elif doubt:
            rate = move.invoice_currency_rate
            yield point(CODES[doubt], currency=currency.name, rate=rate, days=age)
        else:
            yield from self._of_stated_vat(move, document)

    @api.model
    def _take_rate(self, receipt):
        """Give the bill the rate of its day, which somebody has entered meanwhile.

        :raise UserError: nobody has, or the bill is no draft
        """
        move = receipt.move_id
        if move.state != "draft":
            raise UserError(self.env._("The bill is not a draft."))
        day = move._get_invoice_currency_rate_date()
        move.invoice_currency_rate = move._get_expected_currency_rate_at(day)
        doubt, _age = self.env["maventa.currency.rates"]._doubt(move)
        if doubt:
            raise UserError(
                self.env._(
                    "There is no rate of %s for the day of the invoice, nor of the 31 "
                    "days before. Enter one in Accounting > Configuration > "
                    "Currencies, or on the bill.",
                    move.currency_id.name,
                )
            )
        self.env["maventa.bill.booking"]._check_again(receipt)

    # === HELPERS === #

    def _still_in_doubt(self, receipt):
        """Return the point about a rate that the bill has although there is a newer.

        A draft keeps its rate when another is entered for the currency: as long as it
        has the doubted one, nobody has entered one on the bill.
        """
        move = receipt.move_id
        for row in receipt._points():
            if row["code"] in CODES.values():
                is_kept = row["values"].get("rate") == str(move.invoice_currency_rate)
                if is_kept and self.env["maventa.currency.rates"]._is_entered(move):
                    return row
        return None

    def _of_stated_vat(self, move, document):
        """Compare the VAT that is deducted with what the document states of it."""
        own = move.company_id.currency_id
        stated, name = document.accounting_vat or (Decimal(0), "")
        vat = document.figures.vat
        if name != own.name or own == move.currency_id or not (stated and vat):
            return
        stated, vat = abs(stated), abs(vat)
        booked = sum(move.line_ids.filtered("tax_line_id").mapped("balance"))
        if own.is_zero(booked) or not own.compare_amounts(abs(booked), float(stated)):
            return
        yield point(
            "vat_in_books",
            amount=f"{stated:.2f}",
            total=f"{abs(booked):.2f}",
            currency=own.name,
            rate=f"{vat / stated:.6f}",
        )
