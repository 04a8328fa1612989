"""The accounting date of a document, and what happens in a closed period."""

from datetime import timedelta

from odoo import models

from ..exceptions import DocumentProblem


class BillingoAccountingDate(models.AbstractModel):
    _name = "billingo.accounting.date"
    _description = "Accounting dates of Billingo documents"

    # === PUBLIC === #

    def _wanted(self, document, parsed):
        """Return the date by the user's choice or the connection's policy."""
        corrected = document._corrected_date()
        if corrected:
            return corrected
        if document.connection_id.date_policy == "issue":
            return parsed.invoice_date
        return parsed.fulfillment_date or parsed.invoice_date

    def _chosen(self, document, parsed):
        """Return the date of the entry, also by the policy for closed periods."""
        day = self._wanted(document, parsed)
        if document.connection_id.closed_policy == "stop":
            return day
        return self._first_open_day(document, day)

    def _check_open(self, document, day):
        """Refuse a closed period: Odoo would change the date silently.

        :raise DocumentProblem: the day is in a closed period
        """
        locks = self._locks(document, day)
        if locks:
            raise DocumentProblem(
                "period_closed",
                date=day,
                locks=self.env["res.company"]._format_lock_dates(locks),
            )

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
