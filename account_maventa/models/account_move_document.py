from contextlib import suppress
from dataclasses import dataclass, field

from odoo import models
from odoo.exceptions import UserError

from ..maventa_api import InvoiceFormat, Route


@dataclass(frozen=True)
class Document:
    """What is uploaded, and as which of Maventa's formats."""

    file: bytes = field(repr=False)
    filename: str
    format: str
    remarks: tuple[str, ...] = ()


class AccountMove(models.Model):
    """What an invoice is for Maventa: checks, document, recipient."""

    _inherit = "account.move"

    def _maventa_builder(self):
        """Return the model that builds the document (``account.edi.xml.maventa``)."""
        company = self.maventa_account_company_id.sudo()
        partner = self.commercial_partner_id.with_company(self.company_id)
        choice = partner.maventa_format or company.maventa_format
        if choice == "auto":
            choice = self._maventa_automatic_format()
        return self.env["account.edi.xml.maventa"]._maventa_builders()[choice]

    def _maventa_automatic_format(self):
        """Return the key of the format that fits the customer's address."""
        address = self.partner_id._maventa_address()
        return "finvoice" if address.is_finnish_network else "peppol"

    def _maventa_document(self):
        """Build the document, with PDF and files if the company wants that.

        :raise UserError: the builder or the report says what is wrong
        """
        self.ensure_one()
        builder = self._maventa_builder()
        name, file = builder._maventa_export(self, self._maventa_files())
        kind = InvoiceFormat(builder._maventa_format).value
        remarks = tuple(builder._maventa_remarks(self))
        return Document(file=file, filename=name, format=kind, remarks=remarks)

    def _maventa_recipient(self):
        """Return where the invoice should go, as fields of the transfer."""
        company = self.maventa_account_company_id.sudo()
        partner = self.commercial_partner_id
        email = self.partner_id.email_normalized or partner.email_normalized
        disabled = [] if company.maventa_send_email else [Route.EMAIL.value]
        address = self.partner_id._maventa_address()
        return {
            # Without an operator Maventa looks the receiver up in its directories.
            "recipient_eia": address.eia or False,
            "recipient_operator": address.operator or False,
            "recipient_email": company.maventa_send_email and email,
            # The XML carries an e-mail address in any case, so that leaving ours
            # away is not enough to prevent an e-mail.
            "disabled_routes": " ".join(disabled),
        }

    # === CHECKS === #

    def _maventa_problems(self):
        """Return everything that is missing, in words for the user."""
        self.ensure_one()
        problems = [
            *self._maventa_seller_problems(),
            *self._maventa_buyer_problems(),
            *self._maventa_file_problems(),
        ]
        if problems:  # what the builder misses is told in the same breath
            with suppress(UserError):
                problems += self._maventa_builder()._maventa_check(self)
        return list(dict.fromkeys(problems))

    def _maventa_seller_problems(self):
        problems = []
        if self.move_type == "out_invoice" and not self.partner_bank_id:
            problems.append(
                self.env._(
                    "The seller must have at least one bank account on the invoice."
                )
            )
        seller = self.company_id.partner_id
        if missing := self._maventa_missing(seller):
            problems.append(
                self.env._(
                    "The address of your company %(company)s is not complete: "
                    "%(missing)s.",
                    company=seller.display_name,
                    missing=missing,
                )
            )
        return problems

    def _maventa_buyer_problems(self):
        partner = self.partner_id
        problems = [partner._maventa_address_problem()]
        if partner._maventa_has_operator_only():
            problems.append(
                self.env._(
                    "%s has an e-invoice operator, but no e-invoice address there: "
                    "enter the address, or take the operator away.",
                    partner.display_name,
                )
            )
        if missing := self._maventa_missing(partner):
            problems.append(
                self.env._(
                    "The address of %(customer)s is not complete: %(missing)s.",
                    customer=partner.display_name,
                    missing=missing,
                )
            )
            if not self._maventa_has_electronic_route():
                problems.append(
                    self.env._(
                        "%s has neither e-invoice address nor business id, and no "
                        "e-mail address that may be used.",
                        partner.display_name,
                    )
                )
        return [problem for problem in problems if problem]

    def _maventa_missing(self, partner):
        """Return what the postal address lacks, as one text."""
        labels = {
            "street": self.env._("street"),
            "zip": self.env._("post code"),
            "city": self.env._("city"),
            "country_id": self.env._("country"),
        }
        return ", ".join(text for name, text in labels.items() if not partner[name])

    def _maventa_has_electronic_route(self):
        partner = self.commercial_partner_id
        return bool(
            self.partner_id._maventa_address()
            or partner.peppol_endpoint
            or partner._maventa_finnish_business_id()
            or self._maventa_recipient()["recipient_email"]
        )
