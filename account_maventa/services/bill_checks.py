"""What a person has to decide about a received bill: compared with its document.

Each point is ``{"code", "level", "values"}``: ``stop`` keeps the bill for a person,
``note`` only tells. ``receipt_messages.py`` has the texts and remedies.
"""

from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models

from ..guards import internal
from ..maventa_api import (
    Figures,
    Side,
    VatFigure,
    compare,
    compare_with_service,
)
from ..models.maventa_receipt import decision_key
from .purchase_taxes import ROUNDING_KEY, VatKey

PURCHASES = ("in_invoice", "in_refund")
OLD = timedelta(days=365)
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
    "odd_type",
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
            *self.env["maventa.bill.parties"]._points(receipt, document),
            *self._of_account(receipt, move, document),
            *self.env["maventa.bill.tax.checks"]._points(receipt, move, document),
            *self._of_sums(receipt, move, document),
            *self.env["maventa.vat.deduction"]._points(receipt, move),
            *self.env["maventa.bill.advances"]._points(move, document),
            *self.env["maventa.bill.currency"]._points(receipt, move, document),
            *self.env["maventa.bill.head"]._points(receipt, move, document),
            *self._of_dates(move, document),
            *self._of_terms(move, document),
            *self._of_duplicates(receipt, move, document),
            *self._of_detect(receipt),
            *self._of_files(receipt),
            *self._of_reader(document),
        ]
        decided = receipt._decided_keys()
        points = []
        for row in found:
            if decision_key(row) in decided:
                row = {**row, "level": "note"}
            if row not in points:
                points.append(row)
        return points

    # === POINTS === #

    def _of_kind(self, receipt, document):
        yield from self._of_type(receipt, document)
        if document.is_prepayment:
            yield point("prepayment")
        if document.is_correction:
            numbers = ", ".join(document.original_numbers) or "-"
            yield point("correction", number=numbers)
        if document.is_collected and not document.is_paid:
            yield point("collected")
        if document.is_paid:
            yield point("paid")
        elif document.paid:
            yield point("partly_paid", amount=document.paid)
        if receipt.origin == "SCAN":
            yield point("scan")
        if document.is_refund:
            credited = self.env["maventa.credited.bills"]
            yield from credited._points(receipt.move_id, document)

    def _of_type(self, receipt, document):
        """Tell what is no invoice, and which credit note voids a whole invoice."""
        move, type_code = receipt.move_id, document.type_code
        if document.finvoice and not document.is_invoice:
            type_code = document.finvoice.type_code_un
        is_claim = document.kind.is_claim and document.figures.vat
        if not document.is_invoice or is_claim:
            found = point("type_doubtful", type=type_code or "-")
            if not self._is_decided_before(receipt, found):
                yield found
        if document.origin == "cancel":
            whole = move.reversed_entry_id.amount_total == move.amount_total
            numbers = ", ".join(document.original_numbers) or "-"
            yield point("cancelled", "note" if whole else "stop", number=numbers)

    def _of_supplier(self, receipt, move):
        partner = move.commercial_partner_id
        if not partner:
            remark = receipt.supplier_remark or "unknown"
            yield point(f"supplier_{remark}", name=receipt.sender_name or "-")
            return
        origin = self.env["maventa.new.suppliers"]._origin(partner)
        if not origin or self._has_posted(move):
            return
        values = {"id": partner.id, "name": partner.name}
        if namesake := self.env["maventa.new.suppliers"]._namesake(move):
            known = namesake.vat or namesake.company_registry or "-"
            number = partner.vat or partner.company_registry or "-"
            yield point("supplier_namesake", **values, number=number, known=known)
        if receipt in origin:
            yield point("supplier_new", **values)
        else:
            number = origin[:1].number or origin[:1].remote_id
            yield point("supplier_unconfirmed", number=number, **values)

    def _has_posted(self, move):
        domain = [
            ("company_id", "=", move.company_id.id),
            ("commercial_partner_id", "=", move.commercial_partner_id.id),
            ("move_type", "in", PURCHASES),
            ("state", "=", "posted"),
        ]
        return bool(self.env["account.move"].search_count(domain, limit=1))

    def _is_decided_before(self, receipt, row):
        """Return whether a person has decided so on an earlier bill of the supplier."""
        domain = [
            ("company_id", "=", receipt.company_id.id),
            ("partner_id", "=", receipt.move_id.commercial_partner_id.id),
            ("partner_id", "!=", False),
            ("id", "!=", receipt.id),
            ("decided", "!=", False),
        ]
        earlier = self.env["maventa.receipt"].search(domain, order="id desc", limit=50)
        return any(decision_key(row) in other._decided_keys() for other in earlier)

    def _of_account(self, receipt, move, document):
        """Compare the account of the bill with those that the document names.

        A credit note is paid to nobody: the account on it is the company's own.
        """
        if document.is_refund:
            return
        payees = self.env["maventa.payee.accounts"]
        partner = move.commercial_partner_id
        payee = payees._payee(receipt.company_id, partner, document.accounts)
        chosen = move.partner_bank_id
        if payee.code == "missing":
            yield point("account_missing", "note")
        elif chosen and not payees._is_named(chosen, document.accounts):
            named = ", ".join(document.accounts)
            yield point("account_differs", chosen=chosen.acc_number, named=named)
        elif payee.code:
            yield point(
                f"account_{payee.code}",
                named=", ".join(payee.numbers),
                known=", ".join(payee.known) or "-",
            )

    def _of_sums(self, receipt, move, document):
        differences = self._differences(move, document)
        stated = self.env["maventa.document.vat"]._amounts(move, document, differences)
        for row in differences:
            yield self._difference("rounding" if stated else "totals", row)
        for row in document.contradictions:
            yield self._difference("contradiction", row)
        if receipt.document_index:
            return  # Maventa's figures are those of the first one of the file
        said = {
            "net": Decimal(str(receipt.amount_net)),
            "total": Decimal(str(receipt.amount_total)),
        }
        if any(said.values()):
            sides = (Side.DOCUMENT, Side.SERVICE)
            for row in (
                *compare(
                    Figures(document.currency),
                    Figures(receipt.currency or ""),
                    sides=sides,
                ),
                *compare_with_service(document.figures, **said),
            ):
                yield self._difference("service_totals", row)

    def _of_dates(self, move, document):
        today = fields.Date.context_today(self)
        if document.date and document.date > today:
            yield point("date_future", date=document.date)
        elif document.date and document.date < today - OLD:
            yield point("date_old", date=document.date)
        if document.date and document.due_date and document.due_date < document.date:
            yield point("due_before_date", "note", date=document.due_date)
        is_open = not (document.is_refund or document.is_paid or document.is_collected)
        if is_open and not document.due_date and not move.invoice_payment_term_id:
            yield point("due_missing", "note", date=move.invoice_date_due or "-")

    def _of_terms(self, move, document):
        """Compare the due date with the terms that were agreed with the supplier."""
        partner = move.commercial_partner_id.with_company(move.company_id)
        terms = partner.property_supplier_payment_term_id
        if not (terms.line_ids and document.date and document.due_date):
            return
        agreed = max(line._get_due_date(document.date) for line in terms.line_ids)
        if document.due_date < agreed and not document.is_refund:
            yield point("due_early", "note", date=document.due_date, name=terms.name)

    def _of_duplicates(self, receipt, move, document):
        repeats = self.env["maventa.bill.head"]._repeats(document)
        similar = self.env["maventa.bill.duplicates"]._similar
        found = similar(move, receipt.origin == "SCAN", repeats)
        found -= self.env["maventa.bill.advances"]._taken_off(move, document)
        if document.origin == "copy" and not found:
            yield point("copy", number=document.number or "-")
        for other in found:
            yield point("duplicate", name=self._name_of(other), id=other.id)

    def _name_of(self, bill):
        """Return what to call a bill; a draft without a number, by what it says."""
        if bill.name and bill.name != "/":
            return bill.display_name
        day, total = bill.invoice_date, f"{bill.amount_total:.2f}"
        parts = (bill.partner_id.name, bill.ref, day, total, bill.currency_id.name)
        return f"{bill.display_name} ({', '.join(str(x) for x in parts if x)})"

    def _of_detect(self, receipt):
        rows = receipt.detects if isinstance(receipt.detects, list) else []
        for row in rows:
            if row.get("is_warning"):
                yield point("detect", check=row["check"], text=row["text"])
            elif row.get("is_pending"):
                yield point("detect_pending", "note", check=row["check"])

    def _of_files(self, receipt):
        if receipt.missing_files:
            yield point("missing_files", "note", name=receipt.missing_files)

    def _of_reader(self, document):
        for problem in document.problems:
            if problem.code == "due_before_date":  # told among the dates
                continue
            level = "stop" if problem.code in STOPPING else "note"
            yield point(f"reader_{problem.code}", level, **dict(problem.values))

    # === SUMS === #

    def _differences(self, move, document):
        """Return where the sums of the bill are not those of its document."""
        return compare(document.figures, self._figures(move, document))

    def _figures(self, move, document):
        """Return the sums of the bill, with what the document says is paid."""
        lines = move.invoice_line_ids.filtered(lambda x: x.display_type == "product")
        rounding = lines.filtered(lambda x: x.maventa_vat_key == ROUNDING_KEY)
        foreign = lines.filtered(lambda x: VatKey.of_cost(x.maventa_vat_key))
        taken = self.env["maventa.bill.advances"]._taken(move)
        lines -= rounding + taken
        net = _booked(lines - foreign, move)
        vat = _money(move.amount_tax) + _booked(foreign, move)
        vat -= _money(sum(line.price_total - line.price_subtotal for line in taken))
        payable = _money(move.amount_total - sum(taken.mapped("price_total")))
        payable -= document.paid
        if document.is_paid and not document.paid:
            payable = document.figures.payable
        return Figures(
            currency=move.currency_id.name,
            net=net,
            vat=vat,
            total=net + vat,
            payable=payable,
            vat_groups=(
                *self._groups(move, lines - foreign, taken),
                *self._foreign_groups(move, foreign),
            ),
        )

    def _foreign_groups(self, move, lines):
        """Return the VAT of another country, which is a line of the bill."""
        keys = [(VatKey.of_cost(line.maventa_vat_key), line) for line in lines]
        return [
            VatFigure(key.code, key.rate, Decimal(0), _booked(line, move))
            for key, line in keys
        ]

    def _groups(self, move, lines, taken):
        """Return base and VAT per key; the VAT where a tax belongs to one key only.

        What Odoo takes off as not deductible is one line for all taxes.

        :param taken: lines that take an advance off: not the document's
        """
        vat = {}
        is_split = "non_deductible_tax" in move.line_ids.mapped("display_type")
        for row in move.line_ids.filtered("tax_line_id"):
            amount = _money(row.amount_currency * move.direction_sign)
            vat[row.tax_line_id] = vat.get(row.tax_line_id, Decimal(0)) + amount
        for line in taken:
            tax, amount = line.tax_ids[:1], line.price_total - line.price_subtotal
            vat[tax] = vat.get(tax, Decimal(0)) - _money(amount)
        keys, users = {}, {}
        for line in lines:
            key = VatKey.parse(line.maventa_vat_key) or VatKey("", None)
            keys.setdefault(key, []).append(line.id)
            for tax in line.tax_ids:
                users.setdefault(tax, set()).add(key)
        return tuple(
            VatFigure(
                code=key.code,
                rate=key.rate,
                base=_booked(rows, move),
                amount=(None if is_split else self._amount(rows.tax_ids, vat, users)),
            )
            for key, ids in keys.items()
            for rows in (lines.browse(ids),)
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


def _money(value):
    return Decimal(str(round(value, 6))).quantize(Decimal("0.01"))


def _booked(lines, move):
    """Return the sum of lines as it is booked, with the sign of the document."""
    amounts = [_money(line.amount_currency * move.direction_sign) for line in lines]
    return sum(amounts, Decimal(0))
