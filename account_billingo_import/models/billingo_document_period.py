from datetime import timedelta

from odoo import models

from .problem import DocumentProblem


class BillingoDocument(models.Model):
    """The accounting date, and what happens where the books are closed."""

    _inherit = "billingo.document"

    def _wanted_date(self, document):
        corrected = self._corrected_date()
        if corrected:
            return corrected
        if self.connection_id.date_policy == "issue":
            return document.invoice_date
        return document.fulfillment_date or document.invoice_date

    def _accounting_date(self, document):
        """Return the day of the entry, by the connection's policies."""
        day = self._wanted_date(document)
        if self.connection_id.closed_policy == "stop":
            return day
        return self._first_open_day(day)

    def _first_open_day(self, day, journal=None, has_tax=True):
        """Return ``day``, or the first one after it that no lock date closes."""
        while locks := self._locks(day, journal, has_tax):
            day = max(date for date, _lock in locks) + timedelta(days=1)
        return day

    def _locks(self, day, journal=None, has_tax=True):
        """Return the lock dates that close a day: all kinds, the hard one too."""
        journal = journal or self.connection_id.journal_id
        return self.company_id._get_violated_lock_dates(day, has_tax, journal)

    def _check_period(self, day):
        """Refuse a closed period: Odoo would move the date without a word."""
        locks = self._locks(day)
        if locks:
            raise DocumentProblem(
                "period",
                self.env._(
                    "The accounting date %(date)s is in a closed period: %(locks)s. "
                    "Open the period, process with a corrected date, or skip the "
                    "document.",
                    date=day,
                    locks=self.env["res.company"]._format_lock_dates(locks),
                ),
            )
