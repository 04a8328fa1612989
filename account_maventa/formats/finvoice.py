"""Finvoice 3.0, built from the posted document."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import uuid4

from odoo import models
from odoo.exceptions import UserError, ValidationError

from ..maventa_api import ElectronicAddress, InvoiceFormat, safe_filename
from ..maventa_api.check_digits import is_gtin
from ..maventa_api.finvoice import (
    Account,
    Allowance,
    BookedVat,
    CashDiscount,
    Document,
    Mailbox,
    Message,
    Original,
    Party,
    Row,
    UnbalancedError,
    document_in,
    obstacles,
    packed,
    settled,
    write,
)
from ..maventa_api.party_identifiers import IdentifierProblem, address_of_legal
from ..maventa_api.vat_categories import VatCategory, reasons_of
from ..models.transfer_state import LIVE
from ..services.check_finding import Finding, texts_of

LONGEST_NUMBER = 20
# The title of an invoice and of a credit note, in the customer's language
TITLES = {"fi": ("LASKU", "HYVITYSLASKU"), "sv": ("FAKTURA", "KREDITFAKTURA")}
MAVENTA = "003721291126"  # the sender's operator
TEXT_LINES = ("line_section", "line_subsection", "line_note")
CENT = Decimal("0.01")
PIECE = "C62"  # UN/ECE 20: "one", also for lines without a unit
OVT_SCHEME = "0216"
FINVOICE_NUMBERS = (IdentifierProblem.VAT_MALFORMED,)  # it needs no address
DISCOUNT, OTHER_CHARGE = "95", "ZZZ"  # UNTDID 5189, 7161
# Finvoice writes a price with five decimals, for one unit or for more
PRICE_STEP = Decimal("0.00001")
PRICE_BASES = tuple(Decimal(10) ** power for power in range(7))


class AccountEdiXmlMaventaFinvoice(models.AbstractModel):
    """All amounts are Odoo's own. A document that Finvoice cannot represent exactly is
    refused before the upload.
    """

    _name = "account.edi.xml.maventa_finvoice"
    _inherit = ["account.edi.xml.maventa"]
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
        rules = self.env["maventa.official.rules"]
        lines = self._finvoice_lines(invoice)
        rules._assert_valid(invoice, self._maventa_key, document_in(xml), lines)
        return packed(safe_filename(invoice.name), xml, files)

    def _maventa_check(self, invoice):
        # OVERRIDE
        return texts_of(self._maventa_findings(invoice))

    def _maventa_findings(self, invoice):
        # OVERRIDE
        values = self.env["maventa.document.values"]
        findings = [
            *self.env["maventa.vat.category"]._findings(invoice),
            *self.env["maventa.parties"]._findings(invoice, FINVOICE_NUMBERS),
            *values._account_findings(invoice),
            *values._currency_findings(invoice),
            *values._head_findings(invoice),
            *self.env["maventa.vat.rates"]._findings(invoice),
            *self.env["maventa.vat.amounts"]._findings(invoice),
            *self.env["maventa.printed.taxes"]._findings(invoice),
            *self._finvoice_findings(invoice),
        ]
        return findings or self._finvoice_sum_findings(invoice)

    def _finvoice_findings(self, invoice):
        """Return what Finvoice has no room for."""
        seller = self.env["maventa.parties"]._seller(invoice)
        buyer = invoice.commercial_partner_id
        for number in (invoice.name, self._finvoice_original_number(invoice)):
            if len(number) > LONGEST_NUMBER:
                text = self.env._(
                    "The number %(number)s is too long: Finvoice allows %(room)s "
                    "characters. %(way_out)s",
                    number=number,
                    room=LONGEST_NUMBER,
                    way_out=self._finvoice_way_out(invoice),
                )
                if number == invoice.name:
                    shorter = self.env._(
                        "Or reset the invoice to draft, and give it a shorter number."
                    )
                    text = f"{text} {shorter}"
                yield Finding(text, buyer)
        values = self.env["maventa.document.values"]
        if not values._iban(invoice):
            text = self.env._(
                "Finvoice requires a bank account of the seller with an IBAN. Enter "
                "one, or choose Peppol for this customer."
            )
            yield Finding(text, seller)
        for partner in (seller, buyer):
            if len(partner.name or "") < 2:
                text = self.env._(
                    "The names of seller and buyer need at least two letters."
                )
                yield Finding(text, partner)
        lines = self._finvoice_lines(invoice)
        if not lines:
            text = self.env._(
                "The document has only texts. Add a line with a product or a price."
            )
            yield Finding(text, invoice)
        yield from self._finvoice_line_findings(lines)

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

    def _finvoice_sum_findings(self, invoice):
        """Refuse a document whose parts do not add up to Odoo's total."""
        total = self._money(invoice.amount_total) * self._finvoice_sign(invoice)
        with suppress(UnbalancedError):
            document = self._finvoice_content(invoice)
            if document.total + document.round_off == total:
                return []
        text = self.env._(
            "The lines and taxes of %(invoice)s do not add up to its total, which "
            "Finvoice does not allow. %(way_out)s",
            invoice=invoice.name,
            way_out=self._finvoice_way_out(invoice),
        )
        return [Finding(text, invoice)]

    def _finvoice_way_out(self, invoice):
        """Return how an invoice that Finvoice cannot represent can go."""
        if self.env["maventa.parties"]._identifiers(invoice.partner_id).electronic:
            return self.env._("Choose Peppol for this customer.")
        return self.env._(
            "Peppol requires an electronic address of the customer: enter the company "
            "ID, the tax number, or the e-invoice address."
        )

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
        lines = self._finvoice_lines(invoice)
        allowances = self._finvoice_allowances(invoice)
        nets = self._finvoice_nets(invoice, lines)
        booked = settled(
            self._finvoice_rows(invoice, nets),
            self._finvoice_booked_vat(invoice, lines, nets, allowances),
            allowances=allowances,
            round_off=self._finvoice_round_off(invoice),
        )
        values = self.env["maventa.document.values"]._values(invoice, lines)
        return Document(
            number=invoice.name,
            date=invoice.invoice_date,
            currency=invoice.currency_id.name,
            type_text=self._finvoice_title(invoice, booked.total < 0),
            seller=self._finvoice_seller(invoice, values.seller),
            buyer=self._finvoice_buyer(invoice, values.buyer),
            customer_number=values.buyer.customer_number or "",
            delivery=self._finvoice_delivery(invoice),
            delivery_date=values.delivery.day,
            rows=booked.rows,
            vat_groups=booked.vat_groups,
            net=booked.net,
            vat=booked.vat,
            total=booked.total,
            round_off=booked.round_off,
            allowances=allowances,
            vat_in_euro=self._finvoice_vat_in_euro(invoice, values.accounting_vat),
            **self._finvoice_references(values.references),
            **self._finvoice_payment(invoice),
        )

    def _finvoice_references(self, references):
        return {
            "original": self._finvoice_original(references),
            "advances": tuple(
                Original(advance.number, advance.day) for advance in references.advances
            ),
            "order": references.order,
            "buyer_reference": references.buyer,
            "seller_reference": references.sales_order,
        }

    def _finvoice_payment(self, invoice):
        """Return how the document is paid, and its free texts."""
        common, partner = self.env["maventa.document.values"], invoice.partner_id
        is_credit_note = invoice.move_type == "out_refund"
        return {
            "due_date": invoice.invoice_date_due or invoice.invoice_date,
            "account": self._finvoice_account(invoice),
            "paid": self.env["maventa.settlements"]._paid(invoice),
            "reference": common._bank_reference(invoice),
            "terms": "" if is_credit_note else common._base_terms(invoice),
            "cash_discount": self._finvoice_cash_discount(invoice),
            "overdue_text": common._overdue_text(invoice),
            "overdue_percent": self._finvoice_overdue_percent(invoice),
            "texts": (*common._texts(invoice), *common._extra_texts(invoice)),
            "payment_instruction": partner._maventa_consumer_instruction() or "",
        }

    def _finvoice_vat_in_euro(self, invoice, accounting_vat):
        """Return the VAT in euro of a document in another currency, or nothing."""
        if not accounting_vat or accounting_vat.currency != "EUR":
            return None
        return accounting_vat.amount * self._finvoice_sign(invoice)

    def _finvoice_cash_discount(self, invoice):
        cash = self.env["maventa.document.values"]._cash_discount(invoice)
        return cash and CashDiscount(cash.day, cash.percent, cash.amount, cash.base)

    def _finvoice_overdue_percent(self, invoice):
        percent = invoice.maventa_account_company_id.sudo().maventa_overdue_percent
        if not percent or invoice.move_type == "out_refund":
            return None
        return Decimal(str(percent))

    def _finvoice_round_off(self, invoice):
        """Return the cash rounding, in the document's currency; it is not a row."""
        lines = invoice.line_ids.filtered(lambda line: line.display_type == "rounding")
        return -sum((self._money(line.amount_currency) for line in lines), Decimal(0))

    def _finvoice_title(self, invoice, is_credit_note):
        language = (invoice.partner_id.lang or "").partition("_")[0]
        return TITLES.get(language, ("", ""))[is_credit_note]

    def _finvoice_original(self, references):
        if not references.original:
            return None
        return Original(references.original, references.original_date)

    def _finvoice_original_number(self, invoice):
        return self.env["maventa.document.values"]._references(invoice).original

    # === PARTIES === #

    def _finvoice_account(self, invoice):
        account = self.env["maventa.document.values"]._iban(invoice)
        return Account(iban=account.number, bic=account.bic)

    def _finvoice_party(self, partner, address, identifiers, **values):
        """Return a party of the legal person ``partner`` at ``address``."""
        electronic = identifiers.electronic
        if electronic.scheme != OVT_SCHEME:
            electronic = address_of_legal(identifiers.legal)
        return Party(
            name=partner.name or "",
            # the number of a person is not sent
            business_id=identifiers.legal.value[:35] if partner.is_company else "",
            vat=identifiers.vat[:35],
            ovt=electronic.value if electronic.scheme == OVT_SCHEME else "",
            streets=tuple(filter(None, (address.street, address.street2))),
            city=address.city or "",
            post_code=address.country_id._maventa_post_code(address.zip),
            country=address.country_code or "",
            country_name=address.country_id.name or "",
            **values,
        )

    def _finvoice_seller(self, invoice, values):
        partner = self.env["maventa.parties"]._seller(invoice)
        person, office = invoice.invoice_user_id, invoice.company_id.partner_id
        return self._finvoice_party(
            partner,
            partner,
            values.identifiers,
            tax_statement=values.tax_statement,
            contact=person.name or "",
            phone=office.phone or partner.phone or "",
            email=office.email_normalized or partner.email_normalized or "",
        )

    def _finvoice_buyer(self, invoice, values):
        partner, address = invoice.commercial_partner_id, invoice.partner_id
        email = address.email_normalized or partner.email_normalized
        # Maventa sends an e-mail to an address in the XML.
        email = email if values.is_email_allowed else ""
        contact = address.name if address != partner else ""
        return self._finvoice_party(
            partner,
            address,
            values.identifiers,
            contact=contact or "",
            email=email or "",
        )

    # === ROUTING AND DELIVERY === #

    def _finvoice_message(self, invoice, seller):
        """Return the routing, or nothing: without an operator Maventa looks it up.

        The system parameter ``account_maventa.finvoice_envelope`` (0) omits the frame
        before the invoice.
        """
        receiver = invoice.partner_id._maventa_address()
        sender = self.env["maventa.parties"]._seller(invoice)._maventa_address()
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
        seller = self.env["maventa.parties"]._seller(invoice).country_id
        country = place.country_id
        # Goods to another country of the Union require the delivery address
        abroad = country != seller and country in union
        if place == invoice.partner_id and not abroad:
            return None
        identifiers = self.env["maventa.parties"]._identifiers(place)
        party = self._finvoice_party(place.commercial_partner_id, place, identifiers)
        return replace(party, name=place.name or party.name)

    # === ROWS AND VAT === #

    def _finvoice_rows(self, invoice, nets):
        lines = invoice.invoice_line_ids.sorted(lambda line: (line.sequence, line.id))
        return tuple(
            self._finvoice_text_row(line)
            if line.display_type in TEXT_LINES
            else self._finvoice_row(line, nets[line.id])
            for line in lines
            if line.display_type in ("product", *TEXT_LINES)
        )

    def _finvoice_text_row(self, line):
        if line.display_type == "line_note":
            return Row(name="", texts=tuple((line.name or "").splitlines()))
        return Row(name=line.name or "")

    def _finvoice_row(self, line, net):
        """Return a row with a price; the sign is in the quantity, not the price.

        Its amount is the taxed one, which may differ from the shown one by a cent.
        """
        sign = self._finvoice_sign(line.move_id)
        quantity, price = Decimal(str(line.quantity)) * sign, self._finvoice_price(line)
        if price < 0:
            quantity, price = -quantity, -price
        gross = (quantity * price).quantize(CENT, ROUND_HALF_UP)
        name = self.env["maventa.document.values"]._line_name(line)
        first, *others = (line.name or "").strip().splitlines() or [name]
        unit, category = line.product_uom_id, self._finvoice_category(line)
        barcode = (line.product_id.barcode or "").strip()
        base = self._finvoice_price_base(quantity, price)
        return Row(
            name=first,
            texts=tuple(others),
            article=line.product_id.default_code or "",
            gtin=barcode if is_gtin(barcode) else "",
            quantity=quantity,
            unit=unit.name or "",
            unit_code=self._finvoice_unit_code(unit),
            price=price * base,
            base_quantity=base,
            discount=Decimal(str(line.discount)),
            discount_amount=gross - net if line.discount else Decimal(0),
            net=net,
            vat_code=category.code,
            vat_rate=self._finvoice_rate(category),
        )

    def _finvoice_unit_code(self, unit):
        if not unit:
            return PIECE
        return self.env["account.edi.common"]._get_uom_unece_code(unit)

    def _finvoice_price(self, line):
        """Return the price of one unit without VAT, before the discount."""
        price = Decimal(str(line.price_unit))
        tax = self.env["maventa.vat.category"]._vat_taxes(line)[:1]
        if tax.price_include:
            price /= 1 + Decimal(str(tax.amount)) / 100
        return price

    def _finvoice_price_base(self, quantity, price):
        """Return for how many units a price is said, so that its decimals suffice."""
        for base in PRICE_BASES:
            said = (price * base).quantize(PRICE_STEP, ROUND_HALF_UP) / base
            if abs((said - price) * quantity) < CENT / 2:
                return base
        return base

    def _booked(self, line):
        """Return the booked amount of a line, with the document's sign."""
        return -self._money(line.amount_currency)

    def _finvoice_nets(self, invoice, lines):
        """Return by id what each line is without VAT, with the document's sign."""
        nets, sign = {}, self._finvoice_sign(invoice)
        found = self.env["maventa.document.amounts"]._nets(invoice)
        for line in lines:
            is_known = line.id in found
            nets[line.id] = found[line.id] * sign if is_known else self._booked(line)
        return nets

    def _finvoice_lines(self, invoice):
        """Return the lines with a price, in the order of the document."""
        lines = invoice.invoice_line_ids.sorted(lambda line: (line.sequence, line.id))
        return lines.filtered(lambda line: line.display_type == "product")

    def _finvoice_category(self, line):
        """Return the VAT category of a line; the checks refuse lines without one."""
        found = self.env["maventa.vat.category"]._of_line(line)
        return found or VatCategory("E")

    def _finvoice_rate(self, category):
        return None if category.code == "O" else category.rate

    # === BOOKED AMOUNTS === #

    def _finvoice_booked_vat(self, invoice, lines, nets, allowances):
        """Return one :class:`BookedVat` for each code and rate."""
        categories = self.env["maventa.vat.category"]
        groups, reasons = {}, self.env["maventa.vat.grounds"]._reasons(invoice)
        for line in lines:
            category = self._finvoice_category(line)
            key = (category.code, self._finvoice_rate(category))
            self._add_booked(groups, key, base=nets[line.id])
        for allowance in allowances:
            self._add_booked(groups, allowance.key, base=allowance.signed)
        for line in invoice.line_ids.filtered("tax_line_id"):
            category = categories._of_tax(line.tax_line_id) or VatCategory("E")
            key = (category.code, self._finvoice_rate(category))
            self._add_booked(groups, key, amount=self._booked(line))
        return [
            BookedVat(*key, *amounts, *(reasons.get(key[0]) or reasons_of(key[0])))
            for key, amounts in groups.items()
        ]

    def _add_booked(self, groups, key, base=0, amount=0):
        """Add to base and VAT of a group."""
        before = groups.get(key, (Decimal(0),) * 2)
        new = (base, amount)
        groups[key] = tuple(one + two for one, two in zip(before, new, strict=True))

    def _finvoice_allowances(self, invoice):
        """Return the pair that stands for a discount whose VAT is reduced at once.

        Odoo books it in lines of their own: taken off with the tax, added without.
        """
        categories = self.env["maventa.vat.category"]
        sums, sign = {}, self._finvoice_sign(invoice)
        for line in invoice.line_ids:
            if line.display_type != "epd":
                continue
            category = (
                categories._of_line(line) if line.tax_ids else VatCategory("E")
            ) or VatCategory("E")
            key = (category.code, self._finvoice_rate(category))
            sums[key, bool(line.tax_ids)] = sums.get(
                (key, bool(line.tax_ids)), Decimal(0)
            ) + self._booked(line)
        only_outside = {key[0] for key, is_taxed in sums if is_taxed} == {"O"}
        return tuple(
            Allowance(
                amount=abs(amount) * sign,
                is_charge=amount * sign > 0,
                vat_code="O" if only_outside else key[0],
                vat_rate=None if only_outside else key[1],
                reason=self.env["maventa.document.values"]._discount_reason(invoice),
                reason_code=DISCOUNT if amount * sign < 0 else OTHER_CHARGE,
            )
            for (key, _is_taxed), amount in sums.items()
            if amount
        )

    def _finvoice_line_findings(self, lines):
        """Return the lines that Finvoice cannot represent."""
        categories = self.env["maventa.vat.category"]
        for line in lines:
            taxes = line.tax_ids.flatten_taxes_hierarchy()
            if taxes != categories._vat_taxes(line):
                text = self.env._(
                    'The line "%(line)s" has a tax that is a fixed amount, which '
                    "Finvoice does not know. %(way_out)s Or enter the amount as a line "
                    "of its own.",
                    line=categories._name_of(line),
                    way_out=self._finvoice_way_out(line.move_id),
                )
                yield Finding(text, line.move_id.commercial_partner_id)
