"""The QR code of a document (Portaria 195/2020), where a program may print one.

Only a program that AT has certified signs documents, and only a signed document has
a QR code. This addon signs nothing: another addon does, by
:meth:`_l10n_pt_atcud_signature`, and without one no code is printed.
"""

import base64
from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.exceptions import RedirectWarning, UserError

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

_VAT = ("exempt", "reduced", "intermediate", "normal")
# How many dots wkhtmltopdf takes for an inch of CSS: by itself, and when it shrinks
# pages. With the paper format's own resolution that makes the length on paper.
_DOTS, _SHRUNK_DOTS = 96, 76
_TOLERANCE = 1.02  # of the printed length; a dot more or less is lost by rounding


class AccountMove(models.Model):
    _inherit = "account.move"

    # Business

    def _l10n_pt_atcud_signature(self):
        """Return the signature of this document in base64, or ``""``.

        Meant to be extended by the addon of a producer whose program AT has certified;
        the key that signs is his secret. Called for documents that carry an ATCUD.
        """
        self.ensure_one()
        return ""

    def _l10n_pt_atcud_qr(self):
        """Return what a report needs to print the QR code, or ``None``.

        :return: ``source`` of the picture and its ``side`` in millimetres of CSS
        :raise UserError: what the law wants in it is missing
        """
        self.ensure_one()
        signature = self._l10n_pt_atcud_qr_signature()
        if not signature:
            return None
        image = qr_image(self._l10n_pt_atcud_qr_payload(signature))
        picture = base64.b64encode(image.png).decode()
        return {
            "source": f"data:image/png;base64,{picture}",
            "side": round(image.millimetres * self._l10n_pt_atcud_qr_scale(), 2),
        }

    def _l10n_pt_atcud_qr_payload(self, signature):
        """Return the text in the QR code of this document.

        :raise UserError: something in it is missing, or longer than the law allows
        """
        try:
            return qr_payload(self._l10n_pt_atcud_qr_document(signature))
        except QrError as error:
            raise self._l10n_pt_atcud_qr_refusal(error) from error

    # Private functions

    def _l10n_pt_atcud_qr_signature(self):
        """Return the signature if this document may have a QR code at all."""
        taxpayer = self.company_id._l10n_pt_atcud_taxpayer().sudo()
        if not (
            taxpayer.l10n_pt_atcud_software_number and self._l10n_pt_atcud_printed()
        ):
            return ""
        return self._l10n_pt_atcud_signature()

    def _l10n_pt_atcud_qr_scale(self):
        """Return how many millimetres of CSS make one on paper."""
        report = self.env.ref("account.account_invoices").sudo()
        paper = report.get_paperformat()
        dots = _DOTS if paper.disable_shrinking else _SHRUNK_DOTS
        return (paper.dpi or _DOTS) / dots * _TOLERANCE

    def _l10n_pt_atcud_qr_document(self, signature):
        taxpayer = self.company_id._l10n_pt_atcud_taxpayer().sudo()
        series = self.l10n_pt_atcud_series_id.sudo()
        customer = self.commercial_partner_id
        return QrDocument(
            issuer_nif=series.nif,
            customer_nif=_tax_number(customer) or FINAL_CONSUMER,
            customer_country=customer.country_id.code or UNKNOWN_COUNTRY,
            document_type=series.document_type,
            status="A" if self.state == "cancel" else "N",
            date=self.invoice_date,
            number=self.name,
            atcud=self.l10n_pt_atcud_value,
            signature=signature_characters(signature),
            certificate_number=taxpayer.l10n_pt_atcud_software_number,
            **self._l10n_pt_atcud_qr_amounts(),
        )

    def _l10n_pt_atcud_qr_amounts(self):
        """Return the amounts of the code in euro, by the names of its fields."""
        sums = defaultdict(float)
        base_lines, _tax_lines = self._get_rounded_base_and_tax_lines()
        for _line, parts in self.env["account.tax"]._aggregate_base_lines_tax_details(
            base_lines, self._l10n_pt_atcud_qr_group
        ):
            # All parts of a line know what it costs without any tax.
            net = next(iter(parts.values()))["total_excluded"]
            sums["net"] += net
            if not any(level in _VAT for _space, level in parts):
                sums["not_subject"] += net
            for (space, level), part in parts.items():
                sums[space, level, "base"] += part["base_amount"]
                sums[space, level, "tax"] += part["tax_amount"]
        return self._l10n_pt_atcud_qr_fields(sums)

    def _l10n_pt_atcud_qr_fields(self, sums):
        euro = self._l10n_pt_atcud_qr_euro
        keys = {key for key in sums if isinstance(key, tuple)}
        spaces = defaultdict(dict)
        taxes = Decimal(0)
        fields = {}
        for space, level, part in sorted(
            keys, key=lambda key: (key[0] != MAINLAND, key)
        ):
            amount = euro(sums[space, level, part])
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
            fields["not_subject"] = euro(sums["not_subject"])
        return {
            **fields,
            "spaces": tuple(TaxSpace(space, **part) for space, part in spaces.items()),
            "total_taxes": taxes,
            "gross_total": euro(sums["net"]) + taxes,
        }

    def _l10n_pt_atcud_qr_group(self, _base_line, tax_data):
        """Return fiscal space and level of a tax; one of VAT has both."""
        if not tax_data:
            return "", "not_subject"
        tax = tax_data["tax"]
        space, level = tax.l10n_pt_atcud_space, tax.l10n_pt_atcud_level
        if not level or (level in _VAT and not space):
            raise self._l10n_pt_atcud_qr_unknown(tax)
        if space == "OSS":
            space = self.commercial_partner_id.country_id.code or ""
        return (space, level) if level in _VAT else ("", level)

    def _l10n_pt_atcud_qr_euro(self, amount):
        """Turn an amount of the company's books into euro, with two decimals."""
        euro = self.env.ref("base.EUR")
        amount = self.company_currency_id._convert(
            amount, euro, self.company_id, self.invoice_date
        )
        return Decimal(f"{amount + 0.0:.2f}")  # never minus zero

    def _l10n_pt_atcud_qr_unknown(self, tax):
        message = self.env._(
            "The QR code of %(document)s says what each tax is for. Choose it on the "
            "tax %(tax)s (“In the QR code as”, “Fiscal space”).",
            document=self.name,
            tax=tax.name,
        )
        if not self._l10n_pt_atcud_somebody_is_there():
            return UserError(message)
        action = tax._get_records_action()
        return RedirectWarning(message, action, self.env._("Open the tax"))

    def _l10n_pt_atcud_qr_refusal(self, error):
        reasons = {
            "missing": self.env._("it is missing"),
            "too_long": self.env._("it is too long"),
            "character": self.env._("it has a character that is not allowed"),
            "spaces": self.env._("there are taxes of more than three fiscal spaces"),
        }
        return UserError(
            self.env._(
                "The QR code of %(document)s cannot be made. Field %(field)s of the "
                "official specification: %(reason)s.",
                document=self.name,
                field=error.field,
                reason=reasons[error.reason],
            )
        )


def _tax_number(partner):
    """Return a customer's tax number without its country, or ``""``."""
    number = "".join(partner.vat.split()) if partner.vat else ""
    for prefix in (partner.country_id.code, "PT", "EL"):
        if prefix and number.upper().startswith(prefix) and number != prefix:
            return number[len(prefix) :]
    return number.strip("/")
