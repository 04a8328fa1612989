"""Why no VAT is charged: one text for both formats and the printed invoice.

Sources: directive 2006/112/EC, article 226 (11) to (14); EN 16931, BR-E-10, BR-Z-10.
"""

from dataclasses import replace

from odoo import api, models

from ..guards import internal


@internal
class MaventaVatGrounds(models.AbstractModel):
    """Grounds of taxes, in the language of the customer."""

    _name = "maventa.vat.grounds"
    _description = "Grounds for Charging No VAT"

    # === PUBLIC === #

    @api.model
    def _reasons(self, move):
        """Return by code what the one breakdown of a category says: text and code.

        The first reason that says more than the category itself.
        """
        found = {}
        for _tax, category in self._of(move):
            reason, default = category.full_reason, category.default_reason
            if any(reason) and found.get(category.code, default) == default:
                found[category.code] = reason
        return found

    @api.model
    def _other(self, move):
        """Return the grounds for which a breakdown has no room, as free texts.

        There is one for each category, and none where VAT is zero by its rate (Z).
        """
        reasons = self._reasons(move).items()
        said = {reason for _code, (reason, _reason_code) in reasons}
        said |= {category.default_reason[0] for _tax, category in self._of(move)}
        grounds = dict.fromkeys(category.ground for _tax, category in self._of(move))
        return [ground for ground in grounds if ground not in said]

    @api.model
    def _printed_words(self, move):
        """Return what the document says beyond the words that Odoo prints itself.

        Odoo prints the legal notes of taxes.
        """
        words = [self.env["maventa.document.values"]._tax_statement(move)]
        reason_of = self.env["maventa.vat.category"]._reason
        for tax, category in self._of(move):
            note = reason_of(tax) if tax else ""
            ground = category.ground
            if note and ground.endswith(note):
                ground = ground.removesuffix(note).rstrip(". ")
            words.append(ground)
        return list(dict.fromkeys(filter(None, words)))

    # === HELPERS === #

    def _of(self, move):
        """Return pairs of tax and ``VatCategory`` that have a ground, line by line.

        A line without a tax has the category of a seller without a VAT number.
        """
        categories = self.env["maventa.vat.category"]
        move = move.with_context(lang=move.partner_id.lang or self.env.lang)
        lines = move.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        taxes = categories._vat_taxes(lines) | categories._deposit_taxes(lines)
        known = [(tax, categories._of_tax(tax)) for tax in taxes]
        supply = categories._exported(move)
        found = [
            (tax, replace(category, supply=supply))
            for tax, category in known
            if category
        ]
        for line in lines:
            if not categories._vat_taxes(line):
                found.append((line.tax_ids.browse(), categories._of_line(line)))
        return [pair for pair in found if pair[1] and pair[1].ground]
