"""Sections that hide on paper what an e-invoice says of each line."""

from odoo import api, models

from ..guards import internal
from .check_finding import Finding


@internal
class MaventaPrintedSections(models.AbstractModel):
    """What paper hides cannot be called back once it was sent: a person decides."""

    _name = "maventa.printed.sections"
    _description = "Sections on Printed Invoices"

    # === PUBLIC === #

    @api.model
    def _findings(self, move):
        """Return the sections whose lines or prices the customer is not to see.

        Sources: EN 16931, BG-25; directive 2006/112/EC, article 226 (6) and (8).
        """
        sections = move.invoice_line_ids.filtered(
            lambda row: row.collapse_composition or row.collapse_prices
        )
        return [
            Finding(self._text(section), move)
            for section in sections
            if section._get_section_lines().filtered(self._is_priced)
        ]

    # === HELPERS === #

    def _is_priced(self, row):
        return row.display_type == "product"

    def _text(self, section):
        return self.env._(
            'The section "%(section)s" hides its lines or their prices on paper, but '
            "an e-invoice has each line with its price. Reset the document to draft, "
            "and let the section show them, or enter one line in place of the section.",
            section=section.name or "",
        )
