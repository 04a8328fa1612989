"""A remote signer over real TLS: the client's certificate, the server's authority."""

import base64
import pathlib
import tempfile

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import file_open

from ..at_series.simulation import serve
from ..at_series.simulator.certificates import SandboxFiles
from .signing import TOKEN, RemoteSigning


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSigningTls(RemoteSigning):
    is_stubbed = False

    def certificate(self, files):
        key = self.env["certificate.key"].sudo()
        key = key.create(
            {
                "content": base64.b64encode(files.key("client")),
                "company_id": self.company.id,
            }
        )
        certificates = self.env["certificate.certificate"].sudo()
        return certificates.create(
            {
                "content": base64.b64encode(files.certificate("client")),
                "private_key_id": key.id,
                "company_id": self.company.id,
            }
        )

    def test_neutralised_copy_has_no_key_for_the_signer(self):
        with tempfile.TemporaryDirectory() as folder:
            certificate = self.certificate(SandboxFiles(pathlib.Path(folder)))
        self.signing.client_certificate_id = certificate
        key = certificate.private_key_id
        self.assertTrue(key.pem_key and certificate.content)
        key.password = "secret"
        self.env.flush_all()
        with file_open("l10n_pt_atcud/data/neutralize.sql") as file:
            self.cr.execute(file.read())
        self.env.invalidate_all()
        self.assertFalse(key.content or key.pem_key or key.password)
        self.assertFalse(certificate.content or certificate.pem_certificate)
        self.assertFalse(self.signing.client_certificate_id)

    def test_documents_are_signed_over_mutual_tls(self):
        with tempfile.TemporaryDirectory() as folder:
            files = SandboxFiles(pathlib.Path(folder))
            with serve(self.signer, ssl_context=files.server_context()) as origin:
                self.signing.address = origin.replace("127.0.0.1", "localhost")
                self.signing.authority = files.certificate("authority").decode()
                with (
                    self.assertRaisesRegex(UserError, "does not answer"),
                    self.cr.savepoint(),
                ):
                    self.issued()  # without the client's certificate
                self.signing.client_certificate_id = self.certificate(files)
                move = self.issued()
                self.assertEqual(self.breaks(move), [])
                self.signing.authority = False
                with (
                    self.assertRaisesRegex(UserError, "does not answer"),
                    self.cr.savepoint(),
                ):
                    self.issued()  # to a server that nobody knows
        self.assertEqual(self.signer.requests["/v1/signatures"], 1)

    def test_signer_is_called_over_https_only(self):
        for address in (
            "http://localhost",
            "https://user:pass@localhost",
            "https://localhost/path",
            "ftp://localhost",
            "localhost",
        ):
            with self.subTest(address), self.assertRaises(ValidationError):
                self.signing.address = address
        self.assertEqual(self.signing.token, TOKEN)
