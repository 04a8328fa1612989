from odoo import models
from odoo.exceptions import UserError

from ..billingo_api import HOST, BillingoClient
from ..billingo_api.simulator import Simulator, samples
from ..billingo_api.transport import open_session
from .database_store import DatabaseStore

IN_PROCESS = "https://localhost"  # the only https host that tests let through
DEMO_KEYS = {"supplier_key": "demo-supplier", "own_key": "demo-own"}


class BillingoConnection(models.Model):
    _inherit = "billingo.connection"

    def _client(self):
        """Return a client of this connection's account.

        Reads the key and the environment, and nobody else does. Use it as a context
        manager.
        """
        self.ensure_one()
        connection = self.sudo()
        parameters = self.env["ir.config_parameter"].sudo()
        simulator = None
        if connection.environment != "demo":
            origin = HOST
        elif connection._is_simulated_here():
            origin, simulator = IN_PROCESS, connection._own_simulator()
        else:
            origin = parameters.get_param("account_billingo_import.simulator_url")
        try:
            session = open_session(
                origin,
                simulator=simulator,
                loopback_only=connection.environment == "demo",
            )
        except ValueError as error:
            raise UserError(
                self.env._(
                    "%(origin)s is no address on this machine, and in Demo nothing "
                    "leaves it. Correct the system parameter "
                    "account_billingo_import.simulator_url, or delete it to use the "
                    "simulator in Odoo.",
                    origin=origin,
                )
            ) from error
        options = {"spacing": 0.02} if connection.environment == "demo" else {}
        size = parameters.get_param("account_billingo_import.page_size") or ""
        if size.isdigit():
            options["page_size"] = int(size)
        return BillingoClient(
            session,
            origin,
            connection.api_key or "",
            user_agent="Odoo account_billingo_import 19.0",
            **options,
        )

    def _is_simulated_here(self):
        parameters = self.env["ir.config_parameter"].sudo()
        return not parameters.get_param("account_billingo_import.simulator_url")

    def _own_simulator(self):
        """The simulator in this process, with two accounts made for the company."""
        company = self.company_id
        store = DatabaseStore(
            self.env.registry, "billingo_simulator_state", f"{company.id}:"
        )
        simulator = Simulator(store)
        if not simulator.accounts.exists(DEMO_KEYS["own_key"]):
            party = samples.Party(
                company.name,
                company.vat or "",
                company.zip or "",
                company.city or "",
                company.street or "",
                id=company.id,
            )
            samples.fill(simulator, company=party, **DEMO_KEYS)
        return simulator
