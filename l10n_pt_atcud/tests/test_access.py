"""Access rights of accountants, administrators and other users."""

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import new_test_user, tagged

from ..at_series import Annulment, TipoDoc
from .common import AtcudCommon

SECRETS = ("password", "client_certificate_id", "cipher_certificate_id")


@tagged("post_install", "-at_install", "post_install_l10n")
class TestAccess(AtcudCommon):
    def test_accountant_registers_and_posts_without_reading_secrets(self):
        series = self.make_series().with_user(self.accountant)
        draft = self.draft().with_user(self.accountant)
        series.action_register_from_document()
        draft.action_post()
        self.assertEqual(draft.name, "FT A2026/1")
        self.assertFalse(self.accountant.has_group("base.group_system"))
        for secret in SECRETS:
            with self.subTest(secret), self.assertRaises(AccessError):
                self.connection.with_user(self.accountant).read([secret])

    def test_account_managers_cannot_read_secrets(self):
        manager = self.new_user("atcud_manager", "account.group_account_manager")
        fields = self.env["res.config.settings"].with_user(manager).fields_get()
        self.assertFalse({f"l10n_pt_atcud_{name}" for name in SECRETS} & set(fields))
        fields = self.connection.with_user(manager).fields_get()
        self.assertFalse(set(SECRETS) & set(fields))

    def test_what_is_named_by_its_company_is_not_created_by_a_name(self):
        administrator = self.new_administrator()
        for name in ("l10n_pt_atcud.verification", "l10n_pt_atcud.signing"):
            model = self.env[name].with_user(administrator)
            with self.subTest(name), self.assertRaisesRegex(UserError, "by a name"):
                model.name_create("X")

    def test_accountant_cannot_create_or_change_series(self):
        series = self.make_series().with_user(self.accountant)
        with self.assertRaises(AccessError):
            series.identifier = "B"
        with self.assertRaises(AccessError):
            series.create({"identifier": "C", "document_type": "FT"})

    def menus(self, user):
        menus = self.env["ir.ui.menu"].with_user(user)
        action = self.env.ref("l10n_pt_atcud.action_l10n_pt_atcud_series")
        visible = menus.browse(menus._visible_menu_ids())
        return visible.filtered(lambda menu: menu.action == action.sudo())

    def test_invoicing_users_have_a_menu_for_series(self):
        biller = self.new_user("atcud_biller", "account.group_account_invoice")
        reader = self.new_user("atcud_reader", "account.group_account_readonly")
        for user in (biller, reader, self.accountant):
            menus = self.menus(user)
            with self.subTest(user.login):
                self.assertEqual(
                    menus.parent_id, self.env.ref("account.menu_finance_receivables")
                )
                views = self.env["l10n_pt_atcud.series"].with_user(user)
                self.assertTrue(views.get_views([(False, "list"), (False, "form")]))
        stranger = self.new_user("atcud_stranger", "base.group_user")
        self.assertFalse(self.menus(stranger))

    def test_missing_series_names_the_contact(self):
        manager = self.new_user("atcud_manager", "account.group_account_manager")
        manager.name = "Rita Gestora"
        alert = self.draft("out_refund").with_user(self.accountant)._get_alerts()
        alert = alert["l10n_pt_atcud_series"]
        self.assertIn("of type NC", alert["message"])
        self.assertIn("Ask an accounting administrator: ", alert["message"])
        self.assertIn("Rita Gestora", alert["message"])
        self.assertNotIn("action", alert)
        customer = self.new_user("atcud_customer", "base.group_portal")
        obstacle = self.draft("out_refund").with_user(customer)
        check = obstacle.env["l10n_pt_atcud.posting_series_check"]
        self.assertNotIn("Rita", check.obstacle(obstacle)["message"])
        own = self.draft("out_refund").with_user(manager)._get_alerts()
        self.assertNotIn("Ask", own["l10n_pt_atcud_series"]["message"])
        self.assertTrue(own["l10n_pt_atcud_series"]["action"])

    def test_refusal_names_the_contact_for_series(self):
        series = self.make_series()
        other = self.other_program()
        code = other.registar_serie(series._new_series()).cod_validacao_serie
        other.anular_serie(Annulment("A2026", TipoDoc.FT, code, True))
        with self.assertRaises(RedirectWarning) as raised:
            series.with_user(self.accountant).action_register_from_document()
        self.assertIn("Ask an accounting administrator", raised.exception.args[0])
        with self.assertRaises(RedirectWarning) as raised:
            series.action_register_from_document()
        self.assertNotIn("Ask an accounting", raised.exception.args[0])

    def test_refusal_names_the_contact_for_settings(self):
        administrator = self.new_user("atcud_administrator", "base.group_system")
        administrator.name = "Rui Administrador"
        self.simulator.accounts = {}
        series = self.make_series().with_user(self.accountant)
        with self.assertRaises(UserError) as raised:
            series.action_register_from_document()
        self.assertIn("Rui Administrador", str(raised.exception))

    def test_register_needs_invoicing_rights(self):
        reader = self.new_user("atcud_reader", "account.group_account_readonly")
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

    def test_password_is_in_no_log_and_no_chatter(self):
        self.connection.sudo().password = "Segredo-123"
        series = self.make_series()
        self.env.flush_all()  # Odoo's log of queries has what is written
        with self.assertLogs("", level="DEBUG") as logged:
            self.register(series)
        words = "\n".join([*logged.output, *series.message_ids.mapped("body")])
        self.assertNotIn("Segredo-123", words)

    def test_administrator_saves_the_settings(self):
        administrator = self.new_administrator()
        settings = self.env["res.config.settings"].with_user(administrator)
        settings.create(
            {
                "l10n_pt_atcud_username": "509987656/7",
                "l10n_pt_atcud_password": "Outra-456",
            }
        ).execute()
        self.assertEqual(self.connection.sudo().username, "509987656/7")
        self.assertEqual(self.connection.sudo().password, "Outra-456")
