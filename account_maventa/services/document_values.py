"""What every format of a document says: read once from the posted invoice.

Order number: the customer reference of the invoice. A credit or debit note has the
order number of the first invoice, because Odoo writes "Reversal of: ..." there.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date, formatLang, html2plaintext

from ..guards import internal
from ..maventa_api.bank_accounts import (
    Account,
    AccountKind,
    ReferenceKind,
    payment_id,
    reference_kind,
)
from ..maventa_api.ubl import (
    BUSINESS_REGISTER,
    F_TAX,
    AccountingVat,
    AddressValues,
    ChargedVat,
    DeliveryValues,
    DocumentValues,
    LineValues,
    PartyValues,
    PaymentValues,
    ReferenceValues,
)
from .check_finding import Finding

TEXT_LINES = ("line_section", "line_subsection", "line_note")
FOR_FINNISH_BANKS = (ReferenceKind.CREDITOR, ReferenceKind.FINNISH)
TAX_STATEMENTS = {"SE": F_TAX, "NO": BUSINESS_REGISTER}


@dataclass(frozen=True)
class CashDiscountValues:
    """What is taken off, with VAT, for payment until a day.

    ``base`` is what the percentage is taken of.
    """

    day: date
    percent: Decimal
    amount: Decimal
    base: Decimal


@internal
class MaventaDocumentValues(models.AbstractModel):
    """Values of :mod:`maventa_api.ubl`, in the language of the customer."""

    _name = "maventa.document.values"
    _description = "Values of Documents for Maventa"

    # === PUBLIC === #

    @api.model
    def _values(self, move, lines):
        """Return the ``DocumentValues`` of an invoice.

        :param lines: the product lines in the order of the document
        """
        move = self._in_language(move)
        parties = self.env["maventa.parties"]
        company = move.maventa_account_company_id.sudo()
        seller, buyer = parties._seller(move), move.partner_id
        return DocumentValues(
            seller=PartyValues(
                parties._seller_identifiers(move),
                tax_statement=self._tax_statement(move),
                name=seller.name or "",
                address=self._address_of_parent(move, seller),
            ),
            buyer=PartyValues(
                parties._identifiers(buyer),
                name=buyer.commercial_partner_id.name or "",
                customer_number=buyer.commercial_partner_id.ref or "",
                is_email_allowed=company.maventa_send_email,
            ),
            references=self._references(move),
            payment=PaymentValues(
                self._paid_to(move),
                move.payment_reference or "",
                move.invoice_date_due or move.invoice_date,
                self._terms(move),
                self.env["maventa.settlements"]._paid(move),
            ),
            delivery=DeliveryValues(
                self._delivery_day(move),
                move.partner_shipping_id.country_code or "",
            ),
            lines=self._lines(move, lines),
            note="\n".join(self._texts(move)),
            accounting_vat=self._accounting_vat(move),
            discount_reason=self._discount_reason(move),
            charged_vat=self._charged_vat(move),
        )

    @api.model
    def _accounts(self, move):
        """Return the seller's accounts, the one of the invoice first.

        An account of the buyer, as Odoo writes into credit notes, is none of these.
        """
        seller = move.company_id.partner_id.commercial_partner_id
        named = move.partner_bank_id.filtered(
            lambda bank: bank.partner_id.commercial_partner_id == seller
        )
        holders = seller | move.maventa_account_company_id.sudo().partner_id
        others = holders.sudo().bank_ids.filtered(
            lambda bank: (
                not bank.company_id
                or bank.company_id in move.company_id
                or bank.company_id == move.maventa_account_company_id
            )
        )
        country = move.company_id.country_code or ""
        return tuple(
            Account.parse(
                bank.acc_number,
                country=bank.bank_id.country.code or country,
                kind=bank.acc_type or "",
                bic=bank.bank_bic or "",
            )
            for bank in (named | others)
            if bank.acc_number
        )

    @api.model
    def _paid_to(self, move):
        """Return the accounts that the document names: one, and abroad an IBAN first.

        Nobody abroad can pay to a giro or to another national number.
        """
        first, iban = self._accounts(move)[:1], self._iban(move)
        if not (iban and self._goes_abroad(move)) or iban in first:
            return first
        return (iban, *first)

    @api.model
    def _iban(self, move):
        """Return the first account of the seller that is an IBAN, or nothing."""
        accounts = self._accounts(move)
        found = (account for account in accounts if account.kind is AccountKind.IBAN)
        return next(found, None)

    @api.model
    def _account_findings(self, move):
        """Return why nobody could pay to the seller's account."""
        accounts = self._paid_to(move)
        seller = self.env["maventa.parties"]._seller(move)
        if not accounts:
            if move.move_type != "out_invoice":
                return []
            text = self.env._("The seller must have at least one bank account.")
            return [Finding(text, seller)]
        text = self.env._(
            "The bank account %s of the seller is not valid: its check digits are "
            "wrong."
        )
        return [
            Finding(text % account.number, move.partner_bank_id or seller)
            for account in accounts
            if account.problem()
        ]

    @api.model
    def _currency_findings(self, move):
        """Return that the currency has no rate, or too many decimals (BR-DEC-*)."""
        currency = move.currency_id
        if problem := self.env["maventa.currency.rates"]._problem(move):
            return [Finding(problem, currency)]
        vat_currency = self._vat_currency(move)
        if vat_currency not in (currency, move.company_currency_id):
            rates = self.env["maventa.currency.rates"]
            if problem := rates._problem_of(move, vat_currency):
                return [Finding(problem, vat_currency)]
        if currency.decimal_places <= 2:
            return []
        text = self.env._(
            "The currency %s has more than two decimals, which e-invoices do not have. "
            "Invoice in another currency.",
            currency.name,
        )
        return [Finding(text, move)]

    @api.model
    def _head_findings(self, move):
        """Return that the invoice is of a later day, or credits nothing it names."""
        found, today = [], fields.Date.context_today(move)
        if move.invoice_date and move.invoice_date > today:
            text = self.env._(
                "The invoice date %s is in the future. Send the invoice from that day "
                "on, or correct the date.",
                format_date(self.env, move.invoice_date),
            )
            found.append(Finding(text, move))
        if move.move_type == "out_refund" and not self._original_number(move):
            text = self.env._(
                "A credit note must name its original. Make it with the button Credit "
                "Note of the invoice, or enter the number of the one invoice as "
                '"Original invoice" in the tab Other Info.'
            )
            found.append(Finding(text, move))
        found += self.env["maventa.credit.checks"]._findings(move)
        found += self._delivery_findings(move)
        found += self.env["maventa.document.dates"]._findings(move)
        return found + self.env["maventa.settlements"]._findings(move)

    @api.model
    def _delivery_day(self, move):
        """Return the day of delivery that somebody entered, or nothing.

        A correction has that of its original.
        """
        return move.delivery_date or self._original(move).delivery_date or None

    @api.model
    def _delivery_findings(self, move):
        """Return that nobody said when goods went to another member state (BR-IC-11).

        Source: directive 2006/112/EC, articles 220 (1) (4), 226 (7).
        """
        codes = self.env["maventa.vat.grounds"]._reasons(move)
        if "K" not in codes or self._delivery_day(move):
            return []
        if self._is_advance(move):
            text = self.env._(
                "An advance for goods to another member state of the EU is no supply "
                "yet, and needs no invoice: ask for it with a quotation or a payment "
                "request. The invoice follows with the goods, and has their delivery "
                "date."
            )
            return [Finding(text, move)]
        text = self.env._(
            "An intra-Community supply (K) needs a delivery date. Reset the document "
            "to draft, and enter the delivery date in the tab Other Info."
        )
        return [Finding(text, move)]

    def _is_advance(self, move):
        """Return whether an invoice asks for advances of a sales order alone."""
        lines = move.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and line.price_subtotal > 0
        )
        return "is_downpayment" in lines._fields and all(
            lines.mapped("is_downpayment") or [False]
        )

    @api.model
    def _head_remarks(self, move):
        """Return what a person may want to look at: a typed original, no delivery."""
        remarks, number = [], self._original_number(move)
        if move.move_type == "out_refund" and number and not move.reversed_entry_id:
            text = self.env._("The credit note names %s as its original.", number)
            remarks.append(text)
        if self._lacks_iban(move):
            text = self.env._(
                "The invoice goes abroad, and your company has no account with an IBAN "
                "to pay to."
            )
            remarks.append(text)
        if self._lacks_norwegian_delivery(move):
            text = self.env._(
                "The invoice has no delivery date, which Norway requires "
                "(bokføringsforskriften § 5-1-1 no. 4). Enter it in the tab Other Info "
                "if it is not the invoice date."
            )
            remarks.append(text)
        remark = self.env["maventa.currency.rates"]._remark(move)
        return remarks + list(filter(None, [remark]))

    @api.model
    def _references(self, move):
        """Return the references to other documents."""
        number, origin = self._original_number(move), move.invoice_origin or ""
        day = self._original(move).invoice_date or None
        return ReferenceValues(
            order=self._order_number(move),
            buyer=move.maventa_buyer_reference or "",
            sales_order="" if number and number in origin else origin,
            original=number,
            original_date=day,
            advances=self.env["maventa.deducted.advances"]._of(move),
        )

    @api.model
    def _base_terms(self, move):
        """Return the payment term as text; several due dates one by one."""
        move = self._in_language(move)
        term = move.invoice_payment_term_id
        note = html2plaintext(term.note or "").strip()
        parts = [" ".join(note.split()) or term.name or ""]
        rows = self._installments(move)
        if len(rows) > 1:
            parts += [
                move.env._(
                    "%(date)s: %(amount)s",
                    date=format_date(move.env, row.date_maturity),
                    amount=self._money(move, abs(row.amount_currency)),
                )
                for row in rows
            ]
        return "; ".join(filter(None, parts))

    @api.model
    def _cash_discount(self, move):
        """Return :class:`CashDiscountValues` as booked, or nothing."""
        term, rows = move.invoice_payment_term_id, self._installments(move)
        rows = rows.filtered("discount_date")
        if not term.early_discount or len(rows) != 1 or move.move_type == "out_refund":
            return None
        amount = abs(rows.amount_currency) - abs(rows.discount_amount_currency)
        # Odoo's other modes take the percentage of the amount without VAT.
        is_of_total = term.early_pay_discount_computation == "included"
        base = move.amount_total if is_of_total else move.amount_untaxed
        return CashDiscountValues(
            rows.discount_date,
            Decimal(str(term.discount_percentage)),
            Decimal(f"{amount:.2f}"),
            Decimal(f"{base:.2f}"),
        )

    @api.model
    def _discount_reason(self, move):
        """Return what a discount for early payment is called."""
        return self._in_language(move).env._("Cash discount")

    @api.model
    def _overdue_text(self, move):
        """Return the overdue interest as text, or nothing."""
        percent = move.maventa_account_company_id.sudo().maventa_overdue_percent
        if not percent or move.move_type == "out_refund":
            return ""
        env = self._in_language(move).env
        return env._("Overdue interest %s %%", f"{percent:g}")

    @api.model
    def _texts(self, move):
        """Return the free texts of the document, line by line."""
        move = self._in_language(move)
        sources = [move.narration, move.fiscal_position_id.note]
        texts = [html2plaintext(source) for source in sources if source]
        rows = [row for text in texts for row in text.splitlines() if row.strip()]
        grounds = self.env["maventa.vat.grounds"]._other(move)
        others = filter(None, [self._credit_reason(move), *grounds])
        return rows + [text for text in others if text not in rows]

    @api.model
    def _accounting_vat(self, move):
        """Return the VAT in the currency of the books, if the document's is another.

        VAT of another country is owed in the currency of that country (directive
        2006/112/EC, article 230).
        """
        currency = self._vat_currency(move)
        if move.currency_id == currency:
            return None
        amounts = self.env["maventa.document.amounts"]
        amount = amounts._accounting_vat(move)
        if currency != move.company_currency_id:
            converted = move.currency_id._convert(
                amounts._vat(move), currency, move.company_id, move.invoice_date
            )
            amount = Decimal(f"{converted:.2f}")
        return AccountingVat(currency.name, amount)

    @api.model
    def _foreign_vat_text(self, move):
        """Return the VAT in the currency of another country, which owns it, as text."""
        vat = self._accounting_vat(move)
        if not vat or vat.currency == move.company_currency_id.name:
            return ""
        return self._accounting_text(move, vat)

    @api.model
    def _bank_reference(self, move):
        """Return the payment reference as Finnish banks read it, or nothing.

        A Finnish one is of Finnish payees alone: numbers of other countries (KID, OCR)
        may look like one by chance.
        """
        iban, text = self._iban(move), move.payment_reference or ""
        number = iban.number if iban else ""
        is_finnish = move.company_id.country_code in ("FI", "AX")
        country = "FI" if is_finnish or number.startswith("FI") else ""
        kind = reference_kind(text, country)
        return payment_id(text, country) if kind in FOR_FINNISH_BANKS else ""

    @api.model
    def _extra_texts(self, move):
        """Return what only some formats have an element for, as free texts.

        A reference that no Finnish bank reads, Swedish giro numbers, and the VAT in the
        currency of the books where that is not the euro.
        """
        env, texts = self._in_language(move).env, []
        is_own = move.payment_reference in (False, "", move.name)
        if move.move_type == "out_invoice" and not is_own:
            if not self._bank_reference(move):
                texts.append(env._("Payment reference: %s", move.payment_reference))
        if move.move_type == "out_invoice":
            accounts = self._accounts(move)
            texts += [account.giro for account in accounts if account.giro]
        vat = self._accounting_vat(move)
        if vat and vat.currency != "EUR":
            texts.append(self._accounting_text(move, vat))
        return texts

    @api.model
    def _line_name(self, line):
        """Return what to call a line whose label is empty."""
        env = self._in_language(line.move_id).env
        return line.product_id.name or env._("Item")

    @api.model
    def _tax_statement(self, move):
        """Return what the registration of the seller is called, if it says so."""
        company = move.maventa_account_company_id.sudo()
        if company.maventa_registered != "yes":
            return ""
        return TAX_STATEMENTS.get(move.company_id.country_code, "")

    # === HELPERS === #

    def _charged_vat(self, move):
        """Return the VAT of each category in which cash rounding was booked."""
        found = self.env["maventa.document.amounts"]._charged_vat(move)
        return tuple(ChargedVat(vat, amount) for vat, amount in found)

    def _credit_reason(self, move):
        """Return why a correction was made: Odoo writes it behind the number."""
        number, ref = self._original(move).name, (move.ref or "").strip()
        if not number or number not in ref or number == ref:
            return ""
        if self._odoos_original(move):
            return ref.partition(number)[2].strip(" ,")
        # a sentence around the number, unless it is the order number
        return "" if move.maventa_original_number else ref

    def _in_language(self, move):
        return move.with_context(lang=move.partner_id.lang or self.env.lang)

    def _original(self, move):
        """Return the invoice that a credit or debit note is about."""
        return self._odoos_original(move) or self._named_original(move)

    def _original_number(self, move):
        """Return the number of the original, also of one that Odoo does not know."""
        return self._original(move).name or (move.maventa_original_number or "").strip()

    def _odoos_original(self, move):
        """Return what a correction was made from in Odoo."""
        original = move.reversed_entry_id
        if not original and "debit_origin_id" in move._fields:
            original = move.debit_origin_id
        return original

    def _named_original(self, move):
        """Return the one invoice of this customer that a credit note names.

        Its number is that of the original, or in the customer reference. Another word
        there is no invoice: directive 2006/112/EC, article 219, wants a specific and
        unambiguous reference.
        """
        none = move.browse()
        if move.move_type != "out_refund":
            return none
        typed, ref = (move.maventa_original_number or "").strip(), move.ref or ""
        words = [ref.strip(), *(word.strip(".,;:()") for word in ref.split())]
        known = self.env["account.move"].search(
            [
                ("company_id", "=", move.company_id.id),
                ("commercial_partner_id", "=", move.commercial_partner_id.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("name", "in", [typed] if typed else words),
            ],
            limit=2,
        )
        return known if len(known) == 1 else none

    def _order_number(self, move):
        """Return the customer's order number, of a correction that of its original.

        A correction of a correction has that of the first invoice.
        """
        corrections = move
        while original := self._original(move):
            if self._has_own_order(move, original) or original in corrections:
                break
            corrections |= original
            move = original
        ref = (move.ref or "").strip()
        return "" if ref == self._original_number(move) else ref

    def _has_own_order(self, move, original):
        """Return whether the customer reference of a correction is an order number."""
        ref, number = (move.ref or "").strip(), original.name or ""
        if move.maventa_original_number and not self._odoos_original(move):
            return ref not in ("", number)
        return bool(ref) and number not in ref

    def _vat_currency(self, move):
        """Return the currency that the VAT has to be stated in."""
        is_charged = bool(move.amount_tax)
        if is_charged and self.env["maventa.parties"]._is_sold_abroad(move):
            return move.fiscal_position_id.country_id.currency_id
        return move.company_currency_id

    def _accounting_text(self, move, vat):
        env = self._in_language(move).env
        sign = -1 if move.move_type == "out_refund" else 1
        currency = self._vat_currency(move)
        amount = formatLang(env, float(vat.amount) * sign, currency_obj=currency)
        return env._(
            "VAT in %(currency)s: %(amount)s",
            currency=vat.currency,
            amount=" ".join(amount.split()),
        )

    def _goes_abroad(self, move):
        buyer = move.commercial_partner_id.country_code or move.partner_id.country_code
        seller = self.env["maventa.parties"]._seller(move).country_code
        return bool(buyer) and buyer != seller

    def _lacks_iban(self, move):
        """Return whether a customer abroad cannot pay to any account of the seller."""
        is_abroad = move.move_type == "out_invoice" and self._goes_abroad(move)
        return is_abroad and bool(self._accounts(move)) and not self._iban(move)

    def _address_of_parent(self, move, seller):
        """Return the seller's address if the invoice is of a branch, or nothing."""
        if move.company_id == move.maventa_account_company_id:
            return None
        return AddressValues(
            tuple(filter(None, (seller.street, seller.street2))),
            seller.city or "",
            seller.country_id._maventa_post_code(seller.zip),
            seller.country_code or "",
        )

    def _lacks_norwegian_delivery(self, move):
        is_norwegian = self.env["maventa.parties"]._seller(move).country_code == "NO"
        is_invoice = move.move_type == "out_invoice"
        return is_norwegian and is_invoice and not self._delivery_day(move)

    def _terms(self, move):
        """Return payment terms, cash discount and overdue interest as one text."""
        if move.move_type == "out_refund":
            return ""
        env, parts = move.env, [self._base_terms(move)]
        if cash := self._cash_discount(move):
            parts.append(
                env._(
                    "%(percent)s %% cash discount (%(amount)s) until %(date)s",
                    percent=f"{cash.percent:f}".rstrip("0").rstrip("."),
                    amount=self._money(move, float(cash.amount)),
                    date=format_date(env, cash.day),
                )
            )
        parts.append(self._overdue_text(move))
        return ". ".join(part.rstrip(".") for part in parts if part)

    def _installments(self, move):
        rows = move.line_ids.filtered(lambda row: row.display_type == "payment_term")
        return rows.sorted("date_maturity")

    def _money(self, move, amount):
        text = formatLang(move.env, amount, currency_obj=move.currency_id)
        return " ".join(text.split())

    def _lines(self, move, lines):
        """Return the values of each line, and of the deposits behind them."""
        categories = self.env["maventa.vat.category"].with_env(move.env)
        notes, supply = self._notes(move), categories._exported(move)
        nets = self.env["maventa.document.amounts"]._nets(move)
        found = [
            LineValues(
                self._selling(categories._of_line(line.with_env(move.env)), supply),
                name=self._line_name(line),
                note="\n".join(notes.get(line.id, ())),
                net=nets.get(line.id),
            )
            for line in lines
        ]
        found += [
            LineValues(categories._of_tax(tax), name=tax.name)
            for tax in categories._deposit_taxes(lines)
        ]
        return tuple(found)

    def _selling(self, category, supply):
        return category and replace(category, supply=supply)

    def _notes(self, move):
        """Return the text lines by the product line that they belong to.

        A heading belongs to the line behind it, a note to the line before it.
        """
        rows = move.invoice_line_ids.sorted(lambda row: (row.sequence, row.id))
        found, waiting, last = {}, [], None
        for row in rows:
            if row.display_type == "product":
                found[row.id] = waiting
                waiting, last = [], row
            elif row.display_type in TEXT_LINES and row.name:
                is_note = row.display_type == "line_note" and last
                (found[last.id] if is_note else waiting).append(row.name)
        if waiting and last:
            found[last.id] = found[last.id] + waiting
        return found
