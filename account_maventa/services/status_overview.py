"""The rows of accounts at Maventa in the overview; see ``overview.py``."""

from odoo import api, models

from ..guards import internal
from ..models.transfer_state import IN_FLIGHT, TransferState
from ..overview import next_run

UPLOADS = "account_maventa.ir_cron_maventa_transfer"


@internal
class MaventaStatusOverview(models.AbstractModel):
    _name = "maventa.status.overview"
    _description = "Maventa: Rows of the Overview"

    @api.model
    def _fiscal_bridge_overview(self):
        domain = [("company_id", "in", self.env.companies.ids)]
        accounts = self.env["maventa.account"].search(domain).sudo()
        return [self._row(account) for account in accounts]

    def _row(self, account):
        states = dict(account._fields["state"]._description_selection(self.env))
        return {
            "res_model": account._name,
            "res_id": account.id,
            "service": "Maventa",
            "account": account.display_name,
            "company": account.company_id.display_name,
            "company_res_id": account.company_id.id,
            "state": states.get(account.state, account.state),
            "problem": account.problem,
            "succeeded_at": account.succeeded_at,
            "next_run_at": account.state == "verified"
            and next_run(self.env.ref(UPLOADS), account.paused_until),
            "failures": account.failures,
            "stuck": self._stuck(account),
        }

    def _stuck(self, account):
        """Return the numbers of transfers that do not come to their end, as text."""
        transfers = account.env["maventa.transfer"]
        own = [("account_id", "=", account.id), ("is_void", "=", False)]
        unknown = transfers.search_count([*own, ("state", "in", IN_FLIGHT)])
        overdue = transfers.search_count(
            [
                *own,
                ("state", "=", TransferState.ACCEPTED),
                ("warned_at", "!=", False),
            ]
        )
        texts = [
            unknown and self.env._("Uploads without an outcome: %s", unknown),
            overdue and self.env._("Overdue deliveries: %s", overdue),
        ]
        return "; ".join(filter(None, texts))
