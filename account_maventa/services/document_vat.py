"""The VAT that a document states, where the bill's differs by rounding alone.

A seller may round row by row; Odoo rounds the sum. The buyer deducts and pays what the
invoice states (AVL 102 a §), so that a person may take it over: nobody else does.
"""

from decimal import Decimal

from odoo import Command, api, models
from odoo.exceptions import UserError

from ..guards import as_service, internal
from ..maventa_api import What
from .purchase_taxes import VatKey

CENT = Decimal("0.01")
SUMS_OF_VAT = {What.VAT, What.TOTAL, What.PAYABLE, What.VAT_AMOUNT}


@internal
class MaventaDocumentVat(models.AbstractModel):
    _name = "maventa.document.vat"
    _description = "VAT as the Document States It"

    # === PUBLIC === #

    @api.model
    def _amounts(self, move, document, differences):
        """Return the stated VAT by tax line, if it makes up the document's total.

        :param differences: of the bill and its document
        :return: nothing if more than rounding differs: another base, several taxes of
            one rate, more than half a cent per row
        """
        if not differences or {row.what for row in differences} - SUMS_OF_VAT:
            return {}
        advances = self.env["maventa.bill.advances"]
        found, delta = {}, Decimal(0)
        for group in document.figures.vat_groups:
            key = VatKey(*document.vat_key(group.code, group.rate))
            if not key.is_charged or group.amount is None:
                continue
            lines = self._lines(move, key, bool(group.code))
            tax_line = self._tax_line(move, lines)
            taken = _money(advances._taken_vat(move, tax_line.tax_line_id))
            booked = _money(tax_line.amount_currency * move.direction_sign) - taken
            missing = group.amount - booked
            slack = max(CENT, CENT * len(lines) / 2)
            if not tax_line or tax_line in found or abs(missing) > slack:
                return {}
            if missing:
                found[tax_line] = group.amount + taken
            delta += missing
        sums = [row for row in differences if row.what is not What.VAT_AMOUNT]
        is_all = all(row.expected - row.found == delta for row in sums)
        return found if is_all else {}

    @api.model
    def _take(self, receipt):
        """Write the stated VAT onto the tax lines of a draft, and compare again.

        :raise UserError: it is posted, or more than rounding differs
        """
        booking = self.env["maventa.bill.booking"]
        move, document = receipt.move_id, booking._document(receipt)
        sums = self.env["maventa.bill.sums"]
        amounts = (
            document
            and move.state == "draft"
            and self._amounts(move, document, sums._differences(move, document))
        )
        if not amounts:
            raise UserError(
                self.env._("More than rounding differs: correct the lines of the bill.")
            )
        commands = [
            Command.update(
                line.id, {"amount_currency": float(amount) * move.direction_sign}
            )
            for line, amount in amounts.items()
        ]
        as_service(move).write({"line_ids": commands})
        user = self.env.user.name
        receipt._tell(
            "info",
            lambda env: env._("%s has taken the VAT that the document states.", user),
        )
        booking._check_again(receipt)

    # === HELPERS === #

    def _lines(self, move, key, has_code):
        """Return the lines of a VAT category and rate."""
        return move.invoice_line_ids.filtered(
            lambda line: (
                (own := VatKey.parse(line.maventa_vat_key))
                and own.rate == key.rate
                and (not has_code or own.code == key.code)
            )
        )

    def _tax_line(self, move, lines):
        """Return the one tax line of these lines and of no others, or nothing.

        An advance that is taken off shares it.
        """
        none = move.line_ids.browse()
        tax = lines.tax_ids
        users = move.invoice_line_ids.filtered(lambda line: tax & line.tax_ids)
        users -= self.env["maventa.bill.advances"]._taken(move)
        if len(tax) != 1 or users != lines:
            return none
        found = move.line_ids.filtered(lambda line: line.tax_line_id == tax)
        return found if len(found) == 1 else none


def _money(value):
    return Decimal(f"{value:.2f}")
