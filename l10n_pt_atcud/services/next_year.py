"""The year's turn: series that need a successor, and reminders of it."""

from markupsafe import Markup
from odoo import api, models

from ..at_series import lisbon_date
from ..guards import as_service, internal
from .year_pattern import fill_pattern, find_pattern, has_other_year


@internal
class L10nPtAtcudNextYear(models.AbstractModel):
    """Commits nothing."""

    _name = "l10n_pt_atcud.next_year"
    _description = "AT: series of the next year"

    # === PUBLIC === #

    @api.model
    def proposed_year(self):
        """Return the year for which series are proposed today."""
        today = lisbon_date()
        # In its first half a year is caught up on, later the next one is prepared.
        return today.year + 1 if today.month > 6 else today.year

    @api.model
    def can_have_successor(self, series, year):
        """Return whether a series of the year before ``year`` can be followed."""
        return (
            series.state == "registered"
            and series._is_current()
            and series.kind != "recovery"
            and not has_other_year(series.identifier, year - 1)
        )

    @api.model
    def remind(self, series):
        """In December, remind the creator of a journal's series of the next year, once.

        :param series: the series of one connection
        """
        today = lisbon_date()
        if today.month != 12:
            return
        year = today.year + 1
        for journal, of_journal in (
            series.filtered("active").grouped("journal_id").items()
        ):
            lacking = of_journal.filtered(lambda one: self._lacks_successor(one, year))
            if not lacking or journal.l10n_pt_atcud_reminded_year >= year:
                continue
            as_service(journal).l10n_pt_atcud_reminded_year = year
            text = self.env._(
                "The journal %(journal)s has no series for %(year)s yet to follow "
                "%(series)s.",
                journal=journal.display_name,
                year=year,
                series=", ".join(lacking.mapped("display_name")),
            )
            journal.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Next year's AT series"),
                note=Markup('%s <a href="/odoo/at-series">%s</a>')
                % (text, self.env._("Next year's series")),
                user_id=lacking[0]._responsible().id,
            )

    # === HELPERS === #

    def _lacks_successor(self, series, year):
        """Return whether a series is of the year before, and ``year`` has none."""
        pattern = find_pattern(series.identifier, year - 1)
        if not pattern or series.kind != "normal":
            return False
        if not self.can_have_successor(series, year):
            return False
        return not series.search_count(
            [
                ("journal_id", "=", series.journal_id.id),
                ("document_type", "=", series.document_type),
                ("state", "!=", "annulled"),
                ("environment", "=", series.environment),
                "|",
                "|",
                ("predecessor_id", "=", series.id),
                ("identifier", "=ilike", fill_pattern(pattern, year)),
                ("start_date", ">=", f"{year}-01-01"),
            ],
            limit=1,
        )
