import hashlib

from odoo import models
from odoo.exceptions import UserError

from ..maventa_api import (
    ORIGINS,
    CompanyState,
    Credentials,
    MaventaClient,
    MaventaError,
    SetupError,
    TemporaryError,
    open_session,
    organisation_number,
    same_business,
)
from ..maventa_api.simulator import Simulator
from ..maventa_api.simulator.holdings import VENDOR_API_KEY
from .database_store import DatabaseStore

# In this process no name is looked up; Odoo's tests let this one through.
SIMULATOR_ORIGIN = "https://localhost"
READ_SECONDS = 120  # a big invoice takes Maventa long


class ResCompany(models.Model):
    _inherit = "res.company"

    # === ACTIONS === #

    def action_maventa_check(self):
        """Prove the keys, compare the account with the company, and note the state.

        :raise UserError: the keys are wrong, or belong to another company
        """
        self.ensure_one()
        self.check_access("write")
        try:
            with self._maventa_client() as client:
                identity = client.identity()
                self._maventa_check_identity(identity)
                authorization = client.authorization()
        except MaventaError as error:
            raise UserError(self._maventa_explain(error)) from error
        verified = authorization.company_state is CompanyState.VERIFIED
        self._maventa_ensure_statuses()
        self.sudo().write(
            {
                "maventa_account_state": "verified" if verified else "unverified",
                "maventa_account_name": f"{identity.name} ({identity.bid})",
                "maventa_admin_id": self.env.uid,
            }
        )
        self._maventa_note_success()
        return self._maventa_check_result()

    def action_maventa_demo_account(self):
        """Open an account at the simulator in this database, and use it."""
        self.ensure_one()
        self.check_access("write")
        if self.maventa_environment != "demo":
            raise UserError(self.env._("Only in the environment Demo."))
        number = self._maventa_business_ids()
        if not number:
            raise UserError(self.env._("Enter the company's tax number first."))
        simulator = self._maventa_simulator()
        account = simulator.find_account(number[0]) or simulator.add_account(
            name=self.name,
            bid=number[0],
            country=self.country_code or "",
            vat=self.vat or "",
        )
        self.sudo().write(
            {
                "maventa_company_uuid": account.company_uuid,
                "maventa_user_api_key": account.user_api_key,
            }
        )
        return self.action_maventa_check()

    # === BUSINESS === #

    def _maventa_client(self, simulator=None):
        """Return a client of the company's account.

        The only place that reads keys and environment.

        :param simulator: answers in the environment Demo instead of its own
        :raise SetupError: keys are missing, or Demo would leave this machine
        """
        self.ensure_one()
        company, parameters = self.sudo(), self.env["ir.config_parameter"].sudo()
        environment = company.maventa_environment
        vendor_key = parameters.get_param("account_maventa.vendor_api_key")
        if environment == "demo":
            origin, session = self._maventa_demo_session(simulator)
            vendor_key = vendor_key or VENDOR_API_KEY
        else:
            origin = ORIGINS[environment]
            session = open_session(origin, read_seconds=READ_SECONDS)
        keys = (company.maventa_company_uuid, company.maventa_user_api_key, vendor_key)
        if not all(keys):
            raise SetupError(code="keys_missing")
        return MaventaClient(
            session,
            origin,
            Credentials(*keys),
            environment=f"{self.env.cr.dbname}/{environment}",
        )

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

    def _maventa_business_ids(self):
        """Return the numbers that Maventa may know the company by."""
        numbers = [
            organisation_number(self.country_code or "", self.vat or ""),
            self.company_registry,
            self.vat,
        ]
        return [number for number in numbers if number]

    def _maventa_check_identity(self, identity):
        if identity.disabled:
            raise SetupError(identity.name, code="account_disabled")
        theirs = (identity.bid, identity.vat)
        if not any(
            same_business(mine, other)
            for mine in self._maventa_business_ids()
            for other in theirs
        ):
            raise SetupError(f"{identity.name} {identity.bid}", code="other_company")

    def _maventa_check_result(self):
        if self.maventa_account_state == "verified":
            kind, text = "success", self.env._("Connected and verified by Maventa.")
        else:
            kind, text = (
                "warning",
                self.env._(
                    "The keys are right, but the company's authentication at Maventa "
                    "is not complete. Check again after it has been signed."
                ),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "title": self.maventa_account_name,
                "message": text,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _maventa_explain(self, error):
        """Put an error of the protocol package into words; Maventa's own stay."""
        quote = " ".join(filter(None, [error.message, *error.details]))
        company = self.display_name
        texts = {
            "keys_missing": self.env._(
                "The Maventa keys of %s are not complete (settings, Maventa).", company
            ),
            "simulator_not_local": self.env._(
                "The environment Demo must not leave this machine."
            ),
            "account_disabled": self.env._("Maventa has disabled the account."),
            "other_company": self.env._(
                "These keys belong to another company than %s:", company
            ),
            "scope_missing": self.env._("The user API key must not send invoices."),
        }
        if error.code in texts:
            text = texts[error.code]
        else:
            text = self._maventa_explain_family(error)
        return f"{text} {quote}".strip()

    def _maventa_explain_family(self, error):
        if isinstance(error, TemporaryError):
            return self.env._("Maventa cannot be reached right now; it is tried again.")
        if isinstance(error, SetupError):
            return self.env._(
                "Maventa does not accept the account of %s (check keys and rights).",
                self.display_name,
            )
        return self.env._("Maventa has refused the document:")
