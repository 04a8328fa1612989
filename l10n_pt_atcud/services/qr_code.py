"""The QR code of a document (Portaria 195/2020), where a program may print one.

Only a program that AT has certified signs documents, and only a signed document has
a QR code. This addon signs nothing: another addon does, by extending
``account.move._l10n_pt_atcud_signature()``, and without one no code is printed.
"""

import base64
from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import LazyTranslate

from ..at_series import (
    FINAL_CONSUMER,
    MAINLAND,
    UNKNOWN_COUNTRY,
    QrDocument,
    QrError,
    TaxSpace,
    qr_image,
    qr_payload,
    signature_characters,
)

_lt = LazyTranslate(__name__)

_VAT = ("exempt", "reduced", "intermediate", "normal")
# How many dots wkhtmltopdf takes for an inch of CSS: by itself, and when it shrinks
# pages. With the paper format's own resolution that makes the length on paper.
_DOTS, _SHRUNK_DOTS = 96, 76
_TOLERANCE = 1.02  # of the printed length; a dot more or less is lost by rounding
_REASONS = {
    "missing": _lt("it is missing"),
    "too_long": _lt("it is too long"),
    "character": _lt("it has a character that is not allowed"),
    "spaces": _lt("there are taxes of more than three fiscal spaces"),
}


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
        image = qr_image(payload)
        picture = base64.b64encode(image.png).decode()
        return {
            "source": f"data:image/png;base64,{picture}",
            "side": round(image.millimetres * self._scale(), 2),
        }

    @api.model
    def payload(self, move, signature):
        """Return the text in the QR code of a document.

        :param signature: of the document, in base64
        :raise UserError: something in it is missing, or longer than the law allows
        """
        try:
            return qr_payload(self._document(move, signature))
        except QrError as error:
            raise self._refusal(move, error) from error

    # === HELPERS === #

    def _signature(self, move):
        """Return the signature if the document may have a QR code at all."""
        taxpayer = move.company_id._l10n_pt_atcud_taxpayer().sudo()
        if not (
            taxpayer.l10n_pt_atcud_software_number and move._l10n_pt_atcud_printed()
        ):
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
        taxpayer = move.company_id._l10n_pt_atcud_taxpayer().sudo()
        series = move.l10n_pt_atcud_series_id.sudo()
        customer = move.commercial_partner_id
        return QrDocument(
            issuer_nif=series.nif,
            customer_nif=_tax_number(customer) or FINAL_CONSUMER,
            customer_country=customer.country_id.code or UNKNOWN_COUNTRY,
            document_type=series.document_type,
            status="A" if move.state == "cancel" else "N",
            date=move.invoice_date,
            number=move.name,
            atcud=move.l10n_pt_atcud_value,
            signature=signature_characters(signature),
            certificate_number=taxpayer.l10n_pt_atcud_software_number,
            **self._amounts(move),
        )

    def _amounts(self, move):
        """Return the amounts of the code in euro, by the names of its fields."""

        def group(_base_line, tax_data):
            return self._group(move, tax_data)

        sums = defaultdict(float)
        base_lines, _tax_lines = move._get_rounded_base_and_tax_lines()
        for _line, parts in self.env["account.tax"]._aggregate_base_lines_tax_details(
            base_lines, group
        ):
            # All parts of a line have its price without any tax.
            net = next(iter(parts.values()))["total_excluded"]
            sums["net"] += net
            if not any(level in _VAT for _space, level in parts):
                sums["not_subject"] += net
            for (space, level), part in parts.items():
                sums[space, level, "base"] += part["base_amount"]
                sums[space, level, "tax"] += part["tax_amount"]
        return self._fields_of(move, sums)

    def _fields_of(self, move, sums):
        keys = {key for key in sums if isinstance(key, tuple)}
        spaces = defaultdict(dict)
        taxes = Decimal(0)
        fields = {}
        for space, level, part in sorted(
            keys, key=lambda key: (key[0] != MAINLAND, key)
        ):
            amount = self._euro(move, sums[space, level, part])
            if level in _VAT and (part == "base" or level != "exempt"):
                name = level if part == "base" else f"{level}_vat"
                spaces[space][name] = amount
            elif level == "withholding" and part == "tax":
                fields["withholding"] = -amount
            elif level == "stamp_duty" and part == "tax":
                fields["stamp_duty"] = amount
            if part == "tax" and level in (*_VAT, "stamp_duty"):
                taxes += amount
        if "not_subject" in sums:
            fields["not_subject"] = self._euro(move, sums["not_subject"])
        return {
            **fields,
            "spaces": tuple(TaxSpace(space, **part) for space, part in spaces.items()),
            "total_taxes": taxes,
            "gross_total": self._euro(move, sums["net"]) + taxes,
        }

    def _group(self, move, tax_data):
        """Return fiscal space and level of a tax; one of VAT has both."""
        if not tax_data:
            return "", "not_subject"
        tax = tax_data["tax"]
        space, level = tax.l10n_pt_atcud_space, tax.l10n_pt_atcud_level
        if not level or (level in _VAT and not space):
            raise self._unknown_tax(move, tax)
        if space == "OSS":
            space = move.commercial_partner_id.country_id.code or ""
        return (space, level) if level in _VAT else ("", level)

    def _euro(self, move, amount):
        """Turn an amount of the company's books into euro, with two decimals."""
        euro = self.env.ref("base.EUR")
        amount = move.company_currency_id._convert(
            amount, euro, move.company_id, move.invoice_date
        )
        return Decimal(f"{amount + 0.0:.2f}")  # never minus zero

    def _unknown_tax(self, move, tax):
        message = self.env._(
            "The QR code of %(document)s needs the meaning of each tax. Choose it on "
            "the tax %(tax)s (“QR code level”, “Fiscal space”).",
            document=move.name,
            tax=tax.name,
        )
        if not self.env["l10n_pt_atcud.posting_check"].can_redirect():
            return UserError(message)
        action = tax._get_records_action()
        return RedirectWarning(message, action, self.env._("Open the tax"))

    def _refusal(self, move, error):
        return UserError(
            self.env._(
                "The QR code of %(document)s cannot be made. Field %(field)s of the "
                "official specification: %(reason)s.",
                document=move.name,
                field=error.field,
                reason=self.env._(_REASONS[error.reason]),
            )
        )


def _tax_number(partner):
    """Return a customer's tax number without its country, or ``""``."""
    number = "".join(partner.vat.split()) if partner.vat else ""
    for prefix in (partner.country_id.code, "PT", "EL"):
        if prefix and number.upper().startswith(prefix) and number != prefix:
            return number[len(prefix) :]
    return number.strip("/")
