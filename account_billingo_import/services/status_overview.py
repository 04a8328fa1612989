"""The rows of Billingo connections in the overview; see ``overview.py``."""

from odoo import api, models

from ..guards import internal


@internal
class BillingoStatusOverview(models.AbstractModel):
    _name = "billingo.status.overview"
    _description = "Billingo: rows of the overview"

    @api.model
    def _fiscal_bridge_overview(self):
        domain = [("company_id", "in", self.env.companies.ids)]
        connections = self.env["billingo.connection"].search(domain).sudo()
        return [self._row(connection) for connection in connections]

    def _row(self, connection):
        states = dict(connection._fields["state"]._description_selection(self.env))
        return {
            "res_model": connection._name,
            "res_id": connection.id,
            "service": "Billingo",
            "account": connection.display_name,
            "company": connection.company_id.display_name,
            "company_res_id": connection.company_id.id,
            "state": states.get(connection.state, connection.state),
            "problem": connection.error,
            "succeeded_at": connection.last_success_at,
            "next_run_at": connection.next_run_at,
            "failures": connection.failures,
            "stuck": self._stuck(connection),
            "expires_on": connection.subscription_end,
            "expiring": connection.subscription_end and self.env._("Subscription"),
        }

    def _stuck(self, connection):
        """Return what does not go on without a person, or False."""
        errors, unstored = connection.count_errors, connection.count_unstored
        texts = (
            errors and self.env._("Documents with errors: %s", errors),
            unstored and self.env._("Documents that could not be stored: %s", unstored),
        )
        return "; ".join(filter(None, texts)) or False
