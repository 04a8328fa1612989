"""The rows of connections to AT in the overview; see ``overview.py``."""

from odoo import api, models

from ..guards import internal
from ..overview import next_run

_JOB = "l10n_pt_atcud.ir_cron_l10n_pt_atcud_nightly_check"
_CERTIFICATES = ("client_certificate_id", "cipher_certificate_id")


@internal
class L10nPtAtcudStatusOverview(models.AbstractModel):
    _name = "l10n_pt_atcud.status_overview"
    _description = "AT: rows of the overview"

    @api.model
    def _fiscal_bridge_overview(self):
        domain = [("company_id", "in", self.env.companies.ids)]
        connections = self.env["l10n_pt_atcud.connection"].search(domain).sudo()
        return [self._row(connection) for connection in connections]

    def _row(self, connection):
        states = dict(
            connection._fields["display_state"]._description_selection(self.env)
        )
        unfinished = self._count_unfinished(connection)
        is_followed = connection.is_in_use or unfinished
        expiring, expires_on = self._expiry(connection)
        return {
            "res_model": connection._name,
            "res_id": connection.id,
            "service": "AT",
            "account": connection.display_name,
            "company": connection.company_id.display_name,
            "company_res_id": connection.company_id.id,
            "state": states[connection.display_state],
            "problem": connection.failure or connection.diagnosis,
            "succeeded_at": connection.succeeded_at,
            "next_run_at": is_followed
            and next_run(self.env.ref(_JOB), connection.next_try_at),
            "failures": connection.failures,
            "stuck": self.env._("Series without an answer of AT: %s", unfinished)
            if unfinished
            else False,
            "expires_on": expires_on,
            "expiring": expiring,
        }

    def _count_unfinished(self, connection):
        """Return how many series wait for AT's answer to a request."""
        series = connection.env["l10n_pt_atcud.series"]
        return series.with_context(active_test=False).search_count(
            [
                ("connection_id", "=", connection.id),
                ("state", "in", ("pending", "closing")),
            ]
        )

    def _expiry(self, connection):
        """Return which certificate ends first, and on which day."""
        ends = [
            (connection[name].date_end, name)
            for name in _CERTIFICATES
            if connection[name].date_end
        ]
        if not ends:
            return False, False
        end, name = min(ends)
        label = connection._fields[name]._description_string(self.env)
        return label, end.date()
