from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import html2plaintext

from ..maventa_api import (
    AddressKind,
    InvoiceFormat,
    organisation_number,
    ovt,
    safe_filename,
)
from ..maventa_api.finvoice import Account, Document, Original, Party, packed, write

LONGEST_NUMBER = 20
# The word for an invoice and for a credit note, in the customer's language
WORDS = {"fi": ("LASKU", "HYVITYSLASKU"), "sv": ("FAKTURA", "KREDITFAKTURA")}


class AccountEdiXmlMaventaFinvoice(models.AbstractModel):
    """Finvoice 3.0, built from the posted document.

    All numbers are Odoo's own; what cannot be said exactly is refused before
    anything is sent.
    """

    _name = "account.edi.xml.maventa_finvoice"
    _inherit = ["account.edi.common", "account.edi.xml.maventa"]
    _description = "Finvoice 3.0 by Maventa"

    _maventa_key = "finvoice"
    _maventa_label = "Finvoice 3.0"
    _maventa_packs_files = True
    _maventa_format = InvoiceFormat.FINVOICE30

    def _maventa_export(self, invoice, files):
        # OVERRIDE: XML, or a ZIP with the PDF and other files
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
                    "The number %(number)s is too long: Finvoice has room for "
                    "%(room)s characters.",
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
                    self.env._("The names of seller and buyer need two letters.")
                )
        problems += self._finvoice_line_problems(invoice)
        return problems or self._finvoice_sum_problems(invoice)

    def _finvoice_sum_problems(self, invoice):
        """Never send a document whose parts do not make up Odoo's total."""
        document = self._finvoice_document(invoice)
        total = self._money(invoice.amount_total) * self._finvoice_sign(invoice)
        vat = sum((group.amount for group in document.vat_groups), Decimal(0))
        if document.total + document.round_off == total and document.vat == vat:
            return []
        return [
            self.env._(
                "The lines and taxes of %s do not add up to its total; Finvoice cannot "
                "carry it. Choose Peppol for this customer.",
                invoice.name,
            )
        ]

    def _finvoice_sign(self, invoice):
        return -1 if invoice.move_type == "out_refund" else 1

    def _money(self, value):
        """Return an amount of Odoo as it is shown, without the float behind it."""
        return Decimal(f"{value:.2f}")

    def _finvoice_document(self, invoice):
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
            type_text=self._finvoice_word(invoice, net + vat < 0),
            original=self._finvoice_original(invoice),
            reference=invoice.payment_reference or "",
            buyer_reference=invoice.ref or "",
            seller_reference=invoice.invoice_origin or "",
            delivery_date=invoice.delivery_date or None,
            terms=invoice.invoice_payment_term_id.name or "",
            texts=tuple(html2plaintext(invoice.narration or "").splitlines()),
        )

    def _finvoice_paid(self, invoice):
        """Return what is settled already. A credit note moves no money."""
        if invoice.move_type == "out_refund":
            return Decimal(0)
        return self._money(invoice.amount_total - invoice.amount_residual)

    def _finvoice_round_off(self, invoice):
        """Return the cash rounding, which is no row; in the document's currency."""
        lines = invoice.line_ids.filtered(lambda line: line.display_type == "rounding")
        lines = lines.filtered(lambda line: not line.tax_line_id)
        return -sum((self._money(line.amount_currency) for line in lines), Decimal(0))

    def _finvoice_word(self, invoice, is_credit_note):
        language = (invoice.partner_id.lang or "").partition("_")[0]
        return WORDS.get(language, ("", ""))[is_credit_note]

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
        if partner.is_company:  # what a person has there is nobody's business
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
        # Maventa would take an address in the XML as leave to send an e-mail.
        email = email if company.maventa_send_email else ""
        contact = address.name if address != partner else ""
        return self._finvoice_party(
            partner, address, contact=contact or "", email=email or ""
        )
