"""How seller and buyer are named in a document: the one place, for all formats."""

from dataclasses import replace

from odoo import api, models

from ..guards import internal
from ..maventa_api.party_identifiers import (
    ALAND,
    NATIONAL_VAT,
    IdentifierProblem,
    KnownParty,
    country_of_vat,
    identifiers_of,
    register_of,
    vat_number,
)
from ..maventa_api.vat_territories import NORTHERN_IRELAND, vat_territory
from .check_finding import Finding

UNLESS_NAMED = (
    IdentifierProblem.SCHEME_WITHDRAWN,
    IdentifierProblem.REGISTRY_MALFORMED,
)


@internal
class MaventaParties(models.AbstractModel):
    """Electronic address, legal id and VAT number, from what Odoo knows of a party.

    The order is that of ``maventa_api.party_identifiers``: e-invoice address of the
    contact, Odoo's Peppol address, organisation number, VAT number.
    """

    _name = "maventa.parties"
    _description = "Parties of E-invoices"

    # === PUBLIC === #

    @api.model
    def _identifiers(self, partner):
        """Return the ``PartyIdentifiers`` of a contact.

        :param partner: the contact on the invoice; its company is the legal person
        """
        company = partner.commercial_partner_id
        return identifiers_of(
            KnownParty(
                country=company.country_code or partner.country_code or "",
                vat=self._vat(company),
                registry=(company.company_registry or "").strip(),
                peppol_scheme=company.peppol_eas or "",
                peppol_endpoint=company.peppol_endpoint or "",
                address=partner._maventa_address(),
                region=company.state_id.code or "",
                is_company=company.is_company or bool(self._vat(company)),
            )
        )

    @api.model
    def _seller(self, move):
        """Return the contact that is named as seller.

        A branch without a tax number sells under the number of its parent company.
        """
        return move.maventa_account_company_id.sudo().partner_id.with_env(move.env)

    @api.model
    def _seller_identifiers(self, move):
        """Return how the seller is named, with the VAT number that it sells under.

        That of the fiscal position, where it has one (directive 2006/112/EC, article
        226 (3)): the own one of another country is not for this sale.
        """
        named, position = self._identifiers(self._seller(move)), move.fiscal_position_id
        number = (position.foreign_vat or "").strip()
        if not number:
            return named
        malformed = IdentifierProblem.VAT_MALFORMED
        problems = [row for row in named.problems if row[0] != malformed]
        vat = vat_number(position.country_id.code or "", number)
        if not vat or not self._is_of(position.country_id, vat):
            problems.append((malformed, number))
        return replace(named, vat=vat, problems=tuple(problems))

    @api.model
    def _is_sold_abroad(self, move):
        """Return whether an invoice has the seller's VAT number of another country."""
        position, seller = move.fiscal_position_id, self._seller(move)
        country = position.country_id.code or ""
        own = register_of(seller.country_code or "")
        return bool(position.foreign_vat) and register_of(country) != own

    @api.model
    def _seller_territory(self, move):
        """Return the country whose VAT the seller has to do with: of its number."""
        if self._is_sold_abroad(move):
            vat = self._seller_identifiers(move).vat
            return country_of_vat(vat) or move.fiscal_position_id.country_id.code
        return self._territory(self._seller(move))

    @api.model
    def _findings(self, move, only=tuple(IdentifierProblem)):
        """Return what is wrong with the numbers of the parties of an invoice.

        :param only: the problems that matter
        """
        sides = (
            (self._seller(move), self._seller_identifiers(move), True),
            (move.partner_id, self._identifiers(move.partner_id), False),
        )
        position = move.fiscal_position_id.filtered("foreign_vat")
        return [
            replace(finding, record=position)
            if is_seller and position and problem == IdentifierProblem.VAT_MALFORMED
            else finding
            for partner, named, is_seller in sides
            for problem, finding in self._party_findings(
                partner, named, only, is_seller
            )
        ]

    @api.model
    def _territory(self, partner):
        """Return the country whose VAT holds at an address.

        Åland is its own, and so is Northern Ireland, known by its post codes, without
        one by its tax numbers, and the places outside the VAT of their country
        (``vat_territory``).
        """
        vat = partner.commercial_partner_id.vat or ""
        is_placed = partner.country_code != "GB" or partner.zip
        if not is_placed and vat.upper().startswith("XI"):
            return NORTHERN_IRELAND
        known = KnownParty(
            partner.country_code or "", region=partner.state_id.code or ""
        )
        if known.is_aland:
            return ALAND
        return vat_territory(known.country, known.region, partner.zip or "")

    @api.model
    def _missing_kvk(self, move):
        """Return the text that asks for the KVK of a Dutch seller's Dutch company.

        The rules want no number of the buyer (NL-R-005 is about its scheme), but
        Maventa finds Dutch companies by it.
        """
        seller, company = self._seller(move), move.commercial_partner_id
        is_dutch = seller.country_code == company.country_code == "NL"
        if not (is_dutch and company.is_company):
            return ""
        if self._identifiers(move.partner_id).legal:
            return ""
        problem = IdentifierProblem.REGISTRY_MISSING
        return self._texts(company.display_name)[problem] % {"value": ""}

    @api.model
    def _missing_vat(self, partner, code):
        """Return why a customer has no VAT number that a category needs.

        :param code: the category (``AE``, ``K``, ...)
        """
        company = partner.commercial_partner_id
        for problem, value in self._identifiers(partner).problems:
            if problem == IdentifierProblem.VAT_MALFORMED:
                return self._texts(company.display_name)[problem] % {"value": value}
        return self.env._(
            "The tax category %(category)s requires the tax number of %(party)s. Enter "
            "it on the contact; a customer without one is charged VAT: choose a tax "
            "with a rate.",
            category=code,
            party=company.display_name,
        )

    @api.model
    def _legal_label(self, scheme):
        """Return what a number of a list of organisation numbers is called there.

        :param scheme: the list's code (ISO 6523), of a legal id
        """
        labels = {
            "0212": self.env._("Business ID"),
            "0106": self.env._("KVK number"),
            "0190": self.env._("OIN"),
        }
        return labels.get(scheme) or self.env._("Organisation number")

    # === HELPERS === #

    def _vat(self, company):
        vat = (company.vat or "").strip()
        return "" if vat == "/" else vat

    def _is_of(self, country, vat):
        """Return whether a VAT number is of a country, as its prefix says."""
        known = {register_of(country.code or ""), country.code}
        return country_of_vat(vat) in known or (
            country.code == "GB" and vat.startswith("XI")
        )

    def _party_findings(self, partner, named, only, is_seller):
        """Yield problems with their findings."""
        company = partner.commercial_partner_id
        texts = self._texts(company.display_name)
        for problem, value in named.problems:
            is_serious = self._is_serious(problem, value, named, company, is_seller)
            if problem in only and is_serious:
                yield problem, Finding(texts[problem] % {"value": value}, company)

    def _is_serious(self, problem, value, named, company, is_seller):
        """Return whether a problem prevents the document.

        What nobody needs does not hold an invoice back, and tax numbers of countries
        whose spelling is not known are not judged.
        """
        if problem == IdentifierProblem.ADDRESS_MALFORMED:
            return True
        if problem == IdentifierProblem.VAT_MALFORMED:
            known = {register_of(company.country_code or ""), country_of_vat(value)}
            return is_seller or bool(known & set(NATIONAL_VAT))
        if problem == IdentifierProblem.REGISTRY_MISSING:
            return is_seller
        return problem in UNLESS_NAMED and not named.electronic

    def _texts(self, name):
        """Return the texts of the problems, with room for the value."""
        name = name.replace("%", "%%")
        value = "%(value)s"
        return {
            IdentifierProblem.ADDRESS_MALFORMED: self.env._(
                "The electronic address %(value)s of %(party)s is not valid. Check the "
                "Peppol address or the e-invoice address.",
                value=value,
                party=name,
            ),
            IdentifierProblem.SCHEME_WITHDRAWN: self.env._(
                "The electronic address %(value)s of %(party)s has a scheme that is "
                "not in use any more. Enter the address that the receiver uses now.",
                value=value,
                party=name,
            ),
            IdentifierProblem.VAT_MALFORMED: self.env._(
                "The tax number %(value)s of %(party)s is not valid.",
                value=value,
                party=name,
            ),
            IdentifierProblem.REGISTRY_MALFORMED: self.env._(
                "The company ID %(value)s of %(party)s is not a valid organisation "
                "number of its country.",
                value=value,
                party=name,
            ),
            IdentifierProblem.REGISTRY_MISSING: self.env._(
                "%(party)s needs its number at the chamber of commerce (KVK, 8 digits) "
                "or its OIN (20 digits) in the field Company ID.",
                party=name,
            ),
        }
