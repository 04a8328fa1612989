"""Finvoice 3.0, built from the posted document."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import uuid4

from odoo import models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import html2plaintext

from ..maventa_api import (
    AddressKind,
    ElectronicAddress,
    InvoiceFormat,
    organisation_number,
    ovt,
    safe_filename,
)
from ..maventa_api.finvoice import (
    Account,
    Document,
    Mailbox,
    Message,
    Original,
    Party,
    Row,
    VatGroup,
    obstacles,
    packed,
    write,
)
from ..models.transfer_state import LIVE

LONGEST_NUMBER = 20
# The title of an invoice and of a credit note, in the customer's language
TITLES = {"fi": ("LASKU", "HYVITYSLASKU"), "sv": ("FAKTURA", "KREDITFAKTURA")}
MAVENTA = "003721291126"  # the sender's operator
TEXT_LINES = ("line_section", "line_subsection", "line_note")
CENT = Decimal("0.01")
PIECE = "C62"  # UN/ECE 20: "one", also for lines without a unit
# Reasons that Odoo leaves empty, although the standard requires them (UNTDID 5305,
# VATEX)
DEFAULT_REASONS = {
    "AE": ("Reverse charge", "VATEX-EU-AE"),
    "O": ("Not subject to VAT", "VATEX-EU-O"),
}


class AccountEdiXmlMaventaFinvoice(models.AbstractModel):
    """All amounts are Odoo's own. A document that Finvoice cannot represent exactly is
    refused before the upload.
    """

    _name = "account.edi.xml.maventa_finvoice"
    _inherit = ["account.edi.common", "account.edi.xml.maventa"]
    _description = "Finvoice 3.0 by Maventa"

    _maventa_key = "finvoice"
    _maventa_label = "Finvoice 3.0"
    _maventa_packs_files = True
    _maventa_format = InvoiceFormat.FINVOICE30

    def _maventa_export(self, invoice, files):
        # OVERRIDE: XML, or a ZIP with the PDF and the attachments
        if problems := self._maventa_check(invoice):
            raise ValidationError("\n".join(problems))
        try:
            xml = write(self._finvoice_document(invoice))
        except ValueError as error:
            raise UserError(
                self.env._("A number is too long for Finvoice: %s", error)
            ) from error
        return packed(safe_filename(invoice.name), xml, files)

    def _maventa_check(self, invoice):
        # OVERRIDE
        problems = []
        if len(invoice.name) > LONGEST_NUMBER:
            problems.append(
                self.env._(
                    "The number %(number)s is too long: Finvoice allows %(room)s "
                    "characters.",
                    number=invoice.name,
                    room=LONGEST_NUMBER,
                )
            )
        if not self._finvoice_bank(invoice).acc_number:
            problems.append(
                self.env._("The seller must have at least one bank account.")
            )
        for name in (invoice.company_id.name, invoice.commercial_partner_id.name):
            if len(name or "") < 2:
                problems.append(
                    self.env._(
                        "The names of seller and buyer need at least two letters."
                    )
                )
        problems += self._finvoice_line_problems(invoice)
        return problems or self._finvoice_sum_problems(invoice)

    def _maventa_remarks(self, invoice):
        # EXTENDS: why the document is not marked EN16931
        remarks = super()._maventa_remarks(invoice)
        document = self._finvoice_document(invoice)
        if not document.message:
            reasons = [
                self.env._(
                    "the customer has no e-invoice address with an operator, or your "
                    "company has none"
                )
            ]
        else:
            messages = self.env["maventa.messages"]
            reasons = messages._finvoice_rules(obstacles(document))
        if reasons:
            text = self.env._(
                "Sent without the mark EN16931; the receiver gets the invoice anyway. "
                "Missing for the mark: %s.",
                "; ".join(reasons),
            )
            remarks.append(text)
        return remarks

    def _finvoice_sum_problems(self, invoice):
        """Refuse a document whose parts do not add up to Odoo's total."""
        document = self._finvoice_document(invoice)
        total = self._money(invoice.amount_total) * self._finvoice_sign(invoice)
        vat = sum((group.amount for group in document.vat_groups), Decimal(0))
        if document.total + document.round_off == total and document.vat == vat:
            return []
        return [
            self.env._(
                "The lines and taxes of %s do not add up to its total, which Finvoice "
                "does not allow. Choose Peppol for this customer.",
                invoice.name,
            )
        ]

    def _finvoice_sign(self, invoice):
        return -1 if invoice.move_type == "out_refund" else 1

    def _money(self, value):
        """Return an amount of Odoo as it is shown, without the float's error."""
        return Decimal(f"{value:.2f}")

    def _finvoice_document(self, invoice):
        """Return the document, with its routing if that is known.

        It is marked EN16931 if its content fulfils that standard.
        """
        document = self._finvoice_content(invoice)
        document = replace(
            document, message=self._finvoice_message(invoice, document.seller)
        )
        if document.message and not obstacles(document):
            marked = replace(document.message, is_en16931=True)
            document = replace(document, message=marked)
        return document

    def _finvoice_content(self, invoice):
        sign, rows = self._finvoice_sign(invoice), self._finvoice_rows(invoice)
        groups = self._finvoice_vat_groups(invoice, rows)
        net = sum((row.net for row in rows), Decimal(0))
        vat = self._money(invoice.amount_tax) * sign
        round_off = self._finvoice_round_off(invoice)
        due = invoice.invoice_date_due or invoice.invoice_date
        currency, euro = invoice.currency_id.name, None
        if currency != "EUR" and invoice.company_currency_id.name == "EUR":
            euro = self._money(invoice.amount_tax_signed)
        return Document(
            number=invoice.name,
            date=invoice.invoice_date,
            due_date=due,
            currency=currency,
            seller=self._finvoice_seller(invoice),
            buyer=self._finvoice_buyer(invoice),
            account=self._finvoice_account(invoice),
            rows=rows,
            vat_groups=groups,
            net=net,
            vat=vat,
            total=net + vat,
            round_off=round_off,
            paid=self._finvoice_paid(invoice),
            vat_in_euro=euro,
            type_text=self._finvoice_title(invoice, net + vat < 0),
            original=self._finvoice_original(invoice),
            reference=invoice.payment_reference or "",
            buyer_reference=invoice.ref or "",
            seller_reference=invoice.invoice_origin or "",
            delivery_date=invoice.delivery_date or None,
            terms=invoice.invoice_payment_term_id.name or "",
            texts=tuple(html2plaintext(invoice.narration or "").splitlines()),
            delivery=self._finvoice_delivery(invoice),
            payment_instruction=(
                invoice.partner_id._maventa_consumer_instruction() or ""
            ),
        )

    def _finvoice_paid(self, invoice):
        """Return the settled amount; none for a credit note."""
        if invoice.move_type == "out_refund":
            return Decimal(0)
        return self._money(invoice.amount_total - invoice.amount_residual)

    def _finvoice_round_off(self, invoice):
        """Return the cash rounding, in the document's currency; it is not a row."""
        lines = invoice.line_ids.filtered(lambda line: line.display_type == "rounding")
        lines = lines.filtered(lambda line: not line.tax_line_id)
        return -sum((self._money(line.amount_currency) for line in lines), Decimal(0))

    def _finvoice_title(self, invoice, is_credit_note):
        language = (invoice.partner_id.lang or "").partition("_")[0]
        return TITLES.get(language, ("", ""))[is_credit_note]

    def _finvoice_original(self, invoice):
        original = invoice.reversed_entry_id
        if not original or len(original.name) > LONGEST_NUMBER:
            return None
        return Original(original.name, original.invoice_date or None)

    # === PARTIES === #

    def _finvoice_bank(self, invoice):
        """Return the seller's account; a credit note of Odoo names the buyer's."""
        seller = invoice.company_id.partner_id.commercial_partner_id
        if invoice.partner_bank_id.partner_id.commercial_partner_id == seller:
            return invoice.partner_bank_id
        account_company = invoice.maventa_account_company_id.partner_id
        return (seller.bank_ids | account_company.bank_ids)[:1]

    def _finvoice_account(self, invoice):
        bank = self._finvoice_bank(invoice)
        bic = (bank.bank_bic or "").replace(" ", "").upper()
        return Account(
            iban=bank.sanitized_acc_number or "",
            bic=bic if len(bic) in (8, 11) else "",
        )

    def _finvoice_party(self, partner, address, **values):
        """Return a party of the legal person ``partner`` at ``address``."""
        country = partner.country_code or ""
        number = organisation_number(country, partner.vat or "")
        if partner.is_company:  # the number of a person is not sent
            number = number or (partner.company_registry or "").strip()
        electronic = address._maventa_address()
        own = electronic.address if electronic.kind is AddressKind.OVT else ""
        return Party(
            name=partner.name or "",
            business_id=number[:35],
            vat=(partner.vat or "").replace(" ", "")[:35],
            ovt=own or (ovt(number) if country == "FI" else ""),
            streets=tuple(filter(None, (address.street, address.street2))),
            city=address.city or "",
            post_code=address.zip or "",
            country=address.country_code or "",
            country_name=address.country_id.name or "",
            **values,
        )

    def _finvoice_seller(self, invoice):
        partner = invoice.company_id.partner_id
        person = invoice.invoice_user_id
        return self._finvoice_party(
            partner,
            partner,
            contact=person.name or "",
            phone=partner.phone or "",
            email=partner.email_normalized or "",
        )

    def _finvoice_buyer(self, invoice):
        partner, address = invoice.commercial_partner_id, invoice.partner_id
        company = invoice.maventa_account_company_id.sudo()
        email = address.email_normalized or partner.email_normalized
        # Maventa sends an e-mail to an address in the XML.
        email = email if company.maventa_send_email else ""
        contact = address.name if address != partner else ""
        return self._finvoice_party(
            partner, address, contact=contact or "", email=email or ""
        )

    # === ROUTING AND DELIVERY === #

    def _finvoice_message(self, invoice, seller):
        """Return the routing, or nothing: without an operator Maventa looks it up.

        The system parameter ``account_maventa.finvoice_envelope`` (0) omits the frame
        before the invoice.
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
        """Return the delivery address, if it differs from the buyer's."""
        place = invoice.partner_shipping_id
        if not place:
            return None
        union = self.env.ref("base.europe").country_ids
        seller, country = invoice.company_id.country_id, place.country_id
        # Goods to another country of the Union require the delivery address
        abroad = country != seller and country in union
        if place == invoice.partner_id and not abroad:
            return None
        party = self._finvoice_party(place.commercial_partner_id, place)
        return replace(party, name=place.name or party.name)

    # === ROWS AND VAT === #

    def _finvoice_rows(self, invoice):
        lines = invoice.invoice_line_ids.sorted(lambda line: (line.sequence, line.id))
        return tuple(
            self._finvoice_text_row(line)
            if line.display_type in TEXT_LINES
            else self._finvoice_row(line)
            for line in lines
            if line.display_type in ("product", *TEXT_LINES)
        )

    def _finvoice_text_row(self, line):
        if line.display_type == "line_note":
            return Row(name="", texts=tuple((line.name or "").splitlines()))
        return Row(name=line.name or "")

    def _finvoice_row(self, line):
        """Return a row with a price; the sign is in the quantity, not the price."""
        sign = self._finvoice_sign(line.move_id)
        tax, net = line.tax_ids[:1], self._money(line.price_subtotal) * sign
        quantity, price = Decimal(str(line.quantity)) * sign, self._finvoice_price(line)
        if price < 0:
            quantity, price = -quantity, -price
        gross = (quantity * price).quantize(CENT, ROUND_HALF_UP)
        first, *others = (line.name or line.product_id.name or "-").splitlines() or "-"
        unit = line.product_uom_id
        return Row(
            name=first,
            texts=tuple(others),
            article=line.product_id.default_code or "",
            quantity=quantity,
            unit=unit.name or "",
            unit_code=self._get_uom_unece_code(unit) if unit else PIECE,
            price=price,
            discount=Decimal(str(line.discount)),
            discount_amount=gross - net if line.discount else Decimal(0),
            net=net,
            vat_code=self._finvoice_vat_code(line.move_id, tax),
            vat_rate=self._finvoice_rate(line.move_id, tax),
        )

    def _finvoice_price(self, line):
        """Return the price of one unit without VAT, before the discount."""
        price = Decimal(str(line.price_unit))
        tax = line.tax_ids[:1]
        if tax.price_include:
            price /= 1 + Decimal(str(tax.amount)) / 100
        return price

    def _finvoice_vat_code(self, invoice, tax):
        return self._get_tax_category_code(
            invoice.commercial_partner_id, invoice.company_id.partner_id, tax
        )

    def _finvoice_rate(self, invoice, tax):
        if self._finvoice_vat_code(invoice, tax) == "O":
            return None
        if not tax or tax.has_negative_factor:  # reverse charge: the buyer pays
            return Decimal(0)
        return Decimal(str(tax.amount))

    def _finvoice_vat_groups(self, invoice, rows):
        """Return one group per code and rate, with the VAT as booked."""
        groups = {}
        for row in rows:
            if row.quantity is not None:
                key = (row.vat_code, row.vat_rate)
                base, vat = groups.get(key, (Decimal(0), Decimal(0)))
                groups[key] = (base + row.net, vat)
        for line in invoice.line_ids.filtered("tax_line_id"):
            tax = line.tax_line_id
            key = (
                self._finvoice_vat_code(invoice, tax),
                self._finvoice_rate(invoice, tax),
            )
            base, vat = groups.get(key, (Decimal(0), Decimal(0)))
            groups[key] = (base, vat - self._money(line.amount_currency))
        reasons = self._finvoice_reasons(invoice)
        return tuple(
            VatGroup(code, rate, base, vat, *reasons.get(code, ("", "")))
            for (code, rate), (base, vat) in groups.items()
        )

    def _finvoice_reasons(self, invoice):
        """Return the reason and reason code of each VAT code that requires one."""
        parties = invoice.commercial_partner_id, invoice.company_id.partner_id
        lines = invoice.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        reasons = {}
        for line in lines:
            tax = line.tax_ids[:1]
            code = self._finvoice_vat_code(invoice, tax)
            said = self._get_tax_exemption_reason(*parties, tax)
            text = said.get("tax_exemption_reason") or ""
            vatex = said.get("tax_exemption_reason_code") or ""
            default = DEFAULT_REASONS.get(code, ("", ""))
            reasons[code] = (text or default[0], vatex or default[1])
        return reasons

    def _finvoice_line_problems(self, invoice):
        """Return the problems of lines that Finvoice cannot represent."""
        problems = []
        for line in invoice.invoice_line_ids:
            if line.display_type != "product":
                continue
            taxes = line.tax_ids
            if len(taxes) > 1 or any(tax.amount_type != "percent" for tax in taxes):
                problems.append(
                    self.env._(
                        'The line "%s" has several taxes, or a tax that is not a '
                        "percentage. Finvoice allows one VAT rate per line.",
                        (line.name or "").partition("\n")[0],
                    )
                )
        return problems
