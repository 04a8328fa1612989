"""What a person has to decide about the taxes and the rates of a received bill."""

from odoo import api, models
from odoo.tools import LazyTranslate

from ..guards import internal
from ..maventa_api.supply import Supply, signs_of, supply_of
from ..maventa_api.vat_rates import is_in_force
from ..models.point_kinds import (
    Asked,
    Label,
    PointKind,
    Question,
    Remedy,
    declare,
    point,
)
from .purchase_taxes import ASSESSED, REVERSE, VatKey

_lt = LazyTranslate(__name__)

WITHOUT_VAT = _lt("Without VAT is right")
CREATION = Remedy(
    _lt("Create the tax"),
    "action_create_tax",
    _lt("Or they are to have a tax of their own in the return:"),
)
NO_VAT = Remedy(
    WITHOUT_VAT, "action_without_vat", _lt("Or no VAT belongs to these lines:")
)


def _untaxed(code, text):
    """Return a kind of points about lines without a tax, or one that assesses none."""
    return PointKind(
        code,
        Label.TAX,
        text,
        about=("category", "rate"),
        decision=WITHOUT_VAT,
        remedies_of="maventa.bill.tax.checks",
    )


OWED = ("tax_owed", "tax_owed_proposed")
UNTAXED = declare(
    _untaxed(
        "tax_missing",
        _lt(
            "There is no purchase tax for %(rate)s %% (category %(category)s). "
            "Choose another tax on the lines, or have it created: accounting "
            "managers have a button for it here."
        ),
    ),
    _untaxed(
        "tax_unclear",
        _lt("The invoice does not say which VAT belongs to a line. Choose the tax."),
    ),
    _untaxed(
        "tax_without_rate",
        _lt(
            "The invoice says VAT category %(category)s for a line, but no rate. "
            "Choose the tax."
        ),
    ),
    _untaxed(
        "tax_reason",
        _lt(
            "The invoice charges no VAT, and does not say why (category "
            "%(category)s). Choose a tax on the lines."
        ),
    ),
    _untaxed(
        "tax_outside",
        _lt(
            "The invoice is outside the scope of the seller's VAT (category "
            "%(category)s): your company may owe the VAT. Choose a tax on the "
            "lines."
        ),
    ),
    _untaxed(
        "tax_exempt",
        _lt(
            "The seller charges no VAT (category %(category)s). That may be right: "
            "an exempt supply (insurance, rent), damages, or outlays. If the "
            "purchase is taxable in your country, your company may owe the VAT: "
            "then choose a tax of reverse charge on the lines."
        ),
    ),
    _untaxed(
        "tax_unassessed",
        _lt(
            "Your company owes the VAT of these lines (category %(category)s), but "
            "the tax %(tax)s assesses none. Choose a tax of reverse charge on the "
            "lines; or say that no VAT is owed, for example because the purchase is "
            "exempt in your country."
        ),
    ),
    _untaxed(
        "tax_doubtful",
        _lt(
            "VAT category %(category)s is unusual for a seller in that country. Ask "
            "the supplier what it means, or choose a tax on the lines."
        ),
    ),
    _untaxed(
        "tax_owed",
        _lt(
            "Your company may owe the VAT of these lines (category %(category)s), "
            "and they have no tax. Choose a tax of reverse charge or import on the "
            "lines; where the list has none that fits, accounting managers can create "
            "it. If the purchase is exempt in your country all the same, choose a tax "
            "of 0 %%."
        ),
    ),
    _untaxed(
        "tax_owed_proposed",
        _lt(
            "Your company may owe the VAT of these lines (category %(category)s), "
            "and they have no tax. Choose a tax of reverse charge or import on the "
            "lines (proposal: %(tax)s). If the purchase is exempt in your country "
            "all the same, choose a tax of 0 %%."
        ),
    ),
)
declare(
    Question(
        "tax_removed",
        Label.TAX,
        _lt(
            "The invoice charges VAT of %(rate)s %% on lines that have no tax in "
            "the bill. Choose a tax (proposal: %(tax)s). If the VAT may not be "
            "deducted, keep the tax and enter the deductible share in the column "
            '"Professional %%"; or enter the amount with VAT, and confirm.'
        ),
        about=("category", "rate", "date"),
    ),
    Question(
        "tax_proposed",
        Label.TAX,
        _lt(
            "The tax %(tax)s is a proposal for category %(category)s, %(rate)s %%. "
            "Odoo remembers your choice when you post the bill."
        ),
        about=("category", "rate", "tax"),
        asked=Asked.BY_POSTING,
    ),
    Question(
        "tax_not_in_force",
        Label.TAX,
        _lt(
            "VAT of %(rate)s %% was not in force on %(date)s in the country of the "
            "seller, nor on a day of delivery or of an original that the invoice "
            "names. If it was in force when the goods or services were delivered, "
            "or paid in advance, confirm; otherwise ask the supplier for a "
            "corrected invoice."
        ),
        about=("category", "rate", "date"),
    ),
    Question(
        "supply_unclear",
        Label.TAX,
        _lt(
            "Goods or services? The invoice has signs of goods (%(goods)s) and of "
            "services (%(services)s). The tax %(tax)s is a proposal: check it, or "
            "choose another one."
        ),
    ),
    Question(
        "tax_assessed",
        Label.TAX,
        _lt(
            "The seller accounts for the VAT of these lines (category %(category)s, "
            "%(rate)s %%), but by the tax %(tax)s your company would owe it, too. "
            "Choose a tax of that rate without reverse charge on the lines; or ask "
            "the supplier whether the invoice is right."
        ),
    ),
    Question(
        "tax_other_supply",
        Label.TAX,
        _lt(
            "The tax %(tax)s is for another kind of purchase than the invoice: it "
            "has signs of goods (%(goods)s) and of services (%(services)s). Choose "
            "the tax of that kind on the lines, or confirm it for this bill."
        ),
    ),
    Question(
        "tax_home",
        Label.TAX,
        _lt(
            "The tax %(tax)s is for sellers in your own country, and this one is "
            "not. Choose another tax on the lines, or confirm it for this bill."
        ),
    ),
    Question(
        "reverse_named",
        Label.TAX,
        _lt(
            "The invoice has no VAT category, but names a reverse charge "
            '("%(text)s"). Check the tax of its lines.'
        ),
    ),
    Question(
        "foreign_vat",
        Label.VAT,
        _lt(
            "VAT of %(rate)s %% is of another country (%(name)s): it is part of the "
            "cost, and cannot be deducted. Should the supplier invoice without "
            "VAT? If your company is registered there and the invoice is for that "
            "number, choose the fiscal position and the tax of that country, and "
            "remove the line with the VAT."
        ),
        about=("name", "category", "rate"),
        joined="rate",
    ),
    Question(
        "foreign_vat_taxed",
        Label.VAT,
        _lt(
            "VAT of %(rate)s %% of another country (%(name)s) is in the bill. "
            "Remove the tax of its lines: nothing is deducted or assessed beside "
            "it."
        ),
        about=("name", "category", "rate"),
    ),
    Question(
        "vat_registered",
        Label.VAT,
        _lt(
            "VAT of %(rate)s %% is of another country (%(name)s), where your "
            "company is registered: by the tax %(tax)s it is deducted in the return "
            "there. Check that the invoice is for that registration."
        ),
        about=("name", "category", "rate"),
    ),
)

# Where a tax is missing, sums of the bill differ as well
MISSING_TAX = (*UNTAXED, "tax_removed")


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
            signs = taxes._signs_at(place, signs)
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

    @api.model
    def _may_be_without_vat(self, row):
        """Return whether a person may say that no VAT belongs to the lines.

        Nobody may where the seller states that the buyer owes it: where the purchase
        is exempt all the same, a tax of 0 % on the lines says so.
        """
        values = row["values"]
        rate = values.get("rate") or "0"
        is_stated = row["code"] in OWED and values.get("category") in REVERSE
        return row["code"] in UNTAXED and not float(rate) and not is_stated

    @api.model
    def _remedies(self, row):
        """Return the remedies for lines without a tax that the user has.

        Of a rate of zero it is the rarer one to have a tax made.
        """
        is_creatable = self.env["maventa.chart.purchases"]._key_of(row)
        is_manager = self.env.user.has_group("account.group_account_manager")
        found = [NO_VAT] if self._may_be_without_vat(row) else []
        return [*found, *([CREATION] if is_creatable and is_manager else [])]

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
            is_abroad = place != "domestic" and not key.rate
            is_asked = is_abroad or self.env["maventa.chart.purchases"]._nature(tax)
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
            if is_owed:
                return "tax_owed_proposed" if tax else "tax_owed"
            return "tax_missing"
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
