"""Finalises a series after its last document, or annuls one that was never used.

From the moment of the intent nothing is posted into the series any more: the last
number that AT receives must stay the last one.
"""

from functools import partial

from odoo import api, models

from ..at_series import (
    Annulment,
    Estado,
    Finalisation,
    RejectedError,
    SeriesError,
    SetupError,
    TipoDoc,
    UnknownOutcomeError,
    clean_text,
    lisbon_date,
)
from ..exceptions import ConnectionProblem, SeriesProblem
from ..guards import internal

_LONGEST_REASON = 4000  # characters, by AT's schema


@internal
class L10nPtAtcudSeriesClosing(models.AbstractModel):
    """Commits the intent before the request, and the outcome before anything else.

    An intent without an outcome is a series in the state "closing": AT is consulted
    before anything is repeated.
    """

    _name = "l10n_pt_atcud.series_closing"
    _description = "AT: finalising and annulling of series"

    # === PUBLIC === #

    @api.model
    def close(self, series, closing=None, *, last_number=0, reason=None):
        """Make sure that AT knows the end of the series, and record what it answers.

        :param closing: "finalise" or "annul"; nothing: continue what was begun
        :param last_number: the last number that the user has confirmed or entered
        :return: ``None``, or the error or problem that was met
        :raise UserError: another user or job is working on the series
        """
        series = series.sudo()
        remote = self.env["l10n_pt_atcud.remote_call"]
        remote.lock(series)
        options, request = {}, self._resume
        if series.state != "closing":
            if not closing or series.state != "registered":
                return None
            # Refused here, an impossible closing never keeps the series from use.
            problem = self._problem(series, closing, last_number)
            if problem:
                self._outcome().record_still_open(series, problem)
                remote.commit()
                return problem
            reason = clean_text(reason, _LONGEST_REASON)
            write = partial(self._write_intent, series, closing, last_number, reason)
            options = {"intent": write, "message": partial(self._message, series)}
            request = self._request
        try:
            with remote.open(series._connection(), series, **options) as call:
                if series.state == "closing":  # no other worker was faster
                    call.error = request(series, call.client)
        except (ConnectionProblem, RejectedError, SetupError) as error:
            return error
        return call.error

    # === HELPERS === #

    def _outcome(self):
        return self.env["l10n_pt_atcud.call_outcome"]

    def _write_intent(self, series, closing, last_number, reason):
        """Write down the request before it is sent; nothing is posted any more."""
        series.write(
            {
                "state": "closing",
                "closing": closing,
                "last_number": last_number,
                "closing_reason": reason,
                "result_code": False,
                "result_message": False,
            }
        )

    def _resume(self, series, client):
        """Ask AT for the result of an earlier request, and repeat only a lost one."""
        repeat = partial(self._request, series, client, is_repeated=True)
        return self._settle(series, client, repeat)

    def _request(self, series, client, *, is_repeated=False):
        """Request the closing and record the answer."""
        # Postings that were under way have ended, and none can begin.
        problem = self._problem(series, series.closing, series.last_number)
        if problem:
            return self._outcome().record_still_open(series, problem)
        try:
            self._outcome().record_closed(series, *self._send(series, client))
            return None
        except RejectedError as error:
            refusal = error
        except SeriesError as error:
            # Nothing was done this time; only AT knows the result of the first time.
            if is_repeated or isinstance(error, UnknownOutcomeError):
                return self._outcome().record_unconfirmed(series, error)
            return self._outcome().record_still_open(series, error)
        keep_open = partial(self._outcome().record_still_open, series, refusal)
        return self._settle(series, client, keep_open)

    def _settle(self, series, client, otherwise):
        """Take over a closing that AT knows; else return what ``otherwise`` returns."""
        outcome = self._outcome()
        try:
            known = client.find(series._new_series())
        except SeriesError as error:
            return outcome.record_unconfirmed(series, error)
        if not outcome.is_closed(known):
            return otherwise()
        outcome.record_closed(series, known.estado, known)
        return None

    def _message(self, series):
        """Return the request in the terms of AT's service."""
        key = series.identifier, TipoDoc(series.document_type), series.validation_code
        if series.closing == "annul":
            return Annulment(*key, declaracao_nao_emissao=True)
        reason = clean_text(series.closing_reason, _LONGEST_REASON)
        return Finalisation(*key, series.last_number, reason or None)

    def _send(self, series, client):
        """Send the request; return the state that AT agreed to, and what it knows."""
        message = self._message(series)
        if series.closing == "annul":
            return Estado.ANNULLED, client.anular_serie(message)
        return Estado.FINALISED, client.finalizar_serie(message)

    def _problem(self, series, closing, last_number):
        """Return what keeps the series from being closed, or ``None``."""
        last = series._find_last_number()
        if closing == "annul":
            if last:
                return SeriesProblem("has_documents")
            deadline = series._annulment_deadline()
            if deadline and lisbon_date() > deadline:
                return SeriesProblem("annulment_period_over", day=deadline)
            return None
        if series._is_numbered_elsewhere():
            least = max(series.first_number, last)
            if last_number < least:
                return SeriesProblem("last_number_missing", number=least)
            return None
        if not last:
            return SeriesProblem("no_documents")
        if last != last_number:
            return SeriesProblem("last_number_changed", number=last)
        return None
