"""Questions to Maventa's directory: e-invoice addresses and operators."""

from datetime import datetime

from odoo import api, models
from odoo.exceptions import UserError

from ..exceptions import TransferProblem
from ..guards import internal
from ..maventa_api import MaventaError
from ..maventa_api.party_identifiers import register_of
from .remote_call import remote_call
from .time_budget import TimeBudget


@internal
class MaventaDirectory(models.AbstractModel):
    """Read-only look-ups; nothing is committed."""

    _name = "maventa.directory"
    _description = "Directory of Maventa"

    # === PUBLIC === #

    @api.model
    def _find_receivers(self, partner):
        """Return the e-invoice addresses of a customer that Maventa knows.

        :return: list of ``maventa_api.Receiver``
        :raise UserError: there is no working account, or Maventa cannot be reached
        """
        company = partner.company_id or self.env.company
        wanted = self._wanted(partner)
        return self._ask(company, lambda client: client.find_receivers(**wanted))

    @api.model
    def _look_up(self, partners):
        """Return customers with the e-invoice addresses that Maventa knows.

        One connection for all customers of a company. As many as time allows, those
        first that were looked up longest ago.

        :raise UserError: there is no working account, or Maventa cannot be reached
        """
        found, budget = [], TimeBudget()
        partners = partners.sorted(lambda row: row.maventa_lookup_at or datetime.min)
        groups = partners.grouped(lambda row: row.company_id or self.env.company)
        for company, rows in groups.items():
            if found and budget.is_spent:
                break
            found += self._ask(
                company,
                lambda client, rows=rows: self._receivers(client, rows, budget),
            )
        return found

    @api.model
    def _operators(self):
        """Return Maventa's operators, as a list of ``maventa_api.Operator``.

        :raise UserError: there is no working account, or Maventa cannot be reached
        """
        return self._ask(self.env.company, lambda client: client.operators())

    # === HELPERS === #

    def _receivers(self, client, partners, budget):
        found = []
        for partner in partners:
            if found and budget.is_spent:
                break
            values = self._wanted(partner.commercial_partner_id)
            found.append((partner, client.find_receivers(**values)))
        return found

    def _wanted(self, partner):
        """Return what the directory is asked for: the number that documents name."""
        return {
            "bid": self.env["maventa.parties"]._identifiers(partner).legal.value,
            "name": partner.name or "",
            "country": register_of(partner.country_code or ""),
        }

    def _ask(self, company, question):
        """Return the answer to ``question``, which takes a client."""
        company = company._maventa_account_company().sudo()
        account = company.maventa_account_id
        messages = self.env["maventa.messages"]
        if not account:
            problem = TransferProblem("not_configured", company=company.name)
            raise UserError(messages._explain(problem, account))
        if account.state in ("unchecked", "refused"):
            problem = TransferProblem("no_working_account")
            raise UserError(messages._explain(problem, account))
        try:
            with remote_call(account, records=account.browse()) as client:
                return question(client)
        except (MaventaError, TransferProblem) as error:
            raise UserError(messages._explain(error, account)) from error
