"""Partners as Billingo documents name them: searched and created here."""

import re

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..billingo_api.duplicate_rules import name_key
from ..guards import guarded

DOMESTIC = re.compile(r"\d{8}-[1-5]-\d{2}")
STREET_WORDS = {
    "u": "utca",
    "krt": "körút",
    "sgt": "sugárút",
    "rkp": "rakpart",
    "stny": "sétány",
    "ltp": "lakótelep",
    "em": "emelet",
    "fszt": "földszint",
    "fsz": "földszint",
}
HUNGARIAN = re.compile(r"(?:HU)?(\d{8})(?:-?[1-5]-?\d{2})?", re.IGNORECASE)


def tax_base(number):
    """Return the eight digits that identify a Hungarian taxpayer, else no text."""
    match = HUNGARIAN.fullmatch((number or "").replace(" ", ""))
    return match[1] if match else ""


def comparable(number):
    """Return a tax number in capitals, without blanks and dashes."""
    return re.sub(r"[^0-9A-Z]", "", (number or "").upper())


def street_key(street):
    """Return a street without case and punctuation, its usual words written out."""
    words = re.findall(r"\w+", (street or "").casefold())
    return " ".join(STREET_WORDS.get(word, word) for word in words)


@guarded()
class ResPartner(models.Model):
    _inherit = "res.partner"

    # === OVERRIDES === #

    @api.model
    def _run_vat_checks(self, country, vat, partner_name="", validation="error"):
        # EXTENDS 'base_vat': a foreign company may be registered in Hungary.
        if country.code != "HU" and DOMESTIC.fullmatch(vat or ""):
            return vat, "HU"
        return super()._run_vat_checks(country, vat, partner_name, validation)

    def _billingo_check_merge(self, target):
        """Raise a user error if imported documents would name another taxpayer.

        :param target: the partner who stays
        """
        for partner in self.sudo():
            is_same = partner._billingo_is_same(target.sudo())
            if is_same or not partner._billingo_has_entries():
                continue
            raise UserError(
                self.env._(
                    "Documents from Billingo name %(partner)s, so it cannot be merged "
                    "into another partner, %(other)s. If they are the same, give both "
                    "the same tax number or the same name first.",
                    partner=partner.display_name,
                    other=target.display_name,
                )
            )

    # === HELPERS === #

    def _billingo_is_same(self, other):
        """Return whether two partners are entries of one taxpayer."""
        mine, other = self.commercial_partner_id, other.commercial_partner_id
        if mine == other:
            return True
        numbers = {tax_base(one.vat) or comparable(one.vat) for one in (mine, other)}
        if "" not in numbers:
            return len(numbers) == 1
        return name_key(mine.name or "") == name_key(other.name or "")

    def _billingo_has_entries(self):
        """Return whether entries of documents from Billingo name this partner.

        That is imported ones, and those that were entered by hand before.
        """
        customer = Domain("partner_id", "=", self.id)
        customer |= Domain("commercial_partner_id", "=", self.id)
        moves = self.env["account.move"].sudo()
        theirs = moves._search(customer & Domain("state", "=", "posted"))
        documents = self.env["billingo.document"].sudo()
        return bool(documents.search_count([("move_id", "in", theirs)], limit=1))

    def _billingo_candidates(self, company, tax_number, country_code=""):
        """Return the partners with this tax number, in any notation.

        Companies come before their contacts, partners of the company before shared
        ones, and archived ones last.
        """
        base, plain = tax_base(tax_number), comparable(tax_number)
        if base:
            forms = [f"{base}%", f"HU{base}%"]
        else:
            # The country's letters may be missing on either side.
            wanted = {plain, f"{country_code.upper()}{plain}"} - {"", country_code}
            forms = ["%".join(form) for form in wanted]
        domain = Domain.OR(
            Domain(name, "=ilike", form)
            for name in ("vat", "l10n_hu_group_vat")
            for form in forms
        )
        found = self.with_context(active_test=False).search(
            domain & Domain("company_id", "in", [False, company.id])
        )
        if base:
            found = found.filtered(
                lambda partner: (
                    base in (tax_base(partner.vat), tax_base(partner.l10n_hu_group_vat))
                )
            )
        else:
            found = found.filtered(lambda partner: comparable(partner.vat) in wanted)
        found = found.filtered("active") or found
        own = found.filtered("company_id") or found
        return own.commercial_partner_id or own

    def _billingo_members(self, number):
        """Of several partners in one VAT group, return the member with this number."""
        base = tax_base(number)
        return self.filtered(lambda partner: base and tax_base(partner.vat) == base)

    def _billingo_person(self, company, party):
        """Return partners without a tax number of the same name, zip and street."""
        street = street_key(party.address.address)
        found = self._billingo_without_number(
            company, [("zip", "=", party.address.post_code or False)], party
        )
        found = found.filtered(lambda x: street_key(x.street) == street)
        return found.filtered("active") or found

    def _billingo_unnumbered(self, company, party):
        """Return companies that were entered without a tax number, by their name.

        Where both have a zip code, it has to be the same.
        """
        zip_code = party.address.post_code
        found = self._billingo_without_number(
            company, [("is_company", "=", True)], party
        )
        found = found.filtered(lambda x: not (x.zip and zip_code) or x.zip == zip_code)
        return found.filtered("active") or found

    def _billingo_without_number(self, company, domain, party):
        key = name_key(party.name or "")
        if not key:
            return self.browse()
        # Accents may be missing on either side: search for a part that has none.
        part = max(re.findall("[0-9A-Za-z]+", party.name), key=len, default=party.name)
        found = self.with_context(active_test=False).search(
            [
                ("company_id", "in", [False, company.id]),
                ("parent_id", "=", False),
                ("vat", "=", False),
                ("name", "ilike", part),
                *domain,
            ]
        )
        return found.filtered(lambda x: name_key(x.name or "") == key)

    def _billingo_create(self, company, party, tax_number):
        """Create a partner as the document shows it."""
        country = self.env["res.country"].search(
            [("code", "=", party.address.country_code.upper() or "HU")], limit=1
        )
        emails = getattr(party, "emails", ())
        member = getattr(party, "group_member_tax_number", "")
        # The document is issued: its tax number is taken as it is, valid or not.
        return self.with_context(no_vat_validation=True).create(
            {
                "name": party.name or tax_number,
                "is_company": bool(tax_number),
                "vat": member or tax_number or False,
                "l10n_hu_group_vat": tax_number if member else False,
                "company_id": company.id,
                "street": party.address.address,
                "zip": party.address.post_code,
                "city": party.address.city,
                "country_id": country.id,
                "email": emails[0] if emails else False,
                "phone": getattr(party, "phone", "") or False,
            }
        )
