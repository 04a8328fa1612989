"""The accounting date of a document, and what happens in a closed period.

Odoo has one date for the VAT return and for the books. It is the tax point, where the
law has a rule of its own: reverse charge, goods from the Union, and what lowers tax.
For everything else the connection chooses between fulfilment and issue.
"""

from datetime import timedelta

from odoo import models

from ..billingo_api.kinds import kind_of
from ..billingo_api.tax_point import Rule
from ..exceptions import DocumentProblem
from ..guards import internal


@internal
class BillingoAccountingDate(models.AbstractModel):
    _name = "billingo.accounting.date"
    _description = "Accounting dates of Billingo documents"

    # === PUBLIC === #

    def _wanted(self, document, parsed, regime=None):
        """Return the date: a person's, else the tax point, else the policy's.

        :param regime: a ``DocumentRegime``, found here if it is not given
        """
        corrected = document._corrected_date()
        if corrected:
            return corrected
        regime = regime or self.env["billingo.vat.regime"]._regime(document, parsed)
        days = [day for day in self._tax_days(document, parsed, regime) if day]
        return max(days) if days else parsed.invoice_date

    def _tax_days(self, document, parsed, regime):
        """Return the day of each line, None where it is not known.

        Lines under cash accounting have the day of the cost: their VAT follows with
        the payment.
        """
        return [self._tax_day(document, parsed, x.tax_point) for x in regime.lines]

    def _tax_day(self, document, parsed, point):
        is_cancellation = kind_of(parsed.type).is_cancellation
        if point.rule is Rule.PAYMENT and (
            is_cancellation or (parsed.gross_total or 0) < 0
        ):
            # The payments of a bill that is taken back come to nothing anyway.
            received = document.mode != "customer" and document.received_date
            return received or parsed.invoice_date
        if point.rule not in (Rule.FULFILMENT, Rule.CONTINUOUS, Rule.PAYMENT):
            return point.day
        if document.connection_id.date_policy == "issue":
            return parsed.invoice_date
        return parsed.fulfillment_date or parsed.invoice_date

    def _chosen(self, document, parsed, regime=None):
        """Return the date of the entry, also by the policy for closed periods."""
        day = self._wanted(document, parsed, regime)
        is_asked = bool(regime) and self._undone_locks(document, regime)
        if document.connection_id.closed_policy == "stop" and not is_asked:
            return day
        return self._first_open_day(document, day)

    def _undone_locks(self, document, regime):
        """Return the lock dates that close the period of a storno that is undone.

        A person decides then, unless one has chosen the date.
        """
        if document._corrected_date():
            return []
        points = [line.tax_point for line in regime.lines]
        days = [x.day for x in points if x.rule is Rule.UNDONE]
        return self._locks(document, max(days)) if days else []

    def _check_open(self, document, day):
        """Refuse a closed period: Odoo would change the date silently.

        :raise DocumentProblem: the day is in a closed period
        """
        locks = self._locks(document, day)
        if locks:
            raise DocumentProblem("period_closed", date=day, locks=locks)

    def _first_open_day(self, document, day, journal=None, has_tax=True):
        """Return ``day``, or the first one after it that no lock date closes."""
        while locks := self._locks(document, day, journal, has_tax):
            day = max(date for date, _lock in locks) + timedelta(days=1)
        return day

    def _locks(self, document, day, journal=None, has_tax=True):
        """Return the lock dates that close a day: of all kinds, also the hard one."""
        journal = journal or document.connection_id.journal_id
        return document.company_id._get_violated_lock_dates(day, has_tax, journal)

    def _moved_text(self, wanted, day):
        """Return the note about a date that was changed."""
        return self.env._(
            "%(wanted)s is in a closed period. The entry is booked on %(date)s, the "
            "first open day.",
            wanted=wanted,
            date=day,
        )
