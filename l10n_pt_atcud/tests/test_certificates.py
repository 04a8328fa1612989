"""A client certificate in the format of AT's guide: PKCS12 with a password."""

import base64
import pathlib
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from odoo.tests import tagged

from ..at_series.simulator.certificates import SandboxFiles
from .common import USERNAME, AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestCertificates(AtcudCommon):
    def setUp(self):
        super().setUp()
        with tempfile.TemporaryDirectory() as folder:
            files = SandboxFiles(pathlib.Path(folder))
            self.cipher = files.certificate("cipher")
            self.pfx = pkcs12.serialize_key_and_certificates(
                b"client",
                serialization.load_pem_private_key(files.key("client"), None),
                x509.load_pem_x509_certificate(files.certificate("client")),
                None,
                serialization.BestAvailableEncryption(b"right"),
            )

    def upload(self, content, **values):
        certificates = self.env["certificate.certificate"].sudo()
        return certificates.create(
            {
                "content": base64.b64encode(content),
                "company_id": self.company.id,
                **values,
            }
        )

    def connect(self, password):
        self.use_environment("test").write(
            {
                "username": USERNAME,
                "password": "Senha-ção-1",
                "client_certificate_id": self.upload(
                    self.pfx, pkcs12_password=password
                ).id,
                "cipher_certificate_id": self.upload(self.cipher).id,
            }
        )

    def test_right_file_password_opens_the_certificate(self):
        self.connect("right")
        self.assertIsNone(self.connection.sudo()._setup_problem())

    def test_wrong_file_password_sends_nothing(self):
        self.connect("wrong")
        error = self.check()
        self.assertEqual(error.kind, "client_certificate")
        self.assertIn("unreadable", self.connection._explain(error))
        series = self.make_series()
        self.assertEqual(self.register(series).kind, "client_certificate")
        self.assertEqual(series.state, "draft")
