"""VAT numbers that the company has in other countries, by its fiscal positions.

What it buys under such a number bears VAT of that country, which it deducts in the
return there (directive 2006/112/EC, articles 168, 169 and 214); the refund of article
170 is for those who are not registered.
"""

from odoo import api, models

from ..guards import internal
from ..maventa_api import same_business


@internal
class MaventaVatRegistrations(models.AbstractModel):
    _name = "maventa.vat.registrations"
    _description = "VAT Registrations in Other Countries"

    # === PUBLIC === #

    @api.model
    def _numbers(self, company):
        """Return the VAT numbers that the company has in other countries."""
        return self._positions(company).mapped("foreign_vat")

    @api.model
    def _position(self, company, place):
        """Return the fiscal position of the registration in a country, if any."""
        positions = self._positions(company)
        return positions.filtered(lambda one: one.country_id.code == place)[:1]

    @api.model
    def _bought_under(self, company, country, document):
        """Return whether a document names the company's number of a country.

        Its VAT has to be deductible there, too: all its rates need a tax.
        """
        position = self._position(company, country)
        number = document.buyer.vat or document.buyer.business_id
        if not position or not same_business(number, position.foreign_vat):
            return False
        charged = {rate for _code, rate, _net in document.rows if rate}
        charged |= {one.rate for one in document.figures.vat_groups if one.rate}
        return all(self._tax(company, country, rate) for rate in charged)

    @api.model
    def _tax(self, company, place, rate):
        """Return the purchase tax of a rate in a country of registration, or none."""
        taxes = self.env["account.tax"]
        if not self._position(company, place):
            return taxes
        found = taxes.search(
            [
                *taxes._check_company_domain(company),
                ("type_tax_use", "=", "purchase"),
                ("amount_type", "=", "percent"),
                ("amount", "=", float(rate or 0)),
                ("country_id.code", "=", place),
            ]
        )
        added = self.env["maventa.chart.purchases"]._added
        return found.filtered(lambda tax: added(tax) == rate)[:1]

    # === HELPERS === #

    def _positions(self, company):
        positions = self.env["account.fiscal.position"]
        domain = [
            *positions._check_company_domain(company),
            ("foreign_vat", "!=", False),
        ]
        return positions.search(domain)
