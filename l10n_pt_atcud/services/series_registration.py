"""Registers a series at AT, and takes over series that AT knows already."""

from datetime import date
from functools import partial

from odoo import api, models
from odoo.tools import format_date

from ..at_series import (
    ALREADY_REGISTERED,
    START_DATE_PASSED,
    Estado,
    RejectedError,
    SeriesError,
    SetupError,
    TipoSerie,
    UnknownOutcomeError,
    lisbon_date,
)
from ..exceptions import ConnectionProblem, SeriesProblem
from ..guards import internal
from ..remote_text import as_html
from .call_outcome import difference, storable

# AT's elements that can be taken over although something else was requested.
# AT registers series since Portaria 195/2020 is in force (its article 9).
FIRST_REGISTRATION = date(2021, 1, 1)
_ADOPTABLE = frozenset("serie tipoSerie numInicialSeq numCertSWFatur".split())


@internal
class L10nPtAtcudSeriesRegistration(models.AbstractModel):
    """Commits the intent before the request, and the outcome before anything else.

    An intent without an outcome is a series in the state "pending": AT is consulted
    before anything is repeated.
    """

    _name = "l10n_pt_atcud.series_registration"
    _description = "AT: registration of series"

    # === PUBLIC === #

    @api.model
    def register(self, series):
        """Make sure that AT knows the series, and record what it answers.

        :return: ``None``, or the error or problem that was met
        :raise UserError: another user or job is working on the series
        """
        series = series.sudo()
        self.env["l10n_pt_atcud.remote_call"].lock(series)
        if series.state == "draft":
            problem = self._numbering_problem(series)
            if problem:
                return problem
            intent = partial(self._write_intent, series)
            return self._call(series, self._request, intent)
        if series.state == "pending":
            return self._call(series, self._resume)
        return None

    @api.model
    def register_all(self, series):
        """Register one after the other; no more under a connection that is at fault.

        :return: series -> ``None``, or the error or problem that was met
        """
        results, failed = {}, set()
        for one in series:
            # Alone: after each commit it would be read anew with all the others.
            one = one.with_prefetch()
            connection_id = one._connection().id
            if connection_id in failed:
                continue
            results[one] = self.register(one)
            if isinstance(results[one], (SetupError, ConnectionProblem)):
                failed.add(connection_id)
        return results

    @api.model
    def enter_code(self, series, code, registered_on, numbered_until=0):
        """Take over a code from AT's portal, compared with AT's where AT answers.

        The portal is that of Production, whatever environment is in use. A code whose
        register cannot be asked is kept as not compared.

        :param numbered_until: the last number that was issued elsewhere
        :return: ``None``, or the error or problem that was met
        """
        series = series.sudo()
        remote = self.env["l10n_pt_atcud.remote_call"]
        remote.lock(series)
        if not self._takes_code(series):
            return None
        day = format_date(self.env, registered_on)
        if registered_on > lisbon_date():
            return SeriesProblem("registered_in_future", day=day)
        if registered_on < FIRST_REGISTRATION:
            return SeriesProblem("registered_too_early", day=day)
        connection = self.code_connection(series)
        if not connection.nif:
            return ConnectionProblem("no_nif")
        prepare = partial(self._prepare_code, series, connection, numbered_until)
        try:
            with remote.open(connection, series, intent=prepare) as call:
                problem = self._compare_code(series, call, code, registered_on)
        except (ConnectionProblem, SetupError) as error:
            prepare()
            self._record_code(series, code, registered_on, error)
            return None
        return problem

    @api.model
    def code_connection(self, series):
        """Return the connection to the register that a code from the portal is in."""
        return series.sudo().company_id._l10n_pt_atcud_obtain_connection("production")

    @api.model
    def find_code_connection(self, series):
        """Return the connection to that register if it exists."""
        return series.sudo().company_id._l10n_pt_atcud_find_connection("production")

    @api.model
    def adopt(self, series, numbered_until):
        """Take over the data that AT has now, although something else was requested.

        :param numbered_until: the last number that was issued elsewhere
        :return: ``None``, or the error or problem that was met
        """
        series = series.sudo()
        self.env["l10n_pt_atcud.remote_call"].lock(series)
        if series.state != "draft":
            return None
        return self._call(series, partial(self._adopt_as_found, numbered_until))

    @api.model
    def is_adoptable(self, differences):
        """Return whether all that differs can be taken over from AT.

        :param differences: AT's element -> (at AT, as requested)
        """
        kind = differences.get("tipoSerie", [TipoSerie.NORMAL])[0]
        return set(differences) <= _ADOPTABLE and kind in list(TipoSerie)

    @api.model
    def code_problem(self, series, code, known):
        """Return what AT's register says against a code, or ``None``.

        :param known: what AT knows of the series, or ``None``
        """
        if not known:
            return SeriesProblem("unknown_at_at")
        if self._outcome().is_closed(known):
            return SeriesProblem("identifier_used_up")
        if known.cod_validacao_serie != code:
            return SeriesProblem("different_code")
        differences = known.differences(series._new_series(), series.nif)
        # On the portal the number of the software may have been left out, and an
        # accountant may have registered the series.
        differences.pop("numCertSWFatur", None)
        differences.pop("nifComunicou", None)
        return difference(differences)

    # === HELPERS === #

    def _outcome(self):
        return self.env["l10n_pt_atcud.call_outcome"]

    def _call(self, series, request, intent=None):
        """Open a call and let ``request(series, client)`` ask and record."""
        remote = self.env["l10n_pt_atcud.remote_call"]
        try:
            with remote.open(
                series._connection(),
                series,
                intent=intent,
                message=series._new_series if intent else None,
            ) as call:
                call.error = request(series, call.client)
        except (ConnectionProblem, RejectedError, SetupError) as error:
            return error
        return call.error

    def _numbering_problem(self, series):
        """Return a problem when the series would give a number for a second time."""
        issued = series._find_numbered()
        if issued >= series.first_number:
            return SeriesProblem("already_numbered", number=issued)
        return None

    def _bind(self, series, connection=None):
        """Return the values that bind a draft to a connection, or the one in use."""
        taxpayer = series.company_id._l10n_pt_atcud_taxpayer()
        return {
            "connection_id": (connection or series._current_connection()).id,
            "software_number": int(taxpayer._l10n_pt_atcud_certificate_number() or 0),
        }

    def _write_intent(self, series):
        """Write down the request before it is sent."""
        series.write(
            {
                **self._bind(series),
                "state": "pending",
                # AT refuses a start in the past (4049).
                "start_date": max(series.start_date, lisbon_date()),
                "result_code": False,
                "result_message": False,
            }
        )

    def _resume(self, series, client):
        """Ask AT for the result of an earlier request, and repeat only a lost one."""
        if series.state != "pending":
            return None
        return self._settle(series, client, partial(self._request, series, client))

    def _request(self, series, client):
        """Request the registration and record the answer."""
        if series.state != "pending":  # another worker was faster
            return None
        try:
            self._outcome().record_registered(series, self._send(series, client))
            return None
        except UnknownOutcomeError as error:
            return self._outcome().record_unconfirmed(series, error)
        except RejectedError as error:
            if error.code != ALREADY_REGISTERED:
                return self._outcome().record_refused(series, error)
            refusal = error
        except SeriesError as error:
            return self._outcome().record_refused(series, error)
        refuse = partial(self._outcome().record_refused, series, refusal)
        return self._settle(series, client, refuse)

    def _settle(self, series, client, otherwise):
        """Take over what AT knows; where it knows nothing, return ``otherwise()``."""
        try:
            known = client.find(series._new_series())
        except SeriesError as error:
            return self._outcome().record_unconfirmed(series, error)
        return self._adopt_exact(series, known) if known else otherwise()

    def _send(self, series, client):
        """Send the request; a start that has passed meanwhile is moved, once."""
        try:
            return client.registar_serie(series._new_series())
        except RejectedError as error:
            today = lisbon_date()
            if error.code != START_DATE_PASSED or series.start_date >= today:
                raise
        series.start_date = today
        return client.registar_serie(series._new_series())

    def _adopt_exact(self, series, known):
        """Take over what AT knows, if it is exactly what was requested."""
        if self._outcome().is_closed(known):
            return self._outcome().record_refused(
                series, SeriesProblem("identifier_used_up")
            )
        differences = known.differences(series._new_series(), series.nif)
        if differences or not known.is_complete:
            series.mismatch = {
                "differences": differences,
                "used": storable(known.seq_ultimo_doc_emitido) or 0,
            }
            problem = difference(differences) or SeriesProblem("no_code_at_at")
            return self._outcome().record_refused(series, problem)
        self._outcome().record_registered(series, known)
        return None

    def _adopt_as_found(self, numbered_until, series, client):
        """Ask AT, and take over its data as far as a program may number by it."""
        if series.state != "draft":
            return None
        try:
            known = client.find(series._new_series())
        except SeriesError as error:
            return error
        if not known:
            return SeriesProblem("unknown_at_at")
        if known.estado != Estado.ACTIVE:
            return SeriesProblem("identifier_used_up")
        differences = known.differences(series._new_series(), series.nif)
        kept = {name: x for name, x in differences.items() if name not in _ADOPTABLE}
        first = storable(known.num_inicial_seq)
        if (
            kept
            or not first
            or not known.is_complete
            or not isinstance(known.tipo_serie, TipoSerie)
        ):
            return difference(kept or differences) or SeriesProblem("no_code_at_at")
        series.write(
            {
                "connection_id": series._current_connection().id,
                "identifier": known.serie,
                "kind": known.tipo_serie.name.lower(),
                "first_number": first,
                "software_number": known.num_cert_sw_fatur or 0,
            }
        )
        series.numbered_until = max(
            numbered_until,
            storable(known.seq_ultimo_doc_emitido) or 0,
            series._find_numbered(),
        )
        self._outcome().record_registered(series, known)
        return None

    def _prepare_code(self, series, connection, numbered_until):
        series.write(self._bind(series, connection))
        # A number that exists is never given again.
        series.numbered_until = max(numbered_until, series._find_numbered())

    def _takes_code(self, series):
        """Return whether a code can be entered, or one that was typed be corrected."""
        return series.state == "draft" or (
            series.state == "registered"
            and series.is_uncompared
            and not series._find_last_number()
        )

    def _compare_code(self, series, call, code, registered_on):
        """Compare a code with AT's register and record it.

        :return: ``None``, or the problem that keeps the code from being used
        """
        if not self._takes_code(series):
            return None
        try:
            known = call.client.find(series._new_series())
        except SeriesError as error:
            call.error = error
            self._record_code(series, code, registered_on, error)
            return None
        problem = self.code_problem(series, code, known)
        if not problem:
            self._outcome().record_registered(series, known)
        return problem

    def _record_code(self, series, code, registered_on, error):
        """Keep a code that AT could not confirm, and note that in the chatter."""
        text = self.env._(
            "The code %s was entered by hand and not compared with AT: ", code
        )
        series.message_post(body=as_html(text + series._explain(error)))
        series.write(
            {
                "state": "registered",
                "validation_code": code,
                "registered_on": registered_on,
                "is_uncompared": True,
                "result_code": False,
                "result_message": False,
            }
        )
