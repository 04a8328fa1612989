"""Compares series with AT's register, and takes over what was changed there."""

from odoo import api, models
from odoo.exceptions import UserError

from ..at_series import SeriesError, SetupError
from ..exceptions import ConnectionProblem, SeriesProblem

_FOLLOWED = ("pending", "registered", "closing")
_DIFFERENCES = ("unknown_at_at", "different_code")


class L10nPtAtcudComparison(models.AbstractModel):
    """Commits before the request, and after each series."""

    _name = "l10n_pt_atcud.comparison"
    _description = "AT: comparison of series with AT's register"

    # === PUBLIC === #

    @api.model
    def compare_now(self, series):
        """Compare these series; raise an error when AT cannot be called.

        :return: a line of text per series
        :raise UserError: nothing to compare, or the connection is at fault
        """
        followed = series.filtered(lambda one: one.state in _FOLLOWED)
        followed = followed.filtered("connection_id")
        if not followed:
            raise UserError(
                self.env._(
                    "None of these series is registered at AT and open, so there is "
                    "nothing to compare."
                )
            )
        lines = []
        for connection, of_connection in followed.grouped("connection_id").items():
            by_name = self.by_name(self.fetch(connection))
            for one in of_connection:
                self.compare(one.sudo(), by_name.get(_name(one)))
                lines.append(self._line(one))
        return lines

    @api.model
    def fetch(self, connection, company=None):
        """Return all series that AT knows of this taxpayer.

        :param company: whose connection is missing, where there is none
        :raise UserError: AT cannot be called; for administrators a RedirectWarning
        """
        known, error = self.try_fetch(connection)
        if error:
            connection._raise_for(error, company)
        return known

    @api.model
    def try_fetch(self, connection):
        """Return all series that AT knows of this taxpayer, and the error if any.

        The error is a ``SeriesError`` or, where nothing was sent, a
        ``ConnectionProblem``.
        """
        remote = self.env["l10n_pt_atcud.remote_call"]
        known = ()
        try:
            with remote.open(connection.sudo()) as call:
                try:
                    known = call.client.consultar_series()
                except SeriesError as error:
                    call.error = error
        except (ConnectionProblem, SetupError) as error:
            return (), error
        return known, call.error

    @api.model
    def by_name(self, known):
        """Return what AT knows by document type and identifier, without case."""
        return {(info.tipo_doc, info.serie.casefold()): info for info in known}

    @api.model
    def compare_each(self, series, known):
        """Compare many series with one answer of AT."""
        by_name = self.by_name(known)
        for one in series:
            # Alone: after each commit it would be read anew with all the others.
            one = one.with_prefetch()
            self.compare(one, by_name.get(_name(one)))

    @api.model
    def compare(self, series, info):
        """Take over what happened to this series at AT, and inform its creator.

        :param info: what AT knows, or ``None``
        """
        remote = self.env["l10n_pt_atcud.remote_call"]
        try:
            if series.state == "pending":
                self.env["l10n_pt_atcud.registration"].register(series)
                return
            if series.state == "closing":
                self.env["l10n_pt_atcud.closing"].close(series)
                return
            remote.lock(series)
        except UserError:
            return  # in use elsewhere; the next comparison follows
        if series.state == "registered":
            self._compare_registered(series, info)
        remote.commit()

    # === HELPERS === #

    def _compare_registered(self, series, info):
        if self.env["l10n_pt_atcud.outcome"].is_closed(info):
            self.env["l10n_pt_atcud.outcome"].record_closed(series, info.estado, info)
            series._schedule_warning(
                self.env._(
                    "At AT the series %s is finalised or annulled, which was not done "
                    "in Odoo. No more documents are issued in it.",
                    series.display_name,
                )
            )
            return
        difference = None
        if not info:
            difference = "unknown_at_at"
        elif info.cod_validacao_serie != series.validation_code:
            difference = "different_code"
        if difference and series.result_code != difference:
            series._schedule_warning(
                self.env._(
                    "AT does not know the series %(series)s with the code %(code)s. "
                    "Check it on AT's portal.",
                    series=series.display_name,
                    code=series.validation_code,
                )
            )
        if difference or series.result_code in _DIFFERENCES:
            series.write({"result_code": difference, "result_message": False})

    def _line(self, series):
        """Return the result of the comparison, in one line."""
        states = dict(series._fields["state"]._description_selection(self.env))
        line = f"{series.display_name}: {states[series.state]}"
        if series.state == "registered" and series.result_code in _DIFFERENCES:
            line += f". {series._explain(SeriesProblem(series.result_code))}"
        return line


def _name(series):
    return series.document_type, series.identifier.casefold()
