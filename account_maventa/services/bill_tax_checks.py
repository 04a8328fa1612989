"""What a person has to decide about the taxes and the rates of a received bill."""

from odoo import api, models

from ..guards import internal
from ..maventa_api.supply import Supply, signs_of, supply_of
from ..maventa_api.vat_rates import is_in_force
from .bill_checks import point
from .purchase_taxes import ASSESSED, VatKey


@internal
class MaventaBillTaxChecks(models.AbstractModel):
    _name = "maventa.bill.tax.checks"
    _description = "Checks of the Taxes of Received Bills"

    # === PUBLIC === #

    @api.model
    def _points(self, receipt, move, document):
        """Yield the points about taxes and rates."""
        taxes = self.env["maventa.purchase.taxes"]
        where = (receipt.company_id, move.commercial_partner_id)
        place = taxes._place(*where, document)
        country = taxes._vat_country(*where, document.seller)
        known = {}
        yield from self._of_rates(move, country, document)
        for line in move.invoice_line_ids:
            key = VatKey.parse(line.maventa_vat_key)
            if key is None:
                continue
            signs = line._maventa_signs() or signs_of(key.code)
            if (key, signs) not in known:
                known[key, signs] = taxes._tax(*where, place, key, signs)
            _tax, source = known[key, signs]
            if key.code == "AE" and source != "learned":
                if document.names_reverse_charge:
                    yield point("reverse_named", text=document.reverse_charge)
            if source in ("foreign", "registered"):
                yield from self._of_foreign(receipt, line, country, key, place)
            else:
                yield from self._of_tax(line, place, key, signs, known[key, signs])

    # === HELPERS === #

    def _of_foreign(self, receipt, line, country, key, place):
        """Compare the taxes of a line with VAT of another country.

        It is a cost, or deducted there by a tax of that country, but never both.
        """
        values = {"name": self._country_name(country), **self._said(place, key)}
        has_cost = any(
            VatKey.of_cost(other.maventa_vat_key)
            for other in line.move_id.invoice_line_ids
        )
        if not line.tax_ids:
            yield point("foreign_vat", **values)
        elif has_cost or {*line.tax_ids.mapped("country_id.code")} != {country}:
            yield point("foreign_vat_taxed", **values)
        else:
            taxes = ", ".join(line.tax_ids.mapped("name"))
            row = point("vat_registered", tax=taxes, **values)
            checks = self.env["maventa.bill.checks"]
            if not checks._is_decided_before(receipt, row):
                yield row

    def _of_tax(self, line, place, key, signs, known):
        """Compare the taxes of a line with what the document says.

        :param known: the tax for it, and how that was found
        """
        tax, source = known
        values = self._said(place, key)
        taxes = self.env["maventa.purchase.taxes"]
        objection = taxes._objection(place, key, line.tax_ids, signs)
        if not line.tax_ids:
            if source != "learned" or tax:
                code = self._why_untaxed(place, key, signs, known)
                yield point(code, **values, tax=tax.name or "-")
        elif objection:
            found = self._signs(signs) if objection == "other_supply" else values
            tax = line.tax_ids[:1]
            yield point(f"tax_{objection}", id=tax.id, tax=tax.name, **found)
        elif source == "proposed" and line.tax_ids == tax:
            is_asked = place != "domestic" and not key.rate
            yield self._proposal(tax, values, signs if is_asked else None)

    def _said(self, place, key):
        rate = "" if key.rate is None else f"{key.rate.normalize():f}"
        return {"category": key.code or "-", "rate": rate, "place": place}

    def _country_name(self, code):
        country = self.env["res.country"].search([("code", "=", code)], limit=1)
        return country.name or code

    def _why_untaxed(self, place, key, signs, known):
        """Return the code of the point about a line without a tax.

        :param known: the tax that it could have, and how that was found
        """
        tax, source = known
        if key.is_unclear:
            return "tax_without_rate" if key.code else "tax_unclear"
        if key.is_charged and tax:
            return "tax_removed"
        if source != "asked":
            is_owed = not key.is_charged and key.code in ASSESSED.get(place, ())
            return "tax_owed" if is_owed else "tax_missing"
        doubt = self.env["maventa.purchase.taxes"]._doubt(place, key, signs)
        return f"tax_{doubt}"

    def _proposal(self, tax, values, signs):
        """Return the point about a proposed tax.

        :param signs: of goods or services; None where nothing depends on these
        """
        supply = None if signs is None else supply_of(signs)
        if signs is None or supply in (Supply.GOODS, Supply.SERVICES):
            return point("tax_proposed", tax=tax.name, **values)
        return self._unclear(tax, signs)

    def _unclear(self, tax, signs):
        return point("supply_unclear", id=tax.id, tax=tax.name, **self._signs(signs))

    def _signs(self, signs):
        return {
            name: ", ".join(sign.text for sign in signs if sign.supply == name) or "-"
            for name in (Supply.GOODS, Supply.SERVICES)
        }

    def _of_rates(self, move, country, document):
        """Return rates that the country of the VAT had on none of the days that count.

        These are the days of the invoice and of delivery (directive 2006/112/EC,
        articles 63 to 66 and 93; AVL 15 §), and for what corrects an invoice those of
        the original (articles 90 and 219). What sums up to less than nothing sets off
        an advance, which was taxed on its own day (article 65).
        """
        days = self._days_of_rates(move, document)
        sums = {}
        for line in move.invoice_line_ids:
            key = VatKey.parse(line.maventa_vat_key)
            if key and key.rate:
                sums[key.rate] = sums.get(key.rate, 0) + line.price_subtotal
        for rate, amount in sorted(sums.items()):
            is_known = not days or any(is_in_force(country, rate, day) for day in days)
            if amount > 0 and not is_known:
                day = document.date or days[0]
                yield point("tax_not_in_force", rate=f"{rate:f}", date=day)

    def _days_of_rates(self, move, document):
        found = [document.date, *document.supply_days]
        if document.is_refund or document.is_correction:
            found += [move.reversed_entry_id.invoice_date, *document.original_days]
        return [day for day in found if day]
