"""Checks whether AT accepts the credentials of a connection."""

from odoo import api, models

from ..at_series import Query, SeriesError, SetupError
from ..exceptions import SeriesProblem
from ..guards import internal

# No series has this identifier, and the query changes nothing.
_HARMLESS = Query(serie="ODOOPING")


@internal
class L10nPtAtcudConnectionCheck(models.AbstractModel):
    """Commits what was saved before the request, and the answer after it."""

    _name = "l10n_pt_atcud.connection_check"
    _description = "AT: check of a connection"

    # === PUBLIC === #

    @api.model
    def check(self, connection):
        """Send a harmless query, and keep whether AT answers it.

        Codes that were entered by hand before AT could be asked are compared then.

        :return: ``None``, or the error or problem that was met
        :raise UserError: another user or job is checking it
        """
        connection = connection.sudo()
        remote = self.env["l10n_pt_atcud.remote_call"]
        remote.commit()
        remote.lock(connection)
        try:
            with remote.open(connection, connection, checking=True) as call:
                try:
                    call.client.consultar_series(_HARMLESS)
                except SeriesError as error:
                    call.error = error
        except (SeriesProblem, SetupError) as error:
            return error
        if not call.error:
            self.env["l10n_pt_atcud.series_comparison"].compare_entered(connection)
        return call.error
