"""Does the database know what an invoice's currency is worth on its day?

Without any rate Odoo books a foreign currency at 1:1, and otherwise at the last rate
that there is, however old. The law wants that of the day on which VAT becomes
chargeable (directive 2006/112/EC, article 91 (2)); days without one are covered by the
last before them, and some states take a rate of the month.
"""

from odoo import api, fields, models
from odoo.tools import float_compare

from ..guards import internal

NEWEST = 7  # days: weekends and holidays
OLDEST = 31  # days: a rate of the month


@internal
class MaventaCurrencyRates(models.AbstractModel):
    _name = "maventa.currency.rates"
    _description = "Currency Rates of Invoices"

    # === PUBLIC === #

    @api.model
    def _doubt(self, move):
        """Return why the amounts in the currency of the books are wrong.

        :return: ``unknown`` (no rate, so that 1 is taken), ``old`` or nothing; and by
            how many days the rate of the database is older than the document, if any is
        """
        if move.currency_id == move.company_id.currency_id:
            return "", None
        age, is_entered = self._age(move), self._is_entered(move)
        # Nobody enters 1: it was booked before there was a rate.
        is_booked_at_one = is_entered and move.invoice_currency_rate == 1
        if is_booked_at_one or (age is None and not is_entered):
            return "unknown", age
        is_old = not is_entered and age > OLDEST
        return "old" if is_old else "", age

    @api.model
    def _problem(self, move):
        """Return why the amounts in the currency of the books are wrong, or nothing."""
        doubt, age = self._doubt(move)
        if doubt == "unknown":
            return self.env._(
                "There is no rate of %s on the day of the invoice: its VAT would be "
                "wrong. Enter the rate, reset the invoice to draft, refresh its rate, "
                "and confirm it again.",
                move.currency_id.name,
            )
        if not doubt:
            return ""
        return self.env._(
            "The rate of %(currency)s is %(age)s days older than the invoice: its VAT "
            "would be wrong. Enter the rate of the day, reset the invoice to draft, "
            "refresh its rate, and confirm it again.",
            currency=move.currency_id.name,
            age=age,
        )

    @api.model
    def _problem_of(self, move, currency):
        """Return why VAT cannot be stated in another country's currency, or nothing."""
        age = self._age(move, currency)
        if age is not None and age <= OLDEST:
            return ""
        return self.env._(
            "The VAT has to be stated in %(currency)s, too, and there is no rate of it "
            "on the day of the invoice. Enter the rate, or invoice in %(currency)s.",
            currency=currency.name,
        )

    @api.model
    def _remark(self, move):
        """Return that the rate is not of the last days before the invoice."""
        if move.currency_id == move.company_id.currency_id or self._is_entered(move):
            return ""
        age = self._age(move)
        if age is None or age <= NEWEST:
            return ""
        return self.env._(
            "The rate of %(currency)s is %(age)s days older than the invoice.",
            currency=move.currency_id.name,
            age=age,
        )

    # === HELPERS === #

    def _is_entered(self, move):
        """Return whether the rate on the invoice is not that of the database."""
        # Odoo's field with it does not follow the rates
        known = move._get_expected_currency_rate_at(
            move._get_invoice_currency_rate_date()
        )
        return float_compare(move.invoice_currency_rate, known, precision_digits=9) != 0

    def _age(self, move, currency=None):
        """Return by how many days the rate is older than the invoice, or ``None``.

        It is that of the older one of the two currencies. One that all others refer to
        has no rates but 1; of such a one, the rate is that of the books' own currency.
        """
        foreign, is_base = self._last(move, currency or move.currency_id)
        own, is_own_base = self._last(move, move.company_id.currency_id)
        if foreign is None:
            return None
        if is_own_base:
            return foreign
        return own if is_base else max(own, foreign)

    def _last(self, move, currency):
        """Return the age of a currency's last rate, and whether it has none but 1."""
        day = move.invoice_date or fields.Date.context_today(move)
        domain = [
            ("currency_id", "=", currency.id),
            ("name", "<=", day),
            ("company_id", "in", [False, move.company_id.root_id.id]),
        ]
        rates = self.env["res.currency.rate"]
        last = rates.search(domain, order="name desc", limit=1)
        others = rates.search_count([*domain, ("rate", "!=", 1)], limit=1)
        return (day - last.name).days if last else None, not others
