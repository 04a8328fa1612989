"""The VAT in what a receipt of the cash scheme (RC) settles: rate, net and tax.

Regime de IVA de caixa (DL 71/2013, annex), art. 6(3): the receipt has the price without
tax, the rates and the tax that becomes due with the payment.
"""

from collections import defaultdict

from odoo import api, models

from ..guards import internal
from .fiscal_amounts import VAT_LEVELS


@internal
class L10nPtAtcudSettledVat(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.settled_vat"
    _description = "AT: VAT of settled invoices"

    # === PUBLIC === #

    @api.model
    def rows(self, move, before, amount):
        """Return the VAT in a payment of an invoice, in the company's currency.

        It follows the payment in proportion. All receipts of an invoice together have
        exactly the net and the tax that were booked.

        :param before: what earlier receipts of the invoice have settled
        :param amount: what this one settles; both in the currency of the invoice
        :return: dictionaries with ``rate`` (percent), ``net`` and ``vat``
        """
        if not move.amount_total:
            return []
        rates = self._booked(move)
        parts = [part for net_and_vat in rates.values() for part in net_and_vat]
        currency = move.company_currency_id
        earlier = _shares(parts, before / move.amount_total, currency)
        until_now = _shares(parts, (before + amount) / move.amount_total, currency)
        settled = (
            currency.round(after - first)
            for first, after in zip(earlier, until_now, strict=True)
        )
        return [
            {"rate": rate, "net": next(settled), "vat": next(settled)} for rate in rates
        ]

    # === HELPERS === #

    def _booked(self, move):
        """Return net and VAT of an invoice's entry by rate, highest rate first."""
        sums = defaultdict(lambda: [0.0, 0.0])
        for line in move.line_ids:
            tax = line.tax_line_id
            is_price = line.display_type in ("product", "discount", "epd")
            if not (tax or is_price):
                continue
            amount = move.direction_sign * line.balance
            if not tax:
                vat = self._vat(line.tax_ids._l10n_pt_atcud_single())
                sums[vat.amount][0] += amount
            elif self._vat(tax):
                sums[tax.amount][1] += amount
        return dict(sorted(sums.items(), reverse=True))

    def _vat(self, taxes):
        """Return the one of ``taxes`` that is VAT, or none."""
        return taxes.filtered(
            lambda tax: (
                tax.l10n_pt_atcud_level in VAT_LEVELS
                or (not tax.l10n_pt_atcud_level and tax.amount > 0)
            )
        )[:1]


def _shares(parts, share, currency):
    """Return the share of each part, so rounded that together they are exact."""
    shares, total, given = [], 0.0, 0.0
    for part in parts:
        total += part
        until = currency.round(total * share)
        shares.append(until - given)
        given = until
    return shares
