"""The seller's numbers on paper: Odoo prints them only in texts of the layout."""

import re

from odoo import api, models
from odoo.tools import html2plaintext

from ..guards import internal

# Lists of organisation numbers that are a part of the VAT number: FI, SE, NO
LEGAL_IN_VAT = ("0212", "0007", "0192")


@internal
class MaventaPrintedNumbers(models.AbstractModel):
    _name = "maventa.printed.numbers"
    _description = "Printed Numbers of the Seller"

    # === PUBLIC === #

    @api.model
    def _missing(self, company):
        """Return what the layout lacks in one language at least.

        Sources: directive 2006/112/EC, article 226 (3); laws on companies' documents.

        :return: list of label and number, of the VAT and the organisation number
        """
        company = company.sudo()
        printed = self._texts(company)
        return [
            (label, number)
            for label, number in self._wanted(company)
            if number and not all(_has_number(text, number) for text in printed)
        ]

    # === HELPERS === #

    def _wanted(self, company):
        """Yield labels and numbers; in FI, SE and NO the one is inside of the other."""
        partner = company.partner_id.with_company(company)
        named = self.env["maventa.parties"]._identifiers(partner)
        # Norwegian documents have no country before the number
        yield partner.vat_label, named.vat.removeprefix("NO")
        if not named.vat or named.legal.scheme not in LEGAL_IN_VAT:
            parties = self.env["maventa.parties"]
            yield parties._legal_label(named.legal.scheme), named.legal.value

    def _texts(self, company):
        """Return the texts of the layout, by language."""
        return [
            " ".join(
                html2plaintext(layout[name] or "")
                for name in ("company_details", "report_footer")
            )
            for code, _name in self.env["res.lang"].get_installed()
            for layout in company.with_context(lang=code)
        ]


def _has_number(text, number):
    """Return whether a text has a number, however its parts are set apart."""
    parts = re.findall("[0-9A-Z]", number)
    pattern = rf"(?<![0-9]){'[^0-9A-Z]*'.join(parts)}(?![0-9])"
    return bool(re.search(pattern, text.upper()))
