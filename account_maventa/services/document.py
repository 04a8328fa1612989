"""The document that is uploaded: format, PDF, attachments, recipient."""

from dataclasses import dataclass, field

from odoo import api, models
from odoo.exceptions import UserError

from ..maventa_api import InvoiceFormat, Route, safe_filename


@dataclass(frozen=True)
class Document:
    """The bytes that are uploaded, and Maventa's name of their format."""

    file: bytes = field(repr=False)
    filename: str
    format: str
    remarks: tuple[str, ...] = ()


class MaventaDocument(models.AbstractModel):
    """Makes documents; writes nothing."""

    _name = "maventa.document"
    _description = "Document for Maventa"

    # === PUBLIC === #

    @api.model
    def _make(self, move):
        """Build the document, with PDF and attachments if the company sends them.

        :return: :class:`Document`
        :raise UserError: from the format or the report
        """
        move.ensure_one()
        builder = self._builder(move)
        name, file = builder._maventa_export(move, self._files(move))
        kind = InvoiceFormat(builder._maventa_format).value
        remarks = tuple(builder._maventa_remarks(move))
        return Document(file=file, filename=name, format=kind, remarks=remarks)

    @api.model
    def _builder(self, move):
        """Return the model that builds the document (``account.edi.xml.maventa``)."""
        company = move.maventa_account_company_id.sudo()
        partner = move.commercial_partner_id.with_company(move.company_id)
        choice = partner.maventa_format or company.maventa_format
        if choice == "auto":
            choice = self._automatic_format(move)
        return self.env["account.edi.xml.maventa"]._maventa_builders()[choice]

    @api.model
    def _automatic_format(self, move):
        """Return the key of the format that fits the customer's address."""
        address = move.partner_id._maventa_address()
        return "finvoice" if address.is_finnish_network else "peppol"

    @api.model
    def _recipient(self, move):
        """Return the recipient, as values of the transfer's fields."""
        company = move.maventa_account_company_id.sudo()
        partner = move.commercial_partner_id
        email = move.partner_id.email_normalized or partner.email_normalized
        disabled = [] if company.maventa_send_email else [Route.EMAIL.value]
        address = move.partner_id._maventa_address()
        return {
            # Without an operator Maventa looks the receiver up in its directories.
            "recipient_eia": address.eia or False,
            "recipient_operator": address.operator or False,
            "recipient_email": company.maventa_send_email and email,
            "payment_instruction": move.partner_id._maventa_consumer_instruction(),
            # The XML contains an e-mail address in any case, so that leaving ours
            # away does not prevent an e-mail.
            "disabled_routes": " ".join(disabled),
        }

    @api.model
    def _files(self, move):
        """Return name, mimetype and bytes of each: none if only data is sent."""
        if not move.maventa_sends_files:
            return []
        return [self._pdf(move)] + [
            (attachment.name, attachment.mimetype, attachment.raw)
            for attachment in move._maventa_chosen_files()
        ]

    @api.model
    def _pdf(self, move):
        """Return name, mimetype and bytes of the invoice as Odoo prints it now."""
        report = self.env["account.move.send"]._get_default_pdf_report_id(move)
        reports = self.env["ir.actions.report"].with_company(move.company_id)
        content, kind = reports._pre_render_qweb_pdf(report.report_name, move.ids)
        pdf = reports._get_splitted_report(report.report_name, content, kind)[move.id]
        if not pdf.startswith(b"%PDF-"):
            raise UserError(self.env._("The PDF of the invoice could not be created."))
        name = move._get_invoice_report_filename(report=report)
        return safe_filename(name), "application/pdf", pdf
