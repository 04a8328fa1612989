"""Are the dates of an invoice what somebody meant? A mistyped year asks."""

from datetime import timedelta

from odoo import api, models
from odoo.tools import format_date

from ..guards import internal
from .check_finding import Finding

HALF_A_YEAR = timedelta(days=183)
YEAR = timedelta(days=366)


@internal
class MaventaDocumentDates(models.AbstractModel):
    """A person who has looked answers by a mark on the invoice."""

    _name = "maventa.document.dates"
    _description = "Unusual Dates of Invoices"

    # === PUBLIC === #

    @api.model
    def _odd(self, move):
        """Return what is unusual of delivery and due date, as texts."""
        if not move.invoice_date:
            return []
        return [*self._odd_delivery(move), *self._odd_due_date(move)]

    @api.model
    def _findings(self, move):
        """Return the unusual dates, unless a person has called them right."""
        if move.maventa_dates_are_right:
            return []
        way_out = self.env._(
            "Reset the document to draft, and correct the date; if it is right, tick "
            '"The dates are right" in the tab Other Info.'
        )
        return [Finding(f"{text} {way_out}", move) for text in self._odd(move)]

    # === HELPERS === #

    def _odd_delivery(self, move):
        """Yield that a delivery is far away; a correction is about any earlier one."""
        day, invoiced = move.delivery_date, move.invoice_date
        if not day:
            return
        shown = format_date(self.env, day)
        if day > invoiced + HALF_A_YEAR:
            yield self.env._(
                "The delivery date %s is more than six months after the invoice date.",
                shown,
            )
        original = self.env["maventa.document.values"]._original(move)
        is_correction = original or move.move_type == "out_refund"
        if day < invoiced - HALF_A_YEAR and not is_correction:
            yield self.env._(
                "The delivery date %s is more than six months before the invoice date.",
                shown,
            )

    def _odd_due_date(self, move):
        day, invoiced = move.invoice_date_due, move.invoice_date
        if not day or move.move_type != "out_invoice":
            return
        shown = format_date(self.env, day)
        if day < invoiced:
            yield self.env._("The due date %s is before the invoice date.", shown)
        elif day > invoiced + YEAR:
            yield self.env._(
                "The due date %s is more than a year after the invoice date.", shown
            )
