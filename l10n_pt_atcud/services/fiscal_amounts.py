"""The amounts of a document by fiscal space and rate, as its journal entry has them.

Nothing is computed anew from prices and rates: each amount is the sum of the entry's
own lines, to the cent, so all bases and taxes together are what the customer owes
before withholding.
"""

from collections import defaultdict
from decimal import Decimal

from odoo import api, models

from ..at_series import MAINLAND, TaxSpace
from ..exceptions import DocumentProblem
from ..guards import internal

VAT_LEVELS = ("exempt", "reduced", "intermediate", "normal")
_RATES = VAT_LEVELS[1:]
_MOST_SPACES = 3
_NOT_SUBJECT = ("", "not_subject")


@internal
class L10nPtAtcudFiscalAmounts(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.fiscal_amounts"
    _description = "AT: amounts of a document by fiscal space and rate"

    # === PUBLIC === #

    @api.model
    def of_document(self, move):
        """Return the amounts in euro by the names of the fields of ``QrDocument``.

        :raise DocumentProblem: ``unknown_tax``, ``taxed_exemption``, ``two_rates``,
            ``customer_country``, ``spaces`` or ``negative``; the amounts have no place
            in the specification
        """
        bases, taxes = self._sums(move)
        amounts = self._fields_of(move, bases, taxes)
        self._check(amounts)
        return amounts

    @api.model
    def gross_total(self, move):
        """Return the total in euro with tax, before withholding, and nothing else.

        It is ``gross_total`` of :meth:`of_document`, without sorting all amounts.
        """
        return sum(
            (
                self._amount(move, line)
                for line in move.line_ids
                if _is_counted(line)
                and line.tax_line_id.l10n_pt_atcud_level != "withholding"
            ),
            Decimal(0),
        )

    @api.model
    def problem(self, move):
        """Return why the amounts have no place in the specification, or ``None``."""
        try:
            self.of_document(move)
        except DocumentProblem as problem:
            return problem
        return None

    @api.model
    def has_rate(self, taxes):
        """Return whether VAT at a rate above zero, or stamp duty, is among ``taxes``.

        What has none needs the reason why there is no VAT.
        """
        return any(
            tax.l10n_pt_atcud_level in (*_RATES, "stamp_duty")
            or (not tax.l10n_pt_atcud_level and tax.amount)
            for tax in taxes
        )

    # === HELPERS === #

    def _sums(self, move):
        """Return bases and taxes, both (space, level) -> amount."""
        bases, taxes = defaultdict(Decimal), defaultdict(Decimal)
        rounding = Decimal(0)
        for line in move.line_ids:
            if not _is_counted(line):
                continue
            amount = self._amount(move, line)
            tax = line.tax_line_id
            group = self._group(move, tax) if tax else _NOT_SUBJECT
            if group != _NOT_SUBJECT:
                taxes[group] += amount
            elif line.display_type == "rounding" and not tax:
                rounding += amount
            else:
                bases[self._base_group(move, line)] += amount
        if rounding:
            # What is paid in coins has no tax and no base of its own.
            bases[max(bases, key=bases.get, default=_NOT_SUBJECT)] += rounding
        return bases, taxes

    def _amount(self, move, line):
        """Return the amount of a line in euro, positive in the document's direction."""
        sign = move.direction_sign
        if move.company_currency_id.name == "EUR":
            amount = line.balance
        elif move.currency_id.name == "EUR":
            amount = line.amount_currency
        else:
            amount = move.company_currency_id._convert(
                line.balance, self.env.ref("base.EUR"), move.company_id, move.date
            )
        return Decimal(f"{sign * amount:.2f}")

    def _base_group(self, move, line):
        """Return the space and level to which the price of a line belongs."""
        taxes = line.tax_ids._l10n_pt_atcud_single()
        groups = {self._group(move, tax): tax for tax in taxes}
        vat = [group for group in groups if group[1] in VAT_LEVELS]
        if len(vat) > 1:
            names = ", ".join(groups[group].display_name for group in vat)
            raise DocumentProblem("two_rates", line=line.name or "", taxes=names)
        if vat:
            return vat[0]
        if ("", "stamp_duty") in groups:
            return move.company_id._l10n_pt_atcud_space(), "exempt"
        return _NOT_SUBJECT

    def _group(self, move, tax):
        """Return fiscal space and level of a tax; one of VAT has both."""
        space, level = tax.l10n_pt_atcud_space, tax.l10n_pt_atcud_level
        if not level or (level in VAT_LEVELS and not space):
            raise DocumentProblem("unknown_tax", tax=tax)
        if level not in VAT_LEVELS:
            return "", level
        if space == "OSS":
            country = move.commercial_partner_id.country_id
            if not country:
                raise DocumentProblem("customer_country", tax=tax)
            space = country.code
        return space, level

    def _fields_of(self, move, bases, taxes):
        spaces = defaultdict(dict)
        for (space, level), amount in bases.items():
            if level in VAT_LEVELS:
                spaces[space][level] = amount
        for (space, level), amount in taxes.items():
            if level in _RATES:
                spaces[space][f"{level}_vat"] = amount
            elif level == "exempt" and amount:
                raise DocumentProblem("taxed_exemption", space=space)
        if not spaces:  # an invoice has a space even without any VAT
            spaces[move.company_id._l10n_pt_atcud_space()] = {}
        stamp_duty = taxes["", "stamp_duty"]
        total_taxes = stamp_duty + sum(
            amount for (_space, level), amount in taxes.items() if level in _RATES
        )
        in_order = sorted(spaces, key=lambda space: (space != MAINLAND, space))
        return {
            "spaces": tuple(TaxSpace(space, **spaces[space]) for space in in_order),
            "not_subject": bases.get(_NOT_SUBJECT),
            "stamp_duty": stamp_duty,
            "withholding": -taxes["", "withholding"],
            "total_taxes": total_taxes,
            "gross_total": sum(bases.values(), total_taxes),
        }

    def _check(self, amounts):
        if len(amounts["spaces"]) > _MOST_SPACES:
            raise DocumentProblem("spaces")
        parts = [amounts["not_subject"], amounts["stamp_duty"], amounts["withholding"]]
        for space in amounts["spaces"]:
            parts.extend(space.amounts())
        if any(part is not None and part < 0 for part in parts):
            raise DocumentProblem("negative")


def _is_counted(line):
    """Return whether a line of the entry is a base, a tax or a rounding."""
    return bool(line.account_id) and line.display_type not in ("payment_term", "cogs")
