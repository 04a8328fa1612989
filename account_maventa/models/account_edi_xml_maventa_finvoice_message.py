from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from odoo import models

from ..maventa_api import ElectronicAddress
from ..maventa_api.finvoice import Mailbox, Message, obstacles

MAVENTA = "003721291126"  # the sender's operator
LIVE = ("queued", "uploading", "unknown")


class AccountEdiXmlMaventaFinvoice(models.AbstractModel):
    """Routing of a Finvoice, the mark EN16931, and where the goods go."""

    _inherit = "account.edi.xml.maventa_finvoice"

    def _finvoice_document(self, invoice):
        """Return the document with its message, if its route is known."""
        document = super()._finvoice_document(invoice)
        document = replace(
            document,
            delivery=self._finvoice_delivery(invoice),
            message=self._finvoice_message(invoice, document.seller),
        )
        if document.message and not obstacles(document):
            marked = replace(document.message, is_en16931=True)
            document = replace(document, message=marked)
        return document

    def _finvoice_message(self, invoice, seller):
        """Return the routing, or nothing: without an operator Maventa looks it up.

        The frame before the invoice can be left away by the system parameter
        ``account_maventa.finvoice_envelope`` (0).
        """
        receiver = invoice.partner_id._maventa_address()
        sender = invoice.company_id.partner_id._maventa_address()
        if not sender:
            sender = ElectronicAddress.parse(seller.ovt)
        if not (sender and receiver and receiver.operator):
            return None
        parameters = self.env["ir.config_parameter"].sudo()
        envelope = parameters.get_param("account_maventa.finvoice_envelope", "1")
        transfer = invoice.sudo().maventa_transfer_ids.filtered(
            lambda transfer: transfer.state in LIVE
        )
        return Message(
            identifier=transfer[:1].uuid or str(uuid4()),
            timestamp=datetime.now(UTC),
            sender=Mailbox(sender.address, sender.operator or MAVENTA, sender.scheme),
            receiver=Mailbox(receiver.address, receiver.operator, receiver.scheme),
            has_envelope=envelope != "0",
        )

    def _finvoice_delivery(self, invoice):
        """Return the delivery address, if it is another than the buyer's."""
        place = invoice.partner_shipping_id
        if not place:
            return None
        union = self.env.ref("base.europe").country_ids
        seller, goal = invoice.company_id.country_id, place.country_id
        # Goods to another country of the Union: where they go has to be said
        abroad = goal != seller and goal in union
        if place == invoice.partner_id and not abroad:
            return None
        party = self._finvoice_party(place.commercial_partner_id, place)
        return replace(party, name=place.name or party.name)
