"""The purchase tax of each line of a received document, and what people teach.

Order: what was learned for the supplier, for all suppliers, the chart of accounts. Of
a rate with several taxes the company's default comes first. Abroad the tax is a
proposal by the signs of goods or services (``maventa_api/supply.py``), which a person
confirms by posting the bill; where signs contradict or lack, by an answer.
"""

from dataclasses import dataclass
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from ..guards import internal
from ..maventa_api.supply import Supply, signs_of, supply_of

REVERSE = ("AE", "K")
ROUNDING_KEY = "round"


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
        return cls(code, Decimal(rate) if rate else None) if separator else None


@internal
class MaventaPurchaseTaxes(models.AbstractModel):
    _name = "maventa.purchase.taxes"
    _description = "Taxes of Received Invoices"

    # === PUBLIC === #

    @api.model
    def _tax(self, company, partner, place, key, signs=()):
        """Return the tax for a key, and how it was found.

        :param signs: of goods or services; by default those of the category
        :return: tax (empty if there is none) and ``learned``, ``chart`` or ``proposed``
        """
        signs = signs or signs_of(key.code)
        supply = self._supply(place, signs)
        if row := self._row(company, partner, place, key, supply):
            return row.tax_id, "learned"
        if place == "domestic" and key.code not in REVERSE:
            return self._of_chart(company, key.rate), "chart"
        if place == "domestic":
            return self._domestic_reverse(company)[:1], "proposed"
        weightiest = signs[0].supply if signs else None
        return self._by_position(company, partner, weightiest), "proposed"

    @api.model
    def _place(self, company, partner, country_code):
        """Return where the seller is, seen from the company."""
        own = company.account_fiscal_country_id.code or company.country_code
        theirs = country_code or partner.country_code or own
        if theirs == own:
            return "domestic"
        eu = self.env.ref("base.europe").country_ids.mapped("code")
        return "eu" if theirs in eu else "abroad"

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
            if key and len(line.tax_ids) == 1:
                signs = line._maventa_signs() or signs_of(key.code)
                where = (move.company_id, partner, place, key)
                self._remember(*where, line.tax_ids, signs)

    @api.model
    def _create_missing(self, receipt):
        """Activate or copy a tax for each domestic rate that has none.

        Of a domestic reverse charge the chart's own tax is activated, never made.
        :raise UserError: the rate is not in force any more, or there is no such tax
        """
        company = receipt.company_id
        points = receipt._points()
        if dead := [row for row in points if row["code"] == "tax_not_in_force"]:
            raise UserError(self.env["maventa.receipt.messages"]._text(dead[0]))
        for point in points:
            if point["code"] != "tax_missing":
                continue
            rate = Decimal(point["values"]["rate"])
            if point["values"].get("category") in REVERSE:
                self._activate_reverse(company)
            elif not self._of_chart(company, rate):
                self._create_for(company, rate)

    # === HELPERS === #

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
            ("tax_id.active", "=", True),
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
        """Return the reverse charge taxes for sellers at home (construction)."""
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
                and tax.fiscal_position_ids.country_id <= own
                and not tax.fiscal_position_ids.country_group_id
            )
        )

    def _activate_reverse(self, company):
        """Activate the chart's tax for a reverse charge at home.

        :raise UserError: the chart has none
        """
        if self._domestic_reverse(company):
            return
        found = self._domestic_reverse(company, active=False)[:1]
        if not found:
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

        A rate of zero in a position for others is the only one some charts have.
        """
        positions = tax.fiscal_position_ids
        own = company.account_fiscal_country_id
        return not tax.amount or not positions or own in positions.country_id

    def _by_position(self, company, partner, supply):
        """Return what the seller's fiscal position makes of the default tax.

        :param supply: whether it is that of goods or of services, if anything says so
        """
        default = company.account_purchase_tax_id
        positions = self.env["account.fiscal.position"].with_company(company)
        position = positions._get_fiscal_position(partner)
        mapped = position.map_tax(default) if position else default.browse()
        if position and supply:
            is_service = supply == Supply.SERVICES
            mapped = self._of_supply(position, default, is_service) or mapped
        return mapped if mapped != default and len(mapped) == 1 else default.browse()

    def _of_supply(self, position, default, is_service):
        """Return the position's tax of services, or of goods, at the default's rate.

        The charts say which by name alone; nothing, if that does not decide.
        """
        taxes = position.tax_ids.filtered(
            lambda tax: (
                tax.type_tax_use == "purchase"
                and tax.active
                and tax.amount == default.amount
                and self._is_reverse(tax)
            )
        )
        services = taxes.filtered(self._is_for_services)
        found = services if is_service else taxes - services
        return found if len(found) == 1 else found.browse()

    def _nature(self, tax):
        """Return whether a reverse charge is one of goods or of services, else None."""
        if not tax.amount or not self._is_reverse(tax):
            return None
        return Supply.SERVICES if self._is_for_services(tax) else Supply.GOODS

    def _is_for_services(self, tax):
        if tax.tax_scope:
            return tax.tax_scope == "service"
        names = " ".join(tax.sudo()._get_external_ids().get(tax.id, ()))
        return "service" in names or "dienst" in names

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
        elif known != tax or source == "proposed":
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
