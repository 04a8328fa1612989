"""Purchase taxes of a company's chart of accounts: which one is for what.

Charts say so by fiscal positions, and by names where these do not
(``maventa_api/chart_taxes.py``).
"""

from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from ..guards import internal
from ..maventa_api.chart_taxes import is_home_reverse, tax_from_abroad
from ..maventa_api.supply import Supply
from .purchase_taxes import REVERSE, VatKey

# Words of a tax's name in English by which the charts tell goods from services
NATURES = {"G": Supply.GOODS, "S": Supply.SERVICES, "RS": Supply.SERVICES}
# Points about lines for which a tax may be activated or made
CREATED = ("tax_missing", "tax_owed", "tax_owed_proposed")


@internal
class MaventaChartPurchases(models.AbstractModel):
    _name = "maventa.chart.purchases"
    _description = "Purchase Taxes of the Chart of Accounts"

    # === PUBLIC === #

    @api.model
    def _of_chart(self, company, rate, active=True):
        """Return the domestic purchase tax of a rate."""
        if rate is None:
            return self.env["account.tax"]
        taxes = self._candidates(company, active)
        taxes = taxes.filtered(lambda tax: Decimal(str(tax.amount)) == rate)
        default = company.account_purchase_tax_id
        return default if default in taxes else taxes[:1]

    @api.model
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

    @api.model
    def _from_abroad(self, company, partner, place, supply):
        """Return the tax by which the company assesses the VAT of a seller abroad.

        :param supply: whether it is that of goods or of services, if anything says so
        """
        default = company.account_purchase_tax_id
        position = self._position(company, partner, place)
        if position and supply:
            return self._of_supply(position, default, supply)
        if position:
            mapped = position.map_tax(default)
            is_other = mapped != default and len(mapped) == 1
            is_own = mapped.country_id <= company.account_fiscal_country_id
            return mapped if is_other and is_own else mapped[:0]
        country = company.account_fiscal_country_id.code or ""
        name = tax_from_abroad(country, supply or "")
        found = name and self.env.ref(f"account.{company.id}_{name}", False)
        return found if found and found.active else default[:0]

    @api.model
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

    @api.model
    def _added(self, taxes):
        """Return the percentage that taxes add to a bill; a reverse charge adds none.

        :return: None for taxes that are no percentage
        """
        each = taxes.flatten_taxes_hierarchy()
        if any(tax.amount_type != "percent" for tax in each):
            return None
        shares = [Decimal(str(tax.amount * self._share(tax))) for tax in each]
        return round(sum(shares, Decimal(0)) / 100, 4)

    @api.model
    def _create_missing(self, receipt):
        """Activate or copy a tax for each domestic rate that has none, and set it.

        Only lines without a tax are changed. Of a domestic reverse charge the chart's
        own tax is activated, never made. For VAT of another country there is nothing
        to make.
        :raise UserError: the bill is no draft, the rate is not in force any more, or
            there is no tax that fits
        """
        company, move = receipt.company_id, receipt.move_id
        if move.state != "draft":
            raise UserError(self.env._("The bill is not a draft."))
        stops = receipt._stops()
        if dead := [row for row in stops if row["code"] == "tax_not_in_force"]:
            raise UserError(self.env["maventa.receipt.messages"]._text(dead[0]))
        keys = {self._key_of(row) for row in stops} - {None}
        for key in keys:
            if key.code in REVERSE:
                self._activate_reverse(company, move.commercial_partner_id)
            elif not self._of_chart(company, key.rate):
                self._create_for(company, key.rate)
        is_filled = self._fill(move, keys)
        if not is_filled and any(key.code in REVERSE for key in keys):
            raise UserError(self._without_reverse())
        self.env["maventa.bill.booking"]._check_again(receipt)

    # === HELPERS === #

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

    def _is_named_home(self, tax, country):
        """Return whether a tax is one of the chart for sellers at home, by its name."""
        names = tax.sudo()._get_external_ids().get(tax.id, ())
        return any(is_home_reverse(country.code or "", name) for name in names)

    def _activate_reverse(self, company, partner):
        """Activate the chart's tax for a reverse charge of a seller at home.

        :raise UserError: the chart has none
        """
        is_home = self.env["maventa.purchase.taxes"]._is_resident(company, partner)
        if is_home and self._domestic_reverse(company):
            return
        found = self._domestic_reverse(company, active=False)[:1]
        if not found or not is_home:
            raise UserError(self._without_reverse())
        found.active = True

    def _without_reverse(self):
        return self.env._(
            "The chart of accounts has no purchase tax for a domestic reverse "
            "charge. Create one, and choose it on the lines."
        )

    def _is_reverse(self, tax):
        return not self._share(tax)

    def _share(self, tax):
        """Return how many per cent of its VAT a tax adds to a bill."""
        lines = tax.invoice_repartition_line_ids
        shares = lines.filtered(lambda row: row.repartition_type == "tax")
        return sum(shares.mapped("factor_percent"))

    def _is_domestic(self, tax, company):
        """Return whether a tax is for sellers of the same country.

        Its positions are of the country, or of a group with it (the Netherlands). A
        rate of zero in a position for others is the only one some charts have.
        """
        positions = tax.fiscal_position_ids
        own = company.account_fiscal_country_id
        countries = positions.country_id | positions.country_group_id.country_ids
        return not tax.amount or not positions or own in countries

    def _position(self, company, partner, place):
        """Return the fiscal position of a seller, as the VAT number places it.

        One whose address is outside of the Union has the position of a seller in it.
        """
        positions = self.env["account.fiscal.position"].with_company(company)
        union = self.env.ref("base.europe").country_ids
        country = partner.commercial_partner_id.country_id
        if place == "eu" and country and country not in union:
            own = company.account_fiscal_country_id
            [country] = (union - own).sorted("code")[:1]
            values = {"country_id": country.id, "vat": f"{country.code}0"}
            partner = self.env["res.partner"].new(values)
        return positions._get_fiscal_position(partner)

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
                and tax.country_id == default.country_id
                and self._is_reverse(tax)
                and not self._is_named_home(tax, tax.country_id)
            )
        )
        found = taxes.filtered(lambda tax: self._nature(tax) == supply)
        found = found or taxes.filtered(lambda tax: not self._nature(tax))
        if len(found) > 1:
            found = found.filtered("original_tax_ids")
        return found if len(found) == 1 else found.browse()

    def _key_of(self, row):
        """Return the key of a point about lines that a tax can be made for, or None."""
        values = row["values"]
        is_ours = values.get("place", "domestic") == "domestic"
        if row["code"] not in CREATED or not is_ours or not values.get("rate"):
            return None
        return VatKey(values.get("category", "").strip("-"), Decimal(values["rate"]))

    def _fill(self, move, keys):
        """Set the tax on domestic lines without one; nothing else of them changes.

        :return: whether there was a tax that fits
        """
        is_filled = False
        taxes = self.env["maventa.purchase.taxes"]
        where = (move.company_id, move.commercial_partner_id, "domestic")
        for line in move.invoice_line_ids:
            key = VatKey.parse(line.maventa_vat_key)
            if key in keys and not line.tax_ids:
                line.tax_ids = taxes._tax(*where, key, line._maventa_signs() or ())[0]
                is_filled = is_filled or bool(line.tax_ids)
        return is_filled

    def _create_for(self, company, rate):
        """Activate the chart's tax of a rate, or copy the nearest one.

        :raise UserError: the chart has none to copy
        """
        if inactive := self._of_chart(company, rate, active=False):
            inactive.active = True
            return
        others = self._candidates(company, active=False).filtered("amount")
        if not others:
            raise UserError(
                self.env._(
                    "The chart of accounts has no purchase tax of your country that "
                    "could be copied. Create one of %s %%, and choose it on the lines.",
                    f"{rate.normalize():f}",
                )
            )
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
