"""All numbers of a series from the first to the last, and what is wrong with them."""

import io

from odoo import api, models
from odoo.fields import Domain

from ..guards import internal
from .text_patterns import escape_pattern


@internal
class L10nPtAtcudSeriesReporter(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.series_reporter"
    _description = "AT: report of the numbers of series"

    # === PUBLIC === #

    @api.model
    def series_of(self, company, year):
        """Return the series of a company that began in a year or were used in it."""
        first, last = f"{year}-01-01", f"{year}-12-31"
        in_year = Domain("invoice_date", ">=", first) & Domain(
            "invoice_date", "<=", last
        )
        used = self.env["account.move"]._read_group(
            Domain("company_id", "child_of", company.ids)
            & Domain("l10n_pt_atcud_series_id", "!=", False)
            & Domain("posted_before", "=", True)
            & in_year,
            ["l10n_pt_atcud_series_id"],
        )
        numbered = self.env["l10n_pt_atcud.document.mixin"]
        used += numbered._l10n_pt_atcud_used_series(first, last)
        began = (
            Domain("company_id", "child_of", company.ids)
            & Domain("state", "!=", "draft")
            & Domain("start_date", ">=", first)
            & Domain("start_date", "<=", last)
        )
        series = self.env["l10n_pt_atcud.series"].with_context(active_test=False)
        series = series.search(
            began | Domain("id", "in", [one.id for (one,) in used]),
            order="document_type, identifier, id",
        )
        return series.filtered(lambda one: one.journal_id or one.document_counter)

    @api.model
    def rows(self, series):
        """Return the numbers of one series, in ascending order, as dictionaries.

        Numbers that follow one another and are not in Odoo share a row. ``status`` is
        posted, cancel, missing or elsewhere; ``problems`` are kinds: gap, backward,
        no_code.
        """
        rows, expected, latest = [], series.first_number, None
        for row in self._issued(series):
            number = row["number"]
            if number > expected:
                rows += self._absent(series, expected, number - 1)
            if latest and row["date"] and row["date"] < latest:
                row["problems"].append("backward")
            rows.append(row)
            expected = max(expected, number + 1)
            latest = max(filter(None, (latest, row["date"])), default=None)
        if series.numbered_until >= expected:
            rows += self._absent(series, expected, series.numbered_until)
        return rows

    @api.model
    def xlsx(self, lines):
        """Return a spreadsheet of report lines, with a sheet per series.

        :param lines: of l10n_pt_atcud.series.report.line
        """
        import xlsxwriter  # here: slow to import, and rarely needed

        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True})
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "money": book.add_format({"num_format": "#,##0.00"}),
            "problem": book.add_format({"bg_color": "#F8D7DA"}),
        }
        titles = set()
        for series, of_series in lines.grouped("series_id").items():
            sheet = book.add_worksheet(_sheet_title(series.display_name, titles))
            self._fill_sheet(sheet, of_series, formats)
        book.close()
        return stream.getvalue()

    # === HELPERS === #

    def _documents(self, series):
        """Return the documents of a series, and those of it that were entered."""
        moves = self.env["account.move"]
        external = (
            Domain("journal_id", "=", series.journal_id.id)
            & Domain("l10n_pt_atcud_is_external", "=", True)
            & Domain(
                "sequence_prefix", "=ilike", escape_pattern(series._number_prefix())
            )
        )
        own = Domain("l10n_pt_atcud_series_id", "=", series.id)
        return moves.search(
            (own | external) & Domain("posted_before", "=", True),
            order="sequence_number, id",
        )

    def _issued(self, series):
        """Return a row per document in Odoo, entries and others, by number."""
        rows = [self._row(move) for move in self._documents(series)]
        mixin = self.env["l10n_pt_atcud.document.mixin"]
        for row in mixin._l10n_pt_atcud_rows(series):
            rows.append({"last_number": row["number"], **row, "problems": []})
        return sorted(rows, key=lambda row: row["number"])

    def _row(self, move):
        problems = []
        if not move.l10n_pt_atcud_value:
            problems.append("no_code")
        if move.state not in ("posted", "cancel"):
            problems.append("reset")
        return {
            "number": move.sequence_number,
            "last_number": move.sequence_number,
            "move_id": move.id,
            "date": move.invoice_date,
            "status": move.state if move.state in ("posted", "cancel") else "missing",
            "atcud": move.l10n_pt_atcud_value or False,
            "total": move.amount_total_signed,
            "problems": problems,
        }

    def _absent(self, series, first, last):
        """Return rows for numbers that Odoo has not: elsewhere, or a gap."""
        rows = []
        if first <= series.numbered_until:
            end = min(last, series.numbered_until)
            rows.append(self._absent_row(first, end, "elsewhere"))
            first = end + 1
        if first <= last:
            rows.append(
                {**self._absent_row(first, last, "missing"), "problems": ["gap"]}
            )
        return rows

    def _absent_row(self, first, last, status):
        return {
            "number": first,
            "last_number": last,
            "move_id": False,
            "date": False,
            "status": status,
            "atcud": False,
            "total": 0.0,
            "problems": [],
        }

    def _environment(self, series):
        """Return where a series is registered; of a trial, what it is worth."""
        labels = self.env["l10n_pt_atcud.demo_documents"]
        return series.trial_remark or labels.label(series.environment)

    def _fill_sheet(self, sheet, lines, formats):
        titles = [
            self.env._("Number"),
            self.env._("Document"),
            self.env._("Date"),
            self.env._("State"),
            self.env._("ATCUD"),
            self.env._("Total"),
            self.env._("Problem"),
            self.env._("Environment"),
        ]
        for column, (title, width) in enumerate(
            zip(titles, (14, 24, 12, 22, 24, 14, 60, 60), strict=True)
        ):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, formats["head"])
        states = dict(lines._fields["status"]._description_selection(self.env))
        for row, line in enumerate(lines, start=1):
            if line.problem:
                sheet.set_row(row, None, formats["problem"])
            sheet.write_string(row, 0, line.numbers)
            sheet.write_string(row, 1, line.document or "")
            if line.date:
                sheet.write_datetime(row, 2, line.date, formats["date"])
            sheet.write_string(row, 3, states[line.status])
            sheet.write_string(row, 4, line.atcud or "")
            if line.move_id or line.res_id:
                sheet.write_number(row, 5, line.total, formats["money"])
            sheet.write_string(row, 6, line.problem or "")
            sheet.write_string(row, 7, self._environment(line.series_id))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(lines), 1), len(titles) - 1)


def _sheet_title(title, taken):
    """Return a title that a spreadsheet accepts and has not yet."""
    title = title[:31]
    number = 1
    while title.casefold() in taken:
        number += 1
        title = f"{title[: 31 - len(str(number)) - 1]}~{number}"
    taken.add(title.casefold())
    return title
