"""The purchase tax of each line of a received document.

Order: what was learned (``tax_lessons.py``) for the supplier, for all suppliers, the
chart of accounts (``chart_purchases.py``). Of a rate with several taxes the company's
default comes first. Abroad the tax is a proposal by the signs of goods or services
(``maventa_api/supply.py``), which a person confirms by posting the bill; where signs
contradict or lack, by an answer.

Only a stated reverse charge or supply within the Union (AE, K; from outside G, O), or
signs without any category, lead to VAT that the company assesses itself. VAT of another
country is a part of the cost (``foreign_vat.py``): no tax, whatever was learned, unless
the company bought under its own number there (``vat_registrations.py``). What is
unusual, or has no reason, has no proposal: a person chooses.
"""

from dataclasses import dataclass
from decimal import Decimal

from odoo import api, models

from ..guards import internal
from ..maventa_api.party_identifiers import ALAND, vat_number
from ..maventa_api.received import WITHOUT_VAT
from ..maventa_api.supply import Supply, signs_of, supply_of

PLACES = ("domestic", "eu", "abroad")
REVERSE = ("AE", "K")
# What a seller may say where the buyer assesses the VAT
ASSESSED = {"domestic": ("AE",), "eu": ("AE", "K"), "abroad": ("AE", "G", "O")}
EXEMPT = ("E", "Z", "O")
AT_HOME = ("S", "Z", "E")  # the seller accounts for the VAT, if there is any
ROUNDING_KEY = "round"
COST = "cost:"  # before the key of a line that is VAT of another country


@dataclass(frozen=True)
class VatKey:
    """VAT category and rate as the document says them; the rate may be unknown."""

    code: str
    rate: Decimal | None

    def __str__(self):
        rate = "" if self.rate is None else f"{self.rate.normalize():f}"
        return f"{self.code}|{rate}"

    @classmethod
    def parse(cls, text):
        """Return the key of a line, or None for a line without one."""
        code, separator, rate = (text or "").partition("|")
        if not separator or code.startswith(COST):
            return None
        return cls(code, Decimal(rate) if rate else None)

    @classmethod
    def of_cost(cls, text):
        """Return the key of a line that is VAT of another country, or None."""
        text = text or ""
        return cls.parse(text.removeprefix(COST)) if text.startswith(COST) else None

    @property
    def cost(self):
        """Return how a line keeps the key whose VAT it is."""
        return f"{COST}{self}"

    @property
    def is_unclear(self):
        """Return whether nothing says how much VAT there is."""
        return self.rate is None and self.code not in WITHOUT_VAT

    @property
    def is_charged(self):
        """Return whether the seller charges VAT."""
        return bool(self.rate) and self.code not in WITHOUT_VAT


@internal
class MaventaPurchaseTaxes(models.AbstractModel):
    _name = "maventa.purchase.taxes"
    _description = "Taxes of Received Invoices"

    # === PUBLIC === #

    @api.model
    def _tax(self, company, partner, place, key, signs=()):
        """Return the tax for a key, and how it was found.

        :param signs: of goods or services; by default those of the category
        :return: tax (empty if there is none) and ``learned``, ``chart``, ``proposed``,
            ``registered`` (of a country where the company is registered), ``foreign``
            (VAT of another country) or ``asked`` (see :meth:`_doubt`)
        """
        none = self.env["account.tax"]
        chart = self.env["maventa.chart.purchases"]
        if place != "domestic" and key.is_charged:
            own = self.env["maventa.vat.registrations"]._tax(company, place, key.rate)
            return own, "registered" if own else "foreign"
        if key.is_unclear:
            return none, "asked"
        signs = self._signs_at(place, signs or signs_of(key.code))
        supply = self._supply(place, signs)
        lessons = self.env["maventa.tax.lessons"]
        if row := lessons._row(company, partner, place, key, supply):
            return row.tax_id, "learned"
        if self._doubt(place, key, signs):
            return none, "asked"
        if place == "domestic" and key.code not in REVERSE:
            return chart._of_chart(company, key.rate), "chart"
        if place == "domestic":
            if not self._is_resident(company, partner):
                return none, "proposed"
            found, stated = chart._domestic_reverse(company), supply_of(signs)
            if stated in (Supply.GOODS, Supply.SERVICES):
                found = found.filtered(lambda tax: chart._nature(tax) in (None, stated))
            return found[:1], "proposed"
        weightiest = signs[0].supply if signs else None
        return chart._from_abroad(company, partner, place, weightiest), "proposed"

    @api.model
    def _doubt(self, place, key, signs=()):
        """Return why nothing can be proposed for a row, if so.

        :return: ``reason`` (no VAT, and nothing says why), ``outside`` (of the seller's
            VAT, so that the buyer may owe it), ``exempt`` (where the seller is, which
            says little about the buyer's country), ``doubtful`` (unusual for a seller
            there), or nothing
        """
        if key.is_charged or key.is_unclear:
            return ""
        if place == "domestic" and key.code in EXEMPT:
            return ""
        if key.code in ASSESSED.get(place, ()):
            return "outside" if key.code == "O" and not signs else ""
        if key.code in EXEMPT:
            return "exempt"
        if key.code in WITHOUT_VAT:
            return "doubtful"
        return "" if signs and place != "domestic" else "reason"

    @api.model
    def _objection(self, place, key, taxes, signs):
        """Return what speaks against the taxes that a person has chosen on a line.

        :return: ``unassessed`` (the buyer owes VAT, and they assess none),
            ``assessed`` (they assess what the seller accounts for), ``other_supply``
            (they are for goods, the document is about services, or the other way
            round), ``home`` (they are for sellers at home), or nothing
        """
        if not taxes or key.is_charged and place != "domestic":
            return ""
        signs = self._signs_at(place, signs)
        each = taxes.flatten_taxes_hierarchy()
        assesses = any(tax.amount and tax.has_negative_factor for tax in each)
        is_owed = not key.is_charged and key.code in ASSESSED.get(place, ())
        if is_owed and (key.code in REVERSE or signs) and not assesses:
            return "unassessed"
        if place == "domestic" and key.code not in REVERSE:
            return "assessed" if assesses and key.code in AT_HOME else ""
        chart = self.env["maventa.chart.purchases"]
        if place != "domestic" and each & chart._domestic_reverse(
            each.company_id[:1], active=False
        ):
            return "home"
        supply = supply_of(signs)
        natures = {chart._nature(tax) for tax in each} - {None}
        is_other = supply in (Supply.GOODS, Supply.SERVICES) and natures - {supply}
        return "other_supply" if is_other else ""

    @api.model
    def _place(self, company, partner, document):
        """Return where the seller is, seen from the company.

        Sellers of Northern Ireland are in the Union, as their goods are (directive
        (EU) 2020/1756); what they say of services is asked.
        :return: one of ``PLACES``; or the code of another country, where the company
            has bought under its own number there
        """
        own = self._own_country(company)
        theirs = self._vat_country(company, partner, document.seller)
        if theirs == own:
            return "domestic"
        registrations = self.env["maventa.vat.registrations"]
        if registrations._bought_under(company, theirs, document):
            return theirs
        eu = {*self.env.ref("base.europe").country_ids.mapped("code"), "XI"}
        return "eu" if {own, theirs} <= eu else "abroad"

    @api.model
    def _vat_country(self, company, partner, seller):
        """Return the country whose VAT the document is under.

        The seller's VAT number on it says so, not its address; Åland's is Finland's.
        """
        country = seller.country.upper()
        number = vat_number(country, seller.vat)
        code = number[:2] if any(map(str.isdigit, number)) else ""
        code = "GR" if code == "EL" else code
        found = code or country or partner.country_code or self._own_country(company)
        return "FI" if found == ALAND else found

    @api.model
    def _signs_at(self, place, signs):
        """Return the signs that count: at home both goods and services may be AE."""
        is_home = place == "domestic"
        return tuple(one for one in signs if not is_home or one.what != "category")

    @api.model
    def _supply(self, place, signs):
        """Return what decides about a tax: nothing at home, where both have one."""
        return (place != "domestic" and supply_of(signs)) or False

    # === HELPERS === #

    def _own_country(self, company):
        return company.account_fiscal_country_id.code or company.country_code

    def _is_resident(self, company, partner):
        """Return whether a seller is of the company's country, by its address."""
        partner = partner.commercial_partner_id
        code = partner.country_code or (partner.vat or "")[:2]
        return ("FI" if code == ALAND else code) == self._own_country(company)
