"""Checks that every posted document has the ATCUD of its series, in order."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..guards import internal

_MOST_NAMES = 20  # in one text; the list shows all


@internal
class L10nPtAtcudIssuedDocumentCheck(models.AbstractModel):
    """Reads documents only. Commits nothing, never calls AT."""

    _name = "l10n_pt_atcud.issued_document_check"
    _description = "AT: check of posted documents"

    # === PUBLIC === #

    @api.model
    def check(self, company):
        """Return what is wrong with the posted documents of a company.

        One query for each kind of fault, however many documents there are.

        :return: kind -> documents: ``missing`` (posted without ATCUD, although it is
            required), ``different`` (not code and number of its series), ``gap`` (the
            number before it does not exist), ``order`` (an earlier date than that of
            the number before it)
        """
        self.env.flush_all()
        faults = {
            "missing": self._missing(company),
            "different": self._different(company),
            **self._sequence_faults(company),
        }
        return {kind: moves for kind, moves in faults.items() if moves}

    @api.model
    def describe(self, faults):
        """Return the faults as text, a line for each kind."""
        texts = {
            "missing": self.env._("Posted without ATCUD: %s"),
            "different": self.env._("The ATCUD is not that of the series: %s"),
            "gap": self.env._("The number before it is missing: %s"),
            "order": self.env._("Earlier date than the number before it: %s"),
        }
        return "\n".join(texts[kind] % self._names(x) for kind, x in faults.items())

    @api.model
    def report(self, connection):
        """Notify an administrator of faults that were not reported before."""
        companies = self.env["res.company"].sudo()
        companies = companies.search(
            [("account_fiscal_country_id.code", "=", "PT")]
        ).filtered(lambda company: company._l10n_pt_atcud_connection() == connection)
        reported = set(connection.reported_documents or ())
        for company in companies:
            faults = self.check(company)
            found = {
                f"{kind}/{move.id}" for kind, moves in faults.items() for move in moves
            }
            if found - reported:
                reported |= found
                connection._alert(
                    self.env._(
                        "Documents of %(company)s need attention.\n%(faults)s",
                        company=company.display_name,
                        faults=self.describe(faults),
                    )
                )
        if reported != set(connection.reported_documents or ()):
            connection.reported_documents = sorted(reported)

    # === HELPERS === #

    def _missing(self, company):
        """Return what is posted without ATCUD, but for what is older than the first.

        From its first ATCUD on, a company posts no sales document without one: what
        has none is marked, or another program issued it, or it came past the rules.
        """
        moves = self.env["account.move"]
        own = Domain("company_id", "=", company.id)
        is_of_series = Domain("l10n_pt_atcud_series_id", "!=", False)
        has_none = Domain("l10n_pt_atcud_value", "=", False)
        first = moves.search(own & is_of_series & ~has_none, order="id", limit=1)
        is_known = is_of_series | Domain("l10n_pt_atcud_is_missing", "=", True)
        is_later = (
            Domain("id", ">", first.id)
            & Domain("l10n_pt_atcud_is_external", "=", False)
            & Domain("journal_id.type", "=", "sale")
            & Domain("move_type", "in", moves.get_sale_types(include_receipts=True))
            & Domain("company_id.account_fiscal_country_id.code", "=", "PT")
        )
        expected = is_known | is_later if first else is_known
        return moves.search(own & has_none & expected & Domain("state", "=", "posted"))

    def _different(self, company):
        query = SQL(
            """
            SELECT move.id FROM account_move AS move
              JOIN l10n_pt_atcud_series AS series
                ON series.id = move.l10n_pt_atcud_series_id
             WHERE move.company_id = %s
               AND move.l10n_pt_atcud_value IS NOT NULL
               AND move.l10n_pt_atcud_value IS DISTINCT FROM
                   concat(series.validation_code, '-', move.sequence_number)
             ORDER BY move.id
            """,
            company.id,
        )
        return self._moves(row[0] for row in self.env.execute_query(query))

    def _sequence_faults(self, company):
        query = SQL(
            """
            SELECT * FROM (
                SELECT move.id, move.sequence_number, move.invoice_date,
                       series.first_number, series.numbered_until,
                       lag(move.sequence_number) OVER numbers AS number_before,
                       lag(move.invoice_date) OVER numbers AS date_before
                  FROM account_move AS move
                  JOIN l10n_pt_atcud_series AS series
                    ON series.id = move.l10n_pt_atcud_series_id
                 WHERE move.company_id = %s AND move.l10n_pt_atcud_value IS NOT NULL
                WINDOW numbers AS (
                    PARTITION BY series.id ORDER BY move.sequence_number)
            ) AS documents
             WHERE sequence_number != coalesce(
                       number_before + 1,
                       greatest(first_number, coalesce(numbered_until, 0) + 1))
                OR invoice_date < date_before
             ORDER BY id
            """,
            company.id,
        )
        gaps, late = [], []
        for row in self.env.execute_query(query):
            number, day, first, until, before, day_before = row[1:]
            expected = before + 1 if before else max(first, (until or 0) + 1)
            if number != expected:
                gaps.append(row[0])
            if day_before and day and day < day_before:
                late.append(row[0])
        return {"gap": self._moves(gaps), "order": self._moves(late)}

    def _moves(self, ids):
        return self.env["account.move"].browse(ids)

    def _names(self, moves):
        names = ", ".join(x or "/" for x in moves[:_MOST_NAMES].mapped("name"))
        more = len(moves) - _MOST_NAMES
        return f"{names} … (+{more})" if more > 0 else names
