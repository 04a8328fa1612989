"""Bills that may be the same invoice: how they are found, and what a person decides.

Odoo's own search compares numbers as they are written; this one passes over blanks,
signs and leading zeros, and knows that a scan may have a misread number.
"""

import re

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, LazyTranslate

from ..guards import internal
from ..models.bare_number import BARE_REF, BARE_REFERENCE, bare
from ..models.point_kinds import Label, PointKind, Question, Remedy, declare, point
from ..models.receipt_state import ReceiptState

_lt = LazyTranslate(__name__)

MOST_SIMILAR = 5
MOST_COMPARED = 100
# Digits that are a number of their own, whatever is before them
OWN_DIGITS = 3
# Rents have one reference and sum every month; what comes twice comes earlier
NEAR_DAYS = 21
# A reminder of a debt comes later, and may have a fee
REMINDED_DAYS = 365
# A receipt that was typed by hand may be the invoice, too
ALIKE = {"in_invoice": ["in_invoice", "in_receipt"], "in_refund": ["in_refund"]}

declare(
    Question(
        "copy",
        Label.DUPLICATE,
        _lt(
            "The sender calls this a copy of the invoice %(number)s, but there is "
            "no other bill of it. Confirm that it is to be booked."
        ),
    ),
    PointKind(
        "duplicate",
        Label.DUPLICATE,
        _lt("This may be the same invoice as %(name)s."),
        is_urgent=True,
        joined="name",
        decision=_lt("It is another invoice"),
        remedies=(Remedy(_lt("Compare the bills"), "action_duplicate"),),
    ),
)


@internal
class MaventaBillDuplicates(models.AbstractModel):
    _name = "maventa.bill.duplicates"
    _description = "Possible Duplicates of Received Bills"

    # === PUBLIC === #

    @api.model
    def _points(self, receipt, move, document):
        """Yield the bills that may be the same invoice; a copy without one, too."""
        repeats = self.env["maventa.bill.head"]._repeats(document)
        found = self._similar(move, receipt.origin == "SCAN", repeats)
        found -= self.env["maventa.bill.advances"]._taken_off(move, document)
        if document.origin == "copy" and not found:
            yield point("copy", number=document.number or "-")
        for other in found:
            yield point(
                "duplicate",
                name=self.env["maventa.bill.checks"]._name_of(other),
                id=other.id,
            )

    @api.model
    def _similar(self, move, is_scan, repeats=()):
        """Return other bills that may be the same, whatever state they are in.

        :param is_scan: its number may be misread
        :param repeats: numbers of the invoices that a reminder is about; empty if it
            is none
        """
        self.env["account.move"].flush_model()
        family = self._same_partner(move.commercial_partner_id)
        found = self._of_supplier(move, family, is_scan) | self._of_reference(move)
        found |= self._of_day(move)
        if repeats:
            found |= self._reminded(move, family, repeats)
        return found.sorted("id")[:MOST_SIMILAR]

    @api.model
    def _collected(self, move, numbers):
        """Return bills of other suppliers whose debt a collector's invoice contains.

        :param numbers: of the invoices that it is about
        """
        numbers = list(filter(None, map(bare, numbers)))
        if not numbers:
            return move.browse()
        self.env["account.move"].flush_model()
        lines = move.invoice_line_ids
        sums = {round(x, 2) for x in lines.mapped("price_subtotal")}
        sums |= {round(x, 2) for x in [*lines.mapped("price_total"), move.amount_total]}
        found = self._search(
            move,
            SQL(
                "%s = ANY(%s) AND amount_total = ANY(%s) AND amount_total <> 0 AND %s",
                *(SQL(BARE_REF), numbers, list(sums)),
                self._near(move.invoice_date or None, REMINDED_DAYS),
            ),
        )
        own = move.commercial_partner_id
        return found.filtered(lambda bill: bill.commercial_partner_id != own)

    @api.model
    def _set_same(self, receipt, other):
        """Record that a draft is the same invoice as another bill, and cancel it.

        The receipt belongs to the other bill from then on; picture and attachments
        are shown there, too.

        :raise UserError: the draft is none, or the other one does not look like it
        """
        move = receipt.move_id
        if move.state != "draft" or other.id not in receipt._duplicate_ids("stop"):
            raise UserError(
                self.env._("Only a draft can be the same invoice as one it looks like.")
            )
        booking = self.env["maventa.bill.booking"]
        self.env["maventa.receipt.activities"]._close(receipt)
        receipt.write({"state": ReceiptState.SAME, "move_id": other.id})
        receipt._set_points([])
        booking._show_files(receipt)
        user, name = self.env.user.name, other.display_name
        receipt._tell(
            "info",
            lambda env: env._(
                "%(user)s has decided: the same invoice as %(name)s. Its own draft was "
                "cancelled.",
                user=user,
                name=name,
            ),
        )
        move.button_cancel()
        move.message_post(body=self.env._("The same invoice as %s: cancelled.", name))
        booking._check_again(other.sudo().maventa_receipt_ids)

    # === HELPERS === #

    def _of_supplier(self, move, family, is_scan):
        """Return bills of the supplier by number, or by sum and day.

        :param family: the condition of :meth:`_same_partner`

        A scan may have a misread number; a bill without a number has none to compare.
        Some senders begin their numbers anew every year.
        """
        number, day = bare(move.ref), move.invoice_date or None
        partner, amount = move.commercial_partner_id, move.amount_total
        by_number = SQL(
            "%s <> '' AND %s = %s AND (%s OR amount_total = %s AND %s)",
            *(number, SQL(BARE_REF), number),
            *(self._same_year(day), amount, self._near(day, NEAR_DAYS)),
        )
        if not partner:  # the number alone says little
            by_number = SQL("(%s) AND amount_total = %s", by_number, amount)
        by_sum = SQL(
            "(%s OR COALESCE(ref, '') = '') AND amount_total = %s "
            "AND amount_total <> 0 AND invoice_date = %s",
            *(is_scan, amount, day),
        )
        return self._search(
            move,
            SQL("%s AND (%s OR %s)", family, by_number, by_sum),
        )

    def _of_day(self, move):
        """Return bills of the number, the sum and the day, whoever is their supplier.

        One may have been typed on another contact, without a number of the supplier.
        People leave out the prefix of a number: "2002" is "INV-2002".
        """
        day = move.invoice_date or None
        if not (day and move.ref and move.amount_total):
            return move.browse()
        same = SQL(
            "amount_total = %s AND invoice_date = %s AND COALESCE(ref, '') <> ''",
            *(move.amount_total, day),
        )
        rows = self._rows(move, same, limit=MOST_COMPARED)
        return move.browse(
            bill_id
            for bill_id, ref in rows
            if bare(ref) == bare(move.ref) != ""
            or _is_part(ref, move.ref)
            or _is_part(move.ref, ref)
        )

    def _of_reference(self, move):
        """Return bills of the same reference and sum, whoever is their supplier.

        One of them may have been typed on another contact, or under another number.
        """
        reference, day = bare(move.payment_reference), move.invoice_date or None
        if not reference or not move.amount_total:
            return move.browse()
        same = SQL(
            "amount_total = %s AND %s AND %s = %s",
            *(move.amount_total, self._near(day, NEAR_DAYS)),
            *(SQL(BARE_REFERENCE), reference),
        )
        return self._search(move, same)

    def _reminded(self, move, family, numbers):
        """Return the bills that a reminder is about: by their number or reference."""
        reference, day = bare(move.payment_reference), move.invoice_date or None
        same = SQL(
            "%s AND %s AND (%s = ANY(%s) OR %s <> '' AND %s = %s)",
            family,
            self._near(day, REMINDED_DAYS),
            *(SQL(BARE_REF), list(filter(None, map(bare, numbers)))),
            *(reference, SQL(BARE_REFERENCE), reference),
        )
        return self._search(move, same)

    def _search(self, move, condition):
        """Return other bills of the company and type that meet a condition."""
        return move.browse(bill_id for bill_id, _ref in self._rows(move, condition))

    def _rows(self, move, condition, limit=MOST_SIMILAR):
        """Return id and number of such bills."""
        return self.env.execute_query(
            SQL(
                "SELECT id, ref FROM account_move WHERE id <> %s AND company_id = %s "
                "AND move_type = ANY(%s) AND state <> 'cancel' AND %s "
                "ORDER BY id LIMIT %s",
                *(
                    move.id,
                    move.company_id.id,
                    ALIKE.get(move.move_type, [move.move_type]),
                ),
                *(condition, limit),
            )
        )

    def _same_partner(self, partner):
        """Return the condition for bills of a supplier, its contacts, or of nobody."""
        if not partner:
            return SQL("TRUE")
        top = partner
        while top.parent_id:
            top = top.parent_id
        partners = self.env["res.partner"].with_context(active_test=False)
        family = partners.search([("id", "child_of", top.id)])
        return SQL(
            "(commercial_partner_id = ANY(%s) OR commercial_partner_id IS NULL)",
            family.ids,
        )

    def _same_year(self, day):
        if not day:
            return SQL("TRUE")
        year = "date_part('year', invoice_date)"
        return SQL("(invoice_date IS NULL OR %s = %s)", SQL(year), day.year)

    def _near(self, day, days):
        if not day:
            return SQL("TRUE")
        return SQL(
            "(invoice_date IS NULL OR invoice_date BETWEEN %s::date - %s "
            "AND %s::date + %s)",
            *(day, days, day, days),
        )


def _is_part(short, number):
    """Return whether a number ends with the digits of one that lacks its prefix."""
    digits = re.sub(r"\D", "", short).lstrip("0")
    if len(digits) >= OWN_DIGITS:
        return bare(number).endswith(digits)
    last = re.search(r"(\d+)\W*$", number)
    is_plain = bool(digits) and bare(short) == digits
    return is_plain and bool(last) and last[1].lstrip("0") == digits
