from odoo import models
from odoo.addons.base.models.res_bank import sanitize_account_number

from .problem import DocumentProblem


class BillingoDocument(models.Model):
    """Who the other side of a document is."""

    _inherit = "billingo.document"

    def _find_partner(self, party):
        """Match by what was chosen or booked before, by tax number, or as a person.

        Create only what is new.
        """
        partners = self.env["res.partner"]
        remembered = self.partner_id or self._remembered_partner()
        if remembered:
            return remembered
        number = self.partner_tax_number
        if number:
            country = party.address.country_code
            found = partners._billingo_candidates(self.company_id, number, country)
        else:
            found = partners._billingo_person(self.company_id, party)
        found = self._narrow(found, party)
        if len(found) > 1:
            raise DocumentProblem(
                "partner",
                self.env._(
                    "Several partners fit %(name)s (%(number)s): %(found)s. Choose "
                    "one, or merge them.",
                    name=party.name,
                    number=number or "-",
                    found=", ".join(found.mapped("display_name")),
                ),
                partner_ids=found.ids,
            )
        if not found and not (party.name or number):
            raise DocumentProblem(
                "partner", self.env._("The document does not say who the partner is.")
            )
        return found or partners._billingo_create(self.company_id, party, number)

    def _prepare_bank(self, document, partner):
        """Return the seller's bank account; where none is stated, Odoo takes its own.

        A vendor's new one is noted, and stays one that payments do not trust; our own
        is never made from a document.
        """
        stated = document.organization.bank_account
        for number in (stated.account_number, stated.account_number_iban):
            if sanitize_account_number(number):
                return {"partner_bank_id": self._find_bank(number, partner).id}
        return {}

    def _find_bank(self, number, partner):
        accounts = self.env["res.partner.bank"].with_context(active_test=False)
        is_ours = self.mode == "customer"
        holder = self.company_id.partner_id if is_ours else partner
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

    def _narrow(self, found, party):
        """Of several, take the member of the VAT group, the name, or the place."""
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

    def _remembered_partner(self):
        """Return whom this connection's last document of the same partner went to.

        A person may have corrected that entry, or chosen the partner.
        """
        last = self.search_fetch(
            [
                ("connection_id", "=", self.connection_id.id),
                ("partner_key", "=", self.partner_key),
                ("state", "=", "processed"),
                ("id", "!=", self.id),
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
