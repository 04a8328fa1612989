"""The dates of a received bill: of its document, and due by the supplier's terms."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ..guards import internal
from ..models.point_kinds import Label, PointKind, Question, declare, point

OLD = timedelta(days=365)
_lt = LazyTranslate(__name__)

declare(
    Question(
        "date_future",
        Label.DATE,
        _lt("The invoice date is in the future: %(date)s"),
    ),
    Question(
        "date_old",
        Label.DATE,
        _lt("The invoice is older than a year: %(date)s"),
    ),
    PointKind(
        "due_before_date",
        Label.CONTENT,
        _lt("Due before the invoice date: %(date)s"),
    ),
    PointKind(
        "due_missing",
        Label.CONTENT,
        _lt(
            "The invoice names no due date, and no payment terms are agreed with "
            "the supplier: the bill is due on %(date)s."
        ),
    ),
    PointKind(
        "due_early",
        Label.CONTENT,
        _lt(
            "Due on %(date)s: earlier than the payment terms of the supplier "
            "(%(name)s)."
        ),
    ),
)


@internal
class MaventaBillDates(models.AbstractModel):
    _name = "maventa.bill.dates"
    _description = "Dates of Received Bills"

    # === PUBLIC === #

    @api.model
    def _points(self, move, document):
        """Yield what a person decides about the dates, or is told."""
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
        yield from self._of_terms(move, document)

    # === HELPERS === #

    def _of_terms(self, move, document):
        """Compare the due date with the terms that were agreed with the supplier."""
        partner = move.commercial_partner_id.with_company(move.company_id)
        terms = partner.property_supplier_payment_term_id
        if not (terms.line_ids and document.date and document.due_date):
            return
        agreed = max(line._get_due_date(document.date) for line in terms.line_ids)
        if document.due_date < agreed and not document.is_refund:
            yield point("due_early", "note", date=document.due_date, name=terms.name)
