from decimal import ROUND_HALF_UP, Decimal

from odoo import models

from ..maventa_api.finvoice import Row, VatGroup

TEXT_LINES = ("line_section", "line_subsection", "line_note")
CENT = Decimal("0.01")
PIECE = "C62"  # UN/ECE 20: "one", also where no unit is known
# What Odoo leaves open, though the standard wants it (UNTDID 5305, VATEX)
DEFAULT_REASONS = {
    "AE": ("Reverse charge", "VATEX-EU-AE"),
    "O": ("Not subject to VAT", "VATEX-EU-O"),
}


class AccountEdiXmlMaventaFinvoice(models.AbstractModel):
    """Rows and VAT of a Finvoice."""

    _inherit = "account.edi.xml.maventa_finvoice"

    def _finvoice_rows(self, invoice):
        lines = invoice.invoice_line_ids.sorted(lambda line: (line.sequence, line.id))
        return tuple(
            self._finvoice_words(line)
            if line.display_type in TEXT_LINES
            else self._finvoice_row(line)
            for line in lines
            if line.display_type in ("product", *TEXT_LINES)
        )

    def _finvoice_words(self, line):
        if line.display_type == "line_note":
            return Row(name="", texts=tuple((line.name or "").splitlines()))
        return Row(name=line.name or "")

    def _finvoice_row(self, line):
        """Return a priced row; its sign is in the quantity, never in the price."""
        sign = self._finvoice_sign(line.move_id)
        tax, net = line.tax_ids[:1], self._money(line.price_subtotal) * sign
        quantity, price = Decimal(str(line.quantity)) * sign, self._finvoice_price(line)
        if price < 0:
            quantity, price = -quantity, -price
        gross = (quantity * price).quantize(CENT, ROUND_HALF_UP)
        first, *others = (line.name or line.product_id.name or "-").splitlines() or "-"
        unit = line.product_uom_id
        return Row(
            name=first,
            texts=tuple(others),
            article=line.product_id.default_code or "",
            quantity=quantity,
            unit=unit.name or "",
            unit_code=self._get_uom_unece_code(unit) if unit else PIECE,
            price=price,
            discount=Decimal(str(line.discount)),
            discount_amount=gross - net if line.discount else Decimal(0),
            net=net,
            vat_code=self._finvoice_vat_code(line.move_id, tax),
            vat_rate=self._finvoice_rate(line.move_id, tax),
        )

    def _finvoice_price(self, line):
        """Return the price of one unit without VAT, before the discount."""
        price = Decimal(str(line.price_unit))
        tax = line.tax_ids[:1]
        if tax.price_include:
            price /= 1 + Decimal(str(tax.amount)) / 100
        return price

    def _finvoice_vat_code(self, invoice, tax):
        return self._get_tax_category_code(
            invoice.commercial_partner_id, invoice.company_id.partner_id, tax
        )

    def _finvoice_rate(self, invoice, tax):
        if self._finvoice_vat_code(invoice, tax) == "O":
            return None
        if not tax or tax.has_negative_factor:  # reverse charge: the buyer pays
            return Decimal(0)
        return Decimal(str(tax.amount))

    def _finvoice_vat_groups(self, invoice, rows):
        """Return one group per code and rate, with the VAT that Odoo has booked."""
        groups = {}
        for row in rows:
            if row.quantity is not None:
                key = (row.vat_code, row.vat_rate)
                base, vat = groups.get(key, (Decimal(0), Decimal(0)))
                groups[key] = (base + row.net, vat)
        for line in invoice.line_ids.filtered("tax_line_id"):
            tax = line.tax_line_id
            key = (
                self._finvoice_vat_code(invoice, tax),
                self._finvoice_rate(invoice, tax),
            )
            base, vat = groups.get(key, (Decimal(0), Decimal(0)))
            groups[key] = (base, vat - self._money(line.amount_currency))
        reasons = self._finvoice_reasons(invoice)
        return tuple(
            VatGroup(code, rate, base, vat, *reasons.get(code, ("", "")))
            for (code, rate), (base, vat) in groups.items()
        )

    def _finvoice_reasons(self, invoice):
        """Return reason and reason code of each VAT code that wants one."""
        parties = invoice.commercial_partner_id, invoice.company_id.partner_id
        lines = invoice.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        reasons = {}
        for line in lines:
            tax = line.tax_ids[:1]
            code = self._finvoice_vat_code(invoice, tax)
            said = self._get_tax_exemption_reason(*parties, tax)
            text = said.get("tax_exemption_reason") or ""
            vatex = said.get("tax_exemption_reason_code") or ""
            default = DEFAULT_REASONS.get(code, ("", ""))
            reasons[code] = (text or default[0], vatex or default[1])
        return reasons

    def _finvoice_line_problems(self, invoice):
        """Return what Finvoice cannot say about a line."""
        problems = []
        for line in invoice.invoice_line_ids:
            if line.display_type != "product":
                continue
            taxes = line.tax_ids
            if len(taxes) > 1 or any(tax.amount_type != "percent" for tax in taxes):
                problems.append(
                    self.env._(
                        'The line "%s" has several taxes, or one that is no '
                        "percentage: Finvoice has room for one rate of VAT.",
                        (line.name or "").partition("\n")[0],
                    )
                )
        return problems
