"""The other party of a document: its partner, and the seller's bank account."""

from odoo import models
from odoo.addons.base.models.res_bank import sanitize_account_number

from ..billingo_api.kinds import kind_of
from ..exceptions import DocumentProblem
from ..guards import internal


@internal
class BillingoPartnerMatcher(models.AbstractModel):
    _name = "billingo.partner.matcher"
    _description = "Partners of Billingo documents"

    # === PUBLIC === #

    def _partner(self, document, parsed, booking, original):
        """Return the other party; receipts may name nobody.

        Creates a partner that does not exist yet.

        :raise DocumentProblem: several match, or none is named
        """
        is_ours = document.mode == "customer"
        party = parsed.document_partner if is_ours else parsed.organization
        is_named = party.name or document.partner_tax_number or document.partner_id
        if is_named or not kind_of(parsed.type).is_receipt:
            return self._match(document, party)
        connection = document.connection_id
        partner = original.move_id.partner_id or connection.receipt_partner_id
        if not partner and booking.is_refund:
            raise DocumentProblem("receipt_partner_missing")
        return partner

    def _prepare_bank(self, document, parsed, partner):
        """Return the seller's bank account; where none is stated, Odoo takes its own.

        A vendor's new account is stored, but not trusted for payments; our own is
        never created from a document.
        """
        stated = parsed.organization.bank_account
        for number in (stated.account_number, stated.account_number_iban):
            if sanitize_account_number(number):
                return {"partner_bank_id": self._bank(document, number, partner).id}
        return {}

    # === HELPERS === #

    def _match(self, document, party):
        """Match by earlier choices and bookings, by tax number, or as a person."""
        partners = self.env["res.partner"]
        remembered = document.partner_id or self._remembered(document)
        if remembered:
            return remembered
        company, number = document.company_id, document.partner_tax_number
        if number:
            country = party.address.country_code
            found = partners._billingo_candidates(company, number, country)
            found = found or partners._billingo_unnumbered(company, party)
        else:
            found = partners._billingo_person(company, party)
        found = self._narrow(found, party)
        if len(found) > 1:
            raise DocumentProblem(
                "partner_ambiguous",
                {"partner_ids": found.ids},
                name=party.name,
                number=number or "-",
                found=", ".join(found.mapped("display_name")),
            )
        if not found and not (party.name or number):
            raise DocumentProblem("partner_missing")
        return found or partners._billingo_create(company, party, number)

    def _remembered(self, document):
        """Return the partner of this connection's last document of the same party.

        A user may have corrected that entry, or chosen the partner.
        """
        last = document.search_fetch(
            [
                ("connection_id", "=", document.connection_id.id),
                ("partner_key", "=", document.partner_key),
                ("state", "=", "processed"),
                ("id", "!=", document.id),
            ],
            ["move_id"],
            order="id desc",
            limit=1,
        )
        # An entry has a hundred fields: read the one that matters.
        last.move_id.fetch(["partner_id"])
        partner = last.move_id.partner_id
        partner.fetch(["active"])
        return partner.filtered("active")

    def _narrow(self, found, party):
        """Of several, take the member of the VAT group, the name, or the zip code."""
        member = getattr(party, "group_member_tax_number", "")
        for fitting in (
            lambda partners: partners._billingo_members(member),
            lambda partners: partners.filtered(lambda x: x.name == party.name),
            lambda partners: partners.filtered(
                lambda x: x.zip and x.zip == party.address.post_code
            ),
        ):
            if len(found) > 1:
                found = fitting(found) or found
        return found

    def _bank(self, document, number, partner):
        accounts = self.env["res.partner.bank"].with_context(active_test=False)
        is_ours = document.mode == "customer"
        holder = document.company_id.partner_id if is_ours else partner
        known = accounts.search(
            [
                ("partner_id", "=", holder.commercial_partner_id.id),
                ("sanitized_acc_number", "=", sanitize_account_number(number)),
            ],
            limit=1,
        )
        if known or is_ours:
            return known.filtered("active")
        return accounts.create(
            {
                "partner_id": holder.commercial_partner_id.id,
                "acc_number": number,
                "allow_out_payment": False,
            }
        )
