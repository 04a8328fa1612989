"""VAT of another country than the company's: a part of the cost.

It can be neither deducted nor assessed by the buyer; who wants it back asks that
country. The bill has a line for it, so that it owes what the document says.
"""

from decimal import ROUND_HALF_UP, Decimal

from odoo import Command, api, models
from odoo.tools import formatLang

from ..guards import internal
from .purchase_taxes import VatKey

CENT = Decimal("0.01")
FOREIGN = ("eu", "abroad")


@internal
class MaventaForeignVat(models.AbstractModel):
    _name = "maventa.foreign.vat"
    _description = "Foreign VAT of Received Bills"

    # === PUBLIC === #

    @api.model
    def _lines(self, company, partner, document):
        """Return commands for the lines of VAT of another country, if there is any."""
        taxes = self.env["maventa.purchase.taxes"]
        if taxes._place(company, partner, document) not in FOREIGN:
            return []
        country = taxes._vat_country(company, partner, document.seller)
        return [
            Command.create(
                {
                    "name": self.env._(
                        "VAT of %(rate)s %% (%(country)s), not deductible",
                        rate=formatLang(self.env, float(key.rate), digits=1),
                        country=country,
                    ),
                    "quantity": 1,
                    "price_unit": float(amount),
                    "is_imported": True,
                    "tax_ids": [Command.clear()],
                    "maventa_vat_key": key.cost,
                }
            )
            for key, amount in self._amounts(document).items()
            if amount
        ]

    # === HELPERS === #

    def _amounts(self, document):
        """Return the VAT by category and rate: of the VAT table, else of the rows."""
        found = {}
        groups = document.figures.vat_groups
        for one in groups:
            key = VatKey(*document.vat_key(one.code, one.rate))
            if key.is_charged and (one.amount is not None or one.base is not None):
                amount = one.amount
                amount = _share(one.base, key) if amount is None else amount
                found[key] = found.get(key, Decimal(0)) + amount
        if groups:
            return found
        bases = {}
        for code, rate, net in document.rows:
            key = VatKey(*document.vat_key(code, rate))
            if key.is_charged:
                bases[key] = bases.get(key, Decimal(0)) + net
        return {key: _share(base, key) for key, base in bases.items()}


def _share(base, key):
    return (base * key.rate / 100).quantize(CENT, ROUND_HALF_UP)
