from contextlib import suppress
from dataclasses import dataclass, field

from odoo import models
from odoo.exceptions import UserError

from ..maventa_api import Route, safe_filename
from .account_edi_xml_maventa_bis3 import OVT_SCHEME

IBAN_SCHEME = "9918"  # a bank's customer is addressed by an account number
BUILDERS = {
    "finvoice": "account.edi.xml.maventa_finvoice",
    "peppol": "account.edi.xml.maventa_bis3",
}


@dataclass(frozen=True)
class Document:
    """What is uploaded, and as which of Maventa's formats."""

    file: bytes = field(repr=False)
    filename: str
    format: str


class AccountMove(models.Model):
    """What an invoice is for Maventa: checks, document, recipient."""

    _inherit = "account.move"

    def _maventa_builder(self):
        """Return the model that builds the document.

        Such a model has ``_maventa_format``, ``_maventa_export`` and
        ``_maventa_check``.
        """
        company = self.maventa_account_company_id.sudo()
        partner = self.commercial_partner_id.with_company(self.company_id)
        choice = partner.maventa_format or company.maventa_format
        if choice == "auto":  # the bank network carries Finvoice
            choice = "finvoice" if partner.peppol_eas == IBAN_SCHEME else "peppol"
        return self.env[BUILDERS[choice]]

    def _maventa_document(self):
        """Build the document, with the PDF inside if the company wants that.

        :raise UserError: the builder or the report says what is wrong
        """
        self.ensure_one()
        company = self.maventa_account_company_id.sudo()
        files = [self._maventa_pdf()] if company.maventa_send_pdf else []
        builder = self._maventa_builder()
        name, file = builder._maventa_export(self, files)
        return Document(file=file, filename=name, format=builder._maventa_format.value)

    def _maventa_pdf(self):
        """Return name, mimetype and bytes of the invoice as Odoo prints it now."""
        report = self.env["account.move.send"]._get_default_pdf_report_id(self)
        reports = self.env["ir.actions.report"].with_company(self.company_id)
        content, kind = reports._pre_render_qweb_pdf(report.report_name, self.ids)
        pdf = reports._get_splitted_report(report.report_name, content, kind)[self.id]
        if not pdf.startswith(b"%PDF-"):
            raise UserError(self.env._("The PDF of the invoice could not be made."))
        name = self._get_invoice_report_filename(report=report)
        return safe_filename(name), "application/pdf", pdf

    def _maventa_recipient(self):
        """Return where the invoice should go, as fields of the transfer."""
        company = self.maventa_account_company_id.sudo()
        partner = self.commercial_partner_id
        email = self.partner_id.email_normalized or partner.email_normalized
        disabled = [] if company.maventa_send_email else [Route.EMAIL.value]
        finnish = partner.peppol_eas in (OVT_SCHEME, IBAN_SCHEME)
        return {
            # Without an operator Maventa looks the receiver up in its directories.
            "recipient_eia": partner.peppol_endpoint if finnish else False,
            "recipient_email": company.maventa_send_email and email,
            # The XML carries an e-mail address in any case, so that leaving ours
            # away is not enough to prevent an e-mail.
            "disabled_routes": " ".join(disabled),
        }

    # === CHECKS === #

    def _maventa_problems(self):
        """Return everything that is missing, in words for the user."""
        self.ensure_one()
        problems = []
        if self.move_type == "out_invoice" and not self.partner_bank_id:
            problems.append(
                self.env._(
                    "The seller must have at least one bank account on the invoice."
                )
            )
        partner = self.partner_id
        labels = {
            "street": self.env._("street"),
            "zip": self.env._("post code"),
            "city": self.env._("city"),
            "country_id": self.env._("country"),
        }
        if missing := [text for name, text in labels.items() if not partner[name]]:
            problems.append(
                self.env._(
                    "The address of %(customer)s is not complete: %(missing)s.",
                    customer=partner.display_name,
                    missing=", ".join(missing),
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
        if problems:  # what the builder misses is told in the same breath
            with suppress(UserError):
                problems += self._maventa_builder()._maventa_check(self)
        return list(dict.fromkeys(problems))

    def _maventa_has_electronic_route(self):
        partner = self.commercial_partner_id
        recipient = self._maventa_recipient()
        return bool(
            partner.peppol_endpoint
            or partner._maventa_finnish_business_id()
            or recipient["recipient_email"]
        )
