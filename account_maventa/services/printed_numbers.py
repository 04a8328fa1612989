"""Who sells, and where to pay, on paper: Odoo prints it only in texts of the layout."""

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

    @api.model
    def _words(self, move):
        """Return what an invoice has to say beside its layout, as texts.

        The company that owes the VAT if a branch invoices, its numbers, the accounts of
        the e-invoice. Odoo prints the number of a fiscal position itself.
        """
        seller = move.maventa_account_company_id.sudo()
        layouts = self._texts(move.company_id.sudo())
        is_abroad = self.env["maventa.parties"]._is_sold_abroad(move)
        numbers = [
            f"{label}: {number}"
            for label, number in self._wanted(seller, has_vat=not is_abroad)
            if number and not all(_has_number(text, number) for text in layouts)
        ]
        return [
            *self._parent_words(move, seller, layouts),
            *numbers,
            *self._account_words(move, layouts),
        ]

    # === HELPERS === #

    def _wanted(self, company, has_vat=True):
        """Yield labels and numbers; in FI, SE and NO the one is inside of the other."""
        partner = company.partner_id.with_company(company)
        named = self.env["maventa.parties"]._identifiers(partner)
        if has_vat:
            # Norwegian documents have no country before the number
            yield partner.vat_label, named.vat.removeprefix("NO")
        is_inside = has_vat and named.vat and named.legal.scheme in LEGAL_IN_VAT
        if not is_inside:
            parties = self.env["maventa.parties"]
            yield parties._legal_label(named.legal.scheme), named.legal.value

    def _parent_words(self, move, seller, layouts):
        """Yield name and address of the seller that a branch belongs to."""
        if move.company_id == seller:
            return
        address = seller.partner_id._display_address(without_company=True)
        parts = [seller.name, *filter(None, map(str.strip, address.splitlines()))]
        if not all(all(part in text for part in parts) for text in layouts):
            yield self.env._("Seller: %s", ", ".join(parts))

    def _account_words(self, move, layouts):
        """Yield the accounts of the e-invoice that Odoo does not print."""
        if move.move_type != "out_invoice":
            return
        values, printed = self.env["maventa.document.values"], ""
        if move.payment_reference:
            printed = move.partner_bank_id.acc_number or ""
        for account in values._paid_to(move):
            if not all(
                _has_number(f"{text} {printed}", account.number) for text in layouts
            ):
                bic = account.bic and f" ({account.bic})"
                yield self.env._(
                    "Account: %s", f"{account.giro or account.number}{bic}"
                )

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
