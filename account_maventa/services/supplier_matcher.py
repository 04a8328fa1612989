"""The supplier of a received document: by its numbers and addresses, never by name.

The business id decides: the members of a VAT group have one VAT number, and may have
one address. Nothing of a contact that exists is changed. Without a hit, a contact is
made if the document has a number whose check digits hold; the bill then waits for a
person.
"""

from dataclasses import dataclass

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..guards import internal
from ..maventa_api import organisation_number, ovt, same_business
from ..maventa_api.legal_numbers import is_of_register, legal_number
from ..maventa_api.party_identifiers import (
    NATIONAL_IDS,
    REGISTERS,
    country_of_vat,
    finnish_id,
    register_of,
    vat_number,
)


@dataclass(frozen=True)
class Match:
    """The supplier, and what is to be said: ``new``, ``several``, ``archived``,
    ``self`` or ``unknown``; empty if it is one that is known.
    """

    partner: models.BaseModel
    remark: str = ""


@internal
class MaventaSupplierMatcher(models.AbstractModel):
    _name = "maventa.supplier.matcher"
    _description = "Suppliers of Received Invoices"

    # === PUBLIC === #

    @api.model
    def _match(self, company, document, sender=None):
        """Return the :class:`Match` of a document's seller.

        :param sender: e-invoice address of the sender, as Maventa says it
        """
        match, seller = self._known(company, document, sender), document.seller
        country, vat, registry = self._numbers(seller)
        if match.remark != "unknown" or not seller.name or not (vat or registry):
            return match
        created = self._new_contact(country, seller, vat, registry)
        return Match(created, "new") if created else match

    @api.model
    def _known(self, company, document, sender=None):
        """Return the :class:`Match` of a document's seller; no contact is made."""
        seller, none = document.seller, self.env["res.partner"]
        country, vat, registry = self._numbers(seller)
        if self._is_own(company, vat, registry):
            return Match(none, "self")
        for found in self._hits(company, country, vat, registry, seller, sender):
            companies = found.commercial_partner_id
            active = self._chosen(company, companies.filtered("active"))
            if len(active) == 1:
                return Match(active)
            if len(active) > 1:
                return Match(none, "several")
            if companies:
                return Match(none, "archived")
        if chosen := self._chosen_before(company, seller):
            return Match(chosen)
        return Match(none, "unknown")

    # === HELPERS === #

    def _country(self, seller):
        """Return the country; a Finnish business id without one is from Finland.

        The numbers of Åland are those of Finland; likewise Svalbard's are of Norway.
        """
        if seller.country:
            return register_of(seller.country)
        if seller.vat[:2].isalpha():
            return seller.vat[:2].upper()
        return "FI" if finnish_id(seller.business_id) else ""

    def _numbers(self, seller):
        """Return country, VAT number and organisation number, each in one spelling."""
        country = self._country(seller)
        vat, other = (vat_number(country, x) for x in (seller.vat, seller.business_id))
        if not vat and country in ("", country_of_vat(other)):
            vat = other  # but "HRB 1" of a German seller is none of Croatia
        stated = self._stated(country, seller) or _business_id(country, seller.vat)
        return country, vat, stated or organisation_number(country, vat)

    def _stated(self, country, seller):
        """Return the organisation number that a seller states, or nothing."""
        number = legal_number(seller.business_id, seller.business_scheme, country)
        return _business_id(country, number.value) if is_of_register(number) else ""

    def _chosen(self, company, partners):
        """Return the one of several contacts of one business, if it is known.

        The company's own comes before those that companies share; else what a person
        has chosen before. Different members of a VAT group are a question each time.
        """
        numbers = {_bare(row.company_registry) for row in partners} - {""}
        if len(partners) < 2 or len(numbers) > 1:
            return partners
        own = partners.filtered("company_id") or partners
        earlier = self.env["maventa.receipt"].search(
            [
                ("company_id", "=", company.id),
                ("supplier_remark", "=", "several"),
                ("partner_id", "in", own.ids),
            ],
            order="id desc",
            limit=1,
        )
        return own if len(own) == 1 else earlier.partner_id or own

    def _chosen_before(self, company, seller):
        """Return whom a person has chosen for the address of a seller without numbers.

        Another name at the same address is a question of its own (``bill_head.py``).
        """
        if not seller.address or seller.vat or seller.business_id:
            return self.env["res.partner"]
        earlier = self.env["maventa.receipt"].search(
            [
                ("company_id", "=", company.id),
                ("seller_address", "=", seller.address),
                ("supplier_remark", "=", "unknown"),
                ("partner_id.active", "=", True),
            ],
            order="id desc",
            limit=1,
        )
        return earlier.partner_id

    def _is_own(self, company, vat, registry):
        mine = company._maventa_business_ids()
        return any(
            same_business(one, other) for one in mine for other in (vat, registry)
        )

    def _hits(self, company, country, vat, registry, seller, sender):
        """Yield contacts by each kind of key, the strongest first.

        An address alone is none of a contact that has numbers of its own: another
        seller's, since the document's were not found.
        """
        spellings = {vat, vat[2:], registry, registry.replace("-", "")} - {""}
        if registry and country:
            spellings.add(country + registry.replace("-", ""))
        if spellings:
            found = self._by_numbers(company, country, sorted(spellings))
            yield from self._by_business_id(country, found, seller)
        addresses = {seller.address.rpartition(":")[2], sender or ""}
        if country == "FI" and registry:
            addresses.add(ovt(registry))
        if found := sorted(addresses - {""}):
            hits = self._find(company, [("edicode", "in", found)])
            yield self._uncontradicted(hits, seller, spellings)
        scheme, separator, number = seller.address.partition(":")
        if separator:
            domain = [("peppol_eas", "=", scheme), ("peppol_endpoint", "=", number)]
            hits = self._find(company, domain)
            yield self._uncontradicted(hits, seller, spellings)

    def _by_business_id(self, country, found, seller):
        """Yield those of some contacts that a stated business id allows.

        First those that have it; then those of whom nobody knows theirs.
        """
        stated = self._stated(country, seller)
        companies = found.commercial_partner_id
        if not stated:
            yield companies
            return
        yield companies.filtered(
            lambda row: _business_id(country, row.company_registry, row.vat) == stated
        )
        yield companies.filtered(
            lambda row: not _business_id(country, row.company_registry)
        )

    def _uncontradicted(self, found, seller, spellings):
        """Return contacts of an address whose numbers are not those of others.

        Who sends writes the address. Of numbers that hold, the contact would have been
        found by these; others are compared as they are written.
        """
        stated = set(filter(None, map(_bare, (seller.vat, seller.business_id))))
        return found.commercial_partner_id.filtered(
            lambda row: (
                not (row.vat or row.company_registry)
                or not spellings
                and stated <= {_bare(row.vat), _bare(row.company_registry)}
            )
        )

    def _by_numbers(self, company, country, spellings):
        """Return contacts by VAT number or organisation number.

        Numbers without a country are only those of contacts of that country.
        """
        codes = [country, *(row for row in REGISTERS if register_of(row) == country)]
        there = ("|", ("country_id", "=", False), ("country_id.code", "in", codes))
        numbers = ("|", ("vat", "in", spellings), ("company_registry", "in", spellings))
        if found := self._find(company, [*numbers, *there]):
            return found
        ids = self._by_other_spelling(spellings)
        return self._find(company, [("id", "in", ids), *there])

    def _by_other_spelling(self, spellings):
        """Return ids of contacts whose numbers have blanks, dots or hyphens."""
        bare = [_bare(text) for text in spellings]
        form = SQL("regexp_replace(upper(vat), '[^0-9A-Z]', '', 'g')")
        other = SQL("regexp_replace(upper(company_registry), '[^0-9A-Z]', '', 'g')")
        self.env["res.partner"].flush_model(["vat", "company_registry"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner WHERE %s = ANY(%s) OR %s = ANY(%s)",
                *(form, bare, other, bare),
            )
        )
        return [row_id for (row_id,) in rows]

    def _find(self, company, domain):
        partners = self.env["res.partner"].with_context(active_test=False)
        return partners.search([*partners._check_company_domain(company), *domain])

    def _new_contact(self, country, seller, vat, registry):
        """Return a new contact; none if Odoo refuses the only number."""
        countries, code = self.env["res.country"], seller.country.upper() or country
        values = {
            "name": seller.name,
            "is_company": True,
            "street": ", ".join(seller.streets) or False,
            "zip": seller.post_code or False,
            "city": seller.city or False,
            "country_id": countries.search([("code", "=", code)], limit=1).id,
            "company_registry": registry or False,
        }
        try:
            with self.env.cr.savepoint():
                return self.env["res.partner"].create({**values, "vat": vat or False})
        except ValidationError:
            partners = self.env["res.partner"]
            return partners.create(values) if registry else partners


def _business_id(country, *texts):
    """Return the first business id among some numbers, in its one spelling."""
    spelling = NATIONAL_IDS.get(country)
    found = (spelling(text).value for text in texts if spelling and text)
    return next(filter(None, found), "")


def _bare(text):
    """Return a number without blanks and signs."""
    return "".join(filter(str.isalnum, text or "")).upper()
