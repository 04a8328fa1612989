"""Whether a credit note can be what it says: a correction of its original.

Source: directive 2006/112/EC, articles 90, 219.
"""

from odoo import api, models
from odoo.tools import format_date

from ..guards import internal
from .check_finding import Finding


@internal
class MaventaCreditChecks(models.AbstractModel):
    """Of originals that Odoo knows."""

    _name = "maventa.credit.checks"
    _description = "Checks of Credit Notes before the Upload"

    # === PUBLIC === #

    @api.model
    def _findings(self, move):
        """Return what cannot be meant: another customer, an earlier day, too much."""
        original = self.env["maventa.document.values"]._original(move)
        if move.move_type != "out_refund" or not original:
            return []
        texts = (
            self._customer_text(move, original),
            self._day_text(move, original),
            self._sum_text(move, original),
        )
        return [Finding(text, move) for text in texts if text]

    # === HELPERS === #

    def _customer_text(self, move, original):
        wanted = original.commercial_partner_id
        if move.commercial_partner_id == wanted:
            return ""
        return self.env._(
            "The credit note for %(party)s corrects %(original)s, which is an invoice "
            "for %(other)s. Choose the same customer, or another original.",
            party=move.commercial_partner_id.display_name,
            original=original.name,
            other=wanted.display_name,
        )

    def _day_text(self, move, original):
        first, day = original.invoice_date, move.invoice_date
        if not (first and day and day < first):
            return ""
        return self.env._(
            "The credit note of %(day)s is older than its original %(original)s of "
            "%(first)s. Correct the date.",
            day=format_date(self.env, day),
            original=original.name,
            first=format_date(self.env, first),
        )

    def _sum_text(self, move, original):
        """Return that more is credited than was invoiced, or nothing."""
        currency = original.currency_id
        notes = original.reversal_move_ids.filtered(lambda row: row.state == "posted")
        if move.currency_id != currency or any(
            row.currency_id != currency for row in notes
        ):
            return ""
        credited = sum((notes | move).mapped("amount_total"))
        invoiced = original.amount_total + self._added(original)
        if currency.compare_amounts(credited, invoiced) <= 0:
            return ""
        return self.env._(
            "%(original)s of %(total)s is credited with %(credited)s altogether. "
            "Correct or cancel one of its credit notes.",
            original=original.name,
            total=currency.format(invoiced),
            credited=currency.format(credited),
        )

    def _added(self, original):
        """Return what debit notes have added to an invoice."""
        if "debit_note_ids" not in original._fields:
            return 0
        notes = original.debit_note_ids.filtered(lambda row: row.state == "posted")
        return sum(notes.mapped("amount_total"))
