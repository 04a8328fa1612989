"""Connections of a company, and the clients made of them."""

import base64
import pathlib
import tempfile

from odoo.exceptions import UserError, ValidationError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged
from odoo.tools import file_open

from ..at_series import SetupError
from ..at_series.simulation import MemoryStore, serve
from ..at_series.simulator import Account, Simulator
from ..at_series.simulator.certificates import SandboxFiles
from ..exceptions import ConnectionProblem
from ..models.database_store import DatabaseStore
from .common import USERNAME, AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestConnection(AtcudCommon):
    def connect(self, files):
        """Upload what the administrator would upload."""
        certificates = self.env["certificate.certificate"].sudo()
        key = (
            self.env["certificate.key"]
            .sudo()
            .create(
                {
                    "content": base64.b64encode(files.key("client")),
                    "company_id": self.company.id,
                }
            )
        )
        self.connection.sudo().write(
            {
                "username": USERNAME,
                "password": "Senha-ção-1",
                "client_certificate_id": certificates.create(
                    {
                        "content": base64.b64encode(files.certificate("client")),
                        "private_key_id": key.id,
                        "company_id": self.company.id,
                    }
                ).id,
                "cipher_certificate_id": certificates.create(
                    {
                        "content": base64.b64encode(files.certificate("cipher")),
                        "company_id": self.company.id,
                    }
                ).id,
            }
        )

    def set_parameter(self, name, value):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(f"l10n_pt_atcud.{name}", value)

    def test_over_tls_with_the_certificates_of_the_company(self):
        self.use_environment("demo")
        with tempfile.TemporaryDirectory() as folder:
            files = SandboxFiles(pathlib.Path(folder))
            self.connect(files)
            simulator = Simulator(
                MemoryStore(),
                {USERNAME: Account("Senha-ção-1")},
                cipher=(files.cipher_key(), files.certificate("cipher")),
            )
            authority = files.certificate("authority").decode()
            with serve(simulator, ssl_context=files.server_context()) as origin:
                url = origin.replace("127.0.0.1", "localhost")
                self.set_parameter("simulator_url", url)
                self.set_parameter("simulator_authority", authority)
                series = self.registered_series()
        self.assertEqual(series.state, "registered")
        self.assertEqual(simulator.requests["registarSerie"], 1)

    def test_demo_keeps_its_register_in_the_database(self):
        self.use_environment("demo")
        store = DatabaseStore(self.registry, "l10n_pt_atcud_simulator_state")
        with self.enter_registry_test_mode():
            self.simulator = Simulator(store, {USERNAME: Account("demo")})
            series = self.registered_series()
            with store as state:
                self.assertIn(f"series/509987656/FT/{series.identifier.lower()}", state)
                self.assertEqual(len(list(state)), len(state))
            # A simulator of another worker knows the series as well.
            self.simulator = Simulator(store, {USERNAME: Account("demo")})
            with self.other_program() as client:
                (info,) = client.consultar_series()
        self.assertEqual(info.cod_validacao_serie, series.validation_code)

    def test_demo_refuses_a_remote_simulator(self):
        self.use_environment("demo")
        with tempfile.TemporaryDirectory() as folder:
            self.connect(SandboxFiles(pathlib.Path(folder)))
        self.set_parameter("simulator_url", "https://192.0.2.1:8443")
        error = self.register(self.make_series())
        self.assertEqual(error.kind, "simulator_url")

    def test_invalid_simulator_url_sends_nothing(self):
        self.use_environment("demo")
        with tempfile.TemporaryDirectory() as folder:
            self.connect(SandboxFiles(pathlib.Path(folder)))
        for url, code in (
            ("https://[::1", "simulator_url"),
            ("nonsense", "simulator_url"),
            ("https://localhost:99999999", "bad_address"),
        ):
            with self.subTest(url):
                self.connection.sudo()._set_state("unchecked", since=False)
                self.set_parameter("simulator_url", url)
                series = self.make_series(code + str(len(url)))
                error = self.register(series)
                problem = getattr(error, "kind", None) or error.code
                self.assertEqual((problem, series.state), (code, "draft"))
                self.assertIn("simulator_url", series._explain(error))

    def test_missing_setup_is_found_before_anything_is_written(self):
        series = self.make_series()
        self.use_environment("test")
        error = self.register(series)
        self.assertIsInstance(error, ConnectionProblem)
        self.assertEqual((error.kind, series.state), ("incomplete", "draft"))
        self.company.sudo().vat = False
        self.assertEqual(self.register(series).kind, "no_nif")

    def test_environment_decides_on_the_address(self):
        """The environment decides on the address; the parameter is not heard."""
        self.simulated = ("demo",)
        self.set_parameter("simulator_url", "https://localhost:1")
        for environment, port in (("test", 722), ("production", 422)):
            self.use_environment(environment)
            with tempfile.TemporaryDirectory() as folder:
                self.connect(SandboxFiles(pathlib.Path(folder)))
            with self.connection._make_client() as client:
                self.assertEqual(
                    client._service._binding_options["address"],
                    f"https://servicos.portaldasfinancas.gov.pt:{port}/SeriesWSService",
                )

    def test_company_without_connection_is_not_configured(self):
        company = self.env["res.company"].sudo().create({"name": "Barro Lda"})
        company.write({"vat": "PT599999993", "country_id": self.env.ref("base.pt").id})
        self.assertFalse(company._l10n_pt_atcud_connection())
        series = self.env["l10n_pt_atcud.series"].sudo()
        series = series.create({"company_id": company.id, "identifier": "A2026"})
        self.assertFalse(series.connection_id)
        self.assertFalse(series.environment)
        error = self.register(series)
        self.assertEqual((error.kind, series.state), ("not_configured", "draft"))
        self.assertIn("Choose an environment", series._explain(error))
        with self.assertRaises(UserError):
            series.action_register()
        self.assertFalse(self.simulator.requests)

    def test_each_environment_has_a_connection_of_its_own(self):
        demo = self.use_environment("demo").sudo()
        demo.password = "demo"
        test = self.use_environment("test")
        self.assertNotEqual(test, demo)
        self.assertFalse(test.password)
        self.assertEqual((demo.is_in_use, test.is_in_use), (False, True))
        self.assertEqual(self.use_environment("demo"), demo)
        self.assertEqual(demo.password, "demo")
        with self.assertRaises(UserError):
            demo.environment = "production"

    def test_another_tax_number_is_not_configured(self):
        self.registered_series()
        self.company.sudo().vat = "PT599999993"
        self.assertFalse(self.company._l10n_pt_atcud_connection())
        self.assertEqual(self.connection.nif, "509987656")
        other = self.company.sudo()._l10n_pt_atcud_use_environment("production")
        self.assertNotEqual(other, self.connection)
        self.company.sudo().vat = "PT509987656"
        self.use_environment("production")
        self.assertEqual(
            self.connection, self.company.sudo().l10n_pt_atcud_connection_id
        )

    def test_unused_connection_follows_the_tax_number(self):
        self.company.sudo().vat = "PT599999993"
        self.assertEqual(self.connection.nif, "599999993")
        self.assertEqual(self.company._l10n_pt_atcud_connection(), self.connection)

    def test_unusable_certificates_are_not_used(self):
        self.simulated = ("demo",)
        connection = self.use_environment("production")
        with tempfile.TemporaryDirectory() as folder:
            self.connect(SandboxFiles(pathlib.Path(folder)))
        client = connection.client_certificate_id
        cipher = connection.cipher_certificate_id
        client.subject_common_name = "TesteWebservices"
        self.assertEqual(self.check().kind, "test_certificate")
        for certificate, code in (
            (cipher, "cipher_key_expired"),
            (client, "client_certificate_expired"),
        ):
            certificate.date_end = "2020-01-01 00:00:00"
            self.assertEqual(self.check().kind, code)
            self.assertEqual(self.register(self.make_series(code)).kind, code)
        connection.invalidate_recordset()
        self.assertEqual(self.connection.display_state, "refused")
        self.assertIn("not valid today", self.connection.diagnosis)

    def test_sub_user_of_another_taxpayer_is_not_used(self):
        connection = self.use_environment("test")
        with tempfile.TemporaryDirectory() as folder:
            self.connect(SandboxFiles(pathlib.Path(folder)))
        connection.flush_recordset()
        self.cr.execute(
            "UPDATE l10n_pt_atcud_connection SET username = '599999993/1' "
            "WHERE id = %s",
            [connection.id],
        )
        connection.invalidate_recordset()
        self.assertEqual(self.check().kind, "other_taxpayer")

    def test_branch_uses_the_client_of_its_parent(self):
        branch = (
            self.env["res.company"]
            .sudo()
            .create({"name": "Loja", "parent_id": self.company.id})
        )
        with branch._l10n_pt_atcud_connection()._make_client() as client:
            self.assertEqual(client.credentials.nif, "509987656")

    def test_sub_user_belongs_to_the_taxpayer(self):
        self.connection.sudo().username = "509987656/0002"
        for wrong in ("599999993/1", "509987656", "509987656/12345"):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                self.connection.sudo().username = wrong

    def neutralise(self):
        """Do to this database what Odoo does to a copy."""
        self.env.flush_all()
        with file_open("l10n_pt_atcud/data/neutralize.sql") as file:
            ours = file.read()
        self.assertIn(
            ours.strip(), "\n".join(get_neutralization_queries(["l10n_pt_atcud"]))
        )
        self.cr.execute(ours)
        self.env.invalidate_all()

    def test_neutralised_copy_is_in_demo_without_secrets(self):
        self.simulated = ("demo",)
        production = self.use_environment("production")
        with tempfile.TemporaryDirectory() as folder:
            self.connect(SandboxFiles(pathlib.Path(folder)))
        production._set_state("refused", error=SetupError(code="99"))
        company = self.company.sudo()
        self.neutralise()
        connection = company._l10n_pt_atcud_connection()
        self.assertEqual(connection.environment, "demo")
        self.assertEqual(connection.display_state, "demo")
        for one in connection | production:
            self.assertFalse(one.refusal)
            self.assertFalse(one.password)
            self.assertFalse(one.client_certificate_id)
            self.assertFalse(one.cipher_certificate_id)

    def test_neutralised_copy_has_no_private_key_and_no_address(self):
        with tempfile.TemporaryDirectory() as folder:
            self.connect(SandboxFiles(pathlib.Path(folder)))
        key = self.connection.sudo().client_certificate_id.private_key_id
        key.password = "secret"
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("l10n_pt_atcud.simulator_url", "https://localhost:1")
        parameters.set_param("l10n_pt_atcud.simulator_authority", "PEM")
        parameters.set_param("l10n_pt_atcudx", "of another addon")
        self.neutralise()
        self.assertFalse(key.content or key.pem_key or key.password)
        files = [("res_model", "=", key._name), ("res_id", "=", key.id)]
        self.assertFalse(self.env["ir.attachment"].sudo().search(files))
        self.assertFalse(
            parameters.search([("key", "=like", "l10n_pt_atcud.%")]).mapped("key")
        )
        self.assertTrue(parameters.get_param("l10n_pt_atcudx"))
