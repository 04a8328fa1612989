"""Does the database know what an invoice's currency is worth on its day?

Without any rate Odoo books a foreign currency at 1:1.
"""

from odoo import api, fields, models

from ..guards import internal


@internal
class MaventaCurrencyRates(models.AbstractModel):
    _name = "maventa.currency.rates"
    _description = "Currency Rates of Invoices"

    # === PUBLIC === #

    @api.model
    def _is_known(self, move):
        """Return whether the currency is that of the books, or has a rate by then.

        The rate may be that of the books' own currency, where another one is the base.
        """
        currency, own = move.currency_id, move.company_id.currency_id
        if currency == own:
            return True
        day = move.invoice_date or fields.Date.context_today(move)
        domain = [
            "|",
            ("currency_id", "=", currency.id),
            "&",
            ("currency_id", "=", own.id),
            ("rate", "!=", 1),
            ("name", "<=", day),
            ("company_id", "in", [False, move.company_id.root_id.id]),
        ]
        return bool(self.env["res.currency.rate"].search_count(domain, limit=1))
