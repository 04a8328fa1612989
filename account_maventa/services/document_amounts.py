"""What a document says of amounts that Odoo books otherwise than it shows them.

Odoo rounds the base of each tax for the whole invoice and spreads the difference over
lines: shown, booked and taxed amounts of a line may differ by a cent. A document has
one amount for each line, and their sums are the bases of its VAT (EN 16931, BR-S-08).
"""

from decimal import Decimal

from odoo import api, models

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
        possible, the sum is kept: a base is then off by a cent. What paper shows of the
        lines is kept where it makes up the same.
        """
        lines = move.line_ids.filtered(lambda line: line.display_type == "product")
        taxes = lines.tax_ids.flatten_taxes_hierarchy()
        if taxes != self.env["maventa.vat.category"]._vat_taxes(lines):
            return {}
        booked = {line.id: self._signed(line) for line in lines}
        nets = self._taxed(move, booked) or booked
        shown = {line.id: _money(line.price_subtotal) for line in lines}
        is_same = all(
            sum(shown[line.id] for line in rows) == sum(nets[line.id] for line in rows)
            for rows in lines.grouped("tax_ids").values()
        )
        return shown if is_same else nets

    # === HELPERS === #

    def _signed(self, line):
        return _money(line.amount_currency * line.move_id.direction_sign)

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
