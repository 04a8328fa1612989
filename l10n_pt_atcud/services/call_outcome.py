"""Writes what AT answered about a series to the record and its chatter."""

import datetime

from odoo import api, fields, models

from ..at_series import Estado
from ..exceptions import SeriesProblem
from ..guards import internal
from ..remote_text import as_html

_NO_RESULT = {"result_code": False, "result_message": False}
_LARGEST = 2**31 - 1  # that a column of Odoo's integers holds; AT has 25 digits
_CLOSED_STATES = {Estado.FINALISED: "finalised", Estado.ANNULLED: "annulled"}


@internal
class L10nPtAtcudCallOutcome(models.AbstractModel):
    """Commits nothing: the caller does, at once."""

    _name = "l10n_pt_atcud.call_outcome"
    _description = "AT: outcome of requests"

    # === PUBLIC === #

    @api.model
    def record_registered(self, series, info):
        """AT knows the series: keep its code and its dates."""
        series.write(
            {
                "state": "registered",
                "validation_code": info.cod_validacao_serie,
                "start_date": info.data_inicio_prev_utiliz or series.start_date,
                "registered_on": info.data_registo or series.registered_on,
                "status_on": _utc(info.data_estado),
                "mismatch": False,
                "is_uncompared": False,
                **_NO_RESULT,
            }
        )

    @api.model
    def record_unconfirmed(self, series, error):
        """The result is unknown: the state stays, and the next attempt consults AT.

        :return: the error
        """
        series.write(self._result(error))
        series.message_post(body=as_html(series._explain(error)))
        return error

    @api.model
    def record_refused(self, series, error):
        """Nothing happened at AT: the series can be corrected and tried again.

        :return: the error or problem
        """
        series.write({"state": "draft", **self._result(error)})
        series.message_post(body=as_html(series._explain(error)))
        return error

    @api.model
    def record_closed(self, series, estado, info):
        """AT knows the series as closed.

        :param estado: finalised or annulled
        :param info: what AT knows of it, or ``None``
        """
        last_number = info and storable(info.seq_ultimo_doc_emitido)
        series.write(
            {
                "state": _CLOSED_STATES[estado],
                "is_uncompared": False,
                "last_number": last_number or series.last_number,
                "status_on": _utc(info and info.data_estado) or fields.Datetime.now(),
                **_NO_RESULT,
            }
        )

    @api.model
    def record_still_open(self, series, error):
        """AT did not close the series, so it stays in use.

        :return: the error or problem
        """
        series.message_post(body=as_html(series._explain(error)))
        series.write(
            {
                "state": "registered",
                "closing": False,
                "closing_reason": False,
                "last_number": 0,
                **self._result(error),
            }
        )
        return error

    @api.model
    def is_closed(self, info):
        """Return whether AT knows a series as finalised or annulled."""
        return bool(info) and info.estado in _CLOSED_STATES

    # === HELPERS === #

    def _result(self, error):
        if isinstance(error, SeriesProblem):
            message = error.data.get("differences", False)
            return {"result_code": error.kind, "result_message": message}
        return {"result_code": error.code, "result_message": error.message}


def difference(differences):
    """Return the problem that AT has other data, or ``None``.

    :param differences: AT's element -> (at AT, as requested)
    """
    if not differences:
        return None
    parts = (
        f"{name} (AT: {'-' if at_at in (None, '') else at_at}, Odoo: {requested})"
        for name, (at_at, requested) in differences.items()
    )
    return SeriesProblem("different", differences=", ".join(parts))


def storable(number):
    """Return a number of AT's if Odoo can keep it, or ``None``."""
    return number if number is not None and 0 <= number <= _LARGEST else None


def _utc(moment):
    """Return an aware datetime as Odoo stores it, or a false value as it is."""
    return moment and moment.astimezone(datetime.UTC).replace(tzinfo=None)
