"""Compares series with AT's register, and takes over what was changed there."""

from odoo import api, models
from odoo.exceptions import UserError

from ..at_series import SeriesError, SetupError
from ..exceptions import ConnectionProblem, SeriesProblem
from ..guards import internal
from .call_outcome import difference

_FOLLOWED = ("pending", "registered", "closing")
DIFFERENCES = ("unknown_at_at", "different_code", "different", "identifier_used_up")
# What is decided once for a series; a number of the software or another program that
# registered it makes no difference.
_COMPARED = ("tipoSerie", "numInicialSeq")


@internal
class L10nPtAtcudSeriesComparison(models.AbstractModel):
    """Commits before the request, and after each series."""

    _name = "l10n_pt_atcud.series_comparison"
    _description = "AT: comparison of series with AT's register"

    # === PUBLIC === #

    @api.model
    def compare_now(self, series):
        """Compare these series; raise an error when AT cannot be called.

        :return: lines of text: what was compared, and the result for each series
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
            known = self.fetch(connection)
            lines.append(
                self.env._(
                    "AT's register (%(connection)s) has %(count)s series of this "
                    "taxpayer.",
                    connection=connection.display_name,
                    count=len(known),
                )
            )
            by_name, is_certain = self.by_name(known), self.is_certain(known)
            for one in of_connection:
                self.compare(one.sudo(), by_name.get(_name(one)), is_certain)
                lines.append(self._line(one, by_name.get(_name(one)), is_certain))
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
        return {
            (str(info.tipo_doc), info.serie.casefold()): info
            for info in known
            if info.is_identified
        }

    @api.model
    def is_certain(self, known):
        """Return whether AT does not know what is not among ``known``.

        A row that does not name its series could be any.
        """
        return all(info.is_identified for info in known)

    @api.model
    def compare_each(self, series, known):
        """Compare many series with one answer of AT; none keeps the others from it."""
        by_name, is_certain = self.by_name(known), self.is_certain(known)
        remote = self.env["l10n_pt_atcud.remote_call"]
        for one in series:
            with remote.fence(one):
                # Alone: after each commit it would be read anew with all the others.
                one = one.with_prefetch()
                self.compare(one, by_name.get(_name(one)), is_certain)

    @api.model
    def compare(self, series, info, is_certain=True):
        """Take over what happened to this series at AT, and inform its creator.

        :param info: what AT knows, or ``None``
        :param is_certain: AT does not know the series where ``info`` is ``None``
        """
        remote = self.env["l10n_pt_atcud.remote_call"]
        try:
            if series.state == "pending":
                self.env["l10n_pt_atcud.series_registration"].register(series)
                return
            if series.state == "closing":
                self.env["l10n_pt_atcud.series_closing"].close(series)
                return
            remote.lock(series)
        except UserError:
            return  # in use elsewhere; the next comparison follows
        if series.state == "registered" and (info or is_certain):
            self._compare_registered(series, info)
        remote.commit()

    @api.model
    def compare_entered(self, connection):
        """Compare the codes that were entered by hand while AT could not be asked.

        :param connection: AT has just accepted it
        """
        series = self.env["l10n_pt_atcud.series"].sudo()
        entered = series.with_context(active_test=False).search(
            [
                ("connection_id", "=", connection.id),
                ("is_uncompared", "=", True),
                ("state", "=", "registered"),
            ]
        )
        if entered:
            known, error = self.try_fetch(connection)
            if not error:
                self.compare_each(entered, known)

    # === HELPERS === #

    def _compare_registered(self, series, info):
        outcome = self.env["l10n_pt_atcud.call_outcome"]
        is_same = info and info.cod_validacao_serie == series.validation_code
        if series.is_uncompared and not (is_same and outcome.is_closed(info)):
            self._compare_entered_code(series, info)
            return
        if outcome.is_closed(info):
            outcome.record_closed(series, info.estado, info)
            series._schedule_warning(
                self.env._(
                    "At AT the series %s is finalised or annulled, which was not done "
                    "in Odoo. No more documents are issued in it.",
                    series.display_name,
                )
            )
            return
        problem = self._difference(series, info)
        if problem and series.result_code != problem.kind:
            series._schedule_warning(self._warning(series, problem))
        if problem or series.result_code in DIFFERENCES:
            self._note(series, problem)

    def _compare_entered_code(self, series, info):
        """Compare what was entered by hand with all that AT knows, for the first time.

        A code that AT contradicts remains *not compared*, and shows the difference.
        """
        registration = self.env["l10n_pt_atcud.series_registration"]
        problem = registration.code_problem(series, series.validation_code, info)
        if not problem:
            self.env["l10n_pt_atcud.call_outcome"].record_registered(series, info)
            text = self.env._("The code %s agrees with AT's register.")
            series.message_post(body=text % series.validation_code)
            return
        if series.result_code != problem.kind:
            series._schedule_warning(
                self._warning(series, problem)
                + " "
                + self.env._("The code was entered by hand.")
            )
        self._note(series, problem)

    def _difference(self, series, info):
        """Return what AT has in another way than Odoo, or ``None``."""
        if not info:
            return SeriesProblem("unknown_at_at")
        if info.cod_validacao_serie != series.validation_code:
            return SeriesProblem("different_code")
        found = info.differences(series._new_series(), series.nif)
        return difference({name: found[name] for name in _COMPARED if name in found})

    def _note(self, series, problem):
        differences = problem.data.get("differences", False) if problem else False
        series.write(
            {
                "result_code": problem and problem.kind,
                "result_message": differences,
            }
        )

    def _warning(self, series, problem):
        if problem.kind in ("unknown_at_at", "different_code"):
            return self.env._(
                "AT does not know the series %(series)s with the code %(code)s. "
                "Check it on AT's portal.",
                series=series.display_name,
                code=series.validation_code,
            )
        return series._explain(problem)

    def _line(self, series, info, is_certain):
        """Return the result of the comparison, in one line."""
        states = dict(series._fields["state"]._description_selection(self.env))
        line = f"{series.display_name}: {states.get(series.state, series.state)}."
        if series.state != "registered":
            return line
        if series.result_code in DIFFERENCES:
            differences = series.result_message or ""
            problem = SeriesProblem(series.result_code, differences=differences)
            return f"{line} {series._explain(problem)}"
        if not info and not is_certain:
            return f"{line} " + self.env._(
                "AT's answer has a series that cannot be read, so it is not certain "
                "whether AT knows this one."
            )
        return f"{line} " + self.env._(
            "Code, state, kind and first number agree with AT's register."
        )


def _name(series):
    return series.document_type, series.identifier.casefold()
