from odoo import models

from ..billingo_api import messages
from .problem import DocumentProblem

SIDES = {"customer": "out", "supplier": "in", "spending": "in"}


class BillingoDocument(models.Model):
    """Invoice, credit note or receipt, and on whom."""

    _inherit = "billingo.document"

    def _move_type(self, document, booking):
        """Return Odoo's type; a receipt is taken back by a credit note, as in Odoo."""
        side = SIDES[self.mode]
        if booking.is_refund:
            return f"{side}_refund"
        return f"{side}_{'receipt' if document.type == 'receipt' else 'invoice'}"

    def _partner_of(self, document, booking, original):
        """Return the other side; receipts may name nobody."""
        party = (
            document.document_partner
            if self.mode == "customer"
            else document.organization
        )
        named = party.name or self.partner_tax_number or self.partner_id
        if named or document.type not in messages.RECEIPTS:
            return self._find_partner(party)
        partner = original.move_id.partner_id or self.connection_id.receipt_partner_id
        if not partner and booking.is_refund:
            raise DocumentProblem(
                "other",
                self.env._(
                    "Billingo does not say who gave this receipt back, and Odoo wants "
                    "a partner on a credit note. Choose the partner for receipts on "
                    "the connection, and process again."
                ),
            )
        return partner
