"""What a person has to decide about a received bill: compared with its document.

Each point is ``{"code", "level", "values"}``: ``stop`` keeps the bill for a person,
``note`` only tells. ``receipt_messages.py`` has the texts and remedies.
"""

import re
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..guards import internal
from ..maventa_api import (
    Figures,
    VatFigure,
    compare,
    compare_with_service,
    same_business,
)
from .purchase_taxes import ROUNDING_KEY, VatKey

PURCHASES = ("in_invoice", "in_refund")
OLD = timedelta(days=365)
MOST_SIMILAR = 5
# Problems of the reader that a person has to look at
STOPPING = {
    "currency_assumed",
    "missing_date",
    "missing_number",
    "missing_seller",
    "missing_total",
    "no_rows",
    "odd_date",
    "odd_number",
    "odd_reference",
    "several_currencies",
    "unreadable_document",
}


def point(code, level="stop", **values):
    """Return one point of a diagnosis."""
    texts = {name: str(value) for name, value in values.items()}
    return {"code": code, "level": level, "values": texts}


@internal
class MaventaBillChecks(models.AbstractModel):
    _name = "maventa.bill.checks"
    _description = "Checks of Received Bills"

    # === PUBLIC === #

    @api.model
    def _diagnose(self, receipt, document):
        """Return the points of a bill as it is now, each one once."""
        move = receipt.move_id
        found = [
            *self._of_kind(receipt, document),
            *self._of_supplier(receipt, move),
            *self._of_recipient(receipt, document),
            *self._of_account(receipt, move, document),
            *self._of_taxes(receipt, move, document),
            *self._of_sums(receipt, move, document),
            *self._of_currency(move, document),
            *self._of_dates(document),
            *self._of_duplicates(receipt, move, document),
            *self._of_detect(receipt),
            *self._of_reader(document),
        ]
        decided = receipt._decided_codes()
        points = []
        for row in found:
            if row["code"] in decided:
                row = {**row, "level": "note"}
            if row not in points:
                points.append(row)
        return points

    # === POINTS === #

    def _of_kind(self, receipt, document):
        if document.origin == "cancel":
            yield point("cancelled")
        if document.is_prepayment:
            yield point("prepayment")
        if document.is_factored:
            yield point("factored", payee=document.payee or "-")
        if document.is_paid:
            yield point("paid")
        elif document.paid:
            yield point("partly_paid", amount=document.paid)
        if receipt.origin == "SCAN":
            yield point("scan")
        originals = document.original_numbers
        if document.is_refund and originals and not receipt.move_id.reversed_entry_id:
            yield point("credited_unknown", "note", number=", ".join(originals))

    def _of_supplier(self, receipt, move):
        partner = move.commercial_partner_id
        if not partner:
            remark = receipt.supplier_remark or "unknown"
            yield point(f"supplier_{remark}", name=receipt.sender_name or "-")
        elif partner == receipt.created_partner_id and not self._has_posted(move):
            yield point("supplier_new", name=partner.name)

    def _has_posted(self, move):
        domain = [
            ("company_id", "=", move.company_id.id),
            ("commercial_partner_id", "=", move.commercial_partner_id.id),
            ("move_type", "in", PURCHASES),
            ("state", "=", "posted"),
        ]
        return bool(self.env["account.move"].search_count(domain, limit=1))

    def _of_recipient(self, receipt, document):
        theirs = [document.buyer.business_id, document.buyer.vat]
        mine = receipt.company_id._maventa_business_ids()
        if any(theirs) and not any(
            same_business(one, other) for one in mine for other in theirs
        ):
            name = document.buyer.name or "-"
            yield point("recipient_other", name=name, number=theirs[0] or theirs[1])

    def _of_account(self, receipt, move, document):
        """Compare the account of the bill with those that the document names."""
        payees = self.env["maventa.payee.accounts"]
        partner = move.commercial_partner_id
        payee = payees._payee(receipt.company_id, partner, document.accounts)
        chosen = move.partner_bank_id
        if payee.code == "missing":
            yield point("account_missing", "note")
        elif chosen and not self._is_named(chosen, document):
            named = ", ".join(document.accounts)
            yield point("account_differs", chosen=chosen.acc_number, named=named)
        elif payee.code:
            yield point(
                f"account_{payee.code}",
                named=", ".join(payee.numbers),
                known=", ".join(payee.known) or "-",
            )

    def _is_named(self, bank, document):
        bare = {"".join(filter(str.isalnum, x)).upper() for x in document.accounts}
        return bank.sanitized_acc_number in bare

    def _of_taxes(self, receipt, move, document):
        taxes = self.env["maventa.purchase.taxes"]
        company, partner = receipt.company_id, move.commercial_partner_id
        place = taxes._place(company, partner, document.seller.country)
        known = {}
        for line in move.invoice_line_ids:
            key = VatKey.parse(line.maventa_vat_key)
            if key is None:
                continue
            if key.rate is None and not key.code:
                yield point("tax_unclear")
                continue
            values = {"category": key.code or "-", "rate": key.rate or 0}
            if not line.tax_ids:
                yield point("tax_missing", **values)
                continue
            if key not in known:
                known[key] = taxes._tax(company, partner, place, key)
            tax, source = known[key]
            if source == "proposed" and line.tax_ids == tax:
                yield point("tax_proposed", tax=tax.name, **values)

    def _of_sums(self, receipt, move, document):
        for row in compare(document.figures, self._figures(move, document)):
            yield self._difference("totals", row)
        for row in document.contradictions:
            yield self._difference("contradiction", row)
        if receipt.document_index:
            return  # Maventa's figures are those of the first one of the file
        said = {
            "net": Decimal(str(receipt.amount_net)),
            "total": Decimal(str(receipt.amount_total)),
        }
        if any(said.values()):
            for row in compare_with_service(document.figures, **said):
                yield self._difference("service_totals", row)

    def _of_currency(self, move, document):
        currency, own = move.currency_id, move.company_id.currency_id
        if document.currency and currency.name != document.currency:
            yield point("currency_unknown", currency=document.currency)
        elif not currency.active:
            yield point("currency_inactive", currency=currency.name)
        elif currency != own and not self._has_rate(currency, own, move):
            yield point("no_rate", currency=currency.name)

    def _has_rate(self, currency, own, move):
        rates = self.env["res.currency.rate"]
        day = move.invoice_date or fields.Date.context_today(move)
        domain = [
            ("currency_id", "in", [currency.id, own.id]),
            ("name", "<=", day),
            ("company_id", "in", [False, move.company_id.root_id.id]),
        ]
        return bool(rates.search_count(domain, limit=1))

    def _of_dates(self, document):
        today = fields.Date.context_today(self)
        if document.date and document.date > today:
            yield point("date_future", date=document.date)
        elif document.date and document.date < today - OLD:
            yield point("date_old", date=document.date)
        if document.date and document.due_date and document.due_date < document.date:
            yield point("due_before_date", "note", date=document.due_date)

    def _of_duplicates(self, receipt, move, document):
        if document.origin == "copy":
            yield point("duplicate", name=document.number)
        for other in self._similar(move, receipt.origin == "SCAN"):
            yield point("duplicate", name=other.display_name)

    def _of_detect(self, receipt):
        rows = receipt.detects if isinstance(receipt.detects, list) else []
        for row in rows:
            if row.get("is_warning"):
                yield point("detect", check=row["check"], text=row["text"])
            elif row.get("is_pending"):
                yield point("detect_pending", "note", check=row["check"])

    def _of_reader(self, document):
        for problem in document.problems:
            level = "stop" if problem.code in STOPPING else "note"
            yield point(f"reader_{problem.code}", level, **dict(problem.values))

    # === SUMS === #

    def _figures(self, move, document):
        """Return the sums of the bill, with what the document says is paid."""
        lines = move.invoice_line_ids.filtered(lambda x: x.display_type == "product")
        rounding = lines.filtered(lambda x: x.maventa_vat_key == ROUNDING_KEY)
        net = _booked(lines - rounding, move)
        vat = _money(move.amount_tax)
        payable = _money(move.amount_total) - document.paid
        if document.is_paid and not document.paid:
            payable = document.figures.payable
        return Figures(
            currency=move.currency_id.name,
            net=net,
            vat=vat,
            total=net + vat,
            payable=payable,
            vat_groups=self._groups(move, lines - rounding),
        )

    def _groups(self, move, lines):
        """Return base and VAT per key; the VAT where a tax belongs to one key only."""
        vat = {}
        for row in move.line_ids.filtered("tax_line_id"):
            amount = _money(row.amount_currency * move.direction_sign)
            vat[row.tax_line_id] = vat.get(row.tax_line_id, Decimal(0)) + amount
        keys, users = {}, {}
        for line in lines:
            key = VatKey.parse(line.maventa_vat_key) or VatKey("", None)
            keys.setdefault(key, lines.browse())
            keys[key] |= line
            for tax in line.tax_ids:
                users.setdefault(tax, set()).add(key)
        return tuple(
            VatFigure(
                code=key.code,
                rate=key.rate,
                base=_booked(rows, move),
                amount=self._amount(rows.tax_ids, vat, users),
            )
            for key, rows in keys.items()
        )

    def _amount(self, taxes, vat, users):
        if any(len(users[tax]) > 1 for tax in taxes):
            return None
        return sum((vat.get(tax, Decimal(0)) for tax in taxes), Decimal(0))

    def _difference(self, code, row):
        return point(
            code,
            what=row.what.value,
            expected_side=row.expected_side.value,
            expected=row.expected,
            found_side=row.found_side.value,
            found=row.found,
            category=row.code,
            rate="" if row.rate is None else row.rate,
        )

    # === DUPLICATES === #

    def _similar(self, move, is_scan):
        """Return other bills that may be the same: by number, or by sum and day.

        A scan may have a misread number; a bill without a number has none to compare.
        """
        moves = self.env["account.move"]
        moves.flush_model()
        number, day = _bare(move.ref), move.invoice_date or None
        partner, amount = move.commercial_partner_id, move.amount_total
        bare = SQL("ltrim(regexp_replace(upper(ref), '[^0-9A-Z]', '', 'g'), '0')")
        by_number = SQL("%s <> '' AND %s = %s", number, bare, number)
        if not partner:  # the number alone says little
            by_number = SQL("(%s) AND amount_total = %s", by_number, amount)
        by_sum = SQL(
            "(%s OR COALESCE(ref, '') = '') AND amount_total = %s "
            "AND amount_total <> 0 AND invoice_date = %s",
            *(is_scan, amount, day),
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM account_move WHERE id <> %s AND company_id = %s "
                "AND move_type = %s AND state <> 'cancel' AND %s AND %s "
                "AND ((%s) OR (%s)) ORDER BY id LIMIT %s",
                *(move.id, move.company_id.id, move.move_type),
                self._same_partner(partner),
                self._same_year(day),
                *(by_number, by_sum, MOST_SIMILAR),
            )
        )
        return moves.browse(number for (number,) in rows)

    def _same_partner(self, partner):
        if not partner:
            return SQL("TRUE")
        return SQL(
            "(commercial_partner_id = %s OR commercial_partner_id IS NULL)", partner.id
        )

    def _same_year(self, day):
        if not day:
            return SQL("TRUE")
        year = "date_part('year', invoice_date)"
        return SQL("(invoice_date IS NULL OR %s = %s)", SQL(year), day.year)


def _bare(number):
    """Return an invoice number without blanks, signs and leading zeros."""
    return re.sub("[^0-9A-Z]", "", (number or "").upper()).lstrip("0")


def _money(value):
    return Decimal(str(round(value, 6))).quantize(Decimal("0.01"))


def _booked(lines, move):
    """Return the sum of lines as it is booked, with the sign of the document."""
    amounts = [_money(line.amount_currency * move.direction_sign) for line in lines]
    return sum(amounts, Decimal(0))
