"""The VAT regime of a line: its tax, and who accounts for the VAT."""

from decimal import Decimal

from odoo import models

from ..exceptions import DocumentProblem


class BillingoVatRegime(models.AbstractModel):
    _name = "billingo.vat.regime"
    _description = "VAT of Billingo documents"

    # === PUBLIC === #

    def _tax(self, document, line, position):
        """Return the tax of a line: the user's choice, else the mapped one.

        :param line: a ``BookedLine``
        :param position: of the line in the document, from 0
        :raise DocumentProblem: none is mapped, or it cannot have made the line's VAT
        """
        chosen = document._corrected_line(position).get("tax")
        tax = chosen or self._mapped_tax(document, line)
        self._check_fit(document, line, tax)
        return tax

    def _vat_amounts(self, document, line, tax):
        """Return a line's VAT for the books, in document currency and in forint.

        Where the buyer accounts for the VAT, Billingo shows none, and the books have
        both sides of it.
        """
        if line.vat or not tax.amount or line.has_rate:
            return line.vat, line.local_vat
        rate = Decimal(str(tax.amount)) / 100
        local_currency = document.company_id.currency_id
        return (
            _round(line.net * rate, document.currency_id),
            _round(line.local_net * rate, local_currency),
        )

    # === HELPERS === #

    def _mapped_tax(self, document, line):
        direction = document._tax_direction()
        if document.mode == "spending" and not line.vat_code:
            raise DocumentProblem("lines_missing")
        tax = self.env["billingo.tax.map"]._find_tax(
            document.company_id, direction, line.vat_code, line.entitlement
        )
        if not tax:
            raise DocumentProblem(
                "tax_unmapped_entitlement" if line.entitlement else "tax_unmapped",
                {
                    "direction": direction,
                    "vat_code": line.vat_code,
                    "entitlement": line.entitlement,
                },
                vat_code=line.vat_code or "?",
                entitlement=line.entitlement,
            )
        return tax

    def _check_fit(self, document, line, tax):
        """Refuse a tax that cannot have made the line's VAT.

        The amounts would still be Billingo's, but in a wrong box of the VAT return.
        Rounding differences per line are accepted.
        """
        if tax.amount_type != "percent" or not line.vat:
            return
        expected = line.net * Decimal(str(tax.amount)) / 100
        slack = 3 * Decimal(str(max(document.currency_id.rounding, 0.01)))
        slack += 3 * (document.currency_id.name == "HUF") + abs(line.net) / 50
        if not tax.amount or abs(expected - line.vat) > slack:
            raise DocumentProblem(
                "tax_unfit",
                {"tax_id": tax.id},
                line=line.name,
                tax=tax.name,
                vat=line.vat,
                net=line.net,
                vat_code=line.vat_code or "?",
            )


def _round(value, currency):
    step = Decimal(str(currency.rounding))
    return (value / step).to_integral_value("ROUND_HALF_UP") * step
