"""Was the VAT rate of an invoice in force?

A rate of other days is lawful where the law looks at other days: the day of delivery or
of an advance payment (directive 2006/112/EC, articles 63 to 65, 93 to 95), and that of
the original for what corrects it (articles 90, 219). Nothing else makes it lawful.
"""

import re
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date

from ..guards import internal
from ..maventa_api.vat_rates import is_in_force, is_of_other_days, rates_of
from .check_finding import Finding


@internal
class MaventaVatRates(models.AbstractModel):
    """Rates of the four countries; of others nothing is known or said."""

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
    def _misprinted(self, company):
        """Return the company's sales taxes whose group is printed as another rate.

        :return: pairs of the tax and the rates of its country that are in force
        """
        taxes = self.env["account.tax"].search(
            [
                *self.env["account.tax"]._check_company_domain(company),
                ("type_tax_use", "=", "sale"),
                ("amount_type", "=", "percent"),
                ("amount", ">", 0),
            ]
        )
        today = fields.Date.context_today(self)
        return [
            (tax, self._rates_at(tax, company, today))
            for tax in taxes
            if (said := self._said_rate(tax.tax_group_id.name)) is not None
            and said != Decimal(str(tax.amount))
        ]

    # === HELPERS === #

    def _rates_at(self, tax, company, day):
        countries = (tax.country_id.code, company.country_code)
        return next(filter(None, (rates_of(one or "", day) for one in countries)), ())

    def _said_rate(self, name):
        """Return the percentage that a name has, if it has one."""
        found = re.findall(r"([0-9]+(?:[.,][0-9]+)?)\s*%", name or "")
        return Decimal(found[0].replace(",", ".")) if len(found) == 1 else None

    def _taxes(self, move):
        taxes = self.env["maventa.vat.category"]._vat_taxes(move.invoice_line_ids)
        return taxes.filtered(
            lambda tax: tax.amount_type == "percent" and tax.amount > 0
        )

    def _lines(self, move, tax):
        taxes_of = self.env["maventa.vat.category"]._vat_taxes
        return move.invoice_line_ids.filtered(lambda row: tax in taxes_of(row))

    def _is_in_force(self, move, tax, day):
        """Return whether a rate is of its country, or of the one of a distance sale."""
        place = self.env["maventa.parties"]._territory(move.partner_shipping_id)
        rate = Decimal(str(tax.amount))
        countries = {tax.country_id.code or "", place} - {""}
        return any(is_in_force(country, rate, day) for country in countries)

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
        if is_of_other_days(country, rate):
            way_out = self.env._(
                "If the delivery was in the time of this rate, enter the delivery date "
                "in the tab Other Info instead."
            )
            text = f"{text} {way_out}"
        return Finding(text, move)
