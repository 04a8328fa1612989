"""The VAT category of a tax and of an invoice line: said, never guessed.

A category is what a person chose on the tax, or what the chart of accounts decides. A
tax without either is a problem with a way to its form; a proposal is only a proposal.
"""

import re
from dataclasses import replace
from decimal import Decimal
from itertools import product

from odoo import api, models
from odoo.tools import html2plaintext

from ..guards import internal
from ..maventa_api.chart_taxes import (
    category_of_chart,
    is_home_reverse,
    is_triangular,
)
from ..maventa_api.country_codes import EUROPEAN_UNION
from ..maventa_api.party_identifiers import IdentifierProblem, country_of_vat
from ..maventa_api.vat_categories import (
    FINLAND,
    ZERO_RATED,
    Supply,
    Trade,
    VatCategory,
    propose_category,
)
from .check_finding import Finding

SUPPLIES = {"consu": Supply.GOODS, "service": Supply.SERVICES}
# Reverse charges of goods (directive 2006/112/EC, articles 141, 194 to 199b)
OF_GOODS = re.compile(
    r"\b(141|194|195|199)(?!\d)|triang|trekant|trepart|kolmikanta|\bABC\b",
    re.IGNORECASE,
)
# A reverse charge of goods or services that come from another country
FROM_ABROAD = re.compile(
    r"\b(44|141|194|195|196)(?!\d)|triang|trekant|trepart|kolmikanta|\bABC\b",
    re.IGNORECASE,
)
# What is said of a reverse charge of the home country alone: construction, scrap, gold
AT_HOME = re.compile(
    r"\b199(?!\d)|\b8\s*[a-d]\s*§|\b24\s?ba?\b|rakenn|rakent|bygg|bouw|onderaann|"
    r"construct|scrap|romu|skrot|schroot|kullan|\bguld|\bgull\b|\bgold\b|\bgoud\b",
    re.IGNORECASE,
)
SOLD_AS = {"K": Supply.GOODS, "AE": Supply.SERVICES}
MAINLY = {**SOLD_AS, "G": Supply.GOODS}  # what others may go with
NO_VAT = VatCategory("O")  # of a seller without a VAT number (BR-E-02, BR-Z-02)


@internal
class MaventaVatCategory(models.AbstractModel):
    """Categories of EN 16931 (UNTDID 5305) for taxes and lines of Odoo."""

    _name = "maventa.vat.category"
    _description = "VAT Categories for E-invoices"

    # === PUBLIC === #

    @api.model
    def _of_tax(self, tax):
        """Return the ``VatCategory`` of a tax of sales, or nothing.

        A rate decides by itself; a tax of 0 % has the category that a person chose on
        it, else the one of its chart of accounts.
        """
        if tax.amount_type == "percent" and tax.amount:
            code = tax.ubl_cii_tax_category_code or "S"
            return VatCategory(code, Decimal(str(tax.amount)), self._reason(tax))
        reason = self._reason(tax)
        seller = self._country_of(tax)
        if code := tax.ubl_cii_tax_category_code:
            reason_code = tax.ubl_cii_tax_exemption_reason_code or ""
            return VatCategory(
                code, reason=reason, reason_code=reason_code, seller=seller
            )
        for country, xmlid in self._chart_names(tax):
            if found := category_of_chart(country, xmlid):
                reason = reason or found.reason
                return VatCategory(found.code, reason=reason, seller=seller)
        return None

    @api.model
    def _exported(self, move):
        """Return what the lines of category G sell: one breakdown holds them all."""
        lines = move.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        supplies = {
            self._supply(line, tax)
            for line in lines
            for tax in self._vat_taxes(line)
            if (found := self._of_tax(tax)) and found.code == "G"
        }
        return supplies.pop() if len(supplies) == 1 else Supply.UNKNOWN

    @api.model
    def _of_line(self, line):
        """Return the ``VatCategory`` of an invoice line, or nothing.

        A line without a tax is outside the scope if the seller has no VAT number.
        """
        taxes = self._vat_taxes(line)
        if not taxes and not self._has_vat_number(line.move_id):
            return NO_VAT
        return self._of_tax(taxes) if len(taxes) == 1 else None

    @api.model
    def _vat_taxes(self, line):
        """Return the taxes of a line that are VAT: not fixed amounts per piece."""
        taxes = line.tax_ids.flatten_taxes_hierarchy()
        return taxes.filtered(lambda tax: tax.amount_type not in ("fixed", "code"))

    @api.model
    def _deposit_taxes(self, lines):
        """Return the fixed taxes that a document shows as lines of their own.

        They are not part of the base of other taxes, as the deposit of a bottle.
        """
        taxes = lines.tax_ids.flatten_taxes_hierarchy()
        return taxes.filtered(
            lambda tax: (
                tax.amount_type in ("fixed", "code") and not tax.include_base_amount
            )
        )

    @api.model
    def _findings(self, move):
        """Return the lines and taxes whose category is not clear."""
        lines = move.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        found = [*self._country_findings(move), *self._number_findings(move, lines)]
        found += [finding for line in lines for finding in self._line_findings(line)]
        found += [
            self._tax_finding(tax)
            for tax in self._deposit_taxes(lines)
            if self._of_tax(tax) is None
        ]
        return found

    @api.model
    def _unclassified(self, company):
        """Return the company's sales taxes without a category, the used ones."""
        taxes = self.env["account.tax"].search(
            [
                *self.env["account.tax"]._check_company_domain(company),
                ("type_tax_use", "=", "sale"),
                ("amount_type", "in", ("percent", "fixed")),
                ("ubl_cii_tax_category_code", "=", False),
                # a rate decides by itself; a fixed amount does not
                "|",
                ("amount", "=", 0),
                "&",
                ("amount_type", "=", "fixed"),
                ("include_base_amount", "=", False),
            ]
        )
        return taxes.filtered(lambda tax: self._of_tax(tax) is None)

    @api.model
    def _proposal(self, tax):
        """Return the code that fits what is known of a tax, or nothing.

        Known are its scope, and the countries of its fiscal positions.
        """
        seller = self._country_of(tax)
        buyers = set()
        for position in tax.fiscal_position_ids:
            countries = position.country_id | position.country_group_id.country_ids
            abroad = set(countries.mapped("code")) - {seller}
            if not abroad:
                return ""  # at home: a person has to say
            buyers |= abroad
        codes = {
            propose_category(
                seller,
                buyer,
                Decimal(str(tax.amount if tax.amount_type == "percent" else 0)),
                supply=SUPPLIES.get(tax.tax_scope, Supply.UNKNOWN),
            )
            for buyer in buyers
        }
        return codes.pop() if len(codes) == 1 else ""

    # === HELPERS === #

    def _country_of(self, tax):
        """Return the country whose law a tax is of: its own, if that is another one."""
        company, country = tax.company_id, tax.country_id.code or ""
        if tax.country_id != company.account_fiscal_country_id and country:
            return country
        return company.country_code or country

    def _chart_names(self, tax):
        """Return the pairs of country and external id by which a chart knows a tax."""
        countries = {tax.country_id.code, tax.company_id.country_code} - {False}
        xmlids = tax.sudo()._get_external_ids().get(tax.id, ())
        return tuple(product(sorted(countries), xmlids))

    def _home_reverse(self, tax):
        """Return whether a tax may be a reverse charge of the home country, and alone.

        One of the chart is, or one with words of its own; some articles are not for it.
        """
        names = self._chart_names(tax)
        if any(category_of_chart(*name) for name in names):
            is_home = any(is_home_reverse(*name) for name in names)
            return is_home, is_home
        words, reason = self._words(tax), self._reason(tax)
        may_be = bool(reason) and not FROM_ABROAD.search(words)
        return may_be, may_be and bool(AT_HOME.search(words))

    def _words(self, tax):
        return f"{tax.name} {self._reason(tax)}"

    def _has_vat_number(self, move):
        company = move.maventa_account_company_id or move.company_id
        return bool(company.sudo().vat or move.fiscal_position_id.foreign_vat)

    @api.model
    def _reason(self, tax):
        """Return the legal text of a tax, in the language of the invoice."""
        notes = tax.invoice_legal_notes
        return " ".join(html2plaintext(notes).split()) if notes else ""

    def _line_findings(self, line):
        taxes, name = self._vat_taxes(line), self._name_of(line)
        if not taxes:
            if self._has_vat_number(line.move_id):
                text = self.env._(
                    'The line "%s" has no tax. Choose a tax on it; for sales without '
                    "VAT, one of 0 %% with a tax category.",
                    name,
                )
                return [Finding(text, line.move_id)]
            return []
        if len(taxes) > 1:
            text = self.env._(
                'The line "%s" has several taxes. An e-invoice allows one VAT rate '
                "per line: split the line.",
                name,
            )
            return [Finding(text, line.move_id)]
        if taxes.amount_type != "percent" or taxes.amount < 0:
            text = self.env._(
                'The tax "%(tax)s" of the line "%(line)s" is not a percentage that is '
                "added. An e-invoice needs a VAT rate in percent: choose another tax.",
                tax=taxes.name,
                line=name,
            )
            return [Finding(text, taxes)]
        if taxes.country_id != line.move_id.tax_country_id:
            return [self._country_finding(line, taxes)]
        category = self._of_tax(taxes)
        if category is None:
            return [self._tax_finding(taxes)]
        return [
            *self._contradictions(taxes, category),
            *self._place_findings(line, taxes, category),
        ]

    def _contradictions(self, tax, category):
        if bool(category.rate) != (category.code in ZERO_RATED):
            return []
        text = self.env._(
            'The tax "%(tax)s" of %(rate)s %% has the tax category %(category)s, which '
            "does not fit its rate. Correct the category on the tax.",
            tax=tax.name,
            rate=f"{tax.amount:g}",
            category=category.code,
        )
        return [Finding(text, tax)]

    def _place_findings(self, line, tax, category):
        """Return that a category does not fit where the customer is."""
        supply = self._judged_supply(line, tax, category)
        trade = replace(self._trade(line.move_id), supply=supply)
        wanted = trade.instead_of(category.code, **self._reverse_kinds(tax))
        if wanted:
            return [self._misplaced(line, tax, category, trade, wanted)]
        if category.code in ("AE", "K") and self._lacks_number(line.move_id, trade):
            partner = line.move_id.partner_id
            text = self.env["maventa.parties"]._missing_vat(partner, category.code)
            return [Finding(text, line.move_id.commercial_partner_id)]
        if category.reason:
            return []
        is_home = trade.seller and trade.delivery in (trade.seller, "")
        if category.code == "Z" and (is_home or not trade.buyer_has_vat):
            return [self._groundless(line, tax)]
        if self._is_for_a_person_abroad(line, tax, category, trade):
            return [self._person_finding(line, tax)]
        return []

    def _is_for_a_person_abroad(self, line, tax, category, trade):
        """Return whether a service to a private person is said to be taxed abroad.

        It is taxed at the seller, but for services that article 59 lists. A business
        is a company, or has a number. Norway's law is another one.
        Source: directive 2006/112/EC, articles 44, 45, 59.
        """
        buyer = line.move_id.commercial_partner_id
        is_person = not (buyer.is_company or trade.buyer_has_vat)
        return (
            category.code == "G"
            and is_person
            and trade.seller in EUROPEAN_UNION
            and self._supply(line, tax) is Supply.SERVICES
        )

    def _person_finding(self, line, tax):
        text = self.env._(
            'The line "%(line)s" is a service to a private person outside the EU, '
            "without VAT. Such services have VAT as at home, but for some that the "
            "law lists (consulting, data processing, advertising, ...). If this is one "
            'of them, name the law in the legal notes of the tax "%(tax)s"; else '
            "choose a tax with VAT. If the customer is a business, make it a company.",
            line=self._name_of(line),
            tax=tax.name,
        )
        return Finding(text, tax)

    def _supply(self, line, tax):
        """Return what a line sells: its product says it, else the scope of the tax."""
        if line.product_id:
            is_service = line.product_id.type == "service"
            return Supply.SERVICES if is_service else Supply.GOODS
        return SUPPLIES.get(tax.tax_scope, Supply.UNKNOWN)

    def _judged_supply(self, line, tax, category):
        """Return what a line sells, or unknown if it only goes with what others sell.

        Freight of goods has their category, and so has the material of a service:
        what goes with others is less than they are.
        Source: directive 2006/112/EC, article 78 (b).
        """
        supply, fits = self._supply(line, tax), MAINLY.get(category.code)
        if not fits or supply in (fits, Supply.UNKNOWN):
            return supply
        with_tax = line.move_id.invoice_line_ids.filtered(
            lambda other: other.product_id and tax in self._vat_taxes(other)
        )
        mainly = with_tax.filtered(lambda other: self._supply(other, tax) == fits)
        main, aside = (
            abs(sum(rows.mapped("price_subtotal")))
            for rows in (mainly, with_tax - mainly)
        )
        return Supply.UNKNOWN if mainly and main >= aside else supply

    def _reverse_kinds(self, tax):
        """Return which reverse charge a tax is, as ``Trade.instead_of`` wants it."""
        names = [name for _country, name in self._chart_names(tax)]
        may_be_home, is_home_alone = self._home_reverse(tax)
        return {
            "is_home_reverse": may_be_home,
            "is_home_alone": is_home_alone,
            "is_of_goods": bool(
                any(map(is_triangular, names)) or OF_GOODS.search(self._words(tax))
            ),
        }

    def _lacks_number(self, move, trade):
        """Return whether nobody is named to whom the tax is shifted.

        A legal id is none of article 214; in Norway it is the number of both.
        Source: directive 2006/112/EC, articles 138 (1) (b), 226 (4).
        """
        named = self.env["maventa.parties"]._identifiers(move.partner_id)
        if trade.seller == trade.buyer == "NO":
            return not (named.vat or named.legal)
        is_union = trade.seller in EUROPEAN_UNION or trade.seller == "AX"
        return not named.vat or (is_union and trade.buyer_vat not in EUROPEAN_UNION)

    def _trade(self, move):
        parties = self.env["maventa.parties"]
        buyer = move.commercial_partner_id
        vat = parties._identifiers(move.partner_id).vat
        return Trade(
            seller=parties._seller_territory(move),
            buyer=parties._territory(buyer) or parties._territory(move.partner_id),
            delivery=parties._territory(move.partner_shipping_id or buyer),
            buyer_has_vat=bool(vat),
            buyer_vat=country_of_vat(vat),
        )

    def _misplaced(self, line, tax, category, trade, wanted):
        """Return what does not fit: the number and the address, or the countries."""
        move, record = line.move_id, line.move_id
        if self._lacks_ground_of_home(tax, category, trade):
            record = tax
            text = self.env._(
                'The tax "%(tax)s" of the line "%(line)s" has the tax category '
                "%(category)s, though seller and customer are in %(seller)s. By the "
                "law there, the customer owes the VAT of some supplies only "
                "(construction, scrap, gold, ...). If this is one, name the law in the "
                "legal notes of the tax; else choose another tax (%(taxes)s)."
            )
        elif self._lacks_number_of_home(tax, category, trade):
            record = move.commercial_partner_id
            text = self.env._(
                'The tax "%(tax)s" of the line "%(line)s" is a reverse charge of '
                "%(seller)s: the customer owes the VAT there, under a tax number of "
                "%(seller)s. That of %(party)s is of %(number)s. Enter its number of "
                "%(seller)s, or choose another tax (%(taxes)s). A reverse charge of "
                "services in the EU names article 196 in the legal notes of its tax."
            )
        elif self._is_number_wrong(category, trade):
            record = move.commercial_partner_id
            text = self.env._(
                'The tax "%(tax)s" of the line "%(line)s" has the tax category '
                "%(category)s, which requires a tax number of a member state of the EU "
                "other than %(seller)s: that of %(party)s is of %(number)s. Correct "
                "the number, or choose another tax (%(taxes)s)."
            )
        elif trade.has_number_of_elsewhere:
            record = move.commercial_partner_id
            text = self.env._(
                'The tax "%(tax)s" of the line "%(line)s" has the tax category '
                "%(category)s, which does not fit: %(party)s has a tax number of "
                "%(number)s, but its address is in %(buyer)s, and the delivery in "
                "%(delivery)s. Correct the number or the address of the customer, or "
                "choose another tax (%(taxes)s)."
            )
        elif SOLD_AS.get(category.code, trade.supply) != trade.supply and (
            trade.supply is not Supply.UNKNOWN
        ):
            text = self._other_supply(trade.supply)
        else:
            text = self.env._(
                'The tax "%(tax)s" of the line "%(line)s" has the tax category '
                "%(category)s, which does not fit a sale from %(seller)s to a customer "
                "in %(buyer)s with delivery in %(delivery)s. Choose another tax "
                "(%(taxes)s), or correct the country or the delivery address."
            )
        name_of = self.env["maventa.place.names"]._of
        values = {
            "tax": tax.name,
            "line": self._name_of(line),
            "category": category.code,
            "party": move.commercial_partner_id.display_name,
            "number": name_of(trade.buyer_vat),
            "seller": name_of(trade.seller),
            "buyer": name_of(trade.buyer),
            "delivery": name_of(trade.delivery),
            "taxes": self._taxes_of(move, trade, wanted),
        }
        return Finding(text % values, record)

    def _other_supply(self, supply):
        """Return the text that a tax is for what the line does not sell."""
        if supply is Supply.SERVICES:
            return self.env._(
                'The tax "%(tax)s" of the line "%(line)s" has the tax category '
                "%(category)s, which is for goods, but the line sells a service. "
                "Choose another tax (%(taxes)s), or correct the type of the product."
            )
        return self.env._(
            'The tax "%(tax)s" of the line "%(line)s" has the tax category '
            "%(category)s, which is for services, but the line sells goods. Choose "
            "another tax (%(taxes)s), or correct the type of the product."
        )

    def _lacks_ground_of_home(self, tax, category, trade):
        """Return whether a reverse charge at home names no law that it is of.

        Of a tax of the chart it is known what it is for.
        """
        is_of_chart = any(category_of_chart(*one) for one in self._chart_names(tax))
        if category.code != "AE" or is_of_chart or self._reason(tax):
            return False
        is_home = trade.buyer == trade.seller or {trade.buyer, trade.seller} == FINLAND
        return is_home and not trade.has_number_of_elsewhere

    def _lacks_number_of_home(self, tax, category, trade):
        """Return whether a customer owes VAT at home, and has no number for it."""
        kinds = self._reverse_kinds(tax)
        del kinds["is_of_goods"]
        is_home = category.code == "AE" and trade.is_owed_at_home(**kinds)
        return is_home and trade.lacks_number_of_home

    def _is_number_wrong(self, category, trade):
        """Return whether number and address agree, but are not of a member state."""
        place = trade.delivery if category.code == "K" else trade.buyer
        return (
            category.code in ("AE", "K")
            and trade.buyer != trade.seller != place
            and place in EUROPEAN_UNION
            and trade.lacks_number_of_another_state
            and not trade.has_number_of_elsewhere
        )

    def _number_findings(self, move, lines):
        """Return that VAT is charged by a seller without a VAT number.

        One that is not valid is told as that.
        Source: directive 2006/112/EC, articles 203, 226 (3); EN 16931, BR-S-02.
        """
        charged = [
            tax
            for line in lines
            for tax in self._vat_taxes(line)
            if tax.amount_type == "percent" and tax.amount > 0
        ]
        parties = self.env["maventa.parties"]
        named = parties._seller_identifiers(move)
        malformed = IdentifierProblem.VAT_MALFORMED
        is_told = any(problem == malformed for problem, _value in named.problems)
        if not charged or named.vat or is_told:
            return []
        seller = parties._seller(move)
        text = self.env._(
            "The invoice charges VAT, but %(seller)s has no VAT number. Enter the "
            "number on the company (in Norway with MVA at its end), or choose a tax "
            "without VAT.",
            seller=seller.display_name,
        )
        return [Finding(text, seller)]

    def _country_findings(self, move):
        """Return that the customer has no country, which decides about the VAT."""
        partner, vat = move.partner_id, move.commercial_partner_id.vat or ""
        if partner.country_id:
            return []
        if country := country_of_vat(vat):
            text = self.env._(
                "%(party)s has no country, though its tax number %(number)s is of "
                "%(country)s. Enter the country on the contact.",
                party=partner.display_name,
                number=vat,
                country=self.env["maventa.place.names"]._of(country),
            )
        else:
            text = self.env._(
                "%s has no country. Enter it on the contact.", partner.display_name
            )
        return [Finding(text, partner)]

    def _groundless(self, line, tax):
        text = self.env._(
            'The tax "%(tax)s" of the line "%(line)s" charges 0 %% at home without a '
            "ground. Enter the ground in the legal notes of the tax, or choose the tax "
            "category E with its reason.",
            tax=tax.name,
            line=self._name_of(line),
        )
        return Finding(text, tax)

    def _taxes_of(self, move, trade, codes):
        """Return the fitting taxes of these categories, or how to get one."""
        taxes = self.env["account.tax"].search(
            [
                *self.env["account.tax"]._check_company_domain(move.company_id),
                ("country_id", "=", move.tax_country_id.id),
                ("type_tax_use", "=", "sale"),
                ("amount", "=", 0),
            ]
        )
        is_abroad, known, names = trade.buyer != trade.seller, set(), []
        if "S" in codes:
            names.append(self.env._("one with VAT"))
        for tax in taxes:
            code = (self._of_tax(tax) or VatCategory("")).code
            kinds = self._reverse_kinds(tax)
            fits = not trade.instead_of(code, **kinds)
            is_special = any(kinds.values()) and code == "AE"
            if code in codes and fits and not (is_special and is_abroad):
                known.add(code)
                names.append(f'"{tax.name}"')
        missing = [] if "S" in codes else [code for code in codes if code not in known]
        return ", ".join(names + self._new_taxes(missing))

    def _new_taxes(self, codes):
        """Return how to get a tax of these categories, which the company lacks."""
        if not codes:
            return []
        field = self.env["account.tax"]._fields["ubl_cii_tax_category_code"]
        labels = dict(field._description_selection(self.env))
        text = self.env._(
            "a new tax of 0 %% with the tax category %s, which an accountant creates "
            "under Accounting, Configuration, Taxes",
            " / ".join(labels[code] for code in codes),
        )
        return [text]

    def _country_finding(self, line, tax):
        text = self.env._(
            'The tax "%(tax)s" of the line "%(line)s" is of %(country)s, but the '
            "invoice is under your tax number of %(seller)s. Reset the invoice to "
            "draft, and choose a tax of %(seller)s, or a fiscal position with your tax "
            "number of %(country)s.",
            tax=tax.name,
            line=self._name_of(line),
            country=tax.country_id.name,
            seller=line.move_id.tax_country_id.name,
        )
        return Finding(text, line.move_id)

    def _tax_finding(self, tax):
        text = self.env._(
            'The tax "%s" has no tax category, and nothing else says why no VAT is '
            "charged. Choose the category on the tax.",
            tax.name,
        )
        return Finding(text, tax)

    @api.model
    def _name_of(self, line):
        """Return what a user calls a line."""
        name = (line.name or line.product_id.display_name or "").strip()
        return name.partition("\n")[0] or "-"
