"""What a document says of amounts that Odoo books otherwise than it shows them.

Odoo rounds the base of each tax for the whole invoice and spreads the difference over
lines: shown, booked and taxed amounts of a line may differ by a cent. A document has
one amount for each line, and their sums are the bases of its VAT (EN 16931, BR-S-08).
"""

from decimal import Decimal

from odoo import api, models
from odoo.tools import formatLang

from ..guards import internal

FEW_CENTS = 5  # smallest units of the currency that rounding moves on one line


@internal
class MaventaDocumentAmounts(models.AbstractModel):
    """Amounts have the sign of price times quantity, in credit notes as well."""

    _name = "maventa.document.amounts"
    _description = "Amounts of Documents for Maventa"

    # === PUBLIC === #

    @api.model
    def _nets(self, move):
        """Return by id what each line is without VAT; none where a tax is fixed.

        They make up the bases of the taxes and the booked sum. Where both are not
        possible, the sum is kept: a base is then off by a cent.
        """
        lines = move.line_ids.filtered(lambda line: line.display_type == "product")
        taxes = lines.tax_ids.flatten_taxes_hierarchy()
        if taxes != self.env["maventa.vat.category"]._vat_taxes(lines):
            return {}
        booked = {line.id: self._signed(line) for line in lines}
        return self._taxed(move, booked) or booked

    @api.model
    def _charged_vat(self, move):
        """Return pairs of category and VAT, where cash rounding was booked as VAT.

        The rounding is not in there.
        """
        category_of = self.env["maventa.vat.category"]._of_tax
        rounding, sums = self._vat_rounding_lines(move), {}
        for line in move.line_ids.filtered("tax_line_id") - rounding:
            key, amount = self._key(category_of(line.tax_line_id)), self._signed(line)
            sums[key] = sums.get(key, Decimal(0)) + amount
        rounded = {
            self._key(category): category
            for category in map(category_of, rounding.tax_line_id)
            if category
        }
        return [
            (category, sums.get(key, Decimal(0))) for key, category in rounded.items()
        ]

    @api.model
    def _accounting_vat(self, move):
        """Return the VAT in the currency of the books, without cash rounding."""
        sign = -1 if move.move_type == "out_refund" else 1
        rounding = sum(self._vat_rounding_lines(move).mapped("balance"))
        return _money(move.amount_tax_signed * sign - rounding * move.direction_sign)

    @api.model
    def _vat(self, move):
        """Return the VAT in the document's currency, without cash rounding."""
        return move.amount_tax - float(self._vat_rounding(move))

    @api.model
    def _remarks(self, move):
        """Return that the VAT of the document is none of paper and books."""
        rounding = self._vat_rounding(move)
        if not rounding:
            return []

        def shown(amount):
            return formatLang(self.env, amount, currency_obj=move.currency_id)

        text = self.env._(
            "Cash rounding of %(rounding)s is booked as VAT: your books and the PDF "
            "say %(booked)s of VAT, the e-invoice %(vat)s and the rounding apart. A "
            'cash rounding with the strategy "Add a rounding line" is the same '
            "everywhere.",
            rounding=shown(float(rounding)),
            booked=shown(move.amount_tax),
            vat=shown(self._vat(move)),
        )
        return [text]

    # === HELPERS === #

    def _vat_rounding_lines(self, move):
        return move.line_ids.filtered(
            lambda line: line.display_type == "rounding" and line.tax_line_id
        )

    def _vat_rounding(self, move):
        return sum(map(self._signed, self._vat_rounding_lines(move)))

    def _signed(self, line):
        return _money(line.amount_currency * line.move_id.direction_sign)

    def _key(self, category):
        return category and (category.code, category.rate)

    def _taxed(self, move, booked):
        """Return the bases that taxes were computed from, or nothing.

        Nothing, if more than rounding is between them and what was booked.
        """
        step = Decimal(1).scaleb(-move.currency_id.decimal_places)
        nets = {}
        for row in move._get_rounded_base_and_tax_lines()[0]:
            if row["record"].id in booked:
                nets[row["record"].id] = _money(self._base(row["tax_details"]))
        missing = sum(booked.values()) - sum(nets.values())
        for line_id in sorted(nets, key=lambda key: -abs(nets[key])):
            if missing:
                part = step.copy_sign(missing)
                nets[line_id] += part
                missing -= part
        is_near = all(
            abs(net - booked[line_id]) <= step * FEW_CENTS
            for line_id, net in nets.items()
        )
        return nets if is_near and not missing and len(nets) == len(booked) else {}

    def _base(self, details):
        for tax in details["taxes_data"]:
            return tax["base_amount_currency"]
        delta = details["delta_total_excluded_currency"]
        return details["total_excluded_currency"] + delta


def _money(value):
    return Decimal(f"{value:.2f}")
