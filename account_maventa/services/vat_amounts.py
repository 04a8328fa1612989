"""Is the VAT of an invoice what its rate says?

A document with a rate and another VAT says two things (EN 16931, BR-S-09).
"""

from odoo import api, models
from odoo.tools import float_compare, formatLang

from ..guards import internal
from .check_finding import Finding

WHOLE = 1  # the part of its amount that a tax charges
SLACK = 1  # what VAT may be off (BR-S-09), in the document's currency


@internal
class MaventaVatAmounts(models.AbstractModel):
    """Booked VAT compared with base and rate, tax by tax."""

    _name = "maventa.vat.amounts"
    _description = "VAT Amounts of Invoices"

    # === PUBLIC === #

    @api.model
    def _findings(self, move):
        """Return the taxes that charge another amount than their rate says.

        Cash rounding that is booked as VAT is told as such.
        """
        taxes_of = self.env["maventa.vat.category"]._vat_taxes
        taxes = taxes_of(move.invoice_line_ids).filtered(
            lambda tax: tax.amount_type == "percent" and tax.amount
        )
        found = self._rounding_findings(move)
        for tax in taxes:
            lines = move.invoice_line_ids.filtered(
                lambda row, tax=tax: tax in taxes_of(row)
            )
            part = self._charged_part(move, tax)
            if float_compare(part, WHOLE, precision_digits=4):
                found.append(self._part_finding(tax, lines, part))
            elif finding := self._amount_finding(move, tax, lines):
                found.append(finding)
        return found

    # === HELPERS === #

    def _rounding_findings(self, move):
        """Return that cash rounding was booked as VAT, which is owed as stated.

        Source: directive 2006/112/EC, article 203.
        """
        lines = move.line_ids.filtered(
            lambda line: line.display_type == "rounding" and line.tax_line_id
        )
        rounding = sum(lines.mapped("amount_currency")) * move.direction_sign
        if move.currency_id.is_zero(rounding):
            return []
        text = self.env._(
            "Cash rounding of %(rounding)s is booked as VAT, so that VAT is not what "
            "its rate says. Reset the document to draft, and choose a cash rounding "
            'with the strategy "Add a rounding line".',
            rounding=formatLang(self.env, rounding, currency_obj=move.currency_id),
        )
        return [Finding(text, move.invoice_cash_rounding_id or move)]

    def _charged_part(self, move, tax):
        """Return the part that is charged: nothing, where both sides are booked."""
        is_refund = move.move_type == "out_refund"
        parts = (
            tax.refund_repartition_line_ids
            if is_refund
            else tax.invoice_repartition_line_ids
        )
        taxed = parts.filtered(lambda part: part.repartition_type == "tax")
        return sum(taxed.mapped("factor"))

    def _part_finding(self, tax, lines, part):
        text = self.env._(
            'The tax "%(tax)s" of the line "%(line)s" has a rate of %(rate)s %%, but '
            "charges %(part)s %% of it (tab Definition of the tax). Choose a tax that "
            "charges its rate, or one of 0 %% with its tax category.",
            tax=tax.name,
            line=self._names(lines[:1]),
            rate=f"{tax.amount:g}",
            part=f"{part * 100:g}",
        )
        return Finding(text, tax)

    def _amount_finding(self, move, tax, lines):
        """Return that the booked VAT is not base times rate, or nothing."""
        sign = move.direction_sign  # what is sold is booked with a minus
        base = sign * sum(
            row.amount_currency
            for row in move.line_ids
            if tax in row.tax_ids.flatten_taxes_hierarchy()
        )
        vat = sign * sum(
            row.amount_currency
            for row in move.line_ids
            if row.tax_line_id == tax and row.display_type != "rounding"
        )
        if abs(vat - base * tax.amount / 100) < SLACK:
            return None
        text = self.env._(
            'The VAT of the tax "%(tax)s" is %(vat)s, which is not %(rate)s %% of '
            "%(base)s (lines: %(lines)s). Reset the invoice to draft, and correct the "
            "tax amount that was changed by hand, or choose another tax.",
            tax=tax.name,
            vat=f"{vat:.2f}",
            rate=f"{tax.amount:g}",
            base=f"{base:.2f}",
            lines=self._names(lines),
        )
        return Finding(text, move)

    def _names(self, lines):
        return ", ".join(map(self.env["maventa.vat.category"]._name_of, lines))
