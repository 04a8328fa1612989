from dataclasses import replace

from odoo import fields, models

from ..maventa_api import AddressKind
from ..maventa_api.finvoice import payment_reference


class ResPartner(models.Model):
    _inherit = "res.partner"

    maventa_payment_instruction = fields.Char(
        "Payment Instruction Id",
        size=35,
        help="Of a consumer who takes e-invoices in the net bank: the identifier "
        "(PaymentInstructionIdentifier) that came with the customer's address in the "
        "bank's receiver notice. Banks refuse a consumer's e-invoice without it.",
    )

    def _maventa_is_bank_consumer(self):
        """Tell whether it is a person who takes e-invoices in a Finnish net bank."""
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


class AccountMove(models.Model):
    """E-invoices of consumers, which go through the network of Finland's banks.

    What the banks want: Finvoice 3.0 and Maventa's knowledge base on "EpiDetails"
    and B2C. The exchange of notices that goes before it (SenderInfo, ReceiverInfo)
    is done in Maventa or at the bank.
    """

    _inherit = "account.move"

    def _maventa_recipient(self):
        # EXTENDS
        person = self.commercial_partner_id
        wanted = self.partner_id._maventa_is_bank_consumer()
        instruction = wanted and person.maventa_payment_instruction
        return super()._maventa_recipient() | {"payment_instruction": instruction}

    def _maventa_buyer_problems(self):
        # EXTENDS
        problems = super()._maventa_buyer_problems()
        if self.partner_id._maventa_is_bank_consumer():
            problems += self._maventa_consumer_problems()
        return problems

    def _maventa_consumer_problems(self):
        """Return why the customer's bank would refuse it."""
        person, problems = self.commercial_partner_id, []
        if not person.maventa_payment_instruction:
            problems.append(
                self.env._(
                    "%s takes e-invoices in the net bank: enter the payment "
                    "instruction id of the bank's notice at the customer.",
                    person.display_name,
                )
            )
        if not self.partner_id._maventa_address().operator:
            problems.append(
                self.env._(
                    "%s takes e-invoices in the net bank: choose the bank as e-invoice "
                    "operator.",
                    person.display_name,
                )
            )
        if self.move_type != "out_invoice":
            return problems
        if not payment_reference(self.payment_reference or ""):
            problems.append(
                self.env._(
                    "A consumer's e-invoice needs a payment reference that banks take "
                    "(Finnish or RF); %s is none.",
                    self.payment_reference or "-",
                )
            )
        due = self.invoice_date_due or self.invoice_date
        if due < fields.Date.context_today(self):
            problems.append(
                self.env._("Banks take no consumer's e-invoice that is overdue.")
            )
        return problems


class AccountEdiXmlMaventaFinvoice(models.AbstractModel):
    _inherit = "account.edi.xml.maventa_finvoice"

    def _finvoice_document(self, invoice):
        # EXTENDS
        instruction = invoice._maventa_recipient()["payment_instruction"] or ""
        document = super()._finvoice_document(invoice)
        return replace(document, payment_instruction=instruction)
