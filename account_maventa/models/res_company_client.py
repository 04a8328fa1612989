import hashlib

from odoo import models

from ..maventa_api import (
    ORIGINS,
    Credentials,
    MaventaClient,
    Registrar,
    SetupError,
    open_session,
)
from ..maventa_api.simulator import Simulator
from ..maventa_api.simulator.holdings import VENDOR_API_KEY
from .database_store import DatabaseStore

# In this process no name is looked up; Odoo's tests let this one through.
SIMULATOR_ORIGIN = "https://localhost"
READ_SECONDS = 120  # a big invoice takes Maventa long


class ResCompany(models.Model):
    """From keys and environment to a client: the only place that reads them."""

    _inherit = "res.company"

    def _maventa_client(self, simulator=None):
        """Return a client of the company's account.

        :param simulator: answers in the environment Demo instead of its own
        :raise SetupError: keys are missing, or Demo would leave this machine
        """
        self.ensure_one()
        company = self.sudo()
        vendor_key, origin, session = self._maventa_line(simulator)
        keys = (company.maventa_company_uuid, company.maventa_user_api_key, vendor_key)
        if not all(keys):
            raise SetupError(code="keys_missing")
        return MaventaClient(
            session,
            origin,
            Credentials(*keys),
            environment=f"{self.env.cr.dbname}/{company.maventa_environment}",
        )

    def _maventa_registrar(self, simulator=None):
        """Return what opens accounts, for a company that has none yet.

        :raise SetupError: the vendor key is missing, or Demo would leave this machine
        """
        self.ensure_one()
        vendor_key, origin, session = self._maventa_line(simulator)
        if not vendor_key:
            raise SetupError(code="vendor_key_missing")
        return Registrar(session, origin, vendor_key)

    def _maventa_line(self, simulator):
        """Return the vendor key, the origin and a session that reaches only that."""
        parameters = self.env["ir.config_parameter"].sudo()
        environment = self.sudo().maventa_environment
        vendor_key = parameters.get_param("account_maventa.vendor_api_key")
        if environment == "demo":
            return vendor_key or VENDOR_API_KEY, *self._maventa_demo_session(simulator)
        origin = ORIGINS[environment]
        return vendor_key, origin, open_session(origin, read_seconds=READ_SECONDS)

    def _maventa_account_ref(self):
        """Return what tells this account from any other, without telling its UUID.

        A transfer that began under one account is never taken up under another:
        there it would not be found, and be sent twice.
        """
        company = self.sudo()
        uuid = company.maventa_company_uuid or ""
        digest = hashlib.sha256(uuid.encode()).hexdigest()[:16]
        return f"{company.maventa_environment}/{digest}"

    def _maventa_demo_session(self, simulator):
        url = self.env["ir.config_parameter"].sudo()
        url = url.get_param("account_maventa.simulator_url")
        if url and not simulator:
            try:
                return url, open_session(url, loopback_only=True)
            except ValueError as error:
                raise SetupError(str(error), code="simulator_not_local") from error
        simulator = simulator or self._maventa_simulator()
        session = open_session(SIMULATOR_ORIGIN, simulator=simulator)
        return SIMULATOR_ORIGIN, session

    def _maventa_simulator(self):
        return Simulator(DatabaseStore(self.env.registry, "maventa_simulator_state"))
