"""Taxes of a rate that took the place of another one, which a chart does not have yet.

Finland's chart in Odoo 19.0 has taxes of 14 %, and none of 13.5 %.
"""

import re
from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..guards import internal
from ..maventa_api.vat_rates import successor_of

USES = ("sale", "purchase")
NAMES = ("name", "invoice_label", "description")


@internal
class MaventaVatRenewal(models.AbstractModel):
    """A new tax is its predecessor with another rate, by the rights of the user."""

    _name = "maventa.vat.renewal"
    _description = "Taxes of New VAT Rates"

    # === PUBLIC === #

    @api.model
    def _missing(self, company):
        """Return the rates that only taxes for sales of their predecessor stand for.

        :return: set of the old and the new rate, as ``Decimal``
        """
        sales = self._taxes(company).filtered(lambda tax: tax.type_tax_use == "sale")
        known = {_rate(tax) for tax in sales if tax.active}
        pairs = {(_rate(tax), self._successor(tax)) for tax in sales}
        return {(old, new) for old, new in pairs if new and new not in known}

    @api.model
    def _sources(self, company, new):
        """Return the taxes of the last rate before a new one that are not renewed."""
        taxes = self._taxes(company)
        sources = taxes.filtered(lambda tax: self._successor(tax) == new)
        last = max(map(_rate, sources), default=None)
        known = {self._key(tax, tax.name) for tax in taxes}
        return sources.filtered(
            lambda tax: (
                _rate(tax) == last
                and self._key(tax, _new_name(tax.name, last, new)) not in known
            )
        )

    @api.model
    def _renew(self, company, new):
        """Create the taxes of a new rate; return them.

        Those of the home country are active, others if their predecessor is. Fiscal
        positions replace them as they replace their predecessors.

        :raise UserError: the rate is not missing (any more)
        """
        if new not in {new for _old, new in self._missing(company)}:
            raise UserError(
                self.env._("The company has taxes of %s %% already.", f"{new:f}")
            )
        copies = {tax: self._copy(tax, new) for tax in self._sources(company, new)}
        for old, copy in copies.items():
            for other in old.replacing_tax_ids:
                self._replace(copy, copies.get(other, other), copies)
            for other in old.original_tax_ids:
                self._replace(copies.get(other, other), copy, copies)
        return self.env["account.tax"].union(*copies.values())

    @api.model
    def _action(self, company, new):
        """Return the action that opens the dialog about a missing rate."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Taxes of %s %%", f"{new:f}"),
            "res_model": "maventa.rate.renewal",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_company_id": company.id,
                "default_rate": float(new),
            },
        }

    # === HELPERS === #

    def _taxes(self, company):
        """Return the company's taxes with a rate, the archived ones, too."""
        taxes = self.env["account.tax"].with_context(active_test=False)
        return taxes.search(
            [
                *taxes._check_company_domain(company),
                ("type_tax_use", "in", USES),
                ("amount_type", "=", "percent"),
                ("amount", ">", 0),
            ]
        )

    def _successor(self, tax):
        today = fields.Date.context_today(self)
        return successor_of(tax.country_id.code or "", _rate(tax), today)

    def _key(self, tax, name):
        """Return what Odoo wants to be unique of a tax that had a name."""
        return tax.type_tax_use, tax.tax_scope, tax.country_id, name

    def _copy(self, tax, new):
        """Return the copy of a tax with another rate, in all languages."""
        old = _rate(tax)
        values = {
            "name": _new_name(tax.name, old, new),
            "amount": float(new),
            "active": tax.active or tax.is_domestic,
            "tax_group_id": self._group(tax.tax_group_id, old, new).id,
            "original_tax_ids": [Command.clear()],
            "replacing_tax_ids": [Command.clear()],
        }
        copy = tax.copy(values)
        self._rename(tax, copy, NAMES, old, new)
        return copy

    def _group(self, group, old, new):
        """Return the group of a new rate: the same one if its name has no rate."""
        name = _renamed(group.name, old, new)
        if name == group.name:
            return group
        known = group.search(
            [
                ("name", "=", name),
                ("company_id", "=", group.company_id.id),
                ("country_id", "=", group.country_id.id),
            ],
            limit=1,
        )
        if known:
            return known
        copy = group.copy({"name": name})
        self._rename(group, copy, ("name",), old, new)
        return copy

    def _rename(self, source, copy, names, old, new):
        """Write names with the new rate, in each language as the source has them."""
        for code, _name in self.env["res.lang"].get_installed():
            local = source.with_context(lang=code)
            for name in names:
                if local[name]:
                    rename = _new_name if name == "name" else _renamed
                    value = rename(local[name], old, new)
                    copy.with_context(lang=code)[name] = value

    def _replace(self, original, other, copies):
        """Let a fiscal position replace a tax by another, unless either is of old."""
        if original not in copies and other not in copies:
            other.original_tax_ids |= original


def _rate(tax):
    return Decimal(str(tax.amount))


def _new_name(text, old, new):
    """Return a name of the new rate, which is another one in any case."""
    name = _renamed(text, old, new)
    return f"{name} {new:f} %" if name == text else name


def _renamed(text, old, new):
    """Return a text whose percentages of the old rate are of the new one."""
    rate = re.escape(f"{old.normalize():f}").replace(r"\.", "[.,]")
    pattern = rf"(?<![0-9.,]){rate}(?:[.,]0+)?(?=\s*%)"
    return re.sub(pattern, f"{new:f}", str(text))
