"""Who may do what: accountants work, administrators set up, nobody else sees."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import AtcudCommon

SECRETS = (
    "l10n_pt_atcud_password",
    "l10n_pt_atcud_client_certificate_id",
    "l10n_pt_atcud_cipher_certificate_id",
)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestAccess(AtcudCommon):
    def test_an_accountant_registers_and_posts_without_reading_secrets(self):
        series = self.make_series().with_user(self.accountant)
        draft = self.draft().with_user(self.accountant)
        series.action_register_from_document()
        draft.action_post()
        self.assertEqual(draft.name, "FT A2026/1")
        self.assertFalse(self.accountant.has_group("base.group_system"))
        for secret in SECRETS:
            with self.subTest(secret), self.assertRaises(AccessError):
                self.company.with_user(self.accountant).read([secret])

    def test_account_managers_read_no_secrets_either(self):
        manager = new_test_user(
            self.env(su=True),
            "atcud_manager",
            groups="account.group_account_manager",
            company_id=self.company.id,
        )
        fields = self.env["res.config.settings"].with_user(manager).fields_get()
        self.assertFalse(set(SECRETS) & set(fields))

    def test_an_accountant_does_not_make_or_change_series(self):
        series = self.make_series().with_user(self.accountant)
        with self.assertRaises(AccessError):
            series.identifier = "B"
        with self.assertRaises(AccessError):
            series.create({"identifier": "C", "document_type": "FT"})

    def test_who_may_not_invoice_may_not_register(self):
        reader = new_test_user(
            self.env(su=True),
            "atcud_reader",
            groups="account.group_account_readonly",
            company_id=self.company.id,
        )
        series = self.make_series().with_user(reader)
        self.assertEqual(series.state, "draft")
        with self.assertRaises(AccessError):
            series.action_register()

    def test_series_of_other_companies_are_hidden(self):
        series = self.make_series()
        elsewhere = self.env["res.company"].sudo().create({"name": "Barro Lda"})
        stranger = new_test_user(
            self.env(su=True),
            "atcud_stranger",
            groups="account.group_account_invoice",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        found = series.with_user(stranger).search([("id", "=", series.id)])
        self.assertFalse(found)

    def test_the_password_is_in_no_exchange_and_no_chatter(self):
        self.company.sudo().l10n_pt_atcud_password = "Segredo-123"
        series = self.make_series()
        with self.assertLogs("", level="DEBUG") as logged:
            series._communicate()
        words = "\n".join([*logged.output, *series.message_ids.mapped("body")])
        self.assertNotIn("Segredo-123", words)

    def test_the_administrator_saves_the_settings(self):
        administrator = new_test_user(
            self.env(su=True),
            "atcud_administrator",
            groups="base.group_system,account.group_account_manager",
            company_id=self.company.id,
        )
        settings = self.env["res.config.settings"].with_user(administrator)
        settings.create(
            {
                "l10n_pt_atcud_username": "509987656/7",
                "l10n_pt_atcud_password": "Outra-456",
            }
        ).execute()
        self.assertEqual(self.company.sudo().l10n_pt_atcud_username, "509987656/7")
        self.assertEqual(self.company.sudo().l10n_pt_atcud_password, "Outra-456")
