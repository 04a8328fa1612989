"""From a company to a client of AT's service: the one place that reads secrets."""

import base64
from functools import partial

from odoo import models

from ..at_series import (
    PRODUCTION_ORIGIN,
    TEST_ORIGIN,
    Credentials,
    SeriesClient,
    SetupError,
    client_context,
    open_session,
    open_tls_session,
)
from ..at_series.simulator import Account, Simulator
from .database_store import DatabaseStore
from .open_lines import open_line

_ORIGINS = {"test": TEST_ORIGIN, "production": PRODUCTION_ORIGIN}
# Odoo's test guard lets this host through, and nothing listens there for us.
_IN_PROCESS = "https://localhost"
_DEMO_PASSWORD = "demo"
# Whom AT's public test certificate names; only the test service knows it.
_TEST_NAME = "TesteWebservices"


class ResCompany(models.Model):
    _inherit = "res.company"

    def _l10n_pt_atcud_client(self, series=None, *, checking=False):
        """Return a client of AT's service for the taxpayer of this company.

        Every exchange of the client is logged.

        :param series: the series that AT is asked about, for the log
        :param checking: somebody wants to know whether AT lets us in by now
        :raise SetupError: something is missing or cannot be read, or AT refused us
            and nobody has checked since
        """
        self.ensure_one()
        company = self._l10n_pt_atcud_taxpayer().sudo()
        error = (
            company._l10n_pt_atcud_obstacle()
            or company._l10n_pt_atcud_password_obstacle()
        )
        # Who enters the password each time is checking each time.
        is_checking = checking or company.l10n_pt_atcud_password_mode == "asked"
        if not error and not is_checking:
            error = company._l10n_pt_atcud_last_refusal()
        if error:
            raise error
        observe = partial(company._l10n_pt_atcud_log, series)
        environment = company.l10n_pt_atcud_environment
        if environment != "demo":
            origin = _ORIGINS[environment]

            def dial():
                context = company._l10n_pt_atcud_tls_context()
                return open_tls_session(origin, context)

            return company._l10n_pt_atcud_line(origin, dial, observe)
        url = self._l10n_pt_atcud_parameter("simulator_url")
        if url:
            return company._l10n_pt_atcud_socket_client(url, observe)
        simulator = company._l10n_pt_atcud_simulator()
        credentials = Credentials(
            company._l10n_pt_atcud_user(),
            company._l10n_pt_atcud_secret() or _DEMO_PASSWORD,
            simulator.cipher_certificate,
        )
        session = open_session(_IN_PROCESS, simulator=simulator)
        return SeriesClient(session, _IN_PROCESS, credentials, observe=observe)

    def _l10n_pt_atcud_obstacle(self):
        """Return why AT cannot be asked at all, as an error, or ``None``."""
        if not self._l10n_pt_atcud_nif():
            return SetupError(code="no_nif")
        if self._l10n_pt_atcud_has_own_simulator():
            return None
        environment = self.l10n_pt_atcud_environment
        client = self.l10n_pt_atcud_client_certificate_id
        cipher = self.l10n_pt_atcud_cipher_certificate_id
        if client and not (client.pem_certificate and client.private_key_id.pem_key):
            # no key, or the password of the file is wrong
            return SetupError(client.loading_error or "", code="client_certificate")
        if not (
            self.l10n_pt_atcud_username
            and (
                self.l10n_pt_atcud_password
                or self.l10n_pt_atcud_password_mode == "asked"
            )
            and client.pem_certificate
            and client.private_key_id.pem_key
            and cipher.pem_certificate
        ):
            return SetupError(code="not_configured")
        if not self.l10n_pt_atcud_username.startswith(f"{self._l10n_pt_atcud_nif()}/"):
            return SetupError(code="other_taxpayer")
        if not client.is_valid:
            return SetupError(code="client_certificate_expired")
        if not cipher.is_valid:
            return SetupError(code="cipher_key_expired")
        if environment == "production" and client.subject_common_name == _TEST_NAME:
            return SetupError(code="test_certificate")
        return None

    def _l10n_pt_atcud_log(self, series, exchange):
        """Keep an exchange; it is committed with the outcome of the call."""
        self.env["l10n_pt_atcud.exchange"].sudo().create(
            {
                "company_id": self.id,
                "series_id": series and series.id,
                "user_id": self.env.uid,
                "environment": self.l10n_pt_atcud_environment,
                "operation": exchange.operation,
                "address": exchange.address,
                "code": exchange.code,
                "status": exchange.status or 0,
                "seconds": exchange.seconds,
                "request": exchange.request,
                "answer": exchange.answer,
            }
        )

    def _l10n_pt_atcud_simulator(self):
        """Return the simulator that answers in this process in Demo."""
        password = self.l10n_pt_atcud_password or _DEMO_PASSWORD
        return Simulator(
            DatabaseStore(self.env.registry, "l10n_pt_atcud_simulator_state"),
            {self._l10n_pt_atcud_user(): Account(password)},
        )

    def _l10n_pt_atcud_has_own_simulator(self):
        """Tell whether the simulator that answers has the password of Demo."""
        return (
            self.l10n_pt_atcud_environment == "demo"
            and not self._l10n_pt_atcud_parameter("simulator_url")
        )

    def _l10n_pt_atcud_user(self):
        """Return the name of the sub-user; Demo works before anything is set."""
        return self.l10n_pt_atcud_username or f"{self._l10n_pt_atcud_nif()}/1"

    def _l10n_pt_atcud_socket_client(self, url, observe):
        """Return a client of a simulator that listens on this machine."""
        authority = self._l10n_pt_atcud_parameter("simulator_authority")

        def dial():
            context = self._l10n_pt_atcud_tls_context(authority)
            try:
                return open_tls_session(url, context, loopback_only=True)
            except ValueError as error:
                raise SetupError(str(error), code="simulator_url") from error

        return self._l10n_pt_atcud_line(url, dial, observe, authority)

    def _l10n_pt_atcud_line(self, origin, dial, observe, *depends_on):
        """Return a client at ``origin``, on the connection of this action."""
        certificate = self.l10n_pt_atcud_client_certificate_id
        records = (certificate, certificate.private_key_id)
        versions = [(record.id, record.write_date) for record in records]
        key = (self.id, origin, *versions, *depends_on)
        session, is_kept = open_line(key, dial)
        return SeriesClient(
            session,
            origin,
            self._l10n_pt_atcud_credentials(),
            observe=observe,
            keep_session=is_kept,
        )

    def _l10n_pt_atcud_credentials(self):
        return Credentials(
            self.l10n_pt_atcud_username,
            self._l10n_pt_atcud_secret(),
            _decoded(self.l10n_pt_atcud_cipher_certificate_id, "pem_certificate"),
        )

    def _l10n_pt_atcud_tls_context(self, authority=None):
        """Return the TLS context with the client certificate.

        :param authority: PEM of the only authority to trust, by default the system's
        """
        certificate = self.l10n_pt_atcud_client_certificate_id
        key = certificate.private_key_id
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
