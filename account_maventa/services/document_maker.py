"""The document that is uploaded: format, PDF, attachments, recipient."""

from dataclasses import dataclass, field

from odoo import api, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..guards import internal
from ..maventa_api import DocumentLanguage, InvoiceFormat, Route, safe_filename


@dataclass(frozen=True)
class Pdf:
    """The invoice as Odoo prints it."""

    name: str
    raw: bytes = field(repr=False)
    attachment: models.BaseModel | None = None  # where it is kept already


@dataclass(frozen=True)
class Document:
    """The bytes that are uploaded, and Maventa's name of their format."""

    file: bytes = field(repr=False)
    filename: str
    format: str
    remarks: tuple[str, ...] = ()
    pdf: Pdf | None = None

    @property
    def mimetype(self):
        return f"application/{'zip' if self.filename.endswith('.zip') else 'xml'}"


@internal
class MaventaDocumentMaker(models.AbstractModel):
    """Makes documents; writes nothing."""

    _name = "maventa.document.maker"
    _description = "Document for Maventa"

    # === PUBLIC === #

    @api.model
    def _make(self, move, pdf=None):
        """Build the document, with PDF and attachments if the company sends them.

        :param pdf: the invoice's :class:`Pdf`, or the exception of its making; by
            default it is made alone
        :return: :class:`Document`
        :raise UserError: from the format or the report
        """
        move.ensure_one()
        if move.maventa_sends_files and pdf is None:
            pdf = self._make_pdfs(move)[move]
        if isinstance(pdf, Exception):
            raise pdf
        builder = self._builder(move)
        name, file = builder._maventa_export(move, self._files(move, pdf))
        kind = InvoiceFormat(builder._maventa_format).value
        remarks = tuple(builder._maventa_remarks(move))
        return Document(
            file=file, filename=name, format=kind, remarks=remarks, pdf=pdf or None
        )

    @api.model
    def _make_pdfs(self, moves):
        """Make the PDFs of invoices of one company by one call of the PDF tool.

        One that breaks the call is found by halves, and made alone.

        :return: for each invoice its :class:`Pdf`, or the exception it met; ``False``
            if only data is sent
        """
        wanted = moves.filtered("maventa_sends_files")
        pdfs = dict.fromkeys(moves - wanted, False)
        if self.env.context.get("maventa_with_pdf"):
            for move in wanted.filtered("invoice_pdf_report_id"):
                made = move.sudo().invoice_pdf_report_id
                pdfs[move] = Pdf(made.name, made.raw, made)
            wanted = wanted.filtered(lambda move: move not in pdfs)
        return pdfs | self._render(wanted)

    @api.model
    def _report(self, move):
        """Return the id of the report that prints the invoice, for grouping."""
        if not move.maventa_sends_files:
            return False
        try:
            return self.env["account.move.send"]._get_default_pdf_report_id(move).id
        except UserError:  # shown when the document is made
            return False

    def _render(self, moves):
        if not moves:
            return {}
        sender = self.env["account.move.send"].with_context(
            lang=moves[0].partner_id.lang or self.env.lang
        )
        try:
            with self.env.cr.savepoint():
                data = {
                    move.with_env(sender.env).with_company(move.company_id): {
                        "pdf_report": sender._get_default_pdf_report_id(move),
                        "sending_methods": {"maventa"},
                    }
                    for move in moves
                }
                sender._prepare_invoice_pdf_report(data)
            by_id = {move.id: values for move, values in data.items()}
            return {move: self._pdf(by_id[move.id]) for move in moves}
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            if len(moves) == 1:
                return {moves: error}
            half = len(moves) // 2
            return self._render(moves[:half]) | self._render(moves[half:])

    @api.model
    def _builder(self, move):
        """Return the model that builds the document (``account.edi.xml.maventa``)."""
        company = move.maventa_account_company_id.sudo()
        partner = move.commercial_partner_id.with_company(move.company_id)
        choice = partner.maventa_format or company.maventa_format
        if choice == "auto":
            choice = self._automatic_format(move)
        if choice == "peppol" and self._is_out_of_peppol(move):
            choice = "finvoice"
        return self.env["account.edi.xml.maventa"]._maventa_builders()[choice]

    @api.model
    def _automatic_format(self, move):
        """Return the key of the format that fits the customer's address."""
        address = move.partner_id._maventa_address()
        return "finvoice" if address.is_finnish_network else "peppol"

    @api.model
    def _is_out_of_peppol(self, move):
        """Return whether a customer gets Finvoice, whatever was chosen.

        A customer without any electronic address gets e-mail or print. Peppol's rule
        R010 has no document for that; Finvoice has, if the seller has an IBAN.
        """
        identifiers = self.env["maventa.parties"]._identifiers(move.partner_id)
        if identifiers.electronic:
            return False
        return bool(self.env["maventa.document.values"]._iban(move))

    @api.model
    def _recipient(self, move):
        """Return the recipient, as values of the transfer's fields."""
        company = move.maventa_account_company_id.sudo()
        partner = move.commercial_partner_id
        email = move.partner_id.email_normalized or partner.email_normalized
        disabled = [] if company.maventa_send_email else [Route.EMAIL.value]
        lang = move.partner_id.lang or self.env.lang or ""
        address = move.partner_id._maventa_address()
        return {
            # Without an operator Maventa looks the receiver up in its directories.
            "recipient_eia": address.eia or False,
            "recipient_operator": address.operator or False,
            "recipient_email": company.maventa_send_email and email,
            "payment_instruction": move.partner_id._maventa_consumer_instruction(),
            # Of Maventa's PDF and e-mail
            "lang": DocumentLanguage.of(lang).value,
            "sender_comment": company.with_context(lang=lang).maventa_sender_comment,
            # Maventa may know an address itself, so that leaving it away in fields
            # and document does not prevent an e-mail.
            "disabled_routes": " ".join(disabled),
        }

    @api.model
    def _files(self, move, pdf):
        """Return name, mimetype and bytes of each: none if only data is sent."""
        if not move.maventa_sends_files:
            return []
        return [(safe_filename(pdf.name), "application/pdf", pdf.raw)] + [
            (attachment.name, attachment.mimetype, attachment.raw)
            for attachment in move._maventa_chosen_files()
        ]

    @api.model
    def _pdf(self, data):
        """Return the :class:`Pdf` of one invoice, from what Odoo has prepared.

        :raise UserError: it is none
        """
        values = data["pdf_attachment_values"]
        if not values["raw"].startswith(b"%PDF-"):
            raise UserError(self.env._("The PDF of the invoice could not be created."))
        return Pdf(values["name"], values["raw"])
