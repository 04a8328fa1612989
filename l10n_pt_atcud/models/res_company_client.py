"""From a company to a client of AT's service: the one place that reads secrets."""

import base64

from odoo import models

from ..at_series import (
    PRODUCTION_ORIGIN,
    TEST_ORIGIN,
    Credentials,
    SeriesClient,
    SetupError,
    client_context,
    open_session,
)
from ..at_series.simulator import Account, Simulator
from .database_store import DatabaseStore

_ORIGINS = {"test": TEST_ORIGIN, "production": PRODUCTION_ORIGIN}
# Odoo's test guard lets this host through, and nothing listens there for us.
_IN_PROCESS = "https://localhost"
_DEMO_PASSWORD = "demo"


class ResCompany(models.Model):
    _inherit = "res.company"

    def _l10n_pt_atcud_client(self):
        """Return a client of AT's service for the taxpayer of this company.

        :raise SetupError: something is missing or cannot be read
        """
        self.ensure_one()
        company = self._l10n_pt_atcud_taxpayer().sudo()
        if not company._l10n_pt_atcud_nif():
            raise SetupError(code="no-nif")
        environment = company.l10n_pt_atcud_environment
        if environment != "demo":
            origin = _ORIGINS[environment]
            context = company._l10n_pt_atcud_tls_context()
            session = open_session(origin, ssl_context=context)
            return SeriesClient(session, origin, company._l10n_pt_atcud_credentials())
        url = self._l10n_pt_atcud_parameter("simulator_url")
        if url:
            return company._l10n_pt_atcud_socket_client(url)
        simulator = company._l10n_pt_atcud_simulator()
        username, password = company._l10n_pt_atcud_demo_user()
        credentials = Credentials(username, password, simulator.cipher_certificate)
        session = open_session(_IN_PROCESS, simulator=simulator)
        return SeriesClient(session, _IN_PROCESS, credentials)

    def _l10n_pt_atcud_simulator(self):
        """Return the simulator that answers in this process in Demo."""
        username, password = self._l10n_pt_atcud_demo_user()
        return Simulator(
            DatabaseStore(self.env.registry, "l10n_pt_atcud_simulator_state"),
            {username: Account(password)},
        )

    def _l10n_pt_atcud_demo_user(self):
        """Return user and password in Demo, which works before anything is set."""
        return (
            self.l10n_pt_atcud_username or f"{self._l10n_pt_atcud_nif()}/1",
            self.l10n_pt_atcud_password or _DEMO_PASSWORD,
        )

    def _l10n_pt_atcud_socket_client(self, url):
        """Return a client of a simulator that listens on this machine."""
        context = self._l10n_pt_atcud_tls_context(
            self._l10n_pt_atcud_parameter("simulator_authority")
        )
        try:
            session = open_session(url, loopback_only=True, ssl_context=context)
        except ValueError as error:
            raise SetupError(str(error), code="simulator-url") from error
        return SeriesClient(session, url, self._l10n_pt_atcud_credentials())

    def _l10n_pt_atcud_credentials(self):
        certificate = self.l10n_pt_atcud_cipher_certificate_id
        if not (
            self.l10n_pt_atcud_username
            and self.l10n_pt_atcud_password
            and certificate.pem_certificate
        ):
            raise SetupError(code="not-configured")
        return Credentials(
            self.l10n_pt_atcud_username,
            self.l10n_pt_atcud_password,
            _decoded(certificate, "pem_certificate"),
        )

    def _l10n_pt_atcud_tls_context(self, authority=None):
        """Return the TLS context with the client certificate.

        :param authority: PEM of the only authority to trust, by default the system's
        """
        certificate = self.l10n_pt_atcud_client_certificate_id
        key = certificate.private_key_id
        if not (certificate.pem_certificate and key.pem_key):
            raise SetupError(code="not-configured")
        return client_context(
            _decoded(certificate, "pem_certificate"),
            _decoded(key, "pem_key"),
            password=key.password or None,
            authority=authority or None,
        )

    def _l10n_pt_atcud_parameter(self, name):
        parameters = self.env["ir.config_parameter"].sudo()
        return parameters.get_param(f"l10n_pt_atcud.{name}")


def _decoded(record, name):
    return base64.b64decode(record.with_context(bin_size=False)[name])
