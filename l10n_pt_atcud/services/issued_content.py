"""What is printed on a document, kept as it was when the document was issued.

A later change of the customer, of a tax or of the settings changes no reprint. Of what
Odoo's report of invoices prints, and this addon adds to it:

=======================================  ==========================================
number, dates of document and supply,    never written again (``immutability``)
origin, references, payment reference,
bank account, terms, lines, amounts,
text at the end, reason, corrected one
customer and delivery: name, address,    kept here: ``customer``, ``shipping``,
tax number, customer code; language      ``customer_code``, ``lang``
name of the document, of taxes and       ``document_name``, ``taxes``, ``tax_groups``,
units; the summary of taxes, in words    ``units``, ``totals``, ``total_in_words``
due date or how paid, instalments,       ``due_date``, ``paid_by``, ``instalments``,
discount; what                           ``discount``,
stands behind bank account, Incoterm,    ``bank``, ``incoterm``, ``notes``,
notes and fiscal position                ``foreign_vat``
corrected document, cash scheme          ``corrected``, ``cash_scheme``
QR code, ATCUD, exemptions, signature    fields of their own, written once
paid amounts, amount due, codes for      as they are at the moment of the print: they
paying, cancellation, second print       say what has happened since (of signed
                                         documents, payments of FR only)
letterhead, footer, layout               the company's paper, not the document
=======================================  ==========================================

The due date stays free, because a later one may be agreed: the original is printed.
"""

from markupsafe import Markup
from odoo import api, fields, models
from odoo.tools import format_date

from ..guards import internal
from ..models.res_partner import known_number


@internal
class L10nPtAtcudIssuedContent(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.issued_content"
    _description = "AT: what is printed on an issued document"

    # === PUBLIC === #

    @api.model
    def freeze(self, moves):
        """Write down what is printed on documents that have just got their ATCUD.

        :raise UserError: something that the law requires on paper is missing
        """
        content, payload = (
            moves._fields[name]
            for name in ("l10n_pt_atcud_content", "l10n_pt_atcud_qr_payload")
        )
        # Protected, as while they are computed: writing through account.move would
        # check and balance every entry once more.
        with self.env.protecting([content, payload], moves):
            for move in moves:
                move.l10n_pt_atcud_content = self._content(move)
                move.l10n_pt_atcud_qr_payload = self._payload(move)

    @api.model
    def freeze_cancellation(self, move):
        """Let the QR code say that the document is cancelled, and nothing else."""
        payload = move.l10n_pt_atcud_qr_payload
        field = move._fields["l10n_pt_atcud_qr_payload"]
        if payload:
            with self.env.protecting([field], move):
                move.l10n_pt_atcud_qr_payload = payload.replace("*E:N*", "*E:A*", 1)

    @api.model
    def printed(self, move):
        """Return what the report of invoices prints: kept, or else as it is now.

        For entries of all kinds and countries, in the language of the context.
        """
        content = move._l10n_pt_atcud_content_of()
        # What was issued before this was kept is printed as it was.
        printed = self._variable(move) | ({"paid_by": "", **content} if content else {})
        notes = {name: Markup(text) for name, text in printed["notes"].items()}
        return printed | {"notes": notes, "totals": self._named(move, printed)}

    @api.model
    def is_cash_scheme(self, move):
        """Return whether VAT of a document is due when it is paid."""
        taxes = move.invoice_line_ids.tax_ids._l10n_pt_atcud_single()
        return any(tax.tax_exigibility == "on_payment" for tax in taxes)

    # === HELPERS === #

    def _content(self, move):
        """Return the printed contents, for addons that add to them."""
        partner = move.partner_id
        names = self.env["l10n_pt_atcud.document_names"]
        lang = names.language(partner, move.company_id)
        move, names = move.with_context(lang=lang), names.with_context(lang=lang)
        taxes = move.line_ids.tax_ids
        all_taxes = taxes.flatten_taxes_hierarchy() | taxes
        taxpayer = move.company_id._l10n_pt_atcud_taxpayer().sudo()
        return {
            **self._variable(move),
            "lang": lang,
            "customer": {
                **self._address(move.partner_id),
                "vat": partner.vat if known_number(partner.vat) else "",
                "vat_label": move.company_id.account_fiscal_country_id.vat_label or "",
                "country": partner.country_id.code or "",
            },
            "shipping": self._address(move.partner_shipping_id),
            "document_type": move.l10n_pt_atcud_document_type,
            "document_name": names.of_type(move.l10n_pt_atcud_document_type, partner),
            "producer": move.company_id.sudo().l10n_pt_atcud_producer or "",
            "producer_details": self._producer_details(taxpayer),
            "software_number": taxpayer._l10n_pt_atcud_certificate_number() or "",
            "taxes": {str(tax.id): tax.tax_label or "" for tax in taxes},
            "tax_groups": {
                str(group.id): group.name for group in all_taxes.tax_group_id
            },
        }

    def _variable(self, move):
        """Return what could look different in a later print, JSON."""
        printing = self.env["l10n_pt_atcud.signed_printing"]
        words = move.company_id.display_invoice_amount_total_words
        corrected = move._l10n_pt_atcud_corrected()
        # Nothing of an invoice-receipt is due: day and amount stand with the totals.
        is_paid = move.l10n_pt_atcud_document_type == "FR"
        paid_by = (is_paid and move.l10n_pt_atcud_payment_journal_id.name) or ""
        return {
            "supplied_on": fields.Date.to_string(move.delivery_date) or "",
            "due_date": fields.Date.to_string(not paid_by and move.invoice_date_due)
            or "",
            "paid_by": paid_by,
            "customer_code": move.partner_id.ref or "",
            "incoterm": move.invoice_incoterm_id.code or "",
            "foreign_vat": move.fiscal_position_id.foreign_vat or "",
            "bank": move.partner_bank_id.sudo().display_name or "",
            "notes": {
                "fiscal_position": move.fiscal_position_id.note or "",
                "taxes": move.taxes_legal_notes or "",
                "terms": move.invoice_payment_term_id.note or "",
            },
            "units": self._units(move),
            "totals": move.tax_totals or None,
            "total_in_words": (printing.total_in_words(move) if words else "") or "",
            "corrected": self._corrected(corrected.sudo()) if corrected else None,
            "cash_scheme": self.is_cash_scheme(move),
            **self._instalments(move),
        }

    def _address(self, partner):
        """Return name and address as Odoo prints them, or ``None`` for nobody."""
        if not partner:
            return None
        printed = partner.with_context(show_address=True)
        name, _newline, address = printed.display_name.partition("\n")
        lines = address.strip().split("\n") if address.strip() else []
        return {"name": name, "address": lines}

    def _corrected(self, move):
        return {
            "number": move._l10n_pt_atcud_original() or move.name or "",
            "date": fields.Date.to_string(move.invoice_date) or "",
        }

    def _units(self, move):
        """Return names of units by line, and the quantity in the product's own."""
        units = {}
        for line in move.invoice_line_ids.filtered("product_uom_id"):
            unit, own = line.product_uom_id, line.product_id.uom_id
            units[str(line.id)] = names = {"name": unit.display_name}
            if own and unit != own:
                names["product_unit"] = own.display_name
                names["quantity"] = unit._compute_quantity(line.quantity, own)
        return units

    def _instalments(self, move):
        """Return the terms of payment that the report shows beside their note."""
        terms = move.invoice_payment_term_id
        lines = move.line_ids.filtered(lambda x: x.display_type == "payment_term")
        # An invoice-receipt is paid when it is printed first.
        is_open = (
            move.l10n_pt_atcud_document_type != "FR"
            and move.payment_state in ("not_paid", "partial")
            and move.move_type in move._early_payment_discount_move_types()
        )
        has_details = len(lines) > 1 or terms.early_discount
        if not (terms.display_on_invoice and is_open and has_details):
            return {"instalments": [], "discount": None}
        date = move.invoice_date
        discount = None
        if move._is_eligible_for_early_payment_discount(move.currency_id, date):
            discount = {
                "amount": terms._get_amount_due_after_discount(
                    move.amount_total, move.amount_tax
                ),
                "date": self._day(move, terms._get_last_discount_date(date)),
            }
        instalments = [
            {
                "date": self._day(move, line.date_maturity),
                "amount": move.direction_sign * -line.amount_currency,
            }
            for line in lines.sorted("date_maturity")
        ]
        return {"instalments": instalments, "discount": discount}

    def _day(self, move, day):
        """Return a date as text; signed documents have those of the law."""
        return format_date(
            move.env, day, date_format="yyyy-MM-dd" if move.l10n_pt_atcud_hash else None
        )

    def _named(self, move, printed):
        """Return the summary of taxes, with the names that they had."""
        printing = self.env["l10n_pt_atcud.signed_printing"]
        totals = printing.without_withheld(move, printed["totals"])
        names = printed.get("tax_groups")
        for subtotal in (totals or {}).get("subtotals", ()) if names else ():
            for group in subtotal["tax_groups"]:
                group["group_name"] = names.get(str(group["id"]), group["group_name"])
        return totals

    def _producer_details(self, taxpayer):
        """Return the lines of the header of training documents."""
        signing = taxpayer._l10n_pt_atcud_signing()
        if not signing:
            return []
        address = (signing.producer_address or "").splitlines()
        return [signing.producer, f"NIF {signing.producer_vat}", *address]

    def _payload(self, move):
        """Return the text of the QR code, or ``False`` where none may be printed."""
        service = self.env["l10n_pt_atcud.qr_code"]
        signature = service._signature(move)
        return service.payload(move, signature) if signature else False
