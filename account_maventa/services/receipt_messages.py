"""The table from points of a diagnosis to texts, labels and remedies.

Points of one cause are one line: a wrong price makes six sums differ.
"""

import re

from odoo import api, models
from odoo.tools import format_date

from ..guards import internal
from ..maventa_api.document_kinds import DocumentKind
from ..models.maventa_receipt import UNTAXED
from .purchase_taxes import REVERSE

# Points that a person settles by having looked
CONFIRMABLE = (
    *("advance_taxed", "advance_unknown", "vat_deducted"),
    *("cancelled", "collected", "contradiction", "correction", "credit_too_high"),
    *("copy", "credited_draft", "type_doubtful", "withdrawn"),
    *("date_old", "detect", "factored", "paid"),
    *("partly_paid", "payee_other", "prepayment", "recipient_name", "recipient_other"),
    *("recipient_unknown", "recipient_unnumbered", "scan", "service_totals"),
    *("currency_unknown", "date_future"),
    *("foreign_vat", "foreign_vat_taxed", "reverse_named"),
    *("tax_home", "tax_removed", "vat_in_books", "vat_registered"),
    *("reader_missing_date", "reader_missing_number", "reader_missing_seller"),
    "reader_missing_total",
    *("tax_proposed", "totals", "reader_currency_assumed", "reader_no_rows"),
    *("reader_odd_date", "reader_odd_number", "reader_odd_reference"),
    *("reader_odd_type", "vat_without_number"),
    *("reader_several_currencies", "reader_unreadable_document"),
    *("seller_numbers", "supplier_namesake"),
    *("supplier_new", "supplier_unconfirmed"),
    *("supply_unclear", "tax_assessed", "tax_not_in_force", "tax_other_supply"),
    *("head_differs", "reminder", "supplier_renamed"),
)
# Points that posting itself decides: Odoo remembers the tax and the supplier
DECIDED_BY_POSTING = ("tax_proposed", "supplier_new", "supplier_unconfirmed")
# Points of which all of a kind are one line
SUMS = ("totals", "rounding", "head_differs", "contradiction", "service_totals")
# Where a tax is missing, these sums follow from it
MISSING_TAX = (*UNTAXED, "tax_removed")
SUMS_OF_VAT = {"vat", "total", "payable", "vat_amount"}
RATES = ("no_rate", "rate_old")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
ACCOUNTS = (
    *("account_archived", "account_changed", "account_differs", "account_new"),
    *("account_other", "account_untrusted"),
)


@internal
class MaventaReceiptMessages(models.AbstractModel):
    """Texts in the language of the context."""

    _name = "maventa.receipt.messages"
    _description = "Maventa Messages on Receipts"

    # === PUBLIC === #

    @api.model
    def _confirmable(self):
        return CONFIRMABLE

    @api.model
    def _asked_before_posting(self, points):
        """Return those of the points that a person must decide before posting.

        That is all of them, but for what posting decides, and for the account to pay
        to: without a trusted one the bill names none.
        """
        others = (*DECIDED_BY_POSTING, *ACCOUNTS)
        return [row for row in points if row["code"] not in others]

    @api.model
    def _about_accounts(self, points):
        """Return those about the account to pay to: open until the bill is paid."""
        return [row for row in points if row["code"] in ACCOUNTS]

    @api.model
    def _may_be_without_vat(self, row):
        """Return whether a person may say that no VAT belongs to the lines.

        Nobody may where the seller states that the buyer owes it: where the purchase
        is exempt all the same, a tax of 0 % on the lines says so.
        """
        values = row["values"]
        rate = values.get("rate") or "0"
        is_stated = row["code"] == "tax_owed" and values.get("category") in REVERSE
        return row["code"] in UNTAXED and not float(rate) and not is_stated

    @api.model
    def _lines(self, points):
        """Return one ``(point, text)`` per cause, in the order of the points."""
        return [(rows[0], text) for rows, text in self._with_texts(points)]

    @api.model
    def _with_texts(self, points):
        """Return ``(points, text)`` per cause, in the order of the points.

        What follows from a cause is in its text.
        """
        causes = []
        for rows in _causes(points):
            first, *others = rows
            if first["code"] == "duplicate":
                names = ", ".join(row["values"].get("name", "-") for row in rows)
                text = self._text({**first, "values": {"name": names}})
            elif first["code"] in SUMS:
                text = self._sums_text(first["code"], rows)
            else:
                text = self._text(first)
                if others:
                    text += "\n" + self._sums_text(others[0]["code"], others)
            causes.append((rows, text))
        return causes

    @api.model
    def _text(self, row):
        """Return the sentence for a point."""
        code, values = row["code"], row.get("values") or {}
        if code in SUMS:
            return self._sums_text(code, [row])
        texts = {**self._supplier_texts(), **self._account_texts(), **self._texts()}
        if text := texts.get(code):
            shown = {name: values.get(name, "-") for name in NAMES}
            shown["kind"] = self._kind_names().get(shown["kind"], shown["kind"])
            return text % {**shown, "date": self._day(shown["date"])}
        return self._reader_text(code, values)

    @api.model
    def _decision(self, code):
        """Return what a person says who settles a point."""
        if code == "duplicate":
            return self.env._("It is another invoice")
        if code == "withdrawn":
            return self.env._("It still stands")
        if code in UNTAXED:
            return self.env._("Without VAT is right")
        return self.env._("Checked")

    @api.model
    def _label(self, code):
        """Return the short name of a point, for lists and activities."""
        if not code:
            return ""
        groups = {
            "advance": self.env._("Prepayment"),
            "supplier": self.env._("Supplier"),
            "account": self.env._("Account to pay to"),
            "tax": self.env._("Tax"),
            "supply": self.env._("Tax"),
            "totals": self.env._("Sums"),
            "contradiction": self.env._("Sums of the document"),
            "service": self.env._("Sums at Maventa"),
            "currency": self.env._("Currency"),
            "no": self.env._("Currency rate"),
            "rate": self.env._("Currency rate"),
            "date": self.env._("Date"),
            "duplicate": self.env._("Possible duplicate"),
            "detect": self.env._("Maventa's checks"),
            "recipient": self.env._("Recipient"),
            "sender": self.env._("Sender"),
            "seller": self.env._("Supplier"),
            "credit": self.env._("Credit note"),
            "vat": self.env._("VAT"),
            "foreign": self.env._("VAT"),
            "reverse": self.env._("Tax"),
            "rounding": self.env._("Sums"),
            "paid": self.env._("Already paid"),
            "collected": self.env._("Already paid"),
            "correction": self.env._("Correction"),
            "partly": self.env._("Already paid"),
            "prepayment": self.env._("Prepayment"),
            "factored": self.env._("Payee"),
            "payee": self.env._("Payee"),
            "scan": self.env._("Scan"),
            "reminder": self.env._("Reminder"),
            "kind": self.env._("Not a bill"),
            "type": self.env._("Kind of document"),
            "withdrawn": self.env._("Withdrawn"),
            "copy": self.env._("Possible duplicate"),
            "unreadable": self.env._("Unreadable"),
        }
        return groups.get(code.partition("_")[0]) or self.env._("Content")

    @api.model
    def _remedy(self, row):
        """Return the label of a point's button and the action of the receipt."""
        code = row["code"]
        if code in ACCOUNTS:
            return self.env._("Compare the accounts"), "action_account"
        if code in UNTAXED:
            is_creatable = self.env["maventa.chart.purchases"]._key_of(row)
            is_manager = self.env.user.has_group("account.group_account_manager")
            if is_creatable and is_manager:
                return self.env._("Create the tax"), "action_create_tax"
            return self._other_remedy(row)[1:] or ("", "")
        if code in RATES:
            return self.env._("Take the rate of the day"), "action_take_rate"
        own = {
            "rounding": (self.env._("Take the document's VAT"), "action_take_vat"),
            "duplicate": (self.env._("Compare the bills"), "action_duplicate"),
            "advance_taxed": (
                *(self.env._("Take the advance off"), "action_take_advance"),
            ),
            "unreadable_slow": (self.env._("Read again"), "action_read_again"),
        }
        if code in own:
            return own[code]
        if code == "withdrawn":
            return self._remedy_of_withdrawn(row)
        if code in CONFIRMABLE:
            return self._decision(code), "action_confirm_points"
        return "", ""

    def _remedy_of_withdrawn(self, row):
        if row["values"].get("state") == "posted":
            return self.env._("Credit the bill"), "action_reverse"
        return self.env._("Cancel the bill"), "action_cancel_withdrawn"

    @api.model
    def _other_remedy(self, row):
        """Return text, label and action of a second way out, or nothing."""
        if row["code"] == "withdrawn":
            return (
                self.env._("Or the invoice was withdrawn by mistake:"),
                self._decision(row["code"]),
                "action_confirm_points",
            )
        if row["code"] == "advance_taxed":
            return (
                self.env._("Or the VAT of the advance is not deducted with its bill:"),
                self._decision(row["code"]),
                "action_confirm_points",
            )
        if row["code"] not in UNTAXED or not self._may_be_without_vat(row):
            return ()
        return (
            self.env._("Or no VAT belongs to these lines:"),
            self._decision(row["code"]),
            "action_without_vat",
        )

    # === TEXTS === #

    def _supplier_texts(self):
        return {
            "supplier_new": self.env._(
                "The supplier %(name)s is new: the contact was made from this invoice. "
                "Check it before you post."
            ),
            "supplier_unconfirmed": self.env._(
                "The supplier %(name)s is new: the contact was made from the invoice "
                "%(number)s, and nobody has confirmed it yet. Check it before you post."
            ),
            "supplier_namesake": self.env._(
                "Another contact is also called %(name)s, but has another number "
                "(%(known)s; the invoice says %(number)s). Frauds use the name of a "
                "supplier that you know: ask the supplier before you pay."
            ),
            "supplier_renamed": self.env._(
                "The invoice has the number or the e-invoice address of %(known)s, but "
                "the name %(name)s. Frauds use those of a supplier that you know: ask "
                "the supplier before you pay."
            ),
            "supplier_unknown": self.env._(
                "The supplier (%(name)s) has no valid number in the invoice. Choose "
                "the supplier."
            ),
            "supplier_several": self.env._(
                "Several contacts have the number of the supplier %(name)s. Choose the "
                "supplier."
            ),
            "supplier_archived": self.env._(
                "The contact of the supplier %(name)s is archived. Restore it, or "
                "choose another one."
            ),
            "supplier_self": self.env._("Your own company is named as the seller."),
            "sender_other": self.env._(
                "The invoice was sent by %(name)s (%(number)s), who is not its seller."
            ),
            "vat_without_number": self.env._(
                "The seller %(name)s charges VAT, but names no VAT number: it may not "
                "be deducted."
            ),
            "seller_numbers": self.env._(
                "The VAT number %(number)s and the business id %(known)s of the seller "
                "%(name)s belong to two companies. Confirm it if the seller is in a "
                "VAT group of that number: you are asked once. Otherwise ask the "
                "supplier."
            ),
            "recipient_other": self.env._(
                "The invoice is for %(name)s (%(number)s), not for your company."
            ),
            "recipient_name": self.env._(
                "The invoice is for %(name)s, but has the number of %(known)s. Is it "
                "for your company?"
            ),
            "recipient_unnumbered": self.env._(
                "The invoice is for %(name)s, not for %(known)s, and names no number "
                "of the buyer. Its VAT may be deducted only if it is for your company."
            ),
            "recipient_unknown": self.env._("The invoice does not say for whom it is."),
        }

    def _account_texts(self):
        return {
            "account_missing": self.env._("The invoice names no account to pay to."),
            "account_untrusted": self.env._(
                "Pay to %(named)s? The account is known, but not trusted."
            ),
            "account_archived": self.env._(
                "Pay to %(named)s? The account is archived in Odoo. Known accounts: "
                "%(known)s."
            ),
            "account_changed": self.env._(
                "The account to pay to has changed: the invoice says %(named)s, known "
                "are %(known)s. Call the supplier at a number that you know before you "
                "trust it."
            ),
            "account_new": self.env._(
                "The supplier has no account in Odoo yet; the invoice says %(named)s."
            ),
            "account_other": self.env._(
                "The account %(named)s belongs to another contact. Known accounts of "
                "the supplier: %(known)s."
            ),
            "account_differs": self.env._(
                "The bill would be paid to %(chosen)s, the invoice says %(named)s."
            ),
        }

    def _texts(self):
        return {
            **self._tax_and_date_texts(),
            **self._vat_texts(),
            **self._deduction_texts(),
            "cancelled": self.env._(
                "The credit note voids its invoice as a whole (%(number)s): what is "
                "not paid of that one is not to be paid."
            ),
            "withdrawn": self.env._(
                "The sender has withdrawn this invoice (%(number)s): do not pay it. If "
                "it is posted, credit it, or ask the supplier for a credit note."
            ),
            "withdrawn_unknown": self.env._(
                "The sender withdraws the invoice %(number)s, of which there is no "
                "bill. If it comes or is entered later, its bill is held."
            ),
            "copy": self.env._(
                "The sender calls this a copy of the invoice %(number)s, but there is "
                "no other bill of it. Confirm that it is to be booked."
            ),
            "type_doubtful": self.env._(
                "By its type (%(type)s) this is no invoice, but a request for payment, "
                "a reminder or a notification: by it no VAT may be deducted. Ask the "
                "sender for an invoice; or confirm that it is one: you are asked once "
                "for this supplier and type."
            ),
            "prepayment": self.env._("This is a prepayment invoice."),
            "factored": self.env._("Payable to a finance company: %(payee)s"),
            "payee_other": self.env._(
                "Payable to %(payee)s, not to the seller %(name)s. Ask the supplier, "
                "at a number that you know, unless you know why."
            ),
            "paid": self.env._(
                "The invoice says that it is paid already. Do not pay it again."
            ),
            "partly_paid": self.env._(
                "The invoice says that %(amount)s is paid already. Pay only the rest."
            ),
            "collected": self.env._(
                "The seller collects the amount itself, by direct debit or card. Do "
                "not transfer it as well."
            ),
            "correction": self.env._(
                "This invoice corrects an earlier one (%(number)s). Check that not "
                "both are paid."
            ),
            "reminder": self.env._(
                "The invoice calls itself a reminder (%(text)s). Check that its debt "
                "is not booked yet."
            ),
            "scan": self.env._(
                "A scan: compare sums, number, dates and account with the picture."
            ),
            "credited_unknown": self.env._(
                "The credited invoice %(number)s was not found among the posted bills."
            ),
            "credited_several": self.env._(
                "Several bills of the supplier have the number of the credited invoice "
                "(%(number)s): the credit note is linked with none of them."
            ),
            "credited_draft": self.env._(
                "The credited bill %(name)s is still a draft. Post it first: then the "
                "credit note belongs to it."
            ),
            "credited_unnamed": self.env._(
                "The credit note does not say which invoice it credits."
            ),
            "credit_too_high": self.env._(
                "%(amount)s is credited of the invoice %(number)s, which is only "
                "%(total)s."
            ),
            "duplicate": self.env._("This may be the same invoice as %(name)s."),
            "detect": self.env._("Maventa warns (%(check)s): %(text)s"),
            "detect_pending": self.env._("Maventa's check %(check)s is not complete."),
            "missing_files": self.env._(
                "Maventa did not hand over these attachments: %(name)s. Read again to "
                "ask for them."
            ),
            "kind": self.env._("Not a bill: %(kind)s (%(type)s)"),
            "kind_claim": self.env._(
                "Not a bill: %(kind)s (%(type)s). If it claims what no other bill "
                "does, as interest or a fee, book it as a bill."
            ),
            "unreadable": self.env._(
                "Odoo cannot read the invoice (%(kind)s). Enter the bill by hand from "
                "the picture, or ask the sender for another format."
            ),
            "unreadable_slow": self.env._(
                "The server has ended several tries to fetch and book this invoice, "
                "because it takes too long. Read it again when the server has a longer "
                "time limit, or enter the bill by hand from the sender's copy."
            ),
        }

    def _kind_names(self):
        """Return what people call the kinds that are no bills."""
        return {
            DocumentKind.INTEREST_NOTE: self.env._("interest note"),
            DocumentKind.COLLECTION: self.env._("collection notice"),
            DocumentKind.REMINDER: self.env._("reminder"),
            DocumentKind.PRO_FORMA: self.env._("pro forma invoice"),
            DocumentKind.SELF_BILLING: self.env._("invoice of the buyer itself"),
            DocumentKind.OTHER: self.env._("another kind of document"),
        }

    def _tax_and_date_texts(self):
        return {
            "tax_missing": self.env._(
                "There is no purchase tax for %(rate)s %% (category %(category)s). "
                "Choose another tax on the lines, or have it created: accounting "
                "managers have a button for it here."
            ),
            "tax_owed": self.env._(
                "Your company may owe the VAT of these lines (category %(category)s), "
                "and they have no tax. Choose a tax of reverse charge or import on "
                "the lines (proposal: %(tax)s). If the purchase is exempt in your "
                "country all the same, choose a tax of 0 %%."
            ),
            "tax_removed": self.env._(
                "The invoice charges VAT of %(rate)s %% on lines that have no tax in "
                "the bill. Choose a tax (proposal: %(tax)s). If the VAT may not be "
                "deducted, keep the tax and enter the deductible share in the column "
                '"Professional %%"; or enter the amount with VAT, and confirm.'
            ),
            "tax_proposed": self.env._(
                "The tax %(tax)s is a proposal for category %(category)s, %(rate)s %%. "
                "Odoo remembers your choice when you post the bill."
            ),
            "tax_not_in_force": self.env._(
                "VAT of %(rate)s %% was not in force on %(date)s in the country of the "
                "seller, nor on a day of delivery or of an original that the invoice "
                "names. If it was in force when the goods or services were delivered, "
                "or paid in advance, confirm; otherwise ask the supplier for a "
                "corrected invoice."
            ),
            "supply_unclear": self.env._(
                "Goods or services? The invoice has signs of goods (%(goods)s) and of "
                "services (%(services)s). The tax %(tax)s is a proposal: check it, or "
                "choose another one."
            ),
            "tax_unclear": self.env._(
                "The invoice does not say which VAT belongs to a line. Choose the tax."
            ),
            "currency_unknown": self.env._(
                "Odoo does not know the currency %(currency)s: the amounts are not in "
                "the currency of the bill."
            ),
            "currency_inactive": self.env._("The currency %(currency)s is not active."),
            "no_rate": self.env._(
                "There is no rate of %(currency)s for the day of the invoice: the bill "
                "would be booked at 1:1. Enter the rate on the bill; or for the "
                "currency, and take it."
            ),
            "rate_old": self.env._(
                "The bill has a rate of %(currency)s that is %(days)s days older than "
                "the invoice (%(rate)s). Enter the rate of the day on the bill; or for "
                "the currency, and take it."
            ),
            "date_future": self.env._("The invoice date is in the future: %(date)s"),
            "date_old": self.env._("The invoice is older than a year: %(date)s"),
            "due_early": self.env._(
                "Due on %(date)s: earlier than the payment terms of the supplier "
                "(%(name)s)."
            ),
            "due_before_date": self.env._("Due before the invoice date: %(date)s"),
            "due_missing": self.env._(
                "The invoice names no due date, and no payment terms are agreed with "
                "the supplier: the bill is due on %(date)s."
            ),
        }

    def _deduction_texts(self):
        """Return the texts about VAT that may be deducted twice, or not at all."""
        return {
            "advance_taxed": self.env._(
                "%(amount)s is paid already, but the VAT is that of the whole amount. "
                "If %(name)s was the advance invoice, its VAT would be deducted twice: "
                "then take it off, by lines below zero with its account and tax, or "
                "reverse that bill."
            ),
            "advance_unknown": self.env._(
                "The invoice takes off an advance of %(amount)s (%(text)s), but no "
                "posted bill of the supplier has this number or amount. Post the bill "
                "of the advance first, or ask the supplier for it; confirm if it is "
                "booked in another way."
            ),
            "vat_deducted": self.env._(
                "The account %(name)s is for purchases whose VAT may not be deducted, "
                "or only in part (%(law)s); the tax %(tax)s deducts all of it. Choose "
                "a tax on the lines that deducts no more than the law allows (create "
                "it, if there is none), enter the share that is deducted in the column "
                '"Professional %%", or confirm that all may be deducted: you are '
                "asked once for this supplier and account."
            ),
        }

    def _vat_texts(self):
        """Return the texts about what the document says of VAT."""
        return {
            "tax_reason": self.env._(
                "The invoice charges no VAT, and does not say why (category "
                "%(category)s). Choose a tax on the lines."
            ),
            "tax_outside": self.env._(
                "The invoice is outside the scope of the seller's VAT (category "
                "%(category)s): your company may owe the VAT. Choose a tax on the "
                "lines."
            ),
            "tax_unassessed": self.env._(
                "Your company owes the VAT of these lines (category %(category)s), but "
                "the tax %(tax)s assesses none. Choose a tax of reverse charge on the "
                "lines; or say that no VAT is owed, for example because the "
                "purchase is exempt in your country."
            ),
            "tax_assessed": self.env._(
                "The seller accounts for the VAT of these lines (category "
                "%(category)s, %(rate)s %%), but by the tax %(tax)s your company would "
                "owe it, too. Choose a tax of that rate without reverse charge on the "
                "lines; or ask the supplier whether the invoice is right."
            ),
            "tax_other_supply": self.env._(
                "The tax %(tax)s is for another kind of purchase than the invoice: it "
                "has signs of goods (%(goods)s) and of services (%(services)s). Choose "
                "the tax of that kind on the lines, or confirm it for this bill."
            ),
            "tax_home": self.env._(
                "The tax %(tax)s is for sellers in your own country, and this one is "
                "not. Choose another tax on the lines, or confirm it for this bill."
            ),
            "tax_exempt": self.env._(
                "The seller charges no VAT (category %(category)s). That may be right: "
                "an exempt supply (insurance, rent), damages, or outlays. If the "
                "purchase is taxable in your country, your company may owe the VAT: "
                "then choose a tax of reverse charge on the lines."
            ),
            "tax_doubtful": self.env._(
                "VAT category %(category)s is unusual for a seller in that country. "
                "Ask the supplier what it means, or choose a tax on the lines."
            ),
            "tax_without_rate": self.env._(
                "The invoice says VAT category %(category)s for a line, but no rate. "
                "Choose the tax."
            ),
            "reverse_named": self.env._(
                "The invoice has no VAT category, but names a reverse charge "
                '("%(text)s"). Check the tax of its lines.'
            ),
            "foreign_vat": self.env._(
                "VAT of %(rate)s %% is of another country (%(name)s): it is part of "
                "the cost, and cannot be deducted. Should the supplier invoice without "
                "VAT? If your company is registered there and the invoice is for that "
                "number, choose the fiscal position and the tax of that country, and "
                "remove the line with the VAT."
            ),
            "vat_registered": self.env._(
                "VAT of %(rate)s %% is of another country (%(name)s), where your "
                "company is registered: by the tax %(tax)s it is deducted in the "
                "return there. "
                "Check that the invoice is for that registration."
            ),
            "vat_in_books": self.env._(
                "The invoice states its VAT in your currency: %(amount)s %(currency)s. "
                "The bill would deduct %(total)s. Enter the rate %(rate)s on the bill, "
                "so that both are equal, or confirm."
            ),
            "foreign_vat_taxed": self.env._(
                "VAT of %(rate)s %% of another country (%(name)s) is in the bill. "
                "Remove the tax of its lines: nothing is deducted or assessed beside "
                "it."
            ),
        }

    def _sums_text(self, code, rows):
        """Return one sentence for sums that differ between the same two sides."""
        sums = "; ".join(self._difference(row.get("values") or {}) for row in rows)
        if code == "contradiction":
            return self.env._("The document contradicts itself. %(sums)s", sums=sums)
        if code == "rounding":
            return self.env._(
                "The bill differs from its document by rounding. %(sums)s", sums=sums
            )
        if code == "service_totals":
            return self.env._(
                "Maventa's list says other sums than the document. %(sums)s", sums=sums
            )
        return self.env._("The bill differs from its document. %(sums)s", sums=sums)

    def _difference(self, values):
        what = {
            "currency": self.env._("Currency"),
            "net": self.env._("Untaxed amount"),
            "vat": self.env._("VAT"),
            "total": self.env._("Total"),
            "payable": self.env._("Amount to pay"),
            "vat_base": self.env._("Base of the VAT"),
            "vat_amount": self.env._("VAT"),
            "vat_rate": self.env._("VAT"),
        }.get(values.get("what")) or self._field_label(values.get("what"))
        group = " ".join(filter(None, [values.get("category"), values.get("rate")]))
        label = f"{what} ({group})" if group else what
        sides = {
            "rows": self.env._("lines of the document"),
            "document": self.env._("document"),
            "bill": self.env._("bill"),
            "service": self.env._("Maventa"),
        }
        is_day = str(values.get("what")).startswith("invoice_date")
        shown = self._day if is_day else lambda text: text
        facts = {
            "label": label,
            "expected": shown(values.get("expected")),
            "found": shown(values.get("found")),
            "one": sides.get(values.get("expected_side")),
            "other": sides.get(values.get("found_side")),
        }
        text = self.env._("%(label)s: %(one)s %(expected)s, %(other)s %(found)s")
        return text % facts

    def _field_label(self, name):
        """Return what people call a field of a bill."""
        field = self.env["account.move"]._fields.get(name)
        return field._description_string(self.env) if field else name

    def _day(self, text):
        """Return a day as people write it; another text stays as it is."""
        if not DAY.fullmatch(text or ""):
            return text
        try:
            return format_date(self.env, text)
        except ValueError:
            return text

    def _reader_text(self, code, values):
        """Return what the reader of a document found odd, with its words."""
        texts = {**self._lacks(), **self._oddities()}
        name = code.removeprefix("reader_")
        if name not in texts:
            return self.env._("The document says something odd: %s", name)
        shown = [self._day(value) for value in values.values()]
        return " ".join([texts[name], *filter(None, [", ".join(shown)])])

    def _lacks(self):
        """Return the texts for what a document does not have."""
        return {
            "attachments_missing": self.env._("Attachments are missing:"),
            "currency_assumed": self.env._("No currency is written; assumed:"),
            "missing_date": self.env._("The invoice has no date."),
            "missing_number": self.env._("The invoice has no number."),
            "missing_seller": self.env._("The invoice names no seller."),
            "missing_total": self.env._("The invoice has no total."),
            "no_rows": self.env._("The invoice has sums, but no lines."),
        }

    def _oddities(self):
        """Return the texts for what contradicts itself, or is not what it should be."""
        return {
            "control_characters": self.env._(
                "The document has characters that no text may have. They are left out."
            ),
            "declared_encoding": self.env._(
                "The document names another character set than it uses. Check special "
                "letters."
            ),
            "due_before_date": self.env._("Due before the invoice date:"),
            "due_dates_differ": self.env._(
                "The terms and the payment name two due dates; that of the payment, "
                "the second, counts:"
            ),
            "negative_invoice": self.env._(
                "By its type an invoice, by its total a credit note: it is booked as a "
                "credit note."
            ),
            "odd_account": self.env._("The account number is not valid:"),
            "odd_date": self.env._("Not a date:"),
            "odd_frame": self.env._("The frame around the document cannot be read."),
            "odd_number": self.env._("Not a number:"),
            "odd_reference": self.env._("The payment reference is not valid:"),
            "odd_type": self.env._(
                "The two type codes contradict each other (bill or credit note):"
            ),
            "positive_credit_note": self.env._(
                "A credit note with positive amounts: it is booked as a credit note."
            ),
            "rows_turned": self.env._(
                "The lines have the opposite sign of the total; they are turned. Sum "
                "of the lines, untaxed amount:"
            ),
            "several_currencies": self.env._("Several currencies:"),
            "sub_rows_count": self.env._(
                "Sub-lines are part of the sum. Sum of the lines, sum of the sub-lines:"
            ),
            "unknown_type": self.env._("The type of the document is not known:"),
            "unreadable_document": self.env._(
                "Another document of the same file cannot be read:"
            ),
        }


NAMES = (
    *("name", "number", "named", "known", "chosen", "payee", "amount", "check"),
    *("text", "kind", "type", "rate", "category", "tax", "currency", "date"),
    *("total", "goods", "services", "law", "days"),
)


def _causes(points):
    """Return the points in groups, each with its cause first."""
    groups, by_kind = [], {}
    for row in points:
        is_one = row["code"] in (*SUMS, "duplicate")
        kind = (row["code"], row["level"]) if is_one else None
        if kind in by_kind:
            by_kind[kind].append(row)
            continue
        groups.append([row])
        if kind:
            by_kind[kind] = groups[-1]
    sums = by_kind.get(("totals", "stop"), [])
    taxes = [rows for rows in groups if rows[0]["code"] in MISSING_TAX]
    if sums and taxes and {row["values"].get("what") for row in sums} <= SUMS_OF_VAT:
        groups = [rows for rows in groups if rows is not sums]
        taxes[0].extend(sums)
    return groups
