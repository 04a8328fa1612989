"""Bills that may be the same invoice: how they are found, and what a person decides.

Odoo's own search compares numbers as they are written; this one passes over blanks,
signs and leading zeros, and knows that a scan may have a misread number.
"""

import re

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..guards import internal
from ..models.account_move import BARE_REF
from ..models.receipt_state import ReceiptState

MOST_SIMILAR = 5
# Rents have one reference and sum every month; what is paid twice comes earlier
PAID_DAYS = 21


@internal
class MaventaBillDuplicates(models.AbstractModel):
    _name = "maventa.bill.duplicates"
    _description = "Possible Duplicates of Received Bills"

    # === PUBLIC === #

    @api.model
    def _similar(self, move, is_scan):
        """Return other bills that may be the same: by number, or by sum and day.

        A scan may have a misread number; a bill without a number has none to compare.
        One that is paid may come again under another number, with its reference.
        """
        moves = self.env["account.move"]
        moves.flush_model()
        number, day = _bare(move.ref), move.invoice_date or None
        partner, amount = move.commercial_partner_id, move.amount_total
        by_number = SQL("%s <> '' AND %s = %s", number, SQL(BARE_REF), number)
        if not partner:  # the number alone says little
            by_number = SQL("(%s) AND amount_total = %s", by_number, amount)
        by_sum = SQL(
            "(%s OR COALESCE(ref, '') = '') AND amount_total = %s "
            "AND amount_total <> 0 AND invoice_date = %s",
            *(is_scan, amount, day),
        )
        by_reference = SQL(
            "payment_reference = %s AND amount_total = %s AND amount_total <> 0 "
            "AND payment_state IN ('in_payment', 'paid') "
            "AND invoice_date BETWEEN %s::date - %s AND %s::date + %s",
            *(move.payment_reference or None, amount),
            *(day, PAID_DAYS, day, PAID_DAYS),
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM account_move WHERE id <> %s AND company_id = %s "
                "AND move_type = %s AND state <> 'cancel' AND %s AND %s "
                "AND ((%s) OR (%s) OR (%s)) ORDER BY id LIMIT %s",
                *(move.id, move.company_id.id, move.move_type),
                self._same_partner(partner),
                self._same_year(day),
                *(by_number, by_sum, by_reference, MOST_SIMILAR),
            )
        )
        return moves.browse(number for (number,) in rows)

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
