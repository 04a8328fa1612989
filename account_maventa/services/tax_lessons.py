"""Which tax belongs to a VAT category and rate: what people have taught.

A bill that a person has posted teaches the tax of its lines, for its supplier. What
contradicts itself or the document teaches nothing: lines of one category and rate with
several taxes, or a tax that adds another rate than the invoice charges.
"""

from odoo import api, models

from ..guards import internal
from ..maventa_api.supply import signs_of
from .purchase_taxes import ASSESSED, EXEMPT, PLACES, VatKey


@internal
class MaventaTaxLessons(models.AbstractModel):
    _name = "maventa.tax.lessons"
    _description = "Learned Taxes of Received Invoices"

    # === PUBLIC === #

    @api.model
    def _learn(self, move, place):
        """Remember the taxes of a bill that a person has posted."""
        if place not in PLACES:
            return
        taxes = self.env["maventa.purchase.taxes"]
        taught = {}
        for line in move.invoice_line_ids:
            if key := VatKey.parse(line.maventa_vat_key):
                signs = line._maventa_signs() or signs_of(key.code)
                supply = taxes._supply(place, signs)
                taught.setdefault((key, supply), []).append((line.tax_ids, signs))
        where = (move.company_id, move.commercial_partner_id, place)
        for (key, _supply), lines in taught.items():
            tax, signs = lines[0]
            if all(
                other == tax and self._is_lesson(place, key, tax, said)
                for other, said in lines
            ):
                self._remember(*where, key, tax, signs)

    @api.model
    def _row(self, company, partner, place, key, supply):
        """Return what was learned: for the supplier, and for this supply, first.

        What was learned without signs says nothing about a supply of another kind, and
        nothing makes a tax right that adds another rate than the document charges.
        """
        chart = self.env["maventa.chart.purchases"]
        domain = [
            *self._domain(company, place, key),
            ("partner_id", "in", [partner.commercial_partner_id.id, False]),
            ("supply", "in", [supply, False]),
            *("|", ("tax_id", "=", False), "&", ("tax_id.active", "=", True)),
            ("tax_id.country_id", "=", company.account_fiscal_country_id.id),
        ]
        rows = self.env["maventa.purchase.tax"].search(domain)
        fitting = rows.filtered(lambda row: self._fits(key, row.tax_id))
        if supply:
            fitting = fitting.filtered(
                lambda row: row.supply or chart._nature(row.tax_id) in (None, supply)
            )
        return fitting.sorted(lambda row: (not row.partner_id, not row.supply))[:1]

    # === HELPERS === #

    def _domain(self, company, place, key):
        return [
            ("company_id", "=", company.id),
            ("place", "=", place),
            ("code", "=", key.code or False),
            ("rate", "=", float(key.rate or 0)),
        ]

    def _is_lesson(self, place, key, tax, signs):
        """Return whether a posted line teaches something: one tax, or that none is due.

        Nobody learns not to assess a reverse charge, or what contradicts the document,
        and VAT of another country is never deducted.
        """
        if key.is_unclear or (place != "domestic" and key.is_charged):
            return False
        if not self._fits(key, tax):
            return False
        if not tax:
            is_free = place == "domestic" or key.code in EXEMPT
            return is_free and key.code not in ASSESSED[place]
        objection = self.env["maventa.purchase.taxes"]._objection
        return len(tax) == 1 and not objection(place, key, tax, signs)

    def _fits(self, key, tax):
        """Return whether a tax adds to a bill what the document charges."""
        rate = key.rate if key.is_charged else 0
        return self.env["maventa.chart.purchases"]._added(tax) == rate

    def _remember(self, company, partner, place, key, tax, signs):
        taxes = self.env["maventa.purchase.taxes"]
        supply = taxes._supply(place, signs)
        rows = self.env["maventa.purchase.tax"].sudo()
        own = [("partner_id", "=", partner.id), ("supply", "=", supply)]
        if found := rows.search([*self._domain(company, place, key), *own]):
            found.tax_id = tax
            return
        known, source = taxes._tax(company, partner, place, key, signs)
        if known == tax and (source == "learned" or (source == "chart" and tax)):
            return
        rows.create(
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "place": place,
                "code": key.code or False,
                "rate": float(key.rate or 0),
                "supply": supply,
                "tax_id": tax.id,
                "is_learned": True,
            }
        )
