"""Contacts that a document has made: new until a person has confirmed them.

One receipt has made the contact; every bill of the supplier waits for the same answer,
which a person gives on any of them, or by posting one.
"""

from odoo import api, models
from odoo.tools.sql import escape_psql

from ..guards import internal


@internal
class MaventaNewSuppliers(models.AbstractModel):
    _name = "maventa.new.suppliers"
    _description = "New Suppliers of Received Bills"

    # === PUBLIC === #

    @api.model
    def _origin(self, partners):
        """Return the receipts that have made contacts which nobody has confirmed.

        Companies share their contacts: of whichever company a receipt is.
        """
        return (
            self.env["maventa.receipt"]
            .sudo()
            .search(
                [
                    ("created_partner_id", "in", partners.ids),
                    ("is_supplier_confirmed", "=", False),
                ]
            )
        )

    @api.model
    def _confirm(self, partners):
        """Record that the user knows these suppliers, and compare what waits."""
        origins = self._origin(partners)
        if not origins:
            return
        origins.is_supplier_confirmed = True
        user = self.env.user.name
        for origin in origins:
            name = origin.created_partner_id.name
            origin._tell(
                "info",
                lambda env, name=name: env._(
                    "%(user)s has confirmed the supplier %(name)s.",
                    user=user,
                    name=name,
                ),
            )
        booking = self.env["maventa.bill.booking"].sudo()
        booking._check_again(booking._drafts_of(origins.created_partner_id))

    @api.model
    def _posted(self, moves):
        """Count posting a bill as confirming its supplier."""
        bills = moves.filtered(lambda move: move.is_purchase_document())
        self._confirm(bills.commercial_partner_id)

    @api.model
    def _namesake(self, move):
        """Return another contact of the supplier's name, also the company's own.

        A fraud uses the name of a supplier that is known.
        """
        partner, partners = move.commercial_partner_id, self.env["res.partner"]
        return partners.search(
            [
                *partners._check_company_domain(move.company_id),
                ("name", "=ilike", escape_psql(partner.name or "")),
                ("id", "!=", partner.id),
                ("parent_id", "=", False),
            ],
            limit=1,
        )
