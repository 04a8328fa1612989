"""Was the VAT rate of an invoice in force?

A rate of other days is lawful where the law looks at other days: the day of delivery or
of an advance payment (directive 2006/112/EC, articles 63 to 65, 93 to 95), and that of
the original for what corrects it (articles 90, 219). Nothing else makes it lawful.
"""

from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date

from ..guards import internal
from ..maventa_api.country_codes import EUROPEAN_UNION
from ..maventa_api.vat_rates import is_in_force, is_of_other_days, rates_of
from .check_finding import Finding


@internal
class MaventaVatRates(models.AbstractModel):
    """Rates of the countries of ``RATES``; of others nothing is known or said."""

    _name = "maventa.vat.rates"
    _description = "VAT Rates of Invoices"

    # === PUBLIC === #

    @api.model
    def _findings(self, move):
        """Return the rates that cannot be right: a new supply with a rate of no day.

        Lines that sum up to nothing or less set off an advance that was taxed then.
        """
        values = self.env["maventa.document.values"]
        if move.move_type != "out_invoice" or values._original(move):
            return []
        days = {move.invoice_date, move.delivery_date} - {False}
        if not days:
            return []
        return [
            self._finding(move, tax, lines)
            for tax in self._taxes(move)
            if not any(self._is_in_force(move, tax, day) for day in days)
            and sum((lines := self._lines(move, tax)).mapped("price_subtotal")) > 0
        ]

    @api.model
    def _remarks(self, move):
        """Return the rates that were not in force on the day that the law looks at."""
        original = self.env["maventa.document.values"]._original(move)
        source = original or move
        day = source.delivery_date or source.invoice_date
        return [
            self.env._(
                'The tax "%(tax)s" was not in force on %(date)s.',
                tax=tax.name,
                date=format_date(self.env, day),
            )
            for tax in self._taxes(move)
            if day and not self._is_in_force(move, tax, day)
        ]

    @api.model
    def _rates_now(self, tax):
        """Return the rates of a tax's country that are in force today."""
        countries = (tax.country_id.code, tax.company_id.country_code)
        today = fields.Date.context_today(self)
        return next(filter(None, (rates_of(one or "", today) for one in countries)), ())

    @api.model
    def _missing_rate(self, move):
        """Return the rate that an invoice would have if there were a tax of it."""
        if not self._findings(move):
            return None
        found = (self._missing_successor(move, tax) for tax in self._taxes(move))
        return next(filter(None, found), None)

    # === HELPERS === #

    def _missing_successor(self, move, tax):
        """Return the rate in a tax's place of which the company has no tax."""
        missing = self.env["maventa.vat.renewal"]._missing(move.company_id)
        return dict(missing).get(Decimal(str(tax.amount)))

    def _taxes(self, move):
        taxes = self.env["maventa.vat.category"]._vat_taxes(move.invoice_line_ids)
        return taxes.filtered(
            lambda tax: tax.amount_type == "percent" and tax.amount > 0
        )

    def _lines(self, move, tax):
        taxes_of = self.env["maventa.vat.category"]._vat_taxes
        return move.invoice_line_ids.filtered(lambda row: tax in taxes_of(row))

    def _is_in_force(self, move, tax, day):
        """Return whether a rate is of its country, or of the one of a distance sale.

        Distance sales are of the Union. A rate that its country has or had is of the
        place only if that is known to have it: of most places nothing is known.
        Source: directive 2006/112/EC, articles 33, 369a to 369k.
        """
        home, rate = tax.country_id.code or "", Decimal(str(tax.amount))
        place = self.env["maventa.parties"]._territory(move.partner_shipping_id)
        if is_in_force(home, rate, day):
            return True
        if not EUROPEAN_UNION.issuperset((home, place)):
            return False
        is_over = is_of_other_days(home, rate) and not rates_of(place, day)
        return not is_over and is_in_force(place, rate, day)

    def _finding(self, move, tax, lines):
        country, rate = tax.country_id.code, Decimal(str(tax.amount))
        charged = lines.filtered(lambda row: row.price_subtotal > 0)
        day = move.delivery_date or move.invoice_date
        text = self.env._(
            'The line "%(line)s" has %(rate)s %% VAT, which is not in force on '
            "%(date)s (in force: %(rates)s %%). Reset the invoice to draft, and choose "
            "another tax.",
            line=self.env["maventa.vat.category"]._name_of(charged[:1]),
            rate=f"{tax.amount:g}",
            date=format_date(self.env, day),
            rates=", ".join(map(str, rates_of(country, day))),
        )
        if renewed := self._missing_successor(move, tax):
            way_out = self.env._(
                "Your company has no tax of %s %% yet: who administers the accounting "
                "creates it here, or in the go-live checklist.",
                f"{renewed:f}",
            )
            text = f"{text} {way_out}"
        if is_of_other_days(country, rate):
            way_out = self.env._(
                "If the delivery was in the time of this rate, enter the delivery date "
                "in the tab Other Info instead."
            )
            text = f"{text} {way_out}"
        return Finding(text, move)
