"""From a company to a client: Demo works at once, and nothing else is reached."""

import base64
import pathlib
import tempfile

from odoo.exceptions import ValidationError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged
from odoo.tools import file_open

from ..at_series import SetupError
from ..at_series.simulation import MemoryStore, serve
from ..at_series.simulator import Account, Simulator
from ..at_series.simulator.certificates import SandboxFiles
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
        self.company.sudo().write(
            {
                "l10n_pt_atcud_username": USERNAME,
                "l10n_pt_atcud_password": "Senha-ção-1",
                "l10n_pt_atcud_client_certificate_id": certificates.create(
                    {
                        "content": base64.b64encode(files.certificate("client")),
                        "private_key_id": key.id,
                        "company_id": self.company.id,
                    }
                ).id,
                "l10n_pt_atcud_cipher_certificate_id": certificates.create(
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

    def test_demo_refuses_a_simulator_elsewhere(self):
        with tempfile.TemporaryDirectory() as folder:
            self.connect(SandboxFiles(pathlib.Path(folder)))
        self.set_parameter("simulator_url", "https://192.0.2.1:8443")
        error = self.make_series()._communicate()
        self.assertEqual(error.code, "simulator_url")

    def test_a_simulator_without_an_address_has_heard_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            self.connect(SandboxFiles(pathlib.Path(folder)))
        for url, code in (
            ("https://[::1", "simulator_url"),
            ("nonsense", "simulator_url"),
            ("https://localhost:99999999", "bad_address"),
        ):
            with self.subTest(url):
                self.company.sudo()._l10n_pt_atcud_judge("unchecked", on=False)
                self.set_parameter("simulator_url", url)
                series = self.make_series(code + str(len(url)))
                error = series._communicate()
                self.assertEqual((error.code, series.state), (code, "draft"))
                self.assertIn("simulator_url", series._explain(error))

    def test_what_is_missing_is_said_before_anything_is_written(self):
        series = self.make_series()
        self.company.sudo().l10n_pt_atcud_environment = "test"
        error = series._communicate()
        self.assertIsInstance(error, SetupError)
        self.assertEqual((error.code, series.state), ("not_configured", "draft"))
        self.company.sudo().vat = False
        self.assertEqual(series._communicate().code, "no_nif")

    def test_the_real_service_is_never_asked_by_a_test(self):
        """The environment decides on the address; the parameter is not heard."""
        with tempfile.TemporaryDirectory() as folder:
            self.connect(SandboxFiles(pathlib.Path(folder)))
        self.set_parameter("simulator_url", "https://localhost:1")
        for environment, port in (("test", 722), ("production", 422)):
            self.company.sudo().l10n_pt_atcud_environment = environment
            with self.company._l10n_pt_atcud_client() as client:
                self.assertEqual(
                    client._service._binding_options["address"],
                    f"https://servicos.portaldasfinancas.gov.pt:{port}/SeriesWSService",
                )

    def test_certificates_that_will_not_do_are_not_tried(self):
        with tempfile.TemporaryDirectory() as folder:
            self.connect(SandboxFiles(pathlib.Path(folder)))
        company = self.company.sudo()
        client = company.l10n_pt_atcud_client_certificate_id
        cipher = company.l10n_pt_atcud_cipher_certificate_id
        company.l10n_pt_atcud_environment = "production"
        client.subject_common_name = "TesteWebservices"
        self.assertEqual(company._l10n_pt_atcud_check().code, "test_certificate")
        for certificate, code in (
            (cipher, "cipher_key_expired"),
            (client, "client_certificate_expired"),
        ):
            certificate.date_end = "2020-01-01 00:00:00"
            self.assertEqual(company._l10n_pt_atcud_check().code, code)
            self.assertEqual(self.make_series(code)._communicate().code, code)
        company.invalidate_recordset()
        self.assertEqual(company.l10n_pt_atcud_connection, "refused")
        self.assertIn("not valid today", company.l10n_pt_atcud_diagnosis)

    def test_the_sub_user_of_another_taxpayer_is_not_tried(self):
        with tempfile.TemporaryDirectory() as folder:
            self.connect(SandboxFiles(pathlib.Path(folder)))
        company = self.company.sudo()
        company.l10n_pt_atcud_environment = "test"
        company.flush_recordset()
        self.cr.execute(
            "UPDATE res_company SET l10n_pt_atcud_username = '599999993/1' "
            "WHERE id = %s",
            [company.id],
        )
        company.invalidate_recordset()
        self.assertEqual(company._l10n_pt_atcud_check().code, "other_taxpayer")

    def test_a_branch_speaks_for_its_parent(self):
        branch = (
            self.env["res.company"]
            .sudo()
            .create({"name": "Loja", "parent_id": self.company.id})
        )
        with branch._l10n_pt_atcud_client() as client:
            self.assertEqual(client.credentials.nif, "509987656")

    def test_the_sub_user_belongs_to_the_company(self):
        company = self.company.sudo()
        company.l10n_pt_atcud_username = "509987656/0002"
        for wrong in ("599999993/1", "509987656", "509987656/12345"):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                company.l10n_pt_atcud_username = wrong

    def test_a_neutralised_copy_is_in_demo_without_secrets(self):
        with tempfile.TemporaryDirectory() as folder:
            self.connect(SandboxFiles(pathlib.Path(folder)))
        company = self.company.sudo()
        company.l10n_pt_atcud_environment = "production"
        company._l10n_pt_atcud_judge("refused", error=SetupError(code="99"))
        company.flush_recordset()
        with file_open("l10n_pt_atcud/data/neutralize.sql") as file:
            ours = file.read()
        self.assertIn(
            ours.strip(), "\n".join(get_neutralization_queries(["l10n_pt_atcud"]))
        )
        self.cr.execute(ours)
        company.invalidate_recordset()
        self.assertEqual(company.l10n_pt_atcud_environment, "demo")
        self.assertEqual(company.l10n_pt_atcud_connection, "unchecked")
        self.assertFalse(company.l10n_pt_atcud_refusal)
        self.assertFalse(company.l10n_pt_atcud_password)
        self.assertFalse(company.l10n_pt_atcud_client_certificate_id)
        self.assertFalse(company.l10n_pt_atcud_cipher_certificate_id)
