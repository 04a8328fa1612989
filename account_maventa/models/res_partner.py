"""A customer's e-invoice address, operator, format, and the look-up at Maventa.

The fields of the address have the names of OCA's ``l10n_fi_edicode``.
"""

import re

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..guards import as_service, ensure_one, guarded
from ..maventa_api import (
    AddressKind,
    AddressProblem,
    ElectronicAddress,
    organisation_number,
    same_business,
)
from .res_partner_operator_einvoice import BANKS, BROKERS, OCA_LABELS

# Schemes of Odoo's Peppol fields that are addresses in Finland's network, too
FINNISH_SCHEMES = ("0216", "9918")
LONGEST_TOAST = 10  # customers in one toast


@guarded(*"maventa_lookup_result maventa_lookup_at".split())
class ResPartner(models.Model):
    _inherit = "res.partner"

    invoice_sending_method = fields.Selection(
        selection_add=[("maventa", "by Maventa")],
    )
    maventa_format = fields.Selection(
        "_selection_maventa_format",
        company_dependent=True,
        help="Empty: the format of the company's settings.",
    )
    edicode = fields.Char(
        "E-invoice Address",
        help="The address that the customer has given: an OVT (0037 and the business "
        "id), an account number (IBAN), a GLN, or scheme:id for Peppol "
        "(0216:003712345671). Empty: Maventa looks the customer up.",
    )
    einvoice_operator_id = fields.Many2one(
        "res.partner.operator.einvoice",
        "E-invoice Operator",
        help="The bank or operator of the address. With address and operator, an "
        "invoice is delivered to exactly this address or fails.",
    )
    maventa_lookup_result = fields.Selection(
        [
            ("einvoice", "E-invoice"),
            ("email", "E-mail"),
            ("print", "Print"),
            ("none", "Cannot be delivered"),
        ],
        "Delivery by Maventa",
        readonly=True,
        copy=False,
        company_dependent=True,
        help="The channel of an invoice to this customer, by the last look-up.",
    )
    maventa_lookup_at = fields.Datetime(
        "Looked up on", readonly=True, copy=False, company_dependent=True
    )
    maventa_attachments = fields.Selection(
        [("all", "All attachments"), ("chosen", "Selected attachments only")],
        "Attachments by Maventa",
        company_dependent=True,
        help="Empty: according to the company's settings.",
    )
    maventa_payment_instruction = fields.Char(
        "Payment Instruction Id",
        size=35,
        help="For a consumer who receives e-invoices in the online bank: the "
        "identifier (PaymentInstructionIdentifier) from the bank's receiver notice. "
        "Banks refuse the e-invoice of a consumer without it.",
    )

    maventa_buyer_reference = fields.Char(
        "Buyer's Reference",
        help="The reference that the customer wants on invoices: a person, a "
        "department or a code. New invoices take it over.",
    )

    @api.model
    def _selection_maventa_format(self):
        return self.env["account.edi.xml.maventa"]._maventa_selection()

    # === CONSTRAINTS === #

    @api.constrains("edicode", "einvoice_operator_id")
    def _check_maventa_edicode(self):
        for partner in self:
            if partner.edicode and (problem := partner._maventa_address_problem()):
                raise ValidationError(problem)

    # === COMPUTES === #

    @api.onchange("edicode")
    def _onchange_edicode(self):
        """Normalise the address, and set the operator Peppol for a Peppol address."""
        if self.edicode:
            address = ElectronicAddress.parse(self.edicode)
            self.edicode = address.eia
            if address.is_peppol:
                self.einvoice_operator_id = self._maventa_operator("PEPPOL", "Peppol")

    # === ACTIONS === #

    def action_maventa_lookup(self):
        """Show the customer's e-invoice addresses that Maventa knows.

        Users who make invoices may look; to use an address, a user needs the right to
        change customers.
        """
        ensure_one(self)
        lookups = self.env["maventa.lookup"]
        lookups.check_access("create")
        self.check_access("read")
        partner = self.commercial_partner_id
        found = self.env["maventa.directory"]._find_receivers(partner)
        self._maventa_note_lookup(found)
        if not found:
            return self._maventa_lookup_toast()
        lines = [Command.create(lookups.line_ids._values(row)) for row in found]
        lookup = lookups.create({"partner_id": self.id, "line_ids": lines})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Addresses at Maventa"),
            "res_model": "maventa.lookup",
            "res_id": lookup.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_maventa_lookup_all(self):
        """Look these customers up at Maventa, and leave the result on each."""
        self.env["maventa.lookup"].check_access("create")
        self.check_access("read")
        done = self.browse()
        for partner, found in self.env["maventa.directory"]._look_up(self):
            partner._maventa_note_lookup(found)
            done |= partner
        return done._maventa_lookup_toast(left=len(self - done))

    @api.model
    def action_maventa_update_operators(self):
        """Add the operators of Maventa's list; existing ones are not changed."""
        self.env["res.partner.operator.einvoice"].check_access("create")
        for operator in self.env["maventa.directory"]._operators():
            self._maventa_operator(operator.identifier, operator.name)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _maventa_note_lookup(self, found):
        """Record by which channel Maventa will deliver, as far as Maventa knows."""
        # As the superuser: who makes invoices may look, without the right to change.
        partner = self.sudo().with_company(self.company_id or self.env.company)
        partner = as_service(partner)
        partner.maventa_lookup_result = self._maventa_channel(found)
        partner.maventa_lookup_at = fields.Datetime.now()

    def _maventa_channel(self, found):
        """Return the channel of an invoice to this customer.

        An address on the customer decides; without one, Maventa routes an invoice to
        the business id itself, if it knows a receiver with that.

        :param found: list of ``maventa_api.Receiver``
        """
        company = (self.company_id or self.env.company)._maventa_account_company()
        company = company.sudo()
        number = self.env["maventa.parties"]._identifiers(self).legal.value
        routed = any(same_business(number, receiver.bid) for receiver in found)
        if self._maventa_address() or routed:
            return "einvoice"
        if company.maventa_send_email and self.email_normalized:
            return "email"
        account = company.maventa_account_id
        print_is_off = account.print_checked_at and not account.print_enabled
        return "none" if print_is_off else "print"

    def _maventa_lookup_toast(self, left=0):
        """Return the toast with what will happen to invoices of these customers.

        :param left: how many others there was no time for
        """
        labels = dict(
            self._fields["maventa_lookup_result"]._description_selection(self.env)
        )
        lines = [
            f"{partner.display_name}: {labels.get(partner.maventa_lookup_result, '-')}"
            for partner in self[:LONGEST_TOAST]
        ]
        if len(self) > LONGEST_TOAST:
            lines.append(self.env._("And %s more.", len(self) - LONGEST_TOAST))
        if left:
            lines.append(
                self.env._("Not yet looked up: %s. Start it again to continue.", left)
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "title": self.env._("Delivery by Maventa"),
                "message": "\n".join(lines),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === ADDRESS === #

    def _maventa_address(self):
        """Return the e-invoice address of this contact, else of its company.

        Odoo's own Peppol address counts if its scheme is one of Finland's network.
        """
        self.ensure_one()
        for partner in (self, self.commercial_partner_id):
            operator = partner.einvoice_operator_id.sudo().identifier or ""
            if partner.edicode:
                return ElectronicAddress.parse(partner.edicode, operator)
        partner = self.commercial_partner_id
        if partner.peppol_eas in FINNISH_SCHEMES and partner.peppol_endpoint:
            return ElectronicAddress.parse(partner.peppol_endpoint, operator)
        return ElectronicAddress()

    def _maventa_has_operator_only(self):
        """Return whether there is an operator, but no address."""
        partners = self | self.commercial_partner_id
        return bool(partners.einvoice_operator_id) and not self._maventa_address()

    def _maventa_address_problem(self):
        """Return why the e-invoice address is invalid, or nothing."""
        address = self._maventa_address()
        problem = address.problem() if address else None
        if not problem:
            schemes = dict(self._fields["peppol_eas"]._description_selection(self.env))
            unknown = address.is_peppol and address.scheme not in schemes
            problem = AddressProblem.PEPPOL if unknown else None
        if not problem:
            return ""
        return self.env._(
            "The e-invoice address %(address)s of %(customer)s is not valid: "
            "%(reason)s",
            address=address.eia,
            customer=self.display_name,
            reason=self.env["maventa.messages"]._address_problem(problem),
        )

    def _maventa_finnish_business_id(self):
        """Return the business id (Y-tunnus) of a Finnish company, or nothing."""
        if self.country_code != "FI":
            return ""
        return organisation_number("FI", self.vat or "") or organisation_number(
            "FI", self.company_registry or ""
        )

    def _maventa_is_bank_consumer(self):
        """Return whether it is a consumer who uses e-invoices in a Finnish bank."""
        person = self.commercial_partner_id
        address = self._maventa_address()
        operator = (self | person).einvoice_operator_id.sudo()
        at_bank = address.kind is AddressKind.IBAN or "bank" in operator.mapped("ttype")
        return bool(
            not person.is_company
            and not person.vat
            and address.is_finnish_network
            and at_bank
        )

    def _maventa_consumer_instruction(self):
        """Return the bank's identifier of a consumer's e-invoice agreement."""
        person = self.commercial_partner_id
        return self._maventa_is_bank_consumer() and person.maventa_payment_instruction

    # === OPERATORS === #

    @api.model
    def _maventa_load_operators(self):
        """Create the common operators, unless they exist."""
        for names, ttype in ((BANKS, "bank"), (BROKERS, "broker")):
            for identifier, name in names.items():
                self._maventa_operator(identifier, name, ttype=ttype)

    @api.model
    def _maventa_operator(self, identifier, name="", **values):
        """Return the operator of an identifier; create it if there is none.

        A new one has the external id of OCA's module: if that is installed later, it
        finds the operator instead of failing on an identifier that is taken.
        """
        operators = self.env["res.partner.operator.einvoice"].sudo()
        found = operators.with_context(active_test=False).search(
            [("identifier", "=", identifier)], limit=1
        )
        if found:
            return found
        made = operators.create(
            {"identifier": identifier, "name": name or identifier, **values}
        )
        if re.fullmatch(r"\w+", identifier):
            label = OCA_LABELS.get(identifier, identifier.lower())
            xml_id = f"l10n_fi_edicode.operator_einvoice_{label}"
            self.env["ir.model.data"].sudo()._update_xmlids(
                [{"xml_id": xml_id, "record": made, "noupdate": True}]
            )
        return made

    # === MERGING === #

    def _maventa_check_merge(self, target):
        """Raise a user error if what was sent or received would name somebody else.

        :param target: the contact that stays
        """
        moves = self.env["account.move"]
        for partner in self.sudo():
            if partner._maventa_is_same(target.sudo()):
                continue
            if partner._maventa_is_in(moves._maventa_frozen_domain()):
                raise UserError(
                    self.env._(
                        "Invoices were sent to %(customer)s by Maventa, so it cannot "
                        "be merged into another customer, %(other)s. If they are the "
                        "same, give both the same tax number or the same name first.",
                        customer=partner.display_name,
                        other=target.display_name,
                    )
                )
            if partner._maventa_is_in(moves._maventa_received_domain()):
                raise UserError(
                    self.env._(
                        "Bills of %(supplier)s were received by Maventa, so it cannot "
                        "be merged into another supplier, %(other)s. If they are the "
                        "same, give both the same tax number or the same name first.",
                        supplier=partner.display_name,
                        other=target.display_name,
                    )
                )

    def _maventa_is_same(self, other):
        """Return whether two contacts are entries of one customer."""
        mine, other = self.commercial_partner_id, other.commercial_partner_id
        if mine == other:
            return True
        numbers = [
            {one.vat, one.company_registry} - {False, ""} for one in (mine, other)
        ]
        if all(numbers):
            return any(same_business(x, y) for x in numbers[0] for y in numbers[1])
        names = {" ".join((one.name or "").casefold().split()) for one in (mine, other)}
        return len(names) == 1

    def _maventa_is_in(self, documents):
        """Return whether one of the documents, which a domain selects, names it."""
        named = Domain.OR(
            Domain(name, "=", self.id)
            for name in ("partner_id", "commercial_partner_id", "partner_shipping_id")
        )
        moves = self.env["account.move"].sudo().with_context(active_test=False)
        return bool(moves.search_count(named & documents, limit=1))
