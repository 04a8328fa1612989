"""The dates of documents: those of a series ascend, and none lies in the future.

Despacho 8632/2014. A series is communicated before it is used (DL 28/2019, article 35),
so no document is older than its registration. The company may choose to be warned
instead, of each kind. The expected start that AT has is a forecast: it only warns.
"""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ..at_series import lisbon_date
from ..guards import internal


@internal
class L10nPtAtcudIssueDates(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.issue_dates"
    _description = "AT: dates of documents"

    # === PUBLIC === #

    @api.model
    def check(self, moves):
        """Raise unless all documents may have their dates.

        :param moves: to be posted now, in series that are locked for posting, or of
            another program
        :return: document -> messages, where the company is warned instead
        """
        new = moves.filtered(lambda move: not move.l10n_pt_atcud_value)
        numbered = new.filtered("l10n_pt_atcud_series_id")
        found = [(move, self._period_problems(move)) for move in new - numbered]
        for series, documents in numbered.grouped("l10n_pt_atcud_series_id").items():
            last = self._last_date(series, documents)
            found += [(move, self._problems(move, last)) for move in documents]
        warnings = {}
        for move, problems in found:
            for setting, message in problems:
                if setting and move.company_id.sudo()[setting] != "warn":
                    raise UserError(message)
                warnings.setdefault(move, []).append(message)
        return warnings

    @api.model
    def series_to_lock(self, moves):
        """Return the series in which nobody else may post while these are posted.

        A document of an earlier day than today could come after one that another user
        posts at this moment.
        """
        today = lisbon_date()
        alone = moves.filtered(
            lambda move: (
                (move.invoice_date and move.invoice_date < today)
                # each signature needs the one before
                or move.company_id._l10n_pt_atcud_signing()
            )
        )
        return alone.l10n_pt_atcud_series_id

    @api.model
    def check_order(self, moves):
        """Raise when documents that were posted together have not ascending dates."""
        for series, documents in moves.grouped("l10n_pt_atcud_series_id").items():
            if series.sudo().kind == "recovery":
                continue  # the dates of the originals, in no order
            ordered = documents.sorted("sequence_number")
            for first, second in zip(ordered, ordered[1:], strict=False):
                if first.invoice_date <= second.invoice_date:
                    continue
                if second.company_id.sudo().l10n_pt_atcud_date_earlier == "warn":
                    continue
                raise UserError(
                    self.env._(
                        "The documents of the series %(series)s cannot be posted "
                        "together, because their accounting dates have another order "
                        "than their dates. Post the one of %(day)s first.",
                        series=series.display_name,
                        day=format_date(self.env, second.invoice_date),
                    )
                )

    @api.model
    def remark(self, move):
        """Return what is wrong with the date of a draft, or ``None``."""
        series = move.l10n_pt_atcud_series_id
        problems = self._problems(move, self._last_known(self.env.cr, series.id))
        return " ".join(message for _setting, message in problems) or None

    @api.model
    def unregistered(self, series, date):
        """Return the message about a date before the registration of the series."""
        return self.env._(
            "The document is dated %(day)s, earlier than the registration of the "
            "series %(series)s with AT. The first day that is allowed is %(first)s.",
            day=format_date(self.env, date),
            first=format_date(self.env, series.registered_on),
            series=series.display_name,
        )

    @api.model
    def period_problem(self, date, booked):
        """Return that VAT is booked in another period than it is due, or ``None``.

        It is due with the date of the document: CIVA arts. 7 and 8, and of a receipt in
        the cash scheme DL 71/2013, annex, art. 2. A month is within any period.
        """
        if (booked.year, booked.month) == (date.year, date.month):
            return None
        return self.env._(
            "The document is dated %(day)s, and would be booked on %(booked)s. Its VAT "
            "belongs to the period of its date. Choose a date in an open period, or "
            "let an accounting administrator open that period.",
            day=format_date(self.env, date),
            booked=format_date(self.env, booked),
        )

    # === HELPERS === #

    def _problems(self, move, last):
        """Yield the company's setting and the message for each fault of a date.

        Without a setting it is a warning.

        :param last: the date of the last document that was issued, or ``None``
        """
        today, series = lisbon_date(), move.l10n_pt_atcud_series_id.sudo()
        date = move.invoice_date or today
        if date > today:
            yield "l10n_pt_atcud_date_later", self._later(series, date, last)
        yield from self._period_problems(move)
        if series.kind == "recovery":
            return  # the dates of the originals, in no order
        if last and date < last:
            yield "l10n_pt_atcud_date_earlier", self._earlier(series, date, last)
        if series.registered_on and date < series.registered_on:
            yield (
                "l10n_pt_atcud_date_unregistered",
                self.unregistered(series, date),
            )
        elif series.start_date and date < series.start_date:
            yield None, self._before_start(series)

    def _period_problems(self, move):
        """Yield that Odoo books a document of a locked period in another one.

        What is recovered has the date of the original, and is issued nevertheless.
        """
        date = move.invoice_date or lisbon_date()
        message = self.period_problem(date, self._booked_on(move, date))
        if message:
            is_recovery = move.l10n_pt_atcud_series_id.sudo().kind == "recovery"
            yield (None if is_recovery else "l10n_pt_atcud_document_rules"), message

    def _booked_on(self, move, date):
        """Return the accounting date that posting will give."""
        booked = move.date if move.invoice_date else date
        has_tax = bool(move._affect_tax_report())
        locks = move._get_violated_lock_dates(booked, has_tax)
        return move._get_accounting_date(date, has_tax, locks) if locks else booked

    def _later(self, series, date, last):
        today = lisbon_date()
        values = {
            "day": format_date(self.env, date),
            "series": series.display_name,
            "today": format_date(self.env, today),
        }
        if series.kind == "recovery" or not last or last >= today:
            return self.env._(
                "The document is dated %(day)s, after today. In the series "
                "%(series)s the first day that is allowed is %(today)s.",
                **values,
            )
        return self.env._(
            "The document is dated %(day)s, after today. In the series "
            "%(series)s the first day that is allowed is %(first)s, and the "
            "last is %(today)s.",
            first=format_date(self.env, last),
            **values,
        )

    def _earlier(self, series, date, last):
        return self.env._(
            "The document is dated %(day)s, and a document of %(first)s is already "
            "issued in the series %(series)s. The first day that is allowed is "
            "%(first)s.",
            day=format_date(self.env, date),
            first=format_date(self.env, last),
            series=series.display_name,
        )

    def _before_start(self, series):
        return self.env._(
            "The date of this document is earlier than the expected start of the "
            "series %(series)s, which AT has as %(day)s.",
            series=series.display_name,
            day=format_date(self.env, series.start_date),
        )

    def _last_date(self, series, documents):
        """Return the date of the last issued document of a locked series."""
        last = self._last_known(self.env.cr, series.id)
        if not self.series_to_lock(documents):
            return last
        # What others have posted while this transaction waited is invisible to it.
        with self.env.registry.cursor() as cursor:
            committed = self._last_known(cursor, series.id)
        return max(filter(None, (last, committed)), default=None)

    def _last_known(self, cursor, series_id):
        if cursor is self.env.cr:
            self.env["account.move"].flush_model(
                ["invoice_date", "l10n_pt_atcud_series_id", "l10n_pt_atcud_value"]
            )
        cursor.execute(
            SQL(
                """
                SELECT max(invoice_date) FROM account_move
                 WHERE l10n_pt_atcud_series_id = %s
                   AND l10n_pt_atcud_value IS NOT NULL
                """,
                series_id or 0,
            )
        )
        return cursor.fetchone()[0]
