"""Does the printed invoice call each tax by its own rate?

Odoo prints the label of a tax in the lines, and the name of its group below the totals;
both are texts that somebody typed. Source: directive 2006/112/EC, article 226 (9).
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from odoo import api, models

from ..guards import internal
from .check_finding import Finding

PERCENTAGE = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*%")


@dataclass(frozen=True)
class Misprint:
    """A tax, and the words that name another rate: of its group, or its own label."""

    tax: Any
    words: str
    is_group: bool


@internal
class MaventaPrintedTaxes(models.AbstractModel):
    _name = "maventa.printed.taxes"
    _description = "Rates on Printed Invoices"

    # === PUBLIC === #

    @api.model
    def _misprinted(self, company):
        """Return a :class:`Misprint` of each sales tax with one, in any language."""
        taxes = self.env["account.tax"].search(
            [
                *self.env["account.tax"]._check_company_domain(company),
                ("type_tax_use", "=", "sale"),
                ("amount_type", "=", "percent"),
                ("amount", ">=", 0),
            ]
        )
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        found = (self._misprint(tax, languages) for tax in taxes)
        return [one for one in found if one]

    @api.model
    def _findings(self, move):
        """Return the taxes that the PDF of an invoice calls by another rate.

        Where no PDF goes along, the document alone says the rate.
        """
        if not move.maventa_sends_files:
            return []
        taxes = self.env["maventa.vat.category"]._vat_taxes(move.invoice_line_ids)
        taxes = taxes.filtered(
            lambda tax: tax.amount_type == "percent" and tax.amount >= 0
        )
        languages = [move.partner_id.lang or self.env.lang]
        found = (self._misprint(tax, languages) for tax in taxes)
        return [Finding(self._text(one), one.tax) for one in found if one]

    @api.model
    def _text(self, misprint):
        """Return what is printed, and where it is put right."""
        values = {
            "tax": misprint.tax.name,
            "rate": f"{misprint.tax.amount:g}",
            "words": misprint.words,
        }
        if misprint.is_group:
            return self.env._(
                "The tax %(tax)s has %(rate)s %%, but the printed invoice says "
                "%(words)s, the name of its tax group. Choose another tax group on the "
                "tax.",
                **values,
            )
        return self.env._(
            "The tax %(tax)s has %(rate)s %%, but the printed invoice says %(words)s, "
            "its label on invoices. Correct the label on the tax.",
            **values,
        )

    # === HELPERS === #

    def _misprint(self, tax, languages):
        """Return the first wrong name of a tax in some languages, or nothing."""
        for language in languages:
            local = tax.with_context(lang=language)
            label = local.invoice_label or local.name
            for words, is_group in ((local.tax_group_id.name, True), (label, False)):
                rates = _rates_in(words)
                if rates and Decimal(str(tax.amount)) not in rates:
                    return Misprint(tax, words, is_group)
        return None


def _rates_in(words):
    """Return the percentages that words have."""
    found = PERCENTAGE.findall(words or "")
    return {Decimal(text.replace(",", ".")) for text in found}
