"""The purchase tax of each line of a received document, and what people teach.

Order: what was learned for the supplier, for all suppliers, the chart of accounts. Of
a rate with several taxes the company's default comes first. Abroad the tax is a
proposal by the signs of goods or services (``maventa_api/supply.py``), which a person
confirms by posting the bill; where signs contradict or lack, by an answer.

Only a stated reverse charge or supply within the Union (AE, K; from outside G, O), or
signs without any category, lead to VAT that the company assesses itself. VAT of another
country is a part of the cost (``foreign_vat.py``): no tax, whatever was learned. What
cannot be true, or has no reason, has no proposal: a person chooses.
"""

from dataclasses import dataclass
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from ..guards import internal
from ..maventa_api.chart_taxes import is_home_reverse
from ..maventa_api.party_identifiers import ALAND, vat_number
from ..maventa_api.received import WITHOUT_VAT
from ..maventa_api.supply import Supply, signs_of, supply_of

REVERSE = ("AE", "K")
# What a seller may say where the buyer assesses the VAT
ASSESSED = {"domestic": ("AE",), "eu": ("AE", "K"), "abroad": ("AE", "G", "O")}
EXEMPT = ("E", "Z", "O")
AT_HOME = ("S", "Z", "E")  # the seller accounts for the VAT, if there is any
ROUNDING_KEY = "round"
COST = "cost:"  # before the key of a line that is VAT of another country
# Words of a tax's name in English by which the charts tell goods from services
NATURES = {"G": Supply.GOODS, "S": Supply.SERVICES, "RS": Supply.SERVICES}


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
            ``foreign`` (VAT of another country) or ``asked`` (see :meth:`_doubt`)
        """
        none = self.env["account.tax"]
        if place != "domestic" and key.is_charged:
            return none, "foreign"
        if key.is_unclear:
            return none, "asked"
        signs = signs or signs_of(key.code)
        supply = self._supply(place, signs)
        if row := self._row(company, partner, place, key, supply):
            return row.tax_id, "learned"
        if self._doubt(place, key, signs):
            return none, "asked"
        if place == "domestic" and key.code not in REVERSE:
            return self._of_chart(company, key.rate), "chart"
        if place == "domestic":
            is_home = self._is_resident(company, partner)
            return is_home and self._domestic_reverse(company)[:1] or none, "proposed"
        weightiest = signs[0].supply if signs else None
        return self._by_position(company, partner, weightiest), "proposed"

    @api.model
    def _doubt(self, place, key, signs=()):
        """Return why nothing can be proposed for a row, if so.

        :return: ``reason`` (no VAT, and nothing says why), ``outside`` (of the seller's
            VAT, so that the buyer may owe it), ``doubtful`` (the category cannot be
            true for a seller there), or nothing
        """
        if key.is_charged or key.is_unclear:
            return ""
        if place == "domestic" and key.code in EXEMPT:
            return ""
        if key.code in ASSESSED[place]:
            return "outside" if key.code == "O" and not signs else ""
        if key.code in WITHOUT_VAT:
            return "doubtful"
        return "" if signs and place != "domestic" else "reason"

    @api.model
    def _objection(self, place, key, taxes, signs):
        """Return what speaks against the taxes that a person has chosen on a line.

        :return: ``unassessed`` (the buyer owes VAT, and they assess none),
            ``assessed`` (they assess what the seller accounts for), ``other_supply``
            (they are for goods, the document is about services, or the other way
            round), or nothing
        """
        if not taxes or key.is_charged and place != "domestic":
            return ""
        each = taxes.flatten_taxes_hierarchy()
        assesses = any(tax.amount and tax.has_negative_factor for tax in each)
        is_owed = not key.is_charged and key.code in ASSESSED[place]
        if is_owed and (key.code in REVERSE or signs) and not assesses:
            return "unassessed"
        if place == "domestic":
            return "assessed" if assesses and key.code in AT_HOME else ""
        supply = supply_of(signs)
        natures = {self._nature(tax) for tax in each} - {None}
        is_other = supply in (Supply.GOODS, Supply.SERVICES) and natures - {supply}
        return "other_supply" if is_other else ""

    @api.model
    def _place(self, company, partner, seller):
        """Return where the seller is, seen from the company.

        :param seller: as the document names it
        """
        own = self._own_country(company)
        theirs = self._vat_country(company, partner, seller)
        if theirs == own:
            return "domestic"
        eu = self.env.ref("base.europe").country_ids.mapped("code")
        return "eu" if {own, theirs} <= {*eu} else "abroad"

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
    def _supply(self, place, signs):
        """Return what decides about a tax: nothing at home, where both have one."""
        return (place != "domestic" and supply_of(signs)) or False

    @api.model
    def _learn(self, move, place):
        """Remember the taxes of a bill that a person has posted."""
        partner = move.commercial_partner_id
        for line in move.invoice_line_ids:
            key = VatKey.parse(line.maventa_vat_key)
            signs = key and (line._maventa_signs() or signs_of(key.code))
            if key and self._is_lesson(place, key, line.tax_ids, signs):
                where = (move.company_id, partner, place, key)
                self._remember(*where, line.tax_ids, signs)

    @api.model
    def _create_missing(self, receipt):
        """Activate or copy a tax for each domestic rate that has none.

        Of a domestic reverse charge the chart's own tax is activated, never made. For
        VAT of another country there is nothing to make.
        :raise UserError: the rate is not in force any more, or there is no such tax
        """
        company = receipt.company_id
        points = receipt._points()
        if dead := [row for row in points if row["code"] == "tax_not_in_force"]:
            raise UserError(self.env["maventa.receipt.messages"]._text(dead[0]))
        for point in points:
            values = point["values"]
            if point["code"] != "tax_missing" or values.get("place") != "domestic":
                continue
            rate = Decimal(values["rate"])
            if values.get("category") in REVERSE:
                self._activate_reverse(company, receipt.move_id.commercial_partner_id)
            elif not self._of_chart(company, rate):
                self._create_for(company, rate)

    # === HELPERS === #

    def _own_country(self, company):
        return company.account_fiscal_country_id.code or company.country_code

    def _is_resident(self, company, partner):
        """Return whether a seller is of the company's country, by its address."""
        partner = partner.commercial_partner_id
        code = partner.country_code or (partner.vat or "")[:2]
        return ("FI" if code == ALAND else code) == self._own_country(company)

    def _is_lesson(self, place, key, tax, signs):
        """Return whether a posted line teaches something: one tax, or that none is due.

        Nobody learns not to assess a reverse charge, or what contradicts the document,
        and VAT of another country is never deducted.
        """
        if key.is_unclear or (place != "domestic" and key.is_charged):
            return False
        if not tax:
            is_free = place == "domestic" or key.code in EXEMPT
            return is_free and not key.is_charged and key.code not in ASSESSED[place]
        return len(tax) == 1 and not self._objection(place, key, tax, signs)

    def _row(self, company, partner, place, key, supply):
        """Return what was learned: for the supplier, and for this supply, first.

        What was learned without signs says nothing about a supply of another kind.
        """
        domain = [
            ("company_id", "=", company.id),
            ("place", "=", place),
            ("code", "=", key.code or False),
            ("rate", "=", float(key.rate or 0)),
            ("partner_id", "in", [partner.commercial_partner_id.id, False]),
            ("supply", "in", [supply, False]),
            *("|", ("tax_id", "=", False), ("tax_id.active", "=", True)),
        ]
        rows = (
            self.env["maventa.purchase.tax"]
            .search(domain)
            .filtered(
                lambda row: (
                    row.supply
                    or not supply
                    or self._nature(row.tax_id) in (None, supply)
                )
            )
        )
        return rows.sorted(lambda row: (not row.partner_id, not row.supply))[:1]

    def _of_chart(self, company, rate, active=True):
        """Return the domestic purchase tax of a rate."""
        if rate is None:
            return self.env["account.tax"]
        taxes = self._candidates(company, active)
        taxes = taxes.filtered(lambda tax: Decimal(str(tax.amount)) == rate)
        default = company.account_purchase_tax_id
        return default if default in taxes else taxes[:1]

    def _candidates(self, company, active=True):
        """Return the purchase taxes that add VAT to a domestic invoice, in order."""
        taxes = self.env["account.tax"].with_context(active_test=active)
        found = taxes.search(
            [
                *taxes._check_company_domain(company),
                ("type_tax_use", "=", "purchase"),
                ("amount_type", "=", "percent"),
            ]
        )
        own = company.account_fiscal_country_id
        return found.filtered(
            lambda tax: (
                tax.country_id == own
                and not tax.price_include
                and (not tax.amount or not self._is_reverse(tax))
                and self._is_domestic(tax, company)
            )
        )

    def _domestic_reverse(self, company, active=True):
        """Return the reverse charge taxes for sellers at home (construction).

        Their positions are chosen by hand and are of no other country: those for
        sellers outside of the Union have no country, but apply by themselves. Of a
        chart that has no such position the names are known.
        """
        default = company.account_purchase_tax_id
        taxes = self.env["account.tax"].with_context(active_test=active)
        found = taxes.search(
            [
                *taxes._check_company_domain(company),
                ("type_tax_use", "=", "purchase"),
                ("amount_type", "=", "percent"),
                ("amount", "=", default.amount),
                ("country_id", "=", company.account_fiscal_country_id.id),
            ]
        )
        own = company.account_fiscal_country_id
        return found.filtered(
            lambda tax: (
                self._is_reverse(tax)
                and tax.fiscal_position_ids
                and (
                    self._is_named_home(tax, own)
                    or all(
                        not position.auto_apply
                        and position.country_id <= own
                        and not position.country_group_id
                        for position in tax.fiscal_position_ids
                    )
                )
            )
        )

    def _is_named_home(self, tax, country):
        """Return whether a tax is one of the chart for sellers at home, by its name."""
        names = tax.sudo()._get_external_ids().get(tax.id, ())
        return any(is_home_reverse(country.code or "", name) for name in names)

    def _activate_reverse(self, company, partner):
        """Activate the chart's tax for a reverse charge of a seller at home.

        :raise UserError: the chart has none
        """
        if self._domestic_reverse(company) and self._is_resident(company, partner):
            return
        found = self._domestic_reverse(company, active=False)[:1]
        if not found or not self._is_resident(company, partner):
            raise UserError(
                self.env._(
                    "The chart of accounts has no purchase tax for a domestic reverse "
                    "charge. Create one, and choose it on the lines."
                )
            )
        found.active = True

    def _is_reverse(self, tax):
        lines = tax.invoice_repartition_line_ids
        shares = lines.filtered(lambda row: row.repartition_type == "tax")
        return not sum(shares.mapped("factor_percent"))

    def _is_domestic(self, tax, company):
        """Return whether a tax is for sellers of the same country.

        Its positions are of the country, or of a group with it (the Netherlands). A
        rate of zero in a position for others is the only one some charts have.
        """
        positions = tax.fiscal_position_ids
        own = company.account_fiscal_country_id
        countries = positions.country_id | positions.country_group_id.country_ids
        return not tax.amount or not positions or own in countries

    def _by_position(self, company, partner, supply):
        """Return what the seller's fiscal position makes of the default tax.

        :param supply: whether it is that of goods or of services, if anything says so
        """
        default = company.account_purchase_tax_id
        positions = self.env["account.fiscal.position"].with_company(company)
        position = positions._get_fiscal_position(partner)
        if position and supply:
            return self._of_supply(position, default, supply)
        mapped = position.map_tax(default) if position else default.browse()
        return mapped if mapped != default and len(mapped) == 1 else default.browse()

    def _of_supply(self, position, default, supply):
        """Return the position's tax of services, or of goods, at the default's rate.

        Of several the one that stands for a tax at home is plain, the others are for
        special cases. A tax of the other kind is never taken; one that does not say
        what it is for is, where no other is.
        """
        taxes = position.tax_ids.filtered(
            lambda tax: (
                tax.type_tax_use == "purchase"
                and tax.active
                and tax.amount == default.amount
                and self._is_reverse(tax)
            )
        )
        found = taxes.filtered(lambda tax: self._nature(tax) == supply)
        found = found or taxes.filtered(lambda tax: not self._nature(tax))
        if len(found) > 1:
            found = found.filtered("original_tax_ids")
        return found if len(found) == 1 else found.browse()

    def _nature(self, tax):
        """Return whether a reverse charge is one of goods or of services, else None.

        The charts say so by names alone.
        """
        if not tax.amount or not self._is_reverse(tax):
            return None
        if tax.tax_scope:
            is_service = tax.tax_scope == "service"
            return Supply.SERVICES if is_service else Supply.GOODS
        names = " ".join(tax.sudo()._get_external_ids().get(tax.id, ()))
        if "service" in names or "dienst" in names:
            return Supply.SERVICES
        words = tax.with_context(lang="en_US").name.split()
        found = [NATURES[word] for word in words if word in NATURES]
        return found[0] if found else None

    def _remember(self, company, partner, place, key, tax, signs):
        supply = self._supply(place, signs)
        rows = self.env["maventa.purchase.tax"].sudo()
        values = {
            "company_id": company.id,
            "partner_id": partner.id,
            "place": place,
            "code": key.code or False,
            "rate": float(key.rate or 0),
            "supply": supply,
        }
        found = self._row(company, partner, place, key, supply).sudo()
        known, source = self._tax(company, partner, place, key, signs)
        if found.partner_id and found.supply == supply:
            found.tax_id = tax
        elif known != tax or not (source == "learned" or (source == "chart" and tax)):
            rows.create({**values, "tax_id": tax.id, "is_learned": True})

    def _create_for(self, company, rate):
        """Activate the chart's tax of a rate, or copy the nearest one."""
        if inactive := self._of_chart(company, rate, active=False):
            inactive.active = True
            return
        others = self._candidates(company, active=False).filtered("amount")
        if not others:
            return
        nearest = min(others, key=lambda tax: abs(Decimal(str(tax.amount)) - rate))
        label = f"{rate.normalize():f}%"
        nearest.copy(
            {
                "name": label,
                "amount": float(rate),
                "description": label,
                "invoice_label": label,
                "active": True,
            }
        )
