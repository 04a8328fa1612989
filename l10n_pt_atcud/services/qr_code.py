"""The QR code of a document (Portaria 195/2020), where a program may print one.

Only a program that AT has certified signs documents, and only a signed document has
a QR code: where the company signs, or another addon extends
``account.move._l10n_pt_atcud_signature()``. Otherwise no code is printed.
"""

import base64
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from ..at_series import (
    FINAL_CONSUMER,
    NO_SIGNATURE,
    UNKNOWN_COUNTRY,
    QrDocument,
    QrError,
    bare_tax_number,
    qr_image,
    qr_payload,
    signature_characters,
)
from ..exceptions import DocumentProblem
from ..guards import internal

_lt = LazyTranslate(__name__)

# How many dots wkhtmltopdf takes for an inch of CSS: by itself, and when it shrinks
# pages. With the paper format's own resolution that makes the length on paper.
_DOTS, _SHRUNK_DOTS = 96, 76
_TOLERANCE = 1.02  # of the printed length; a dot more or less is lost by rounding
_REASONS = {
    "missing": _lt("it is missing"),
    "too_long": _lt("it is too long"),
    "character": _lt("it has a character that is not allowed"),
    "spaces": _lt("there are taxes of more than three fiscal spaces"),
    "negative": _lt("it is negative"),
    "sums": _lt("it is not the sum of the amounts before it"),
}


@internal
class L10nPtAtcudQrCode(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.qr_code"
    _description = "AT: QR code of documents"

    # === PUBLIC === #

    @api.model
    def image(self, move):
        """Return what a report needs to print the QR code of a document, or ``None``.

        :return: ``source`` of the picture and its ``side`` in millimetres of CSS
        :raise UserError: something that the law requires is missing
        """
        # What was frozen at posting is printed, whatever has changed since.
        payload = move.state != "draft" and move.l10n_pt_atcud_qr_payload
        if not payload:
            signature = self._signature(move)
            payload = signature and self.payload(move, signature)
        if not payload:
            return None
        return self._picture(payload)

    @api.model
    def image_of_document(self, document):
        """Return the same for a document of the mixin, or ``None``."""
        content = document.l10n_pt_atcud_content or {}
        signature = (
            content.get("software_number") and document._l10n_pt_atcud_signature()
        )
        if not signature:
            return None
        return self._picture(self.payload_of_document(document, signature))

    @api.model
    def payload_of_document(self, document, signature):
        """Return the text in the QR code of a document of the mixin, without VAT.

        :param signature: in base64, or “0” of a receipt
        :raise UserError: something in it is missing, or longer than the law allows
        """
        try:
            return qr_payload(self._other_document(document, signature))
        except QrError as error:
            raise self._refusal(document.l10n_pt_atcud_number, error) from error

    @api.model
    def payload(self, move, signature):
        """Return the text in the QR code of a document.

        :param signature: of the document, in base64
        :raise UserError: something in it is missing, or longer than the law allows
        """
        try:
            return qr_payload(self._document(move, signature))
        except QrError as error:
            raise self._refusal(move.name, error) from error
        except DocumentProblem as problem:
            posting_content_check = self.env["l10n_pt_atcud.posting_content_check"]
            raise posting_content_check.refusal(problem) from problem

    # === HELPERS === #

    def _signature(self, move):
        """Return the signature if the document may have a QR code at all."""
        certificate_number = move.company_id._l10n_pt_atcud_certificate_number()
        if not (certificate_number and move._l10n_pt_atcud_printed()):
            return ""
        return move._l10n_pt_atcud_signature()

    def _scale(self):
        """Return how many millimetres of CSS make one on paper."""
        report = self.env.ref("account.account_invoices").sudo()
        paper = report.get_paperformat()
        dots = _DOTS if paper.disable_shrinking else _SHRUNK_DOTS
        return (paper.dpi or _DOTS) / dots * _TOLERANCE

    def _document(self, move, signature):
        """Return the contents of the code, for addons that add to them."""
        series = move.l10n_pt_atcud_series_id.sudo()
        customer = move.commercial_partner_id
        return QrDocument(
            issuer_nif=series.nif,
            customer_nif=bare_tax_number(customer.vat, customer.country_id.code)
            or FINAL_CONSUMER,
            customer_country=customer.country_id.code or UNKNOWN_COUNTRY,
            document_type=series.document_type,
            status="A" if move.state == "cancel" else "N",
            date=move.invoice_date,
            number=move.name,
            atcud=move.l10n_pt_atcud_value,
            signature=signature_characters(signature),
            certificate_number=move.company_id._l10n_pt_atcud_certificate_number(),
            **self._amounts(move),
        )

    def _amounts(self, move):
        """Return the amounts of the code in euro, by the names of its fields."""
        return self.env["l10n_pt_atcud.fiscal_amounts"].of_document(move)

    def _other_document(self, document, signature):
        """Return the contents of the code of a document that is no invoice."""
        content = document.l10n_pt_atcud_content
        series = document.l10n_pt_atcud_series_id.sudo()
        vat, country = content["customer"]["vat"], content["customer"]["country"]
        if signature != NO_SIGNATURE:
            signature = signature_characters(signature)
        company = document._l10n_pt_atcud_company()
        total = company.currency_id._convert(
            content["total"],
            self.env.ref("base.EUR"),
            company,
            document.l10n_pt_atcud_date,
        )
        return QrDocument(
            issuer_nif=series.nif,
            customer_nif=bare_tax_number(vat, country) or FINAL_CONSUMER,
            customer_country=country or UNKNOWN_COUNTRY,
            document_type=series.document_type,
            status="A" if document.l10n_pt_atcud_cancelled_on else "N",
            date=document.l10n_pt_atcud_date,
            number=document.l10n_pt_atcud_number,
            atcud=document.l10n_pt_atcud_value,
            total_taxes=Decimal(0),
            gross_total=Decimal(f"{total:.2f}"),
            signature=signature,
            certificate_number=content["software_number"],
        )

    def _picture(self, payload):
        image = qr_image(payload)
        picture = base64.b64encode(image.png).decode()
        return {
            "source": f"data:image/png;base64,{picture}",
            "side": round(image.millimetres * self._scale(), 2),
        }

    def _refusal(self, number, error):
        return UserError(
            self.env._(
                "The QR code of %(document)s cannot be made. Field %(field)s of the "
                "official specification: %(reason)s.",
                document=number,
                field=error.field,
                reason=self.env._(_REASONS[error.reason]),
            )
        )
