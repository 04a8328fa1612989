"""Which series a draft may use, and which of them is proposed."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..guards import internal


@internal
class L10nPtAtcudSeriesChoice(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.series_choice"
    _description = "AT: choice of a document's series"

    # === PUBLIC === #

    @api.model
    def allowed(self, move):
        """Return the series that fit a document, in the order of its journal.

        A training document is corrected by training documents, and by nothing else.
        """
        series = self.env["l10n_pt_atcud.series"]
        if not move._l10n_pt_atcud_is_required():
            return series
        return series.sudo().search(self._domain(move))

    @api.model
    def is_allowed(self, move, series):
        """Return whether a series is one of those that fit, without a search."""
        series = series.sudo()
        return bool(
            move._l10n_pt_atcud_is_required()
            and series.active
            and series.filtered_domain(self._domain(move))
        )

    @api.model
    def proposed(self, move, allowed):
        """Return the one of ``allowed`` to propose; training only after training.

        Documents of the VAT cash scheme have series of their own. Of those that fit,
        the default series of the journal comes first. Where a series has a
        predecessor, the date of the document decides.
        """
        if self._corrected_kind(move) != "training":
            allowed = allowed.filtered(lambda series: series.kind == "normal")
        is_cash = self.env["l10n_pt_atcud.issued_content"].is_cash_scheme(move)
        fitting = allowed.filtered(lambda series: series.is_cash_scheme == is_cash)
        allowed = fitting or allowed
        series = (allowed.filtered("is_default") or allowed)[:1]
        day = move.invoice_date or fields.Date.context_today(move)
        successors = {
            one.predecessor_id: one
            for one in allowed.sorted("id", reverse=True)
            if one.predecessor_id and one.state == "registered"
        }
        while series in successors and successors[series].start_date <= day:
            series = successors.pop(series)
        while series.start_date and series.start_date > day:
            predecessor = series.predecessor_id & allowed
            if predecessor.state != "registered":
                break
            series = predecessor
        return series

    # === HELPERS === #

    def _domain(self, move):
        """Return the domain of the series that fit a document."""
        company = move.company_id
        connection = company._l10n_pt_atcud_issuing_connection()
        kind = self._corrected_kind(move)
        return Domain(
            [
                ("kind", "=" if kind == "training" else "!=", kind and "training"),
                ("journal_id", "=", move.journal_id._origin.id),
                ("nif", "=", company._l10n_pt_atcud_nif()),
                ("document_type", "=", move._l10n_pt_atcud_type()),
                "|",
                ("state", "=", "draft"),
                "&",
                ("state", "in", ("pending", "registered")),
                ("connection_id", "=", connection.id),
            ]
        )

    def _corrected_kind(self, move):
        """Return the kind of series of the document that this one corrects."""
        origin = move.reversed_entry_id or move.debit_origin_id
        return origin.sudo().l10n_pt_atcud_series_id.kind
