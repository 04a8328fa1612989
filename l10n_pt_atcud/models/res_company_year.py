"""In December: which journals have no series for the year that comes."""

from markupsafe import Markup
from odoo import fields, models

from ..at_series import lisbon_date


class AccountJournal(models.Model):
    _inherit = "account.journal"

    # the last year whose series were asked for
    l10n_pt_atcud_reminded_year = fields.Integer(readonly=True, copy=False)


class ResCompany(models.Model):
    _inherit = "res.company"

    # Business

    def _l10n_pt_atcud_remind_of_year(self):
        """Tell who made a journal's series, once, that next year has none."""
        today = lisbon_date()
        if today.month != 12:
            return
        year = today.year + 1
        series = self._l10n_pt_atcud_live_series().filtered("active")
        for journal, of_journal in series.grouped("journal_id").items():
            lacking = of_journal.filtered(lambda one: one._lacks_successor(year))
            if not lacking or journal.l10n_pt_atcud_reminded_year >= year:
                continue
            journal.l10n_pt_atcud_reminded_year = year
            text = self.env._(
                "The journal %(journal)s has no series for %(year)s yet in place of "
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
