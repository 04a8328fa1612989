"""The go-live assistant: each step, left and resumed, with and without AT's service."""

import base64
import pathlib
import subprocess
import tempfile
from unittest.mock import patch

from odoo.addons.http_routing.tests.common import MockRequest
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import Form, HttpCase, tagged

from ..at_series.simulator import Account
from ..at_series.simulator.certificates import SandboxFiles
from ..guards import as_service
from .common import USERNAME, AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestGoLive(AtcudCommon, HttpCase):
    def setUp(self):
        super().setUp()
        as_service(self.company).sudo().l10n_pt_atcud_connection_id = False
        self.connection.sudo().unlink()
        self.administrator = self.new_administrator()
        self.env = self.env(user=self.administrator)

    def open(self):
        service = self.env["l10n_pt_atcud.go_live"].with_company(self.company)
        action = service.action_open()
        return self.env[action["res_model"]].browse(action["res_id"])

    def upload(self, assistant):
        with tempfile.TemporaryDirectory() as folder:
            files = SandboxFiles(pathlib.Path(folder))
            key = self.env["certificate.key"].create(
                {"content": base64.b64encode(files.key("client"))}
            )
            client, cipher = self.env["certificate.certificate"].create(
                [
                    {
                        "content": base64.b64encode(files.certificate("client")),
                        "private_key_id": key.id,
                    },
                    {"content": base64.b64encode(files.certificate("cipher"))},
                ]
            )
        assistant.client_certificate_id = client
        assistant.cipher_certificate_id = cipher

    def to_series(self, environment="demo", way="service"):
        """Return an assistant at the step of the series."""
        assistant = self.open()
        assistant.write({"environment": environment, "way": way})
        assistant.action_next()
        self.assertEqual(assistant.step, "series")
        return assistant

    def tick(self, assistant, *types):
        for line in assistant.line_ids:
            line.is_ticked = line.document_type in types

    def test_opens_where_it_was_left(self):
        assistant = self.to_series()
        self.tick(assistant, "FT", "ND")
        self.assertEqual(self.open(), assistant)
        self.assertEqual(assistant.step, "series")
        ticked = assistant.ticked_line_ids.mapped("document_type")
        self.assertEqual(ticked, ["FT", "ND"])
        assistant.action_back()
        self.assertEqual(assistant.step, "environment")

    def test_nothing_is_chosen_before_the_series_are_made(self):
        assistant = self.to_series()
        self.assertFalse(self.company._l10n_pt_atcud_connection())
        assistant.action_next()
        connection = self.company._l10n_pt_atcud_connection()
        self.assertEqual(connection.environment, "demo")
        self.assertFalse(self.simulator.requests)

    def test_service_needs_certificates_and_an_accepted_user(self):
        assistant = self.open()
        self.simulated = ("demo",)
        assistant.action_next()
        self.assertEqual(assistant.step, "certificate")
        with self.assertRaises(UserError):
            assistant.action_next()
        self.upload(assistant)
        assistant.action_next()
        self.assertEqual(assistant.step, "user")
        with self.assertRaises(UserError):
            assistant.action_next()
        assistant.write({"username": USERNAME, "password": "Senha-123"})
        self.simulator.accounts = {USERNAME: Account("other")}
        with patch.object(
            type(assistant.connection_id),
            "_remote_client",
            lambda connection, _origin, observe: connection._demo_client(observe),
        ):
            action = assistant.action_check()
            self.assertEqual(action["params"]["type"], "danger")
            self.assertEqual(assistant.step, "user")
            self.simulator.accounts = {USERNAME: Account("Senha-123")}
            assistant.action_check()
        self.assertEqual(assistant.step, "series")
        self.assertFalse(self.company._l10n_pt_atcud_connection())

    def test_one_name_makes_the_series_of_several_types(self):
        assistant = self.to_series("production")
        self.tick(assistant, "FT", "NC", "ND", "RG")
        assistant.identifier = "LX2026"
        assistant.action_next()
        assistant.action_register()
        assistant.action_next()
        self.assertEqual(assistant.step, "print")
        series = assistant.ticked_line_ids.series_id
        self.assertEqual(set(series.mapped("state")), {"registered"})
        self.assertEqual(set(series.mapped("status")), {"Registered"})
        self.assertEqual(set(series.mapped("identifier")), {"LX2026"})
        self.assertEqual(
            [one.journal_id.type for one in series], ["sale", "sale", "sale", "bank"]
        )
        self.assertEqual(self.simulator.requests["registarSerie"], 4)
        # A second round finds what exists.
        assistant.sudo().step = "series"
        assistant.action_next()
        self.assertEqual(assistant.ticked_line_ids.series_id, series)

    def test_first_numbers_continue_what_is_issued(self):
        self.issued_before("FT A2026/00045")
        assistant = self.to_series("production")
        assistant.identifier = "A2026"
        numbers = {
            line.document_type: (line.issued_until, line.first_number)
            for line in assistant.line_ids
        }
        self.assertEqual((numbers["FT"], numbers["NC"]), ((45, 46), (0, 1)))
        self.tick(assistant, "FT")
        assistant.action_next()
        assistant.action_register()
        self.assertEqual(assistant.ticked_line_ids.series_id.first_number, 46)

    def test_real_series_begin_at_one_after_a_demo(self):
        assistant = self.to_series()
        self.tick(assistant, "FT")
        assistant.identifier = "A2026"
        assistant.action_next()
        assistant.action_register()
        invoice = self.draft()
        invoice.action_post()
        self.assertEqual(invoice.name, "DEMO-FT A2026/1")
        assistant.action_next()
        assistant.sudo().step = "done"
        assistant.action_again()
        assistant.environment = "production"
        assistant.action_next()
        self.assertEqual(assistant.ticked_line_ids.first_number, 1)
        assistant.action_next()
        assistant.action_register()
        invoice = self.draft()
        invoice.action_post()
        self.assertEqual(invoice.name, "FT A2026/1")

    def test_codes_of_the_portal_without_the_service(self):
        self.simulated = ()
        assistant = self.to_series("production", "portal")
        self.tick(assistant, "FT")
        assistant.action_next()
        line = assistant.ticked_line_ids
        action = line.action_enter_code()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        wizard.create({"validation_code": "JFTX7RK9"}).action_confirm()
        self.assertTrue(line.is_uncompared)
        self.assertEqual((line.state, line.status), ("registered", "Not compared"))
        assistant.action_next()
        invoice = self.draft()
        invoice.action_post()
        self.assertEqual(invoice.l10n_pt_atcud_value, "JFTX7RK9-1")
        assistant.action_again()
        assistant.environment = "demo"
        with self.assertRaises(UserError):
            assistant.action_next()

    def test_receipts_have_the_names_of_the_journal(self):
        field = self.open().line_ids._fields["document_type"]
        names = dict(field._description_selection(self.env))
        receipts = self.env["account.journal"]._fields["l10n_pt_atcud_receipt_type"]
        for code, name in receipts._description_selection(self.env):
            self.assertEqual(names[code], name)

    def test_company_needs_a_tax_number(self):
        self.company.sudo().vat = False
        with self.assertRaises(RedirectWarning):
            self.open().action_next()

    def test_test_print_uses_no_number_and_says_so(self):
        assistant = self.to_series("production")
        self.tick(assistant, "FT", "NC")
        assistant.action_next()
        with self.assertRaises(UserError):
            assistant.action_next()  # nothing is registered
        assistant.action_register()
        assistant.action_next()
        count = self.env["account.move"].search_count([])
        partners = self.env["res.partner"].search_count([])
        with MockRequest(self.env) as request:
            login = self.administrator.login
            request.session = self.authenticate(login, login)
            self.env = self.env(
                context={**self.env.context, "force_report_rendering": True}
            )
            assistant.with_env(self.env).action_test_print()
        text = subprocess.run(
            ["pdftotext", "-layout", "-", "-"],
            input=base64.b64decode(assistant.test_print),
            capture_output=True,
            check=True,
        ).stdout.decode()
        series = assistant.ticked_line_ids.series_id[0]
        self.assertIn(f"ATCUD:{series.validation_code}-0", text)
        self.assertIn("was not issued", text)
        self.assertRegex(text, r"23[.,]00")  # the usual tax
        self.assertEqual(self.env["account.move"].search_count([]), count)
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        assistant.action_next()
        self.assertEqual(assistant.step, "done")
        invoice = self.draft()
        invoice.action_post()
        self.assertEqual(invoice.sequence_number, 1)

    def test_rights(self):
        assistant = self.to_series()
        manager = self.new_user("atcud_manager", "account.group_account_manager")
        own = assistant.with_user(manager)
        self.assertFalse(own.is_administrator)
        self.assertIn(self.administrator.name, own.contact)
        with self.assertRaises(AccessError):
            own.read(["password"])
        with self.assertRaises(AccessError):
            own.action_check()
        with self.assertRaises(AccessError):
            own.username = "509987656/9"
        with self.assertRaises(AccessError):
            assistant.with_user(self.accountant).read(["step"])

    def test_form_of_every_step_opens(self):
        assistant = self.to_series()
        for step, _label in assistant._fields["step"].selection:
            assistant.sudo().step = step
            with self.subTest(step), Form(assistant):
                pass
